from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive import Home, acknowledge
from crawler import crawl
from tests.crawler.forum import captures, make_home, page, sitemap, source, wayback
from tests.crawler.servers import Answer, Site, site
from tests.crawler.test_cli import podium

FEEDS = 'feeds = ["http://127.0.0.2/feed"]\nminimum = 2\n[[sources.seeds]]\nurl = "http://127.0.0.2/a"'


def home(tmp_path: Path) -> Home:
    return make_home(tmp_path, source("one", "127.0.0.2", FEEDS) + source("two", "127.0.0.3", trust="mirror"))


def test_sources_are_listed_with_their_ways_and_what_is_held(tmp_path: Path) -> None:
    result = podium(home(tmp_path), "sources")
    assert result.stdout.splitlines() == [
        "one: one (en, newspaper); seeds 1, feeds 1; 0 pages held, fewer than the 2 expected",
        "two: two (en, mirror); nothing to begin with; 0 pages held",
    ]


def test_a_source_that_is_acknowledged_is_listed_with_the_reason(tmp_path: Path) -> None:
    made = home(tmp_path)
    acknowledge(made, "two", reason="the site has closed", who="me")
    lines = podium(made, "sources").stdout.splitlines()
    assert ["acknowledged: the site has closed" in line for line in lines] == [False, True]


def test_sources_are_one_json_object_each(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in podium(home(tmp_path), "sources", "--json").stdout.splitlines()]
    assert [(line["key"], line["ways"]["feeds"]) for line in lines] == [("one", 1), ("two", 0)]


def test_a_copy_of_the_shipped_collection_is_compared_with_it(tmp_path: Path) -> None:
    shipped = Home.init(tmp_path / "shipped")
    assert "no difference" in podium(shipped, "sources", "diff").stdout
    file = shipped.path / "collection.toml"
    file.write_text(file.read_text("utf-8").replace("minimum = 4", "minimum = 3"), "utf-8")
    (line,) = podium(shipped, "sources", "diff", "--json").stdout.splitlines()
    assert json.loads(line)["where"] == "sources cri-filipino minimum"


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    with ExitStack() as stack:
        yield [stack.enter_context(site(f"127.0.0.{n}")) for n in range(2, 5)]


def every_way(tmp_path: Path, sites: list[Site]) -> Home:
    """A source with every way of finding pages, some of them broken."""
    a, archived = sites[0], sites[2]
    items = "".join(f"<item><link>{a.url(f'/fed{n}')}</link><title>Women's Forum {n}</title></item>" for n in range(3))
    a.pages |= {
        "/robots.txt": Answer(f"User-agent: *\nDisallow: /closed\nSitemap: {a.url('/other-map')}\n", type="text/plain"),
        "/map": sitemap(a.url("/map1"), a.url("/map2"), index=True),
        "/map1": sitemap(a.url("/1"), a.url("/2.jpg")),
        "/map2": sitemap(a.url("/3")),
        "/feed": Answer(f"<rss><channel>{items}</channel></rss>", type="application/rss+xml"),
        "/list": Answer(
            '<link rel="alternate" type="application/rss+xml" href="/own-feed"><li><a href="/listed">x</a>'
            '<a class=next href="/list?page=2">next</a>'
        ),
        "/list?page=2": Answer('<li><a href="/listed2">x</a>'),
        "/seed": page("seed", "/womens-forum", "/weather"),
    }
    wayback(archived, {("20061020000000", a.url("/old/1")): "one", ("20061020000000", a.url("/new/1")): "two"})
    body = f"""follow = 1
sitemaps = ["{a.url("/map")}"]
feeds = ["{a.url("/feed")}", "{a.url("/gone")}", "{a.url("/closed")}"]
archived = ["{a.url("/old/")}"]
[[sources.listings]]
url = "{a.url("/list")}"
links = "li a:not(.next)"
next = "a.next"
[[sources.listings]]
url = "{a.url("/list?broken")}"
links = "a[["
[[sources.seeds]]
url = "{a.url("/seed")}"
"""
    a.pages["/list?broken"] = page("x", "/y")
    return make_home(tmp_path, source("s", a.host, body), wayback=(archived.url(),))


def test_a_source_is_tried_and_nothing_is_archived(tmp_path: Path, sites: list[Site]) -> None:
    home = every_way(tmp_path, sites)
    result = podium(home, "sources", "try", "s", "--json")
    assert result.exit_code == 1
    tried = {item["url"].removeprefix(sites[0].url("")): item for item in map(json.loads, result.stdout.splitlines())}
    taken = {url: [page["url"].removeprefix(sites[0].url("")) for page in item["pages"]] for url, item in tried.items()}
    assert taken == {
        "/map": [], "/map1": ["/1"], "/feed": ["/fed0", "/fed1", "/fed2"], "/gone": [], "/closed": [],
        "/list": ["/listed"], "/list?page=2": ["/listed2"], "/list?broken": [], "/seed": ["/womens-forum"],
        "/old/": ["/old/1"],
    }  # fmt: skip
    assert (tried["/map1"]["given"], tried["/seed"]["given"]) == (2, 2)
    assert [page["named"] for page in tried["/feed"]["pages"]] == [True] * 3
    problems = {url: item["problem"] for url, item in tried.items() if item["problem"]}
    assert problems.keys() == {"/gone", "/closed", "/list?broken"}
    assert "selector" in problems["/list?broken"]
    assert "robots.txt" in problems["/closed"]
    hints = {hint for item in tried.values() for hint in item["hints"]}
    assert hints == {sites[0].url("/other-map"), "/own-feed"}
    assert captures(home) == []
    assert not list(home.warc.glob("*.warc.gz"))
    assert "/closed" not in sites[0].paths
    assert sites[0].most == 1


def test_a_source_is_tried_in_words_and_says_what_is_known_already(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    a.pages |= {"/map": sitemap(a.url("/1"), a.url("/womens-forum")), "/1": page("1"), "/womens-forum": page("2")}
    home = make_home(tmp_path, source("s", a.host, f'sitemaps = ["{a.url("/map")}"]'))
    crawl(home, sources=["s"])
    a.pages["/map"] = sitemap(*(a.url(f"/{n}") for n in range(1, 5)), a.url("/womens-forum"))
    result = podium(home, "sources", "try", "s", "--limit", "2")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"sitemap {a.url('/map')}: 5 addresses, 5 would be taken (1 name the forum, 2 are known already)",
        f"    {a.url('/1')}",
        f"    {a.url('/2')}",
        "    and 3 more",
    ]


def test_an_unknown_source_cannot_be_tried(tmp_path: Path) -> None:
    result = podium(home(tmp_path), "sources", "try", "nobody")
    assert result.exit_code == 2
    assert "one, two" in result.output


def test_seeds_of_a_source_are_tried_too(tmp_path: Path, sites: list[Site]) -> None:
    a = sites[0]
    a.pages |= {"/1": page("one", "/x"), "/2": Answer("<title>Page not found</title>")}
    seeds = "".join(f'[[sources.seeds]]\nurl = "{a.url(f"/{n}")}"\n' for n in range(1, 6))
    home = make_home(tmp_path, source("s", a.host, seeds) + source("empty", "127.0.0.3"))
    result = podium(home, "sources", "try", "s")
    assert sorted(result.stdout.splitlines()) == [
        f"seed {a.url('/1')}: answers; its links are not followed",
        f"seed {a.url('/2')}: FAILED: it says “Page not found”",
        f"seed {a.url('/3')}: FAILED: answered 404",
    ]
    assert result.exit_code == 1
    nothing = podium(home, "sources", "try", "empty")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert "nothing to ask for" in nothing.stderr
