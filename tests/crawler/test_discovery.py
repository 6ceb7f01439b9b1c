"""Sitemaps, feeds, listings, links, names: what is read out of what was fetched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Listing, parse_collection
from crawler.charset import text_of
from crawler.feeds import Feed, parse_feed
from crawler.links import Link, listing_links, page_links
from crawler.matching import Matcher
from crawler.sitemaps import parse_sitemap
from crawler.traps import is_page, is_trap

BASE = "http://example.org/news/"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def urls(links: object) -> list[str]:
    return [link.url.removeprefix("http://example.org") for link in links]  # type: ignore[attr-defined]


def test_sitemap_gives_pages_with_change_and_news_title() -> None:
    text = f"""<?xml version="1.0"?><urlset {NS}><url><loc> http://example.org/1 </loc><lastmod>2025-07-16</lastmod>
    <news:news><news:title>Forum Perempuan</news:title></news:news></url><!-- x --><url><loc>http://example.org/2?a=1&amp;b=2</loc></url>
    <url><loc>mailto:x</loc></url></urlset>"""
    found = parse_sitemap(text.encode())
    assert found.pages == (
        Link(url="http://example.org/1", text="Forum Perempuan", changed="2025-07-16"),
        Link(url="http://example.org/2?a=1&b=2"),
    )


def test_sitemap_index_gives_sitemaps() -> None:
    found = parse_sitemap(
        f"<sitemapindex {NS}><sitemap><loc>http://example.org/s.xml.gz</loc></sitemap></sitemapindex>".encode()
    )
    assert urls(found.sitemaps) == ["/s.xml.gz"]
    assert not found.pages


def test_sitemap_may_be_plain_text_without_namespace_or_cut_short() -> None:
    assert urls(parse_sitemap(b"\xef\xbb\xbfhttp://example.org/1\r\nhttp://example.org/2\n\nx").pages) == ["/1", "/2"]
    assert urls(parse_sitemap(b"<urlset><url><loc>http://example.org/1</loc></url><url><loc>http:").pages)[:1] == ["/1"]


def test_sitemap_reads_no_files_and_no_bombs() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<!DOCTYPE u [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{laughs}]>'
    text += "<urlset><url><loc>http://example.org/&f;&l9;</loc></url></urlset>"
    started = time.monotonic()
    assert all("root" not in link.url and len(link.url) < 1000 for link in parse_sitemap(text.encode()).pages)
    assert time.monotonic() - started < 2


@given(st.binary(max_size=500))
def test_any_bytes_are_a_sitemap_and_a_feed_of_something_or_nothing(content: bytes) -> None:
    parse_sitemap(content)
    parse_feed(content, base=BASE)


RSS = """<rss version="2.0"><channel><item><title>One</title><link>http://example.org/1</link></item>
<item><title>Two</title><link>/2</link><pubDate>Wed, 16 Jul 2025 10:00:00 +0700</pubDate></item><item><title>No link</title></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title><link href="http://example.org/1"/>
<updated>2025-07-16T00:00:00Z</updated></entry><entry><link rel="alternate" href="/2"/></entry></feed>"""
JSON = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "http://example.org/1", "date_modified": "2025-07-16"}, {"url": "/2"}, {"id": 3}, 4]}'


@pytest.mark.parametrize("feed", [RSS, ATOM, JSON], ids=["rss", "atom", "json"])
def test_feed_gives_its_entries(feed: str) -> None:
    links = parse_feed(feed.encode(), base=BASE).pages
    assert urls(links) == ["/1", "/2"]
    assert "2025-07-16" in {link.changed for link in links}


def test_feed_that_is_an_address_or_a_path_is_not_opened() -> None:
    assert parse_feed(b"http://127.0.0.1:1/", base=BASE) == Feed()
    assert parse_feed(b"/etc/passwd", base=BASE) == Feed()


@pytest.mark.parametrize(
    "feed",
    [
        ATOM.replace("<entry>", '<link rel="next" href="?page=2"/><entry>', 1),
        ATOM.replace("<entry>", '<link rel="prev-archive" href="/news/?page=2"/><entry>', 1),
        RSS.replace(
            "<item>", '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="?page=2"/><item>', 1
        ),
        JSON.replace('"items"', '"next_url": "http://example.org/news/?page=2", "items"'),
    ],
    ids=["atom", "archive", "rss", "json"],
)
def test_feed_says_where_it_goes_on(feed: str) -> None:
    assert parse_feed(feed.encode(), base=BASE).next_page == "http://example.org/news/?page=2"
    assert parse_feed(ATOM.encode(), base=BASE).next_page is None


PAGE = """<html><base href="/b/"><body><nav><a href="/about">About</a></nav><ul class=list><li><a href="1.html">Một</a></li>
<li class=x><h2><a href="2.html#top">Two</a></h2></li></ul><a href="1.html" title="again">1</a><a href="javascript:x()">no</a>
<a class=next href="?page=2">Next</a><a>none</a></body></html>"""


def test_listing_gives_the_links_its_selector_chooses_and_the_next_page() -> None:
    listing = Listing(url=BASE, links="ul.list li", next="a.next")
    links, following = listing_links(PAGE, listing, base=BASE)
    assert urls(links) == ["/b/1.html", "/b/2.html"]
    assert [link.text for link in links] == ["Một", "Two"]
    assert following == "http://example.org/b/?page=2"


def test_selector_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match=BASE):
        listing_links(PAGE, Listing(url=BASE, links="a[["), base=BASE)


def test_page_gives_each_link_once_with_all_its_text() -> None:
    links = page_links(PAGE, base=BASE)
    assert urls(links) == ["/about", "/b/1.html", "/b/2.html", "/b/?page=2"]
    assert links[1].text == "Một 1 again"


def test_tag_with_200000_attributes_does_not_hang_the_run() -> None:
    started = time.monotonic()
    page_links("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + "><a href=1>x</a>", base=BASE)
    page_links("<div>" * 5_000 + "<a href=1>x</a>", base=BASE)
    page_links("<" * 200_000 + "=" * 200_000, base=BASE)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("path", "trap"),
    [("/2007/10-27/1061151.shtml", False), ("/a/b/a/b", False), ("/a/b/a/b/a/b", True), ("/x/x/x", True), ("/c/x/x/x/y", True),
     ("/" + "a" * 3000, True), ("/2025/2025/20250716", False), ("/en/news/news/list", False)],
)  # fmt: skip
def test_endless_addresses_are_traps(path: str, trap: bool) -> None:
    assert is_trap(f"http://example.org{path}") is trap


def test_pictures_and_archives_are_no_pages() -> None:
    assert not is_page("http://example.org/a.JPG?x=1")
    assert not is_page("http://example.org/a.zip")
    assert is_page("http://example.org/a.pdf")
    assert is_page("http://example.org/a?f=x.jpg")
    assert is_page("http://example.org/a.shtml")


COLLECTION = """
[collection]
key = "c"
title.en = "C"
[names]
en = ["China-ASEAN Women's Forum"]
zh = ["中国—东盟妇女论坛"]
vi = ["Diễn đàn Phụ nữ"]
[words]
th = ["สตรี"]
"""


@pytest.mark.parametrize(
    ("text", "path", "matches"),
    [
        ("The CHINA–ASEAN Women’s Forum opens", "/1", True),
        ("中國-東盟婦女論壇開幕", "/1", True),
        ("Tin", "/dien-dan-phu-nu-2025.html", True),
        ("", "/%E0%B8%AA%E0%B8%95%E0%B8%A3%E0%B8%B5-2018", True),
        ("Weather", "/weather", False),
        ("", "/", False),
    ],
)
def test_link_matches_by_text_or_address(text: str, path: str, matches: bool) -> None:
    matcher = Matcher(parse_collection(COLLECTION, where="test"))
    assert matcher.matches(Link(url=f"http://example.org{path}", text=text)) is matches


@pytest.mark.parametrize(
    ("charset", "text", "language"),
    [
        ("gb2312", "中国妇女", "zh"), ("gbk", "鎔基", "zh"), ("gb18030", "中国—东盟", "zh"), ("big5", "中國婦女", "zh-Hant"),
        ("shift_jis", "女性フォーラム", "ja"), ("euc-kr", "여성 포럼", "ko"), ("tis-620", "สตรี", "th"), ("cp1258", "phụ nữ", "vi"),
        ("utf-16", "妇女", "zh"), ("utf-8", "ស្ត្រី", "km"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("declared", ["rightly", "in the page", "wrongly", "not at all"])
def test_charset_is_found(charset: str, text: str, language: str, declared: str) -> None:
    if charset == "cp1258":
        import unicodedata

        text = unicodedata.normalize("NFD", text).replace("u\u031b", "ư")
    header = {"rightly": f"text/html; charset={charset}", "wrongly": "text/html; charset=us-ascii"}.get(
        declared, "text/html"
    )
    meta = f'<meta charset="{charset}">' if declared == "in the page" else ""
    assert text in text_of(f"{meta}<p>{text}</p>".encode(charset), content_type=header, language=language)


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=nonsense", "charset=idna"]),
)
def test_text_of_any_bytes_is_a_text(content: bytes, content_type: str) -> None:
    assert isinstance(text_of(content, content_type=content_type), str)


@pytest.mark.parametrize(
    ("path", "trap"),
    [
        ("/womens-forum/calendar/2031/04", True),
        ("/events/calendar?month=4&year=2031", True),
        ("/list?year=2025&month=7", True),
        ("/calendar", False),
        ("/calendar-girls-march", False),
        ("/news/2025/07/16/forum", False),
        ("/forum?sort=asc", True),
        ("/forum?replytocom=12", True),
        ("/forum?sorted-by=hand", False),
        ("/index.php?action=edit&title=Forum", True),
        ("/index.php?action=view&id=3", False),
        ("/a/x/b/x/c/x/d/x", True),
        ("/" + "/".join(map(str, range(20))), True),
        ("/a?" + "&".join(f"f{n}=1" for n in range(12)), True),
    ],
)
def test_links_to_calendars_orders_and_actions_are_not_followed(path: str, trap: bool) -> None:
    assert is_trap(f"http://example.org{path}") is trap


def test_links_that_ask_not_to_be_followed_are_not() -> None:
    html = '<a rel="external nofollow" href="/a">a</a><a href="/b" rel=author><img alt="Women\'s Forum"></a>'
    assert [(link.url, link.text) for link in page_links(html, base=BASE)] == [
        ("http://example.org/b", "Women's Forum")
    ]
    assert page_links('<meta name="ROBOTS" content="noindex, nofollow">' + html, base=BASE) == []
