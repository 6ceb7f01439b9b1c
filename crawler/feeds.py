"""Feeds: RSS and Atom by feedparser, JSON Feed by its own form."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import feedparser

from archive import Record, resolve
from crawler.links import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed(Record):
    """The entries of a feed in its order, and the address of the next part of it, where it names one."""

    pages: tuple[Link, ...] = ()
    next_page: str | None = None


def parse_feed(content: bytes, *, base: str, content_type: str = "") -> Feed:
    """What a feed says; nothing when it is none."""
    if content.lstrip()[:1] == b"{":
        return _json_feed(content, base)
    # Through a stream: feedparser takes a text that looks like an address or a path for one, and opens it.
    parsed = feedparser.parse(
        io.BytesIO(content), response_headers={"content-type": content_type, "content-location": base}
    )
    # Paged and archived feeds (RFC 5005) lead on by a link.
    links = [(link.get("rel"), link.get("href")) for link in parsed.feed.get("links", [])]
    further = next((href for rel, href in links if rel in ("next", "prev-archive")), None)
    pages = _links(((e.get("link"), e.get("title"), _day(e)) for e in parsed.entries), base)
    return Feed(pages=pages, next_page=_address(further, base))


def _day(entry: Any) -> str | None:
    """The day an entry was last changed, ISO 8601, whatever form it was written in."""
    # Asked for a date of change that is not there, feedparser gives that of publication, and warns.
    changed = entry.get("updated_parsed" if "updated_parsed" in entry else "published_parsed")
    return f"{changed.tm_year:04}-{changed.tm_mon:02}-{changed.tm_mday:02}" if changed else None


def _json_feed(content: bytes, base: str) -> Feed:
    try:
        feed = json.loads(content)
    except (ValueError, RecursionError):
        return Feed()
    items = feed.get("items") if isinstance(feed, dict) else None
    entries = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    pages = _links(
        ((i.get("url"), i.get("title"), i.get("date_modified") or i.get("date_published")) for i in entries), base
    )
    return Feed(pages=pages, next_page=_address(feed.get("next_url"), base) if entries else None)


def _links(entries: Iterable[tuple[Any, Any, Any]], base: str) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for url, title, changed in entries:
        if (found := _address(url, base)) is not None:
            link = Link(url=found, text=str(title or ""), changed=str(changed) if changed else None)
            links.setdefault(link.url, link)
    return tuple(links.values())


def _address(url: Any, base: str) -> str | None:
    try:
        return resolve(str(url), base=base) if url else None
    except ValueError:
        return None
