"""Requisites: the pictures and styles a page needs to be seen as it looked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from archive import resolve
from crawler.links import page_tree

# Where pages keep the address of a picture until a script shows it.
LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-url",
    "data-img",
    "data-image",
    "data-actualsrc",
)
LAZY_SETS = ("data-srcset", "data-lazy-srcset")
CSS_ADDRESS = re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"'()\s]+))\s*\)", re.IGNORECASE)
CSS_IMPORT = re.compile(r"@import\s+(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
CSS_COMMENT = re.compile(r"/\*.*?(\*/|\Z)", re.DOTALL)  # one that does not end goes to the end
FONT = re.compile(r"\.(woff2?|ttf|otf|eot)([?#]|$)", re.IGNORECASE)
CANDIDATE = re.compile(r"\s*(\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)")
MAX_SRCSET = 4000  # characters
WIDEST = 1200  # of a picture's sizes the widest up to this


def page_requisites(html: str, *, base: str) -> list[str]:
    """The addresses of a page's styles, then of its pictures, each once, in the page's order."""
    root = page_tree(html)
    if root is None:
        return []
    first = next((tag.get("href") for tag in root.iter("base") if tag.get("href")), None)
    base = _resolved(first, base) or base if first else base
    elements = [tag for tag in root.iter() if isinstance(tag.tag, str)]
    found = (*(url for tag in elements for url in _styles(tag)), *(url for tag in elements for url in _pictures(tag)))
    return _distinct(found, base)


def css_requisites(css: str, *, base: str) -> list[str]:
    """The addresses a stylesheet imports and shows; fonts are left out, since a page can be read without."""
    return _distinct(_in_css(css), base)


def best_of(srcset: str) -> str | None:
    """The address of a `srcset` that is captured: the widest that is not wider than a page."""
    found = [
        (match[1], float(match[2] or 1)) for match in CANDIDATE.finditer(srcset[:MAX_SRCSET]) if _is_number(match[2])
    ]
    fitting = [pair for pair in found if pair[1] <= WIDEST] or sorted(found, key=lambda pair: pair[1])[:1]
    return max(fitting, key=lambda pair: pair[1])[0] if fitting else None


def picture_of(tag: etree._Element) -> str | None:
    """The address of the picture an `img` shows in the end: what a script would put there, its source, its best size."""
    lazy = next((value for name in LAZY if (value := tag.get(name))), None)
    lazy = lazy or next((best for name in LAZY_SETS if (best := best_of(tag.get(name) or ""))), None)
    return lazy or tag.get("src") or best_of(tag.get("srcset") or "")


def _styles(tag: etree._Element) -> Iterator[str]:
    if tag.tag == "link" and "stylesheet" in (tag.get("rel") or "").lower().split():
        yield tag.get("href") or ""
    elif tag.tag == "style":
        yield from _in_css(tag.text or "")
    if tag.get("style"):
        yield from _in_css(tag.get("style") or "")


def _pictures(tag: etree._Element) -> Iterator[str]:
    match tag.tag:
        case "img":
            yield picture_of(tag) or ""
        case "source":
            yield best_of(tag.get("srcset") or "") or ""
        case "input":
            yield (tag.get("src") or "") if (tag.get("type") or "").lower() == "image" else ""
        case "video":
            yield tag.get("poster") or ""
    yield tag.get("background") or tag.get("data-bg") or ""


def _in_css(css: str) -> Iterator[str]:
    css = CSS_COMMENT.sub("", css)
    for pattern in (CSS_IMPORT, CSS_ADDRESS):
        for match in pattern.finditer(css):
            url = next((group for group in match.groups() if group), "")
            if not FONT.search(url):
                yield url


def _distinct(urls: Iterator[str] | tuple[str, ...], base: str) -> list[str]:
    resolved = (_resolved(url, base) for url in urls if url.strip())
    return list(dict.fromkeys(url for url in resolved if url))


def _resolved(url: str, base: str) -> str | None:
    try:
        return resolve(url, base=base)  # data: and the like are no web addresses
    except ValueError:
        return None


def _is_number(text: str | None) -> bool:
    return text is None or re.fullmatch(r"\d+(\.\d+)?", text) is not None
