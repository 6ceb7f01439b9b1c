"""A forum of twenty years, laid with traps: every report found, few requests, no host wronged."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import Home, Via, is_notice, may_be_report, urlkey, verify
from crawler import crawl
from tests.crawler.forum import captures, make_home
from tests.crawler.servers import Site, site
from tests.crawler.trapped import DELAY, Trapped, breaches, trapped

WHOLE = "PODIUM_KILLS" in os.environ
HOSTS, REPORTS = (18, 240) if WHOLE else (6, 50)


def held_keys(home: Home) -> set[str]:
    """The keys of the pages that the archive holds a text of."""
    return {c.urlkey for c in captures(home) if c.status == 200 and may_be_report(c.how) and not is_notice(c.how)}


def make(tmp_path: Path, stack: ExitStack, *, seed: int) -> tuple[Trapped, Home]:
    def open_site(host: str) -> Site:
        return stack.enter_context(site(host))

    forum = trapped(stack, open_site, hosts=HOSTS, reports=REPORTS, seed=seed)
    names = tuple(f"127.0.1.{n}" for n in range(1, 255))
    home = make_home(
        tmp_path, forum.sources, wayback=(forum.archived.url(),), test_hosts=names, max_pages=10**6, fetch_timeout=10.0
    )
    return forum, home


@pytest.mark.torture
@pytest.mark.timeout(0 if WHOLE else 120)
@pytest.mark.parametrize("seed", range(3) if WHOLE else [2006])
def test_every_report_of_a_forum_laid_with_traps_is_found_politely(tmp_path: Path, seed: int) -> None:
    with ExitStack() as stack:
        forum, home = make(tmp_path, stack, seed=seed)
        first = crawl(home)
        assert {problem.url for problem in first.failed} == forum.failing
        second = crawl(home, clock=lambda: dt.datetime.now(dt.UTC) + dt.timedelta(hours=2))
        assert second.failed == ()
        held = held_keys(home)
        assert {url for url in forum.reports if urlkey(url) not in held} == set()
        ratio = forum.requests / len(forum.reports)
        print(f"{len(forum.reports)} reports on {HOSTS} hosts: {forum.requests} requests, {ratio:.3f} a report")
        assert ratio <= 1.2
        wrong = [
            line
            for one in forum.sites
            for line in breaches(one, delay=DELAY if "Crawl-delay" in str(one.pages["/robots.txt"]) else 0.0)
        ]
        assert wrong == []
        assert forum.archived.most == 1
        carried = Counter(
            c.url for c in captures(home) if c.via is Via.LIVE and c.status == 200 and may_be_report(c.how)
        )
        assert [url for url, count in carried.items() if count > 1] == []
        assert verify(home).holds
