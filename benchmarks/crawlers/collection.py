"""The site as a Podium collection: each host a source, its front page the seed, every link followed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from archive import Home
from benchmarks.crawlers.pages import FORUM

HEAD = """
[collection]
key = "benchmark"
title.en = "Benchmark"

[names]
en = ["{forum}"]

[[editions]]
key = "2025"
[[editions.claims]]
field = "start"
value = "2025-07-16"
sources = ["http://example.org/"]
"""
SOURCE = """
[[sources]]
key = "host-{number}"
publisher = "Host {number}"
language = "en"
trust = "newspaper"
hosts = ["{host}"]
follow = 3
[[sources.seeds]]
url = "{front}"
"""


def make_home(folder: Path, fronts: Sequence[str]) -> Home:
    """A new home whose collection is the site."""
    hosts = [urlsplit(front).hostname or "" for front in fronts]
    sources = (
        SOURCE.format(number=number, host=host, front=front)
        for number, (host, front) in enumerate(zip(hosts, fronts, strict=True), start=1)
    )
    file = folder.with_suffix(".toml")
    file.write_text(HEAD.format(forum=FORUM) + "".join(sources), "utf-8")
    return Home.init(folder, collection=file, settings={"test_hosts": tuple(hosts), "contact": "bench@podium.invalid"})
