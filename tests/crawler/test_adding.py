from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import additions, report_id, urlkey
from crawler import CrawlError, UnknownSourceError, add, crawl
from crawler.adding import Added, Became
from tests.crawler.forum import make_home, page, source, wayback
from tests.crawler.servers import Answer, Site, site


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(site(f"127.0.0.{n}")) for n in (2, 3)]


def test_it_is_said_what_became_of_each_address(tmp_path: Path, sites: list[Site]) -> None:
    a, archived = sites
    a.pages |= {
        "/robots.txt": Answer("User-agent: *\nDisallow: /closed", type="text/plain"),
        "/held": page("held"), "/edited": page("before"), "/new": page("new"), "/error": Answer(status=500),
        "/old": Answer(status=301, headers={"Location": "/moved"}), "/moved": page("moved"),
        "/own": page('own<link rel="canonical" href="/own-address">'),
        "/same": page('same<link rel="canonical" href="https://www.127.0.0.2/x"><link rel="canonical" href="/other">'),
    }  # fmt: skip
    wayback(archived, {("20250718000000", a.url("/lost")): "as it was"})
    seeds = "".join(f'[[sources.seeds]]\nurl = "{a.url(path)}"\n' for path in ("/held", "/edited"))
    home = make_home(tmp_path, source("s", a.host, seeds), wayback=(archived.url(),))
    crawl(home)
    a.pages["/edited"] = page("after")
    paths = [
        "/new?utm_source=mail#top", "/held", "/edited", "/closed/1", "/gone", "/lost", "/error", "/old", "/own",
    ]  # fmt: skip
    report = add(home, [a.url(path) for path in paths])
    became = {one.given.removeprefix(a.url("")): one for one in report.added if isinstance(one, Added)}
    assert {path: one.became for path, one in became.items()} == {
        "/new?utm_source=mail#top": Became.NEW, "/held": Became.UNCHANGED, "/edited": Became.CHANGED,
        "/closed/1": Became.REFUSED, "/gone": Became.GONE, "/lost": Became.WAYBACK, "/error": Became.FAILED,
        "/old": Became.NEW, "/own": Became.NEW,
    }  # fmt: skip
    assert became["/new?utm_source=mail#top"].url == a.url("/new")
    assert became["/old"].url == a.url("/moved")
    assert became["/old"].report == report_id(urlkey(a.url("/moved")))
    assert became["/own"].canonical == a.url("/own-address")
    assert "robots.txt" in (became["/closed/1"].reason or "")
    assert became["/error"].reason == "answered 500"
    assert became["/gone"].report is None
    assert [path for path, one in became.items() if not one.ok] == ["/closed/1", "/gone", "/error"]
    assert became["/old"].as_text() == (f"{a.url('/moved')} ({a.url('/old')}): new; report {became['/old'].report}")


def test_a_page_that_has_gone_is_held_still(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    a.pages["/held"] = page("held")
    home = make_home(tmp_path, source("s", a.host))
    add(home, [a.url("/held")])
    a.pages["/held"] = Answer(status=410)
    (one,) = add(home, [a.url("/held")]).added
    assert isinstance(one, Added)
    assert (one.became, one.ok) == (Became.HELD, True)


def test_what_is_no_address_is_refused_before_anything_is_asked(tmp_path: Path, sites: list[Site]) -> None:
    home = make_home(tmp_path, source("s", sites[0].host))
    with pytest.raises(CrawlError, match="whole address"):
        add(home, [sites[0].url("/a"), "example.org/b"])
    assert sites[0].log == []


def test_what_is_said_of_a_page_is_kept_in_the_ledger(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    a.pages["/plain"] = page("Opening at nine. " * 20)
    home = make_home(tmp_path, source("s", a.host))
    add(home, [a.url("/plain")], who="Orla", edition="2025", note="a programme")
    add(home, [a.url("/plain")], who="Orla")
    assert [(e["subject"], e["who"], e["why"], e["after"]) for e in home.ledger.entries("additions")] == [
        (a.url("/plain"), "Orla", "a programme", {"edition": "2025"}),
        (a.url("/plain"), "Orla", "", None),
    ]
    seed = additions(home.ledger, home.collection)[urlkey(a.url("/plain"))]
    assert (seed.edition, seed.note) == ("2025", "a programme")


def test_an_edition_that_is_not_there_is_refused_before_anything_is_asked(tmp_path: Path, sites: list[Site]) -> None:
    home = make_home(tmp_path, source("s", sites[0].host))
    with pytest.raises(UnknownSourceError, match="1850"):
        add(home, [sites[0].url("/a")], edition="1850")
    assert sites[0].log == []
    assert not list(home.ledger.entries("additions"))
