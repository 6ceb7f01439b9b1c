from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import Home, Via, read_payload, verify
from crawler import UnknownSourceError, add, crawl
from crawler.run import Run
from tests.crawler.forum import captured, captures, known, make_home, page, sitemap, source, wayback
from tests.crawler.servers import Answer, Site, site


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(site(f"127.0.0.{n}")) for n in range(2, 6)]


def in_days(days: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=days)


def whole(tmp_path: Path, sites: list[Site]) -> Home:
    """A source with every way of finding pages."""
    a, b = sites[:2]
    a.pages |= {
        "/robots.txt": Answer("User-agent: *\nDisallow: /closed/", type="text/plain"),
        "/seed": page(
            "seed", "/linked-womens-forum", "/weather", "http://127.0.0.5:1/womens-forum", "/closed/womens-forum"
        ),
        "/linked-womens-forum": page("linked", "/deeper-womens-forum"),
        "/deeper-womens-forum": page("deeper"),
        "/index.xml": sitemap(a.url("/map.xml.gz"), index=True),
        "/map.xml.gz": sitemap(a.url("/mapped"), a.url("/closed/mapped"), "http://127.0.0.5:1/elsewhere"),
        "/mapped": page("mapped"),
    }
    b.pages |= {
        "/feed": Answer(
            f"<rss><channel><item><link>{b.url('/fed')}</link></item></channel></rss>",
            type="application/rss+xml",
            etag='"f"',
        ),
        "/fed": page("fed"),
        "/list": Answer(
            '<ul><li><a href="/listed1">x</a></ul><a href="/other">y</a><a class=next href="/list?page=2">next</a>',
            etag='"l"',
        ),
        "/list?page=2": Answer('<ul><li><a href="/listed2">x</a></ul>'),
        "/listed1": page("listed1"),
        "/listed2": page("listed2", etag=None),
    }
    one = f'follow = 1\nminimum = 3\nsitemaps = ["{a.url("/index.xml")}"]\n[[sources.seeds]]\nurl = "{a.url("/seed")}"\nedition = "2025"'
    two = f'minimum = 9\nfeeds = ["{b.url("/feed")}"]\n[[sources.listings]]\nurl = "{b.url("/list")}"\nlinks = "li a"\nnext = "a.next"'
    return make_home(tmp_path, source("one", a.host, one) + source("two", b.host, two))


REPORTS = {"/seed", "/linked-womens-forum", "/mapped", "/fed", "/listed1", "/listed2"}


def test_every_way_of_discovery_finds_its_reports(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    report = crawl(home)
    paths = {path for server in sites for path in server.paths}
    assert paths >= REPORTS
    assert paths.isdisjoint({"/closed/mapped", "/closed/womens-forum", "/weather", "/deeper-womens-forum", "/other"})
    assert (report.new, report.refused, report.gone, report.failed, report.offline) == (6, 2, 0, (), False)
    assert [(s.key, s.found, s.short) for s in report.sources] == [("one", 3, False), ("two", 3, True)]
    assert any("two gave 3 pages" in warning for warning in report.warnings)
    assert verify(home).holds


def test_captures_say_how_they_were_found(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    crawl(home)
    hows = {capture.url.rpartition("/")[2]: (capture.source, capture.how) for capture in captures(home)}
    a, b = sites[:2]
    assert hows["seed"] == ("one", "seed")
    assert hows["mapped"] == ("one", f"sitemap {a.url('/map.xml.gz')}")
    assert hows["linked-womens-forum"] == ("one", f"link on {a.url('/seed')}")
    assert hows["listed2"] == ("two", f"listing {b.url('/list?page=2')}")
    assert hows["robots.txt"] == (None, "robots.txt")


def test_second_crawl_asks_only_what_is_due_and_stores_no_page_twice(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    crawl(home)
    for server in sites:
        server.log.clear()
    at_once = crawl(home)
    assert {path for server in sites for path in server.paths} == {"/index.xml", "/map.xml.gz", "/feed", "/list"}
    assert (at_once.new, at_once.unchanged, at_once.failed) == (0, 4, ())
    later = crawl(home, clock=lambda: in_days(2))
    assert (later.new, later.unchanged) == (0, later.fetched)
    assert later.fetched >= 10
    carrying = [c.url for c in captures(home) if c.record_type == "response" and c.status == 200]
    assert len(carrying) == len(set(carrying))
    assert {c.status for c in captures(home) if c.record_type == "revisit"} >= {200, 304}
    assert verify(home).holds


def test_page_that_changed_is_captured_anew(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    crawl(home)
    sites[0].pages["/seed"] = page("seed, corrected")
    crawl(home, clock=lambda: in_days(2))
    versions = [c for c in captures(home) if c.url.endswith("/seed") and c.record_type == "response"]
    assert len(versions) == 2
    assert b"corrected" in read_payload(home, versions[-1]).body


def test_robots_txt_is_kept_for_a_day(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    for days in (0, 0.5, 1.5):
        crawl(home, clock=functools.partial(in_days, days))
    assert sites[0].paths.count("/robots.txt") == 2


def test_host_without_usable_robots_txt_is_not_crawled(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    sites[0].pages["/robots.txt"] = Answer(status=503, headers={"Retry-After": "0"})
    report = crawl(home, sources=["one"])
    assert set(sites[0].paths) == {"/robots.txt"}
    assert not report.ok
    assert "closed for now" in report.failed[0].reason
    assert report.sources[0].answered


def test_robots_txt_is_found_behind_five_redirects(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    a, b = sites[:2]
    a.pages["/robots.txt"] = Answer(status=301, headers={"Location": b.url("/r1")})
    for n in range(1, 4):
        b.pages[f"/r{n}"] = Answer(status=302, headers={"Location": f"/r{n + 1}"})
    b.pages["/r4"] = Answer("User-agent: *\nDisallow: /", type="text/plain")
    report = crawl(home, sources=["one"])
    assert a.paths == ["/robots.txt"]
    assert report.refused == 2
    assert report.fetched == 0


def test_probable_original_comes_before_its_mirror(tmp_path: Path, sites: list[Site]) -> None:
    original, mirror = sites[:2]
    mirror.pages |= {"/copy1": page("copy"), "/copy2": page("copy"), "/copy3": page("copy")}
    original.pages |= {
        "/news/1": page("original"),
        "/news/3": Answer(status=302, headers={"Location": "/"}),
        "/": page("front page"),
    }
    seeds = "".join(
        f'[[sources.seeds]]\nurl = "{mirror.url(f"/copy{n}")}"\noriginal = "{original.url(f"/news/{n}")}"\nverified = false\n'
        for n in (1, 2, 3)
    )
    home = make_home(tmp_path, source("mirror", mirror.host, seeds, trust="mirror"))
    report = crawl(home)
    assert captured(home) == {original.url("/news/1"), mirror.url("/copy2"), mirror.url("/copy3")}
    hows = {c.url: c.how or "" for c in captures(home)}
    assert f"original of {mirror.url('/copy1')}" in hows[original.url("/news/1")]
    assert f"{original.url('/news/2')} did not answer (answered 404)" in hows[mirror.url("/copy2")]
    assert "front page" in hows[mirror.url("/copy3")]
    assert (report.new, report.gone, report.ok) == (3, 2, True)


def dead_forum(tmp_path: Path, sites: list[Site], **settings: object) -> tuple[Home, str]:
    live, archived = sites[0], sites[3]
    live.pages["/alive"] = page("alive")
    gone = live.url("/gone.html?id=1")
    seeds = "".join(f'[[sources.seeds]]\nurl = "{url}"\nedition = "2025"\n' for url in (live.url("/alive"), gone))
    wayback(
        archived,
        {(stamp, gone): f"<p>as of {stamp}" for stamp in ("20200101000000", "20250718000000", "20260101000000")},
    )
    return make_home(tmp_path, source("dead", live.host, seeds), wayback=(archived.url("/"),), **settings), gone


def test_dead_page_comes_from_wayback_as_of_its_edition(tmp_path: Path, sites: list[Site]) -> None:
    home, gone = dead_forum(tmp_path, sites)
    report = crawl(home)
    (capture,) = [c for c in captures(home) if c.via is Via.WAYBACK]
    assert (capture.url, capture.timestamp, capture.status, capture.source) == (gone, "20250718000000", 200, "dead")
    assert capture.source_uri == sites[3].url(f"/web/20250718000000id_/{gone}")
    assert read_payload(home, capture).body == b"<p>as of 20250718000000"
    assert (report.gone, report.from_wayback, report.ok, report.sources[0].found) == (1, 1, True, 2)
    assert verify(home).holds
    sites[3].log.clear()
    again = crawl(home, clock=lambda: in_days(40))
    assert (again.gone, again.from_wayback, again.ok) == (0, 0, True)
    assert sites[3].paths == []


def test_next_capture_is_taken_when_the_nearest_is_not_given(tmp_path: Path, sites: list[Site]) -> None:
    home, gone = dead_forum(tmp_path, sites)
    sites[3].pages[f"/web/20250718000000id_/{gone}"] = Answer(status=404)
    sites[3].pages[f"/web/20260101000000id_/{gone}"] = Answer(
        status=302, headers={"Location": f"/web/20260102030405id_/{gone}"}
    )
    sites[3].pages[f"/web/20260102030405id_/{gone}"] = page("moved")
    report = crawl(home)
    assert report.from_wayback == 1
    assert [c.timestamp for c in captures(home) if c.via is Via.WAYBACK] == ["20260102030405"]


def test_wayback_server_that_answers_429_is_left_alone_longer_each_time(tmp_path: Path, sites: list[Site]) -> None:
    home, gone = dead_forum(tmp_path, sites)
    sites[3].pages["/cdx/search/cdx"] = Answer(status=429)
    report = crawl(home)
    assert (len(sites[3].log), report.from_wayback, report.ok) == (1, 0, True)
    base = sites[3].url("/cdx/search/cdx")
    first = dt.datetime.fromisoformat(known(home, base)["due"]) - report.started
    crawl(home)
    assert len(sites[3].log) == 1
    second = crawl(home, clock=lambda: in_days(40))
    assert len(sites[3].log) == 2
    pause = dt.datetime.fromisoformat(known(home, base)["due"]) - second.started
    assert pause >= 1.9 * first > dt.timedelta(minutes=59)
    assert known(home, gone)["gone"] == 1


def test_offline_run_marks_nothing_gone_and_asks_no_wayback_server(tmp_path: Path, sites: list[Site]) -> None:
    home, gone = dead_forum(tmp_path, sites)
    sites[0].close()
    report = crawl(home)
    assert report.offline
    assert not report.ok
    assert [s.answered for s in report.sources] == [False]
    assert len(report.failed) == 2
    assert sites[3].log == []
    assert report.gone == 0
    assert not known(home, gone).get("gone")
    assert not known(home, gone).get("failures")
    sites[0] = Site("127.0.0.2")  # so that the fixture has something to close


def test_silent_host_among_others_is_looked_for_at_wayback(tmp_path: Path, sites: list[Site]) -> None:
    silent = "http://127.0.0.19:1/report"
    sites[0].pages["/alive"] = page("alive")
    wayback(sites[3], {("20250718000000", silent): "kept"})
    seed = '[[sources.seeds]]\nurl = "{}"\n'
    sources = source("alive", "127.0.0.2", seed.format(sites[0].url("/alive"))) + source(
        "silent", "127.0.0.19", seed.format(silent)
    )
    home = make_home(tmp_path, sources, wayback=(sites[3].url(""),))
    report = crawl(home)
    assert not report.offline
    assert report.ok
    assert report.from_wayback == 1
    assert [s.answered for s in report.sources] == [True, False]


@pytest.mark.parametrize("kind", ["endless", "to itself", "to a private address", "to another scheme"])
def test_hostile_redirects_end_with_a_reason(tmp_path: Path, sites: list[Site], kind: str) -> None:
    a, private = sites[0], sites[2]
    a.pages["/robots.txt"] = Answer(status=404)
    a.pages["*"] = lambda path: Answer(status=302, headers={"Location": f"/r{len(a.log)}"})
    target = {
        "to itself": "/r",
        "to a private address": f"http://127.1:{private.port}/x",
        "to another scheme": "ftp://x/",
    }
    if kind in target:
        a.pages["/r"] = Answer(status=302, headers={"Location": target[kind]})
    home = make_home(tmp_path, source("s", a.host, f'[[sources.seeds]]\nurl = "{a.url("/r")}"'))
    report = crawl(home)
    assert len(a.log) <= 12
    assert private.log == []
    (problem,) = report.failed
    assert any(word in problem.reason for word in ("redirects", "no public address", "answered 302"))


def test_redirect_to_another_page_is_archived_and_followed(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    a.pages |= {"/old": Answer(status=301, headers={"Location": "/new"}), "/new": page("new")}
    home = make_home(tmp_path, source("s", a.host, f'[[sources.seeds]]\nurl = "{a.url("/old")}"'))
    report = crawl(home)
    assert [(c.url, c.status) for c in captures(home)[-2:]] == [(a.url("/old"), 301), (a.url("/new"), 200)]
    assert (report.new, report.sources[0].found) == (1, 1)


def many(site: Site, count: int, **settings: object) -> str:
    site.pages |= {f"/{n}": page(f"page {n}") for n in range(count)}
    site.pages["/map"] = sitemap(*(site.url(f"/{n}") for n in range(count)))
    return f'sitemaps = ["{site.url("/map")}"]'


def test_hosts_are_asked_in_parallel_but_never_twice_at_once(tmp_path: Path, sites: list[Site]) -> None:
    sources = ""
    for number, server in enumerate(sites):
        sources += source(f"s{number}", server.host, many(server, 8))
        for answer in server.pages.values():
            answer.pause = 0.03  # type: ignore[union-attr]
    home = make_home(tmp_path, sources)
    report = crawl(home)
    assert report.new == 32
    assert [server.most for server in sites] == [1, 1, 1, 1]
    first, last = max(server.times[0] for server in sites), min(server.times[-1] for server in sites)
    assert first < last


def test_crawl_delay_is_kept(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    a.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 0.2", type="text/plain")
    home = make_home(tmp_path, source("s", a.host, many(a, 4)))
    crawl(home)
    gaps = [later - earlier for earlier, later in itertools.pairwise(a.times)]
    assert len(gaps) == 5
    assert min(gaps) >= 0.19


def test_busy_host_is_asked_again_after_the_time_it_states(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    a.pages["/a"] = lambda path: (
        Answer(status=503, headers={"Retry-After": "1"}) if a.paths.count("/a") == 1 else page("a")
    )
    home = make_home(tmp_path, source("s", a.host, f'[[sources.seeds]]\nurl = "{a.url("/a")}"'))
    report = crawl(home)
    assert (report.new, report.ok) == (1, True)
    assert a.times[-1] - a.times[-2] >= 1


def test_host_that_wants_to_be_left_alone_for_long_is_left_to_the_next_run(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    home = make_home(tmp_path, source("s", a.host, many(a, 5)))
    a.pages["/0"] = Answer(status=429, headers={"Retry-After": "86400"})
    report = crawl(home)
    assert report.left >= 1
    assert report.ok
    assert known(home, a.url("/0"))["due"] > in_days(0.9).isoformat()


def test_slow_host_is_left_alone_after_three_failures(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    home = make_home(tmp_path, source("s", a.host, many(a, 9)), fetch_timeout=0.2)
    for number in range(9):
        a.pages[f"/{number}"] = page("slow", pause=0.4)
    report = crawl(home)
    assert len(report.failed) == 9
    assert len([path for path in a.paths if path[1:].isdigit()]) == 3


def test_budget_leaves_the_rest_to_the_next_run(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    home = make_home(tmp_path, source("s", a.host, many(a, 10)), max_pages=6)
    first = crawl(home)
    second = crawl(home)
    assert (first.new, first.left, second.new, second.left) == (5, 5, 5, 0)
    assert sorted(set(a.paths)) == sorted({*(f"/{n}" for n in range(10)), "/map", "/robots.txt"})


def test_stopped_run_is_resumed_where_it_was(
    tmp_path: Path, sites: list[Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    a = sites[0]
    home = make_home(tmp_path, source("s", a.host, many(a, 20)))
    settle = Run._settle

    def stop_after_ten(run: Run, *args: object) -> None:
        if len(a.log) > 10:
            raise KeyboardInterrupt
        settle(run, *args)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Run, "_settle", stop_after_ten)
        with pytest.raises(KeyboardInterrupt):
            crawl(home)
    kept = captured(home)
    a.log.clear()
    crawl(home)
    assert kept.isdisjoint({a.url(path) for path in a.paths} - {a.url("/map")})
    assert len(captured(home)) == 21


def test_failing_page_is_reported_and_stops_nothing(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    home = make_home(tmp_path, source("s", a.host, many(a, 4)))
    a.pages["/1"] = Answer(status=500)
    a.pages["/2"] = Answer(status=403)
    report = crawl(home)
    assert {(p.url, p.reason) for p in report.failed} == {(a.url("/1"), "answered 500"), (a.url("/2"), "answered 403")}
    assert report.new == 2
    assert known(home, a.url("/1"))["failures"] == 1


def test_page_found_to_be_gone_is_counted_once(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    home = make_home(tmp_path, source("s", a.host, many(a, 2)))
    crawl(home)
    a.pages["/1"] = Answer(status=410)
    assert crawl(home, clock=lambda: in_days(2)).gone == 1
    report = crawl(home, clock=lambda: in_days(60))
    assert (report.gone, report.ok, report.sources[0].found) == (0, True, 2)


def test_dry_run_asks_nobody_and_writes_nothing(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    report = crawl(home, dry_run=True)
    assert set(report.planned) == {
        sites[0].url("/seed"),
        sites[0].url("/index.xml"),
        sites[1].url("/feed"),
        sites[1].url("/list"),
    }
    assert all(server.log == [] for server in sites)
    assert captures(home) == []


def test_edition_restricts_to_its_seeds(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    planned = crawl(home, editions=["2025"], sources=["one"], dry_run=True).planned
    assert sites[0].url("/seed") in planned


@pytest.mark.parametrize("wanted", [{"sources": ["three"]}, {"editions": ["1999"]}])
def test_unknown_source_or_edition_is_named(tmp_path: Path, sites: list[Site], wanted: dict[str, list[str]]) -> None:
    with pytest.raises(UnknownSourceError, match=r"three.*one, two|1999.*2025"):
        crawl(whole(tmp_path, sites), **wanted)  # type: ignore[arg-type]


def test_missing_contact_is_warned_of_where_public_hosts_are_crawled(tmp_path: Path) -> None:
    seed = '[[sources.seeds]]\nurl = "http://{}/"\n'
    public = make_home(tmp_path / "a", source("s", "example.org", seed.format("example.org")))
    local = make_home(tmp_path / "b", source("s", "127.0.0.2", seed.format("127.0.0.2")))
    named = make_home(tmp_path / "c", source("s", "example.org", seed.format("example.org")), contact="me@example.org")
    assert ["contact" in " ".join(crawl(home, dry_run=True).warnings) for home in (public, local, named)] == [
        True,
        False,
        False,
    ]


def test_added_pages_are_fetched_now_and_belong_to_their_source(tmp_path: Path, sites: list[Site]) -> None:
    home = whole(tmp_path, sites)
    crawl(home)
    known, unknown = sites[0].url("/seed"), sites[2].url("/nowhere")
    report = add(home, [known, unknown])
    assert (report.fetched, report.unchanged, report.gone) == (1, 1, 1)
    # Two hosts are asked at once, in no order.
    added = {c.url: c.source for c in captures(home) if c.how == "added by the owner"}
    assert added == {known: "one", unknown: None}
