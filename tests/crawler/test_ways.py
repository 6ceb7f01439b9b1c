"""Ways to pages that are more than one request: archived prefixes, mirrors known by their paths, long listings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import Home, Via, is_notice, may_be_report
from crawler import crawl
from tests.crawler.forum import captured, captures, known, make_home, page, sitemap, source, wayback
from tests.crawler.servers import Answer, Site, site


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(site(f"127.0.0.{n}")) for n in range(2, 6)]


def in_days(days: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=days)


def test_pages_below_an_archived_prefix_are_found_where_their_host_is_silent(tmp_path: Path, sites: list[Site]) -> None:
    alive, archived = sites[0], sites[3]
    alive.pages["/a"] = page("alive")
    gone = "http://127.0.0.19:1/news"
    wayback(
        archived,
        {
            ("20061020000000", f"{gone}/1"): "one",
            ("20130101000000", f"{gone}/1"): "one, later",
            ("20061021000000", f"{gone}/2"): "two",
            ("20061021000000", f"{gone}/calendar/2006/10"): "trap",
            ("20061021000000", f"{gone}/logo.gif"): "picture",
            ("20061021000000", "http://127.0.0.19:1/sport/1"): "elsewhere",
        },
    )
    sources = source("alive", alive.host, f'[[sources.seeds]]\nurl = "{alive.url("/a")}"')
    sources += source("gone", "127.0.0.19", f'archived = ["{gone}/"]')
    home = make_home(tmp_path, sources, wayback=(archived.url(),))
    report = crawl(home)
    found = {(c.url, c.timestamp, c.source) for c in captures(home) if c.via is Via.WAYBACK}
    assert found == {(f"{gone}/1", "20061020000000", "gone"), (f"{gone}/2", "20061021000000", "gone")}
    assert (report.from_wayback, report.ok) == (2, True)
    # One list, then each page: what is known of the list is not asked for again page by page.
    assert len(archived.log) == 3
    crawl(home, clock=lambda: in_days(3))
    assert len(archived.log) == 3
    crawl(home, clock=lambda: in_days(40))
    assert len(archived.log) == 4


def test_next_server_is_asked_where_the_first_cannot_list_or_give(tmp_path: Path, sites: list[Site]) -> None:
    alive, first, second = sites[0], sites[2], sites[3]
    alive.pages["/a"] = page("alive")
    gone = alive.url("/gone")
    first.pages["*"] = Answer(status=500)
    wayback(second, {("20250718000000", gone): "kept"})
    home = make_home(
        tmp_path,
        source("s", alive.host, "".join(f'[[sources.seeds]]\nurl = "{url}"\n' for url in (alive.url("/a"), gone))),
        wayback=(first.url(), second.url()),
    )
    assert crawl(home).from_wayback == 1
    assert [c.source_uri for c in captures(home) if c.via is Via.WAYBACK] == [
        second.url(f"/web/20250718000000id_/{gone}")
    ]


def test_next_server_is_asked_while_the_first_wants_to_be_left_alone(tmp_path: Path, sites: list[Site]) -> None:
    alive, first, second = sites[0], sites[2], sites[3]
    alive.pages["/a"] = page("alive")
    first.pages["*"] = Answer(status=429)
    gone = [alive.url("/gone1"), alive.url("/gone2")]
    below = alive.url("/old/1")
    wayback(second, {("20250718000000", url): "kept" for url in (*gone, below)})
    seeds = "".join(f'[[sources.seeds]]\nurl = "{url}"\n' for url in (alive.url("/a"), *gone))
    body = f'archived = ["{alive.url("/old/")}"]\n{seeds}'
    home = make_home(tmp_path, source("s", alive.host, body), wayback=(first.url(), second.url()))
    report = crawl(home)
    assert (report.from_wayback, report.left, report.ok) == (3, 0, True)
    assert len(first.log) == 1
    crawl(home, clock=lambda: in_days(31))
    assert len(first.log) == 2


def test_server_of_another_layout_is_named_by_two_addresses(tmp_path: Path, sites: list[Site]) -> None:
    alive, archived = sites[0], sites[3]
    alive.pages["/a"] = page("alive")
    gone = alive.url("/gone")
    archived.pages["/wb/cdx"] = Answer(f"x)/gone 20250718000000 {gone} text/html 200 A 9\n", type="text/plain")
    archived.pages[f"/wb/20250718000000id_/{gone}"] = page("kept")
    seeds = "".join(f'[[sources.seeds]]\nurl = "{url}"\n' for url in (alive.url("/a"), gone))
    home = make_home(tmp_path, source("s", alive.host, seeds))
    file = home.path / "collection.toml"
    table = f'wayback = [{{ cdx = "{archived.url("/wb/cdx")}", replay = "{archived.url("/wb")}" }}]'
    file.write_text(file.read_text("utf-8").replace("wayback = []", table), "utf-8")
    assert crawl(Home.open(home.path)).from_wayback == 1


def test_copy_known_by_its_path_is_asked_for_at_its_original_first(tmp_path: Path, sites: list[Site]) -> None:
    wire, mirror = sites[:2]
    wire.pages["/sh/2007/10-27/1.shtml"] = page("original")
    for n in (1, 2):
        mirror.pages[f"/sh/2007/10-27/{n}.shtml"] = page("copy")
    mirror.pages["/other.html"] = page("other")
    mirror.pages["/map"] = sitemap(
        *(mirror.url(path) for path in ("/sh/2007/10-27/1.shtml", "/sh/2007/10-27/2.shtml", "/other.html"))
    )
    sources = source("wire", wire.host, f'signatures = ["{wire.url()}*/####/##-##/#*.shtml"]', trust="agency")
    sources += source("mirror", mirror.host, f'sitemaps = ["{mirror.url("/map")}"]', trust="mirror")
    home = make_home(tmp_path, sources)
    crawl(home)
    asked = {path for path in mirror.paths if not path.endswith(("map", "robots.txt"))}
    assert asked == {"/sh/2007/10-27/2.shtml", "/other.html"}
    hows = {c.url: (c.source, c.how or "") for c in captures(home)}
    assert hows[wire.url("/sh/2007/10-27/1.shtml")][0] == "wire"
    assert "probable original" in hows[wire.url("/sh/2007/10-27/1.shtml")][1]
    assert hows[mirror.url("/sh/2007/10-27/2.shtml")][0] == "mirror"
    assert "did not answer (answered 404)" in hows[mirror.url("/sh/2007/10-27/2.shtml")][1]
    crawl(home)
    assert wire.paths.count("/sh/2007/10-27/1.shtml") == 1


def test_copy_is_asked_for_where_its_original_may_not_be(tmp_path: Path, sites: list[Site]) -> None:
    wire, mirror = sites[:2]
    wire.pages |= {"/robots.txt": Answer("User-agent: *\nDisallow: /", type="text/plain"), "/1": page("original")}
    mirror.pages["/copy"] = page("copy")
    seed = f'[[sources.seeds]]\nurl = "{mirror.url("/copy")}"\noriginal = "{wire.url("/1")}"\n'
    home = make_home(tmp_path, source("mirror", mirror.host, seed, trust="mirror"))
    report = crawl(home)
    assert wire.paths == ["/robots.txt"]
    assert (report.new, report.refused) == (1, 1)
    assert "robots.txt does not allow it" in next(c.how or "" for c in captures(home) if c.url == mirror.url("/copy"))


GONE = "<title>Page not found</title><p>It may have moved."


def test_page_that_only_says_it_is_gone_is_gone_and_looked_for_elsewhere(tmp_path: Path, sites: list[Site]) -> None:
    alive, archived = sites[0], sites[3]
    alive.pages |= {"/a": page("a"), "/b": page("b"), "/c": Answer(GONE), "/404.html": Answer(GONE)}
    alive.pages["/d"] = Answer(status=302, headers={"Location": "/404.html"})
    seeds = "".join(f'[[sources.seeds]]\nurl = "{alive.url(path)}"\n' for path in ("/a", "/b", "/c", "/d"))
    wayback(
        archived,
        {
            ("20250101000000", alive.url("/c")): GONE,
            ("20250601000000", alive.url("/c")): "as it was",
            ("20250601000000", alive.url("/d")): "as it was, too",
        },
    )
    home = make_home(tmp_path, source("s", alive.host, seeds), wayback=(archived.url(),))
    report = crawl(home)
    assert (report.new, report.gone, report.from_wayback, report.sources[0].found) == (2, 2, 2, 4)
    notices = [c for c in captures(home) if is_notice(c.how)]
    assert [c.url for c in notices] == [alive.url("/c")]
    assert not may_be_report(notices[0].how)
    alive.pages["/b"] = Answer(GONE, etag='"gone"')
    crawl(home, clock=lambda: in_days(2))
    crawl(home, clock=lambda: in_days(40))
    later = crawl(home, clock=lambda: in_days(300))
    assert known(home, alive.url("/b"))["gone"] == 1
    assert (later.gone, later.ok, later.sources[0].found) == (0, True, 4)
    assert "/404.html" not in alive.paths


def test_host_that_answers_every_address_alike_has_no_page_there(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    front = page("The newest reports of all kinds. " * 30, etag=None)
    a.pages |= {"/": front, "/1": page("one"), "/2": page("two"), "/2?again": page("two"), "*": front}
    paths = ("/1", "/", "/2", "/2?again", "/gone1", "/gone2", "/gone3")
    seeds = "".join(f'[[sources.seeds]]\nurl = "{a.url(path)}"\n' for path in paths)
    home = make_home(tmp_path, source("s", a.host, seeds))
    report = crawl(home)
    assert {c.url for c in captures(home) if is_notice(c.how)} == {a.url(f"/gone{n}") for n in (1, 2, 3)}
    assert (report.new, report.gone) == (4, 3)
    a.pages["/1"] = front
    assert crawl(home, clock=lambda: in_days(2)).gone == 1


def listing_of(site: Site, pages: int, *, endless: bool = False) -> str:
    def give(path: str) -> Answer:
        number = int(path.partition("?page=")[2] or 1)
        shown = min(number, pages)
        links = "".join(f'<li><a href="/{shown}-{n}">x</a>' for n in range(3))
        more = f'<a class=next href="/list?page={number + 1}">older</a>' if endless or number < pages else ""
        return Answer(f"<ul>{links}</ul>{more}")

    site.pages["/list"] = give
    site.pages |= {f"/{page_}-{n}": page(f"{page_} {n}") for page_ in range(1, pages + 1) for n in range(3)}
    return f'[[sources.listings]]\nurl = "{site.url("/list")}"\nlinks = "li a"\nnext = "a.next"\n'


def lists(site: Site) -> int:
    return sum(path.startswith("/list") for path in site.paths)


def test_listing_without_end_is_left_when_it_gives_the_same(tmp_path: Path, sites: list[Site]) -> None:
    home = make_home(tmp_path, source("s", sites[0].host, listing_of(sites[0], 4, endless=True)))
    assert crawl(home).new == 12
    assert lists(sites[0]) == 5
    crawl(home)
    assert lists(sites[0]) == 6


def test_listing_is_read_on_though_a_feed_gave_its_first_page(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    items = "".join(f"<item><link>{a.url(f'/1-{n}')}</link></item>" for n in range(3))
    a.pages["/feed"] = Answer(f"<rss><channel>{items}</channel></rss>", type="application/rss+xml")
    home = make_home(tmp_path, source("s", a.host, f'feeds = ["{a.url("/feed")}"]\n' + listing_of(a, 3)))
    assert crawl(home).new == 9


def test_feed_in_parts_is_read_like_a_listing(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]

    def give(path: str) -> Answer:
        number = int(path.partition("?page=")[2] or 1)
        items = "".join(f'{{"url": "{a.url(f"/{number}-{n}")}"}}, ' for n in range(3)).rstrip(", ")
        more = f'"next_url": "/feed?page={number + 1}", ' if number < 4 else ""
        return Answer(
            f'{{"version": "https://jsonfeed.org/version/1.1", {more}"items": [{items}]}}', type="application/json"
        )

    a.pages["/feed"] = lambda path: Answer(status=500) if path.endswith("page=3") else give(path)
    a.pages |= {f"/{part}-{n}": page(f"{part} {n}") for part in range(1, 5) for n in range(3)}
    home = make_home(tmp_path, source("s", a.host, f'feeds = ["{a.url("/feed")}"]'))
    assert crawl(home).new == 6
    a.pages["/feed"] = give
    assert crawl(home, clock=lambda: in_days(0.5)).new == 6
    a.log.clear()
    crawl(home, clock=lambda: in_days(0.6))
    assert a.paths == ["/feed"]


def test_listing_that_a_run_did_not_come_to_the_end_of_is_read_on_by_the_next(
    tmp_path: Path, sites: list[Site]
) -> None:
    a = sites[0]
    listing = listing_of(a, 5)
    home = make_home(tmp_path, source("s", a.host, listing))
    kept, a.pages["/list"] = a.pages["/list"], lambda path: Answer(status=500) if "page=3" in path else kept(path)  # type: ignore[operator]
    assert crawl(home).new == 6
    a.pages["/list"] = kept
    assert crawl(home, clock=lambda: in_days(0.5)).new == 9
    assert known(home, a.url("/list?page=3"))["due"].startswith("9999")


def test_only_pages_that_name_the_forum_or_lie_in_its_paths_are_taken(tmp_path: Path, sites: list[Site]) -> None:
    a, b = sites[:2]
    for server in (a, b):
        paths = ("/women/1", "/sport/2", "/womens-forum-3", "/women/video/4")
        server.pages |= {path: page(path) for path in paths}
        server.pages["/map"] = sitemap(*(server.url(path) for path in paths))
    sources = source("named", a.host, f'named = true\nsitemaps = ["{a.url("/map")}"]')
    sources += source("paths", b.host, f'paths = ["/women/*", "!*/video/*"]\nsitemaps = ["{b.url("/map")}"]')
    home = make_home(tmp_path, sources)
    crawl(home)
    assert captured(home) - {a.url("/map"), b.url("/map"), a.url("/robots.txt"), b.url("/robots.txt")} == {
        a.url("/womens-forum-3"), b.url("/women/1"),
    }  # fmt: skip


def test_part_of_a_sitemap_that_has_not_changed_is_not_read_again(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]

    def index(old: str, new: str) -> Answer:
        parts = "".join(
            f"<sitemap><loc>{a.url(path)}</loc><lastmod>{day}</lastmod></sitemap>"
            for path, day in (("/old", old), ("/new", new))
        )
        return Answer(f"<sitemapindex>{parts}</sitemapindex>", type="application/xml")

    a.pages |= {"/old": sitemap(a.url("/1")), "/new": sitemap(a.url("/2")), "/1": page("1"), "/2": page("2")}
    a.pages["/map"] = index("2020-01-01", "2020-01-01")
    home = make_home(tmp_path, source("s", a.host, f'sitemaps = ["{a.url("/map")}"]'))
    crawl(home)
    a.pages["/map"] = index("2020-01-01", in_days(0).date().isoformat())
    crawl(home)
    assert (a.paths.count("/old"), a.paths.count("/new")) == (1, 2)


def test_listing_that_has_moved_stays_a_listing(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    body = listing_of(a, 1)
    a.pages |= {"/there": a.pages["/list"], "/list": Answer(status=301, headers={"Location": "/there"})}
    home = make_home(tmp_path, source("s", a.host, body))
    assert crawl(home).new == 3
    (moved,) = [c for c in captures(home) if c.url == a.url("/there")]
    assert not may_be_report(moved.how)
