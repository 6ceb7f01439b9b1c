from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import is_form, normalise, report_id, resolve, surt, urlkey

TOOLS = Path(__file__).parents[2] / ".venv-tools" / "bin" / "python"
BASE = "http://example.org"
SEGMENT = st.sampled_from(
    ["a", "B", ".", "..", "%2e", "amp", "print", "m", "é", "%E2%80%8B", "%zz", "%7E", "@", ";jsessionid=1", "(S(x1))", "a.amp.html", "", "\\", "\ufffd", "\ud800", "{}", " "]
)  # fmt: skip
PAIR = st.sampled_from(
    ["", "p=1610", "utm_source=x", "sid=1a2b3c4d", "sid=12", "amp=1", "amp;b=2", "print", "m=1", "b", "é='", "%3d=%26"]
)
ADDRESS = st.builds(
    "{}{}{}/{}?{}{}".format,
    st.sampled_from(["http://", "HTTPS://", "http:\\\\"]),
    st.sampled_from(
        ["example.org", "WWW.Example.org.:80", "m.example.org", "www2.m.example.org..", "127.1:8080", "bücher.example", "a@[::1]:443", "user:pw@example.org:99"]
    ),
    st.sampled_from(["", ":", "/.."]),
    st.lists(SEGMENT, max_size=5).map("/".join),
    st.lists(PAIR, max_size=4).map("&".join),
    st.sampled_from(["", "#part"]),
)  # fmt: skip

NORMALISED = [
    ("HTTP://Example.ORG", "http://example.org/"),
    ("  http://example.org:80/a#b\n", "http://example.org/a"),
    ("https://example.org:443/a?", "https://example.org/a"),
    ("http://example.org:8080/", "http://example.org:8080/"),
    ("http://example.org/a/../b/./c", "http://example.org/b/c"),
    ("http://example.org/%2e%2E/b", "http://example.org/b"),
    ("http://example.org./a", "http://example.org/a"),
    ("http:\\\\example.org\\a\\b", "http://example.org/a/b"),
    ("http://exa\tmple.org/a\nb", "http://example.org/ab"),
    ("http://me:secret@example.org/", "http://example.org/"),
    ("http://bücher.example/ß", "http://xn--bcher-kva.example/%C3%9F"),
    ("http://straße.example/", "http://xn--strae-oqa.example/"),
    ("http://0x7f.1/", "http://127.0.0.1/"),
    ("http://2130706433/", "http://127.0.0.1/"),
    ("http://[0:0::1]/", "http://[::1]/"),
    # Odd bytes stay as they are.
    ("https://filipino.cri.cn/101/2007/10/27/2@58497.htm", "https://filipino.cri.cn/101/2007/10/27/2@58497.htm"),
    ("http://example.org/a%E2%80%8Bb", "http://example.org/a%E2%80%8Bb"),
    ("http://example.org/a\u200bb", "http://example.org/a%E2%80%8Bb"),
    ("http://example.org/\ufffd/x", "http://example.org/%EF%BF%BD/x"),
    ("http://example.org/%e4%zz/100%", "http://example.org/%e4%zz/100%"),
    ("http://example.org/ສະຕີ", "http://example.org/%E0%BA%AA%E0%BA%B0%E0%BA%95%E0%BA%B5"),
    ("http://example.org/a//b", "http://example.org/a//b"),
    ("http://example.org/A?B=%2F&c=/", "http://example.org/A?B=%2F&c=/"),
    # Queries that are the identity stay, in their order.
    ("https://sportiflae.org/?p=1610", "https://sportiflae.org/?p=1610"),
    ("http://example.org/NewsInfo.asp?NewsId=2442", "http://example.org/NewsInfo.asp?NewsId=2442"),
    ("http://example.org/modules.php?name=News&sid=1234", "http://example.org/modules.php?name=News&sid=1234"),
    ("http://example.org/agenda?sessionid=5", "http://example.org/agenda?sessionid=5"),
    ("http://example.org/?s=women2025", "http://example.org/?s=women2025"),
    ("http://example.org/?from=2008&b=1&a", "http://example.org/?from=2008&b=1&a"),
    ("http://example.org/?id=1&id=2", "http://example.org/?id=1&id=2"),
    # Tracking and sessions go.
    ("http://example.org/?utm_source=a&id=2&fbclid=x", "http://example.org/?id=2"),
    ("http://example.org/?id=2&amp;utm_medium=mail&&", "http://example.org/?id=2"),
    ("http://example.org/a?from=timeline&isappinstalled=0", "http://example.org/a"),
    ("http://example.org/a;jsessionid=12AB?x=1", "http://example.org/a?x=1"),
    ("http://example.org/a;JSESSIONID=12AB/b", "http://example.org/a/b"),
    ("http://example.org/?PHPSESSID=9f&x=1", "http://example.org/?x=1"),
    ("http://example.org/?x=1&sid=9f3c2a1b0d", "http://example.org/?x=1"),
    ("http://example.org/?x=1&sid=123456789012", "http://example.org/?x=1"),
    ("http://example.org/?s=0123456789abcdef0123456789abcdef&t=5", "http://example.org/?t=5"),
    ("http://example.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "http://example.org/a.aspx"),
    ("http://example.org/?ASPSESSIONIDCCRRABBS=LA&cfid=12&CFTOKEN=34", "http://example.org/"),
    ("http://example.org/a/..;jsessionid=1/b", "http://example.org/b"),
]


@pytest.mark.parametrize(("url", "expected"), NORMALISED, ids=[url for url, _ in NORMALISED])
def test_an_address_is_normalised_and_keeps_what_it_is_known_by(url: str, expected: str) -> None:
    assert normalise(url) == expected


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "mailto:a@example.org", "/only/a/path", "http:///x", "http:x", "", "http://", "javascript:x", "data:text/html,x",
     "http://exa mple.org/", "http://example.org:99999/", "http://xn--/", "http://[::1/", "http://1.2.3.4.5/", "http://./"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        normalise(url)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("2.html", "/news/2.html"),
        ("../2.html?x=1#y", "/2.html?x=1"),
        ("/a/./b", "/a/b"),
        ("?page=2", "/news/?page=2"),
        ("\\old\\2.html", "/old/2.html"),
        ("//example.org/x", "/x"),
        (" 2\n.html ", "/news/2.html"),
        ("http://EXAMPLE.org/x", "/x"),
    ],
)
def test_a_link_is_resolved_as_browsers_do(href: str, expected: str) -> None:
    assert resolve(href, base=f"{BASE}/news/") == BASE + expected


REPORT = f"{BASE}/news/1.html"
SPELLINGS = [
    ("https://example.org/news/1.html", REPORT),
    ("http://www.example.org/news/1.html", REPORT),
    ("http://www2.example.org/news/1.html/", REPORT),
    ("http://EXAMPLE.org:80/news/1.html#top", REPORT),
    ("http://example.org/?b=2&a=1", "http://example.org/?a=1&b=2"),
    ("http://example.org/%7Ea/%e4", "http://example.org/~a/%E4"),
    ("http://example.org/2%4058497.htm", "http://example.org/2@58497.htm"),
    ("http://example.org/?id=2&amp;cat=3", "http://example.org/?id=2&cat=3"),
]
OTHER_FORMS = [
    ("https://m.example.org/news/1.html", REPORT),
    ("http://www.m.example.org/news/1.html", REPORT),
    ("http://wap.example.org/news/1.html", REPORT),
    ("http://amp.example.org/news/1.html", REPORT),
    ("http://en.m.example.org/news/1.html", "http://en.example.org/news/1.html"),
    ("http://example.org/m/news/1.html", REPORT),
    ("http://example.org/amp/news/1.html", REPORT),
    ("http://example.org/news/1.html/amp", REPORT),
    ("http://example.org/news/1.html/amp/", REPORT),
    ("http://example.org/news/1.amp.html", REPORT),
    ("http://example.org/news/1.html?amp", REPORT),
    ("http://example.org/news/1.html?amp=1", REPORT),
    ("http://example.org/news/1.html?outputType=amp", REPORT),
    ("http://example.org/print/news/1.html", REPORT),
    ("http://example.org/news/1.html/print", REPORT),
    ("http://example.org/news/1.html?print=1", REPORT),
    ("http://example.org/news/1.html?view=print", REPORT),
    ("http://example.org/news/1_print.html", REPORT),
    ("http://example.org/news/1.html?tmpl=component&print=1", REPORT),
    ("http://example.org/news/1.html?m=1", REPORT),
]
FORMS = [*SPELLINGS, *OTHER_FORMS]


@pytest.mark.parametrize(("one", "other"), FORMS, ids=[one for one, _ in FORMS])
def test_forms_of_one_report_have_one_key(one: str, other: str) -> None:
    assert urlkey(one) == urlkey(other)


@pytest.mark.parametrize(("one", "other"), OTHER_FORMS, ids=[one for one, _ in OTHER_FORMS])
def test_a_form_is_told_from_the_page_itself(one: str, other: str) -> None:
    assert is_form(one)
    assert not is_form(other)


@pytest.mark.parametrize(("one", "other"), SPELLINGS, ids=[one for one, _ in SPELLINGS])
def test_another_spelling_is_no_other_form(one: str, other: str) -> None:
    assert not is_form(one)
    assert not is_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://sportiflae.org/?p=1610", "https://sportiflae.org/?p=1611"),
        ("http://example.org/a", "http://example.org/A"),
        ("http://example.org/a", "http://example.org:8080/a"),
        ("http://example.org/a%2Fb", "http://example.org/a/b"),
        ("http://example.org/?y=2025&m=1", "http://example.org/?y=2025&m=0"),
        ("http://example.org/print", "http://example.org/"),
        ("http://example.org/amp/", "http://example.org/"),
        ("http://example.org/stamp", "http://example.org/st"),
        ("http://example.org/blueprint.html", "http://example.org/blue.html"),
        ("http://example.org/blue-print", "http://example.org/blue"),
        ("http://news.example.org/", "http://example.org/"),
        ("http://m.com/a", "http://com/a"),
        ("http://example.org/news?type=1", "http://example.org/news?type=2"),
        ("http://example.org/news?print=edition", "http://example.org/news"),
        ("http://en.example.org/1", "http://vi.example.org/1"),
    ],
)
def test_pages_that_are_two_have_two_keys(one: str, other: str) -> None:
    assert report_id(urlkey(one)) != report_id(urlkey(other))


def test_a_key_reads_from_the_top_level_down() -> None:
    assert urlkey("http://news.example.org:8080/a?b=1") == "org,example,news:8080)/a?b=1"
    assert urlkey("http://127.0.0.11/a") == "127.0.0.11)/a"
    assert urlkey("http://[::1]:8080/a") == "::1:8080)/a"


def test_what_is_no_address_is_its_own_key() -> None:
    assert urlkey(" urn:isbn:1 ") == surt("urn:isbn:1") == "urn:isbn:1"


@given(ADDRESS)
def test_normalising_twice_is_normalising_once(url: str) -> None:
    try:
        once = normalise(url)
    except ValueError:
        return
    assert normalise(once) == once


@given(ADDRESS)
def test_a_normalised_address_keeps_its_keys(url: str) -> None:
    try:
        once = normalise(url)
    except ValueError:
        return
    assert (urlkey(once), surt(once)) == (urlkey(url), surt(url))
    assert len(report_id(urlkey(url))) == 12


# The field's own package escapes a lone %, and takes an escaped slash for one: such a key only it can make.
APART = ("http://example.org/%e4%zz/100%", "http://example.org/A?B=%2F&c=/")


@pytest.mark.tools
@pytest.mark.skipif(not TOOLS.exists(), reason="the field's own package is not here: make tools")
def test_surt_keys_of_archived_addresses_are_those_of_the_field() -> None:
    urls = sorted({normalise(url) for pair in (*NORMALISED, *FORMS) for url in pair} - set(APART))
    script = "import sys, surt\nfor line in sys.stdin: print(surt.surt(line.rstrip('\\n')))"
    theirs = subprocess.run([TOOLS, "-c", script], input="\n".join(urls), capture_output=True, text=True, check=True)
    assert dict(zip(urls, map(surt, urls), strict=True)) == dict(zip(urls, theirs.stdout.splitlines(), strict=True))
