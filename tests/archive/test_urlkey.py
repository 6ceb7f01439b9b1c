from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import normalise, report_id, urlkey

ADDRESS = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(["example.org", "WWW.Example.org:80", "127.0.0.1:8080", "bücher.example"]),
    st.text(st.sampled_from(list("/.ab@%~é ;")), max_size=12).map(lambda path: "/" + path),
    st.sampled_from(["", "?p=1610", "?utm_source=x&id=2", "#part"]),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("http://example.org:80/a#b", "http://example.org/a"),
        ("http://example.org/a/../b/./c", "http://example.org/b/c"),
        ("https://filipino.cri.cn/101/2007/10/27/2@58497.htm", "https://filipino.cri.cn/101/2007/10/27/2@58497.htm"),
        ("http://example.org/a%E2%80%8Bb", "http://example.org/a%E2%80%8Bb"),
        ("https://sportiflae.org/?p=1610", "https://sportiflae.org/?p=1610"),
        ("http://example.org/?utm_source=a&id=2&fbclid=x", "http://example.org/?id=2"),
        ("http://example.org/a;jsessionid=12AB?x=1", "http://example.org/a?x=1"),
        ("http://example.org/ສະຕີ", "http://example.org/%E0%BA%AA%E0%BA%B0%E0%BA%95%E0%BA%B5"),
    ],
)
def test_an_address_is_normalised_and_keeps_what_it_is_known_by(url: str, expected: str) -> None:
    assert normalise(url) == expected


@pytest.mark.parametrize("url", ["ftp://example.org/", "mailto:a@example.org", "/only/a/path", "http:///x", ""])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        normalise(url)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.org/a/", "https://example.org/a"),
        ("http://example.org/?b=2&a=1", "http://example.org/?a=1&b=2"),
        ("http://example.org", "http://EXAMPLE.org:80/#top"),
    ],
)
def test_spellings_of_one_page_have_one_key(one: str, other: str) -> None:
    assert urlkey(one) == urlkey(other)


def test_a_key_reads_from_the_top_level_down() -> None:
    assert urlkey("http://news.example.org:8080/a?b=1") == "org,example,news:8080)/a?b=1"
    assert urlkey("http://127.0.0.11/a") == "127.0.0.11)/a"


def test_queries_that_are_the_identity_tell_pages_apart() -> None:
    assert report_id(urlkey("https://sportiflae.org/?p=1610")) != report_id(urlkey("https://sportiflae.org/?p=1611"))


@given(ADDRESS)
def test_normalising_twice_is_normalising_once(url: str) -> None:
    assert normalise(normalise(url)) == normalise(url)


@given(ADDRESS)
def test_a_normalised_address_keeps_its_key(url: str) -> None:
    assert urlkey(normalise(url)) == urlkey(url)
