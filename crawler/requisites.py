"""Requisites: the pictures and styles a page needs to be seen as it looked."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from archive import best_of, css_addresses, picture_of, resolve
from crawler.links import page_tree


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
    return _distinct(css_addresses(css), base)


def _styles(tag: etree._Element) -> Iterator[str]:
    if tag.tag == "link" and "stylesheet" in (tag.get("rel") or "").lower().split():
        yield tag.get("href") or ""
    elif tag.tag == "style":
        yield from css_addresses(tag.text or "")
    if tag.get("style"):
        yield from css_addresses(tag.get("style") or "")


def _pictures(tag: etree._Element) -> Iterator[str]:
    match tag.tag:
        case "img":
            yield picture_of(dict(tag.attrib)) or ""
        case "source":
            yield best_of(tag.get("srcset") or "") or ""
        case "input":
            yield (tag.get("src") or "") if (tag.get("type") or "").lower() == "image" else ""
        case "video":
            yield tag.get("poster") or ""
    yield tag.get("background") or tag.get("data-bg") or ""


def _distinct(urls: Iterator[str] | tuple[str, ...], base: str) -> list[str]:
    resolved = (_resolved(url, base) for url in urls if url.strip())
    return list(dict.fromkeys(url for url in resolved if url))


def _resolved(url: str, base: str) -> str | None:
    try:
        return resolve(url, base=base)  # data: and the like are no web addresses
    except ValueError:
        return None
