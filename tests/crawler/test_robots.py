from __future__ import annotations

import datetime as dt

import pytest

from crawler.fetch import Cause, Failure, FetchResult
from crawler.robots import parse_robots, robots_url, rules_of

URL = "http://example.org/robots.txt"


def answer(status: int, body: bytes = b"") -> FetchResult:
    return FetchResult(
        url=URL,
        status=status,
        reason="",
        headers=(),
        body=body,
        fetched=dt.datetime.now(dt.UTC),
        ip=None,
        request_headers=(),
    )


def allows(text: str | bytes, path: str) -> bool:
    content = text.encode() if isinstance(text, str) else text
    return parse_robots(content).allow(f"http://example.org{path}")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /private/", "/private/x", False),
        ("User-agent: *\nDisallow: /private/", "/privately", True),
        ("User-agent: podium\nDisallow: /x\n\nUser-agent: *\nDisallow: /", "/y", True),
        ("User-agent: PODIUM\nDisallow: /x", "/x", False),
        ("User-agent: other\nDisallow: /", "/x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow: /女", "/%E5%A5%B3/1", False),
        ("\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("\ufeff\ufeffUser-agent: *\nDisallow: /a", "/a", False),
        ("<html>not found</html>", "/a", True),
    ],
)
def test_rules_say_what_may_be_fetched(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


def test_what_stands_behind_500_kib_is_ignored() -> None:
    padding = b"#" * 500 * 1024 + b"\n"
    assert allows(b"User-agent: *\nDisallow: /a\n" + padding + b"Disallow: /b", "/b")
    assert not allows(b"User-agent: *\nDisallow: /a\n" + padding, "/a")


def test_crawl_delay_is_given() -> None:
    assert parse_robots(b"User-agent: *\nCrawl-delay: 7.5").delay == 7.5
    assert parse_robots(b"").delay == 0


@pytest.mark.parametrize(
    ("status", "open_"), [(200, True), (404, True), (403, True), (401, True), (429, False), (500, False), (503, False)]
)
def test_status_of_robots_txt_opens_or_closes_the_host(status: int, open_: bool) -> None:
    rules = rules_of(answer(status), limit=1000)
    assert rules.allow("http://example.org/a") is open_
    assert (rules.closed is None) is open_


def test_host_whose_robots_txt_cannot_be_reached_is_closed_with_the_reason() -> None:
    silent = Failure(url=URL, cause=Cause.CONNECTION, detail="refused")
    rules = rules_of(silent, limit=1000)
    assert not rules.allow("http://example.org/a")
    assert rules.closed is silent


def test_each_origin_has_its_own_robots_txt() -> None:
    assert robots_url("https://example.org:8443/a/b?c") == "https://example.org:8443/robots.txt"
