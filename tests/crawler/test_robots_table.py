"""What RFC 9309 says of a robots.txt, with what it kept of the parser it was written down from, case by case.

Of that parser's habits which the RFC did not take over, none is asked for here: a rule for index.html that opens its
folder, lines without a colon.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from crawler.fetch import PRODUCT
from crawler.robots import parse_robots

HOST = "http://example.org"


class Case(NamedTuple):
    """A file, with what may be fetched under it and what may not."""

    what: str
    text: str | bytes
    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


OURS = PRODUCT
GROUPS = (
    "allow: /before/\n\nuser-agent: {a}\ndisallow: /\nallow: /x/\nuser-agent: {b}\ndisallow: /\nallow: /y/\n\n\n"
    "allow: /w/\nuser-agent: {c}\n\nuser-agent: {a}\nallow: /z/\ndisallow: /\n"
)
LONGEST = "user-agent: *\ndisallow: {}\nallow: {}\n"
CASES = (
    # --- lines (2.2) ---
    Case("an empty file", "", open=("/", "/a")),
    Case("a rule for all", "user-agent: *\ndisallow: /a\n", open=("/", "/b"), closed=("/a", "/a/b", "/ab")),
    Case("names in any case", f"USER-AGENT: {OURS}\nDiSaLLoW: /a\nALLOW: /a/b", open=("/a/b",), closed=("/a",)),
    Case("spaces around the colon", f" User-agent : {OURS} \n\tDisallow:/a ", closed=("/a",)),
    Case("unknown names only", "foo: *\nbar: /\n", open=("/a",)),
    Case("comments", "user-agent: * # all\n# disallow: /b\ndisallow: /a # not that\n", open=("/b",), closed=("/a",)),
    Case("a # ends a path", "user-agent: *\ndisallow: /a#b\n", closed=("/a", "/a/c")),
    Case("lines ended by CR", "user-agent: *\rdisallow: /a\rdisallow: /b", closed=("/a", "/b")),
    Case("lines ended by CR LF", "user-agent: *\r\ndisallow: /a\r\ndisallow: /b\r\n", closed=("/a", "/b")),
    Case("lines ended in every way", "user-agent: *\ndisallow: /a\r\n\rdisallow: /b\n\n\rdisallow: /c", closed=("/a", "/b", "/c")),
    Case("the last line without an end", "user-agent: *\ndisallow: /a", closed=("/a",)),
    Case("U+2028 ends no line", "user-agent: *\ndisallow: /a\u2028allow:\n", open=("/a", "/b"), closed=("/a%E2%80%A8allow:",)),
    Case("bytes that are no UTF-8", b"user-agent: *\ndisallow: /\xff\xfe\ndisallow: /a\n", open=("/b",), closed=("/a",)),
    Case("NUL bytes", b"\0user-agent: *\nuser-agent: *\ndisallow: /a\n\0", closed=("/a",)),
    Case("a page instead", "<!doctype html><title>Not here</title>\n<p>disallow: everything", open=("/a",)),
    Case("rules before any group", "disallow: /\n\nuser-agent: *\ndisallow: /a\n", open=("/b",), closed=("/a",)),
    Case("rules without a group", "disallow: /", open=("/a",)),
    # --- byte order marks ---
    Case("a byte order mark", b"\xef\xbb\xbfuser-agent: *\ndisallow: /a\n", closed=("/a",)),
    Case("two of them", b"\xef\xbb\xbf\xef\xbb\xbfuser-agent: *\ndisallow: /a\n", closed=("/a",)),
    Case("a part of one", b"\xef\xbbuser-agent: *\ndisallow: /a\n", closed=("/a",)),
    Case("a broken one spoils its line", b"\xef\x11\xbfuser-agent: *\ndisallow: /a\n", open=("/a",)),
    Case("one within spoils its line", b"user-agent: *\n\xef\xbb\xbfdisallow: /a\ndisallow: /b\n", open=("/a",), closed=("/b",)),
    Case("UTF-16", "user-agent: *\ndisallow: /a\n".encode("utf-16"), closed=("/a",)),
    # --- groups and user agents (2.2.1) ---
    Case("another's group", "user-agent: other\ndisallow: /\n", open=("/a",)),
    Case("our group before that of all", f"user-agent: *\ndisallow: /\nuser-agent: {OURS}\ndisallow: /a", open=("/b",), closed=("/a",)),
    Case("our group behind that of all", f"user-agent: {OURS}\nallow: /\n\nuser-agent: *\ndisallow: /", open=("/a",)),
    Case("our group without rules", f"user-agent: *\ndisallow: /\nuser-agent: {OURS}\ndisallow:\n", open=("/a",)),
    Case("a name in any case", f"user-agent: {OURS.upper()}\ndisallow: /a\n", closed=("/a",)),
    Case("a name that is part of ours", f"user-agent: {OURS[:3]}\ndisallow: /\nuser-agent: m\ndisallow: /", open=("/a",)),
    Case("a name that ours is part of", f"user-agent: {OURS}bot\ndisallow: /\nuser-agent: my-{OURS}\ndisallow: /", open=("/a",)),
    Case("our name with a version", f"user-agent: {OURS}/1.0\ndisallow: /a\n", closed=("/a",)),
    Case("our name with words behind", f"user-agent: {OURS} the crawler\ndisallow: /a\n", closed=("/a",)),
    Case("an empty name", "user-agent:\ndisallow: /\n", open=("/a",)),
    Case("a star that is part of a name", "user-agent: *bot\ndisallow: /\n", open=("/a",)),
    Case("names that share rules", f"user-agent: other\nuser-agent: {OURS}\nuser-agent: third\ndisallow: /a\n", closed=("/a",)),
    Case("empty lines within a group", f"user-agent: {OURS}\n\n\ndisallow: /a\n\ndisallow: /b\n", closed=("/a", "/b")),
    Case("groups of one name are one", GROUPS.format(a=OURS, b="b", c="c"), open=("/x/1", "/z/1"), closed=("/y/1", "/w/1", "/before/1")),
    Case("rules before a group that is not begun", GROUPS.format(a="a", b=OURS, c="c"), open=("/y/1", "/w/1"), closed=("/x/1", "/z/1")),
    Case("a name whose rules come with the next name", GROUPS.format(a="a", b="b", c=OURS), open=("/z/1",), closed=("/x/1", "/y/1", "/w/1")),
    # --- other records (2.2.4) ---
    Case("a sitemap ends no group", f"user-agent: {OURS}\nsitemap: {HOST}/s.xml\nuser-agent: other\ndisallow: /a\n", closed=("/a",)),
    Case("an unknown record ends no group", f"user-agent: {OURS}\nclean-param: a /\nuser-agent: other\ndisallow: /a\n", closed=("/a",)),
    Case("unknown records among rules", "user-agent: *\nhost: x\ndisallow: /a\nnoindex: /b\ndisallow: /c\n", open=("/b",), closed=("/a", "/c")),
    Case("a crawl delay is its own group's", "user-agent: *\ncrawl-delay: 5\n\nuser-agent: other\ndisallow: /\n", open=("/a",)),
    # --- rules (2.2.2) ---
    Case("paths are told apart by case", "user-agent: *\ndisallow: /A\n", open=("/a",), closed=("/A",)),
    Case("an empty path", "user-agent: *\ndisallow:\nallow:\n", open=("/a",)),
    Case("the longest rule", LONGEST.format("/x/page.html", "/x/"), open=("/x/", "/x/a"), closed=("/x/page.html",)),
    Case("the longest rule, the other way", LONGEST.format("/x/", "/x/page.html"), open=("/x/page.html",), closed=("/x/", "/x/page.htm")),
    Case("allow among equals", LONGEST.format("/x", "/x") + LONGEST.format("/y/", "/y/"), open=("/x", "/y/a")),
    Case("of / and nothing", LONGEST.format("/", ""), closed=("/a",)),
    Case("of nothing and /", LONGEST.format("", "/"), open=("/a",)),
    Case("equal rules for the same path with a slash", LONGEST.format("/x", "/x/"), open=("/x/", "/x/a"), closed=("/x", "/xa")),
    Case("a star counts by its length", LONGEST.format("/*.html", "/page"), open=("/page", "/pages"), closed=("/page.html", "/x.html")),
    Case("a star that is shorter", LONGEST.format("/*.html", "/x/page."), open=("/x/page.html",), closed=("/x/y.html",)),
    Case("a rule is a prefix", "user-agent: *\nallow: /fish\ndisallow: /", open=("/fish", "/fish.html", "/fish/a", "/fishheads", "/fish?id=1"), closed=("/Fish", "/catfish", "/?id=fish")),
    Case("a folder", "user-agent: *\nallow: /fish/\ndisallow: /", open=("/fish/", "/fish/a?b"), closed=("/fish", "/fish.html", "/Fish/a")),
    # --- special characters (2.2.3) ---
    Case("a star within", "user-agent: *\ndisallow: /a/b/c\nallow: /a/*/d\n", open=("/a/b/d",), closed=("/a/b/c",)),
    Case("a star at the end says nothing", "user-agent: *\ndisallow: /a*\n", closed=("/a", "/a/b", "/ab")),
    Case("a star stands for slashes too", "user-agent: *\ndisallow: /*/c\n", open=("/c",), closed=("/a/c", "/a/b/c")),
    Case("a star before the path", "user-agent: *\ndisallow: *.php\n", open=("/a",), closed=("/a.php", "/b/a.php?x")),
    Case("an ending anywhere", "user-agent: *\nallow: /*.php\ndisallow: /", open=("/a.php", "/a.php?x", "/b/a.php/", "/a.phps"), closed=("/", "/windows.PHP")),
    Case("an ending at the end", "user-agent: *\nallow: /*.php$\ndisallow: /", open=("/a.php", "/b/a.php"), closed=("/a.php?x", "/a.php/", "/a.phps")),
    Case("parts with a star between", "user-agent: *\nallow: /fish*.php\ndisallow: /", open=("/fish.php", "/fishheads/cat.php?x"), closed=("/Fish.PHP", "/fish")),
    Case("the end of the path", "user-agent: *\ndisallow: /a$\n", open=("/a/", "/a/b", "/ab", "/a?b"), closed=("/a",)),
    Case("the front page alone", "user-agent: *\nallow: /$\ndisallow: /", open=("/",), closed=("/a", "/index.html")),
    Case("precedence by length, with an end", "user-agent: *\nallow: /$\ndisallow: /\nallow: /page\ndisallow: /*.htm\n", open=("/", "/page"), closed=("/page.html", "/x")),
    Case("many stars", "user-agent: *\ndisallow: /" + "*a" * 400 + "\n", open=("/" + "a" * 399,), closed=("/" + "a" * 400,)),
    # --- escapes (2.2.2) ---
    Case("an address within the query", "user-agent: *\ndisallow: /\nallow: /a?b=c&d=http://e.org?f&g\n", open=("/a?b=c&d=http://e.org?f&g",), closed=("/a?b=c",)),
    Case("letters beyond ASCII in the rule", "user-agent: *\ndisallow: /女/\n", closed=("/%E5%A5%B3/1", "/%e5%a5%b3/1")),
    Case("letters escaped in the rule", "user-agent: *\ndisallow: /%e5%a5%b3/\n", closed=("/%E5%A5%B3/1", "/女/1")),
    Case("ASCII escaped in the rule", "user-agent: *\ndisallow: /a/%62%61%7A\n", closed=("/a/baz", "/a/%62%61%7A")),
    Case("what parts a path stays escaped", "user-agent: *\ndisallow: /a%2fb\n", open=("/a/b",), closed=("/a%2Fb", "/a%2fb")),
    Case("a dollar and a star escaped", "user-agent: *\ndisallow: /a%2A\ndisallow: /b%24\n", open=("/ax", "/b"), closed=("/a*", "/b$")),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_what_may_be_fetched(case: Case) -> None:
    rules = parse_robots(case.text.encode() if isinstance(case.text, str) else case.text)
    assert [path for path in case.open if not rules.allow(HOST + path)] == []
    assert [path for path in case.closed if rules.allow(HOST + path)] == []


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("user-agent: *\ncrawl-delay: 7.5", 7.5),
        ("user-agent: *\nCrawl Delay: 3", 3.0),
        ("user-agent: *\ncrawl-delay: 7\nuser-agent: podium\ndisallow: /a", 0.0),
        ("user-agent: other\ncrawl-delay: 7", 0.0),
        ("user-agent: *\ncrawl-delay: soon", 0.0),
        ("user-agent: *\ncrawl-delay: -3", 0.0),
        ("user-agent: *\ncrawl-delay: inf", 0.0),
        ("user-agent: *\ncrawl-delay: 1e99", 3600.0),
    ],
)
def test_crawl_delay_is_that_of_our_group(text: str, delay: float) -> None:
    assert parse_robots(text.encode()).delay == delay
