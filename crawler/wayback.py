"""Wayback-like servers: which captures of a page one holds, and the address of a capture's own bytes."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from archive import Edition, Record, Seed

TIMESTAMP = "%Y%m%d%H%M%S"
MAX_CAPTURES = 500
REPLAY = re.compile(r"/web/(\d{4,14})(?:[a-z]{2}_)?/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento(Record):
    """A capture that a Wayback server holds."""

    url: str
    timestamp: str  # 14 digits
    status: str

    @property
    def instant(self) -> dt.datetime:
        """When it was captured."""
        return instant_of(self.timestamp)


def cdx_url(base: str, url: str) -> str:
    """The address at which a server lists what it holds of a page, answers of 200 only."""
    wanted = quote(url, safe="")
    return (
        f"{base.rstrip('/')}/cdx/search/cdx?url={wanted}&output=json&fl=timestamp,original,statuscode"
        f"&filter=statuscode:200&collapse=digest&limit={MAX_CAPTURES}"
    )


def replay_url(base: str, memento: Memento) -> str:
    """The address of a capture's bytes as they were archived (`id_`: nothing rewritten)."""
    return f"{base.rstrip('/')}/web/{memento.timestamp}id_/{memento.url}"


def parse_cdx(content: bytes) -> list[Memento]:
    """The captures in a CDX answer, oldest first: a JSON array of rows, the first of which names the columns.

    Rows that cannot be read are left out; raises ValueError when it is no such array at all.
    """
    if not content.strip():
        return []
    rows = json.loads(content)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError("no array of rows")
    names = [str(name) for name in rows[0]] if rows else []
    named = [dict(zip(names, map(str, row), strict=False)) for row in rows[1:]]
    found = [
        Memento(url=row["original"], timestamp=row["timestamp"], status=row.get("statuscode", ""))
        for row in named
        if re.fullmatch(r"\d{14}", row.get("timestamp", "")) and row.get("original")
    ]
    return sorted(
        (m for m in found if m.status in ("200", "-", "") and _is_instant(m.timestamp)), key=lambda m: m.timestamp
    )


def nearest(mementos: Iterable[Memento], wanted: dt.datetime | None) -> list[Memento]:
    """Captures by their distance from an instant, nearest first, the later of two alike; oldest first without one.

    The oldest stands nearest to a page's first publication.
    """
    if wanted is None:
        return sorted(mementos, key=lambda m: m.timestamp)
    return sorted(mementos, key=lambda m: (abs(m.instant - wanted), m.instant < wanted))


def wanted_instant(seed: Seed | None, edition: Edition | None) -> dt.datetime | None:
    """The instant a page's capture should lie near to: its published date, else its edition's last day."""
    if seed is not None and seed.published is not None and re.match(r"\d{4}(-\d\d){0,2}$", seed.published):
        day = f"{seed.published}-01-01"[:10] if len(seed.published) == 4 else f"{seed.published}-01"[:10]
        return _midnight(dt.date.fromisoformat(day))
    if edition is not None and edition.window is not None:
        return _midnight(edition.window[1])
    return _midnight(dt.date(edition.year, 7, 1)) if edition is not None else None


def memento_instant(memento_datetime: str | None, url: str) -> dt.datetime | None:
    """When a replayed capture was made: its Memento-Datetime header (RFC 7089), else its address."""
    try:
        if memento_datetime:
            return parsedate_to_datetime(memento_datetime).astimezone(dt.UTC)
    except ValueError:
        pass
    found = REPLAY.search(url)
    return instant_of(found[1].ljust(14, "0")) if found and len(found[1]) == 14 and _is_instant(found[1]) else None


def instant_of(timestamp: str) -> dt.datetime:
    """14 digits as an instant."""
    return dt.datetime.strptime(timestamp, TIMESTAMP).replace(tzinfo=dt.UTC)


def _is_instant(timestamp: str) -> bool:
    try:
        instant_of(timestamp)
    except ValueError:
        return False
    return True


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
