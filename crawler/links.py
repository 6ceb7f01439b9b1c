"""Links of a page: those a listing's selectors choose, or all of them with their text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import soupsieve
from bs4 import BeautifulSoup
from bs4.element import Tag
from bs4.exceptions import ParserRejectedMarkup
from lxml import etree

from archive import Listing, Record, is_hostile, resolve

MAX_PARTS = 200  # of a link's text: what one tag that is never closed says is no link's text
NO_FOLLOW = re.compile(r"\bnofollow\b|\bnone\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """An address found on the way, what is said of it, and when it last changed, if that was said (ISO 8601)."""

    url: str
    text: str = ""
    changed: str | None = None


def page_links(html: str, *, base: str) -> list[Link]:
    """The links of a page that may be followed, with all that is said of each, in order, each address once."""
    root = page_tree(html)
    if root is None or _closed(root):
        return []
    base = _joined(base, next((str(tag.get("href")) for tag in root.iter("base") if tag.get("href")), ""))
    return _distinct(_linked(tag.get("href"), _said(tag), base) for tag in root.iter("a", "area") if _is_open(tag))


def listing_links(html: str, listing: Listing, *, base: str) -> tuple[list[Link], str | None]:
    """The links a listing's selector chooses, and the address of its next page, if there is one.

    Raises ValueError for a selector that is none.
    """
    soup = _soup(html)
    base = _base(soup, base)
    try:
        chosen = [_anchor(tag) for tag in soup.select(listing.links)]
        following = _anchor(soup.select_one(listing.next)) if listing.next else None
    except soupsieve.SelectorSyntaxError as exc:
        raise ValueError(f"selector of the listing {listing.url} cannot be used: {str(exc).splitlines()[0]}") from exc
    next_page = _link(following, base) if following else None
    return _distinct(_link(tag, base) for tag in chosen if tag), next_page.url if next_page else None


def page_tree(html: str) -> etree._Element | None:
    """The page as lxml has it: reading all links of a page through beautifulsoup4 takes twenty times as long."""
    if is_hostile(html):
        return None
    # Without huge_tree what lies deeper than 256 elements would be left out, and pages of tables lie deep.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing in it
        return None


def _closed(root: etree._Element) -> bool:
    """Whether the page itself asks that none of its links be followed."""
    said = (tag.get("content") or "" for tag in root.iter("meta") if (tag.get("name") or "").lower() == "robots")
    return any(NO_FOLLOW.search(text) for text in said)


def _is_open(tag: etree._Element) -> bool:
    return not NO_FOLLOW.search(tag.get("rel") or "")


def _said(tag: etree._Element) -> str:
    """What a link says: its text, with its title or the text in place of its pictures."""
    pictures = (picture.get("alt") or "" for picture in itertools.islice(tag.iter("img"), MAX_PARTS))
    parts = [*itertools.islice(tag.itertext(), MAX_PARTS), tag.get("title") or tag.get("alt") or "", *pictures]
    return " ".join(" ".join(map(str, parts)).split())


def _soup(html: str) -> BeautifulSoup:
    if is_hostile(html):
        return BeautifulSoup("", "lxml")
    try:
        return BeautifulSoup(html, "lxml")
    except (ParserRejectedMarkup, RecursionError):
        return BeautifulSoup("", "lxml")


def _anchor(tag: Tag | None) -> Tag | None:
    """The link of a chosen element: itself, or the first inside it."""
    if tag is None or tag.has_attr("href"):
        return tag
    inner = tag.find("a", href=True)
    return inner if isinstance(inner, Tag) else None


def _base(soup: BeautifulSoup, base: str) -> str:
    tag = soup.find("base", href=True)
    return _joined(base, str(tag["href"])) if isinstance(tag, Tag) else base


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return base


def _link(tag: Tag, base: str) -> Link | None:
    title = str(tag.get("title") or tag.get("alt") or "")
    return _linked(str(tag.get("href") or ""), " ".join(f"{tag.get_text(' ')} {title}".split()), base)


def _linked(href: str | None, text: str, base: str) -> Link | None:
    """The link to where an element leads; None when that is no web address, or a place on the page itself."""
    href = (href or "").strip()
    if not href or href.startswith("#"):
        return None
    try:
        return Link(url=resolve(href, base=base), text=text)
    except ValueError:
        return None


def _distinct(links: Iterator[Link | None]) -> list[Link]:
    """Each address once, with everything its links say."""
    texts: dict[str, list[str]] = {}
    for link in links:
        if link is not None:
            texts.setdefault(link.url, []).append(link.text)
    return [Link(url=url, text=" ".join(said).strip()) for url, said in texts.items()]
