from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from archive import REQUISITE, Home, Relation, Report, Trust, Version, Via, may_be_report, report_id, urlkey
from crawler import CrawlReport, crawl
from tests.crawler.forum import captures, make_home, source, wayback
from tests.crawler.servers import Answer, Site, site

TEXT = "The Women's Forum of the fictional Lagoon met on 16 July 2025 and spoke of boats, schools and clinics. " * 8
PICTURES = {f"/{n}.png": Answer(b"\x89PNG" + bytes([n]) * 1000, type="image/png") for n in range(4)}


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(site(f"127.0.0.{n}")) for n in (2, 3)]


def found_to_be_reports(home: Home, *urls: str) -> None:
    """Note what describing would find, without its workers: that these pages are reports of an edition."""
    with home.catalogue() as catalogue:
        by_url = {url: [c for c in catalogue.captures(urlkey=urlkey(url)) if c.status == 200] for url in urls}
        versions = [
            Version(id=c.sha256[:32], report=report_id(c.urlkey), text=c.url, title="", extractor="x", captures=(c.id,))
            for found in by_url.values()
            for c in found
        ]
        reports = [
            Report(
                id=report_id(urlkey(url)), urlkey=urlkey(url), url=url, title="", publisher="", language="en",
                trust=Trust.UNKNOWN, via=Via.LIVE, source="s", published=None, first_seen="", captured="",
                relation=Relation.EDITION, edition="2025", reason="", confidence=1.0, version=found[-1].sha256[:32],
            )
            for url, found in by_url.items()
        ]  # fmt: skip
        catalogue.replace_reports(reports, versions, ())


def illustrated(tmp_path: Path, sites: list[Site], **settings: Any) -> Home:
    """A report with pictures and styles, some of them on another host, and a page that is no report."""
    a, b = sites
    a.pages |= {
        "/report": Answer(
            f"<html lang=en><title>Women's Forum</title><link rel=stylesheet href=\"/a.css\"><h1>Women's Forum</h1>"
            f'<p>{TEXT}</p><img src="/0.png"><img src="/closed/1.png"><img src="/no.png"><img src="{b.url("/1.png")}">'
            '<img src="/page.html"><img src="/2.png">'
        ),
        "/weather": Answer('<title>Weather</title><p>Rain.<img src="/3.png">'),
        "/robots.txt": Answer("User-agent: *\nDisallow: /closed", type="text/plain"),
        "/a.css": Answer("@import 'b.css'; p { background: url(/3.png) }", type="text/css"),
        "/b.css": Answer("b { color: red }", type="text/css"),
        "/page.html": Answer("<p>no picture"),
        **PICTURES,
    }
    b.pages |= PICTURES
    seeds = "".join(f'[[sources.seeds]]\nurl = "{a.url(path)}"\n' for path in ("/report", "/weather"))
    home = make_home(
        tmp_path, source("s", a.host, seeds.replace('/report"\n', '/report"\nedition = "2025"\n')), **settings
    )
    assert crawl(home).requisites == 0
    found_to_be_reports(home, a.url("/report"))
    for server in sites:
        server.log.clear()
    return home


def later(home: Home, days: float = 0) -> CrawlReport:
    return crawl(home, clock=lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=days))


def kept(home: Home) -> list[str]:
    """The paths of the requisites in the archive."""
    return [
        c.url.partition("/")[2].partition("/")[2].partition("/")[2]
        for c in captures(home)
        if (c.how or "").startswith(REQUISITE)
    ]


def test_pictures_and_styles_of_a_report_are_captured_on_the_pass_after_describing(
    tmp_path: Path, sites: list[Site]
) -> None:
    home = illustrated(tmp_path, sites)
    report = later(home)
    assert kept(home) == ["a.css", "0.png", "1.png", "2.png", "b.css", "3.png"]
    assert (report.requisites, report.new, report.failed) == (6, 0, ())
    assert "pictures and styles of reports 6" in report.as_text()
    assert "/closed/1.png" not in sites[0].paths
    assert [server.most for server in sites] == [1, 1]
    assert sites[1].paths == ["/robots.txt", "/1.png"]


def test_requisites_are_never_reports_and_are_looked_for_once(tmp_path: Path, sites: list[Site]) -> None:
    home = illustrated(tmp_path, sites)
    later(home)
    assert {may_be_report(c.how) for c in captures(home) if not c.url.endswith(("/report", "/weather"))} == {False}
    for server in sites:
        server.log.clear()
    assert later(home).requisites == 0
    assert sites[1].paths == []


def test_budget_of_a_page_ends_with_its_last_pictures(tmp_path: Path, sites: list[Site]) -> None:
    home = illustrated(tmp_path, sites, requisites=1500)
    later(home)
    assert kept(home) == ["a.css", "0.png"]


def test_budget_of_nothing_asks_for_nothing(tmp_path: Path, sites: list[Site]) -> None:
    home = illustrated(tmp_path, sites, requisites=0)
    later(home)
    assert kept(home) == []
    assert sites[0].paths == []


def test_what_stands_under_every_page_is_captured_once(tmp_path: Path, sites: list[Site]) -> None:
    home = illustrated(tmp_path, sites)
    later(home)
    a = sites[0]
    changed = str(a.pages["/report"].body).replace("boats", "ships").replace("/2.png", "/2.png?v=2")  # type: ignore[union-attr]
    a.pages["/report"] = Answer(changed)
    later(home, days=2)
    found_to_be_reports(home, a.url("/report"))
    a.log.clear()
    later(home, days=3)
    assert kept(home)[6:] == ["2.png?v=2"]


def test_pictures_of_a_page_that_is_gone_come_from_where_it_came_from(tmp_path: Path, sites: list[Site]) -> None:
    alive, archived = sites
    alive.pages["/a"] = Answer("<p>alive")
    gone, stamp = alive.url("/gone"), "20080716000000"
    wayback(
        archived,
        {(stamp, gone): f'<p>{TEXT}</p><link rel=stylesheet href="/a.css"><img src="/0.png"><img src="/no.png">'},
    )
    held = {"/a.css": Answer("p { background: url(/1.png) }", type="text/css"), **PICTURES}
    for path, answer in held.items():
        if path != "/0.png":
            archived.pages[f"/web/{stamp}id_/{alive.url(path)}"] = answer
    near = f"/web/20080801000000id_/{alive.url('/0.png')}"
    archived.pages[f"/web/{stamp}id_/{alive.url('/0.png')}"] = Answer(status=302, headers={"Location": near})
    archived.pages[near] = held["/0.png"]
    seeds = "".join(f'[[sources.seeds]]\nurl = "{url}"\n' for url in (alive.url("/a"), gone))
    home = make_home(tmp_path, source("s", alive.host, seeds), wayback=(archived.url(),))
    assert crawl(home).from_wayback == 1
    found_to_be_reports(home, gone)
    alive.log.clear()
    assert later(home).requisites == 3
    replayed = {
        (c.url.removeprefix(alive.url("")), c.timestamp, c.via)
        for c in captures(home)
        if (c.how or "").startswith(REQUISITE)
    }
    assert replayed == {
        ("/a.css", stamp, Via.WAYBACK), ("/0.png", "20080801000000", Via.WAYBACK), ("/1.png", stamp, Via.WAYBACK)
    }  # fmt: skip
    assert alive.paths == []
    archived.log.clear()
    assert later(home).requisites == 0
    assert archived.paths == []


def test_pictures_are_left_to_a_later_run_while_the_server_wants_to_be_left_alone(
    tmp_path: Path, sites: list[Site]
) -> None:
    alive, archived = sites
    alive.pages["/a"] = Answer("<p>alive")
    gone, stamp = alive.url("/gone"), "20080716000000"
    wayback(archived, {(stamp, gone): f'<p>{TEXT}</p><img src="/0.png"><img src="/1.png">'})
    seeds = "".join(f'[[sources.seeds]]\nurl = "{url}"\n' for url in (alive.url("/a"), gone))
    home = make_home(tmp_path, source("s", alive.host, seeds), wayback=(archived.url(),))
    crawl(home)
    found_to_be_reports(home, gone)
    for path in ("/0.png", "/1.png"):
        archived.pages[f"/web/{stamp}id_/{alive.url(path)}"] = Answer(status=429)
    archived.log.clear()
    assert later(home).requisites == 0
    assert len(archived.log) == 1
    later(home)
    assert len(archived.log) == 1
    archived.pages |= {f"/web/{stamp}id_/{alive.url(path)}": PICTURES[path] for path in ("/0.png", "/1.png")}
    assert later(home, days=0.9).requisites == 2
