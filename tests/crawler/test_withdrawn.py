"""What is withdrawn is never fetched again: not as a seed, not by a link or redirect, not on demand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Home, Level, Reason, decide, find_target
from crawler import add, crawl
from tests.crawler.forum import captured, make_home, page, source
from tests.crawler.servers import Answer, Site, site


@pytest.fixture
def host() -> Iterator[Site]:
    with site("127.0.0.2") as one:
        yield one


def withdraw(home: Home, target: str) -> None:
    with home.lock(what="withdraw") as writer:
        found = find_target(writer.catalogue, target)
        decide(writer.catalogue, home.ledger, found, level=Level.HIDE, reason=Reason.RIGHTS, why="", who="test")


def test_a_withdrawn_page_is_refused_however_a_run_comes_to_it(tmp_path: Path, host: Site) -> None:
    host.pages |= {
        "/seed": page("seed", "/linked-womens-forum", "/moved-womens-forum", "/kept-womens-forum"),
        "/gone-seed": page("gone seed"),
        "/linked-womens-forum": page("linked"),
        "/moved-womens-forum": Answer(status=302, headers={"Location": host.url("/linked-womens-forum?utm_source=x")}),
        "/kept-womens-forum": page("kept"),
    }
    seeds = "\n".join(f'[[sources.seeds]]\nurl = "{host.url(path)}"' for path in ("/seed", "/gone-seed"))
    home = make_home(tmp_path, source("one", host.host, f"follow = 1\n{seeds}"))
    for path in ("/gone-seed", "/linked-womens-forum"):
        withdraw(home, host.url(path))
    assert host.url("/gone-seed") not in crawl(home, dry_run=True).planned
    report = crawl(home)
    assert report.withdrawn == 2
    assert "refused because they are withdrawn 2" in report.as_text()
    assert captured(home) == {host.url(path) for path in ("/seed", "/kept-womens-forum")}
    assert not {"/gone-seed", "/linked-womens-forum"} & {path.partition("?")[0] for path in host.paths}


def test_a_withdrawn_page_is_not_fetched_on_demand(tmp_path: Path, host: Site) -> None:
    host.pages["/a"] = page("a")
    home = make_home(tmp_path, source("one", host.host))
    withdraw(home, host.url("/*"))
    report = add(home, [host.url("/a")])
    assert (report.withdrawn, report.fetched) == (1, 0)
    assert host.paths == []
