"""kill -9 at every stage and at random moments of a crawl: what is archived stays so, and is not fetched again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import Home, verify
from crawler import crawl
from tests.conftest import Promise
from tests.crawler.dying import ANYWHERE, BATCH, STAGES
from tests.crawler.forum import captured, make_home, page, sitemap, source
from tests.crawler.servers import Answer, Site, site

HOSTS = 4
KILLS = int(os.environ.get("PODIUM_KILLS", str(len(STAGES) + 1)))
A_HOME = 20  # kills that one home has to stand
# The calls of a stage within which a kill falls, that every run has so many of.
CALLS = {"rows written": 2, "records synced": 2, "batch archived": 2, "frontier rows written": 2, "file closed": 1}
ONCE = ("dead pages asked for", "run ended")


def forum(folder: Path, servers: list[Site], count: int) -> Home:
    """A home whose sources give so many pages each: by a sitemap, by links, and some that are gone."""
    sources = ""
    for server in servers:
        mapped = [f"/{n}" for n in range(count)]
        server.pages |= {path: page(f"page {path}", f"{path}/womens-forum", pause=0.001) for path in mapped}
        server.pages |= {f"{path}/womens-forum": page(f"behind {path}") for path in mapped[::10]}
        gone = [f"/gone{n}" for n in range(0, count, 5)]
        server.pages["/map"] = sitemap(*map(server.url, [*mapped, *gone]))
        server.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /closed", type="text/plain")
        name = f"s{server.host.rpartition('.')[2]}"
        sources += source(name, server.host, f'follow = 1\nsitemaps = ["{server.url("/map")}"]')
    return make_home(folder, sources, warc_size=100_000, fetch_timeout=10.0)


def plan(kills: int, seed: int) -> list[tuple[str, int]]:
    """At which stage, and at which call of it, each crawl is killed: every stage, then any of them or any moment."""
    rng = random.Random(seed)
    stages = [*STAGES, *rng.choices([ANYWHERE, *STAGES], k=max(kills - len(STAGES), 0))][:kills]
    rng.shuffle(stages)
    stages.sort(
        key=lambda stage: (stage in ONCE, stage in CALLS)
    )  # the last of these come when little is left to fetch
    return [(stage, rng.randrange(1, 400) if stage == ANYWHERE else moment(rng, stage)) for stage in stages]


def moment(rng: random.Random, stage: str) -> int:
    return 1 if stage in ONCE else rng.randint(1, CALLS.get(stage, 15))


def killed(home: Home, stage: str, number: int) -> bool:
    """Whether a crawl of the home died there, rather than ending before it came to that."""
    command = [sys.executable, "-m", "tests.crawler.dying", str(home.path), stage, str(number)]
    code = subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode
    assert code in (0, -signal.SIGKILL)
    return code != 0


def asked(servers: list[Site]) -> Counter[str]:
    """How often each page was asked for; robots.txt and sitemaps are no pages."""
    paths = [server.url(path) for server in servers for path in server.paths]
    return Counter(url for url in paths if not url.endswith(("/map", "/robots.txt")))


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(-(-KILLS // A_HOME)))
def test_killed_crawls_go_on_where_they_were(tmp_path: Path, seed: int, promise: Promise) -> None:
    kills = plan(min(KILLS - seed * A_HOME, A_HOME), seed)
    hits: Counter[str] = Counter()
    with ExitStack() as stack:
        servers = [stack.enter_context(site(f"127.0.0.{n}")) for n in range(2, 2 + HOSTS)]
        home = forum(tmp_path, servers, count=5 * len(kills))
        for stage, number in kills:
            kept, before = captured(home, lambda c: c.status in (200, 404)), asked(servers)
            hits[stage] += killed(home, stage, number)
            now = asked(servers)
            again = [url for url in kept if now[url] > before[url]]
            assert again == [], f"archived before, and asked for again by the crawl that died at: {stage}"
            repeats = sum(now[url] > before[url] > 0 for url in now)
            assert repeats <= HOSTS + BATCH, stage
        report = crawl(home)
        expected = {
            server.url(path) for server in servers for path in server.pages if path not in ("/map", "/robots.txt")
        }
        assert expected <= captured(home)
        assert report.ok, report.failed
        assert verify(home).holds
    promise("crawl killed with kill -9: what is archived stays, and is not asked for again", len(kills), 0, hit=hits)
    if seed == 0:
        assert set(STAGES) <= hits.keys()
        assert all(hits[stage] for stage in STAGES), hits
