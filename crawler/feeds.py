"""Feeds: RSS and Atom by feedparser, JSON Feed by its own form."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import feedparser

from archive import resolve
from crawler.links import Link


def parse_feed(content: bytes, *, base: str, content_type: str = "") -> list[Link]:
    """The entries of a feed as links, in its order; none when it is no feed."""
    if content.lstrip()[:1] == b"{":
        return _links(_json_entries(content), base)
    # Through a stream: feedparser takes a text that looks like an address or a path for one, and opens it.
    parsed = feedparser.parse(
        io.BytesIO(content), response_headers={"content-type": content_type, "content-location": base}
    )
    return _links(((e.get("link"), e.get("title"), _day(e)) for e in parsed.entries), base)


def _day(entry: Any) -> str | None:
    """The day an entry was last changed, ISO 8601, whatever form it was written in."""
    # Asked for a date of change that is not there, feedparser gives that of publication, and warns.
    changed = entry.get("updated_parsed" if "updated_parsed" in entry else "published_parsed")
    return f"{changed.tm_year:04}-{changed.tm_mon:02}-{changed.tm_mday:02}" if changed else None


def _json_entries(content: bytes) -> Iterable[tuple[Any, Any, Any]]:
    try:
        feed = json.loads(content)
        items = feed.get("items", []) if isinstance(feed, dict) else []
    except (ValueError, RecursionError):
        return []
    return [(i.get("url"), i.get("title"), i.get("date_modified")) for i in items if isinstance(i, dict)]


def _links(entries: Iterable[tuple[Any, Any, Any]], base: str) -> list[Link]:
    links: dict[str, Link] = {}
    for url, title, changed in entries:
        try:
            link = Link(
                url=resolve(str(url or ""), base=base), text=str(title or ""), changed=str(changed) if changed else None
            )
        except ValueError:
            continue
        if url:
            links.setdefault(link.url, link)
    return list(links.values())
