"""Small runs for tests of alarms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive import Acknowledgement, Collection, Home, RefreshReport, SourceReport, parse_collection

NOW = dt.datetime(2026, 3, 1, 6, tzinfo=dt.UTC)
HEAD = """
[collection]
key = "small"
title.en = "Small forum"
[names]
en = ["Small Forum"]
[[editions]]
key = "2025"
[[editions.claims]]
field = "city"
value = "Example"
sources = ["http://a.example/"]
"""
SOURCE = """
[[sources]]
key = "{key}"
publisher = "{key}"
language = "{language}"
trust = "newspaper"
hosts = ["{key}.example"]
minimum = {minimum}
feeds = ["http://{key}.example/feed"]
"""


def collection_toml(languages: Mapping[str, str], minimum: int = 0) -> str:
    """The TOML of a collection whose sources have these languages."""
    return HEAD + "".join(SOURCE.format(key=key, language=code, minimum=minimum) for key, code in languages.items())


def small_collection(languages: Mapping[str, str]) -> Collection:
    """That collection."""
    return parse_collection(collection_toml(languages), where="small")


def small_home(path: Path, **settings: Any) -> Home:
    """A home of it, with sources a and b."""
    file = path / "small.toml"
    file.write_text(collection_toml({"a": "en", "b": "vi"}), "utf-8")
    return Home.init(path / "home", collection=file, settings=settings)


def source(key: str, **said: Any) -> SourceReport:
    """What a source gave: four pages, all alive, from a host that answered; or what is said."""
    usual: dict[str, Any] = {
        "found": 4, "alive": 4, "minimum": 0, "fetched": 4, "unchanged": 0, "new": 0, "gone": 0, "refused": 0,
        "failed": 0, "from_wayback": 0, "answered": True, "heard": (f"{key}.example",),
        "offered": {f"http://{key}.example/feed": 10},
    }  # fmt: skip
    return SourceReport(key=key, publisher=key, **{**usual, **said})


def silent(key: str, **said: Any) -> SourceReport:
    """A source whose host did not answer."""
    return source(key, answered=False, heard=(), silent=(f"{key}.example",), offered={}, **said)


def run(*sources: SourceReport, **said: Any) -> RefreshReport:
    """A run over these sources; whole, online, with reports in both languages."""
    usual: dict[str, Any] = {"partial": False, "offline": False, "languages": {"en": 4, "vi": 4}}
    return RefreshReport(started=NOW, ended=said.pop("ended", NOW), sources=sources, **{**usual, **said})


def acknowledged(key: str, until: dt.date | None = None) -> dict[str, Acknowledgement]:
    """That a source is known to be dead."""
    return {key: Acknowledgement(source=key, reason="closed", who="me", time=NOW, until=until)}
