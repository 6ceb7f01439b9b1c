from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import best_of
from crawler.requisites import css_requisites, page_requisites

BASE = "http://example.org/news/1.html"


def paths(urls: list[str]) -> list[str]:
    return [url.removeprefix("http://example.org") for url in urls]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<link rel="stylesheet" href="/a.css"><link rel="icon" href="/i.ico">', ["/a.css"]),
        ('<link rel="alternate StyleSheet" href=b.css>', ["/news/b.css"]),
        ("<style>@import 'c.css'; p { background: url( \"d.png\" ) }</style>", ["/news/c.css", "/news/d.png"]),
        ('<p style="background:url(/e.png)">', ["/e.png"]),
        ('<img src="/f.jpg#x">', ["/f.jpg"]),
        ('<img src="/blank.gif" data-src="/g.jpg">', ["/g.jpg"]),
        ('<img src="data:image/gif;base64,R0lG" data-original="/h.jpg">', ["/h.jpg"]),
        ('<img srcset="/s.jpg 320w, /m.jpg 800w, /l.jpg 2400w">', ["/m.jpg"]),
        ('<img data-srcset="/x1.jpg, /x2.jpg 2x">', ["/x2.jpg"]),
        ('<picture><source srcset="/p.webp 600w"><img src="/p.jpg"></picture>', ["/p.webp", "/p.jpg"]),
        ('<noscript><img src="/n.jpg"></noscript>', ["/n.jpg"]),
        ('<table background="/old.gif"><td background=cell.gif></table>', ["/old.gif", "/news/cell.gif"]),
        ('<video poster="/v.jpg"><input type=image src="/go.gif"><input src="/no.gif">', ["/v.jpg", "/go.gif"]),
        ('<base href="http://example.org/base/"><img src="1.jpg">', ["/base/1.jpg"]),
        ('<img src="/1.jpg"><img src="/1.jpg"><link rel=stylesheet href="/z.css">', ["/z.css", "/1.jpg"]),
        ('<img src=""><img><img src="data:image/png;base64,AA"><img src="javascript:x">', []),
        ('<a href="/page.html">no</a><script src="/s.js"></script><iframe src="/f"></iframe>', []),
    ],
)  # fmt: skip
def test_requisites_of_a_page_are_its_styles_then_its_pictures(html: str, found: list[str]) -> None:
    assert paths(page_requisites(html, base=BASE)) == found


def test_stylesheet_gives_what_it_imports_and_shows_but_no_fonts() -> None:
    css = """@import url("base.css"); /* url(no.png) */ a { background: URL('/b.png') } @import '/c.css' screen;
    @font-face { src: url(x.woff2) format("woff2"), url("y.ttf?v=1") } b { background: url(data:image/gif;base64,AA) }"""
    assert paths(css_requisites(css, base="http://example.org/css/main.css")) == ["/c.css", "/css/base.css", "/b.png"]


@pytest.mark.parametrize(
    ("srcset", "best"),
    [("a.jpg", "a.jpg"), ("a.jpg 1x, b.jpg 2x", "b.jpg"), ("a.jpg 2000w, b.jpg 3000w", "a.jpg"), ("", None), ("a,b.jpg 300w", "a,b.jpg"),
     ("a.jpg 100w,b.jpg 200w", "b.jpg"), ("a.jpg 1.2.3w", None)],
)  # fmt: skip
def test_size_that_is_captured_is_the_widest_a_page_shows(srcset: str, best: str | None) -> None:
    assert best_of(srcset) == best


@given(st.text(max_size=300))
def test_any_text_has_requisites_or_none(text: str) -> None:
    page_requisites(text, base=BASE)
    css_requisites(text, base=BASE)
    best_of(text)


@pytest.mark.timeout(10)
def test_long_texts_do_not_hang_the_run() -> None:
    for sign in ("url(", "@import ", "a,", " ", "/*", "a 1w,"):
        css_requisites(sign * 50_000, base=BASE)
        best_of(sign * 20_000)
