"""Wayback-like servers: which captures of a page one holds, and the address of a capture's own bytes."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from archive import Edition, Record, Seed, WaybackServer

TIMESTAMP = "%Y%m%d%H%M%S"
MAX_CAPTURES = 500
MAX_BELOW = 5000  # addresses below a prefix in one answer
REPLAY = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/")
IN_ADDRESS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])(?:[-/_]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
GOOD = ("200", "-", "")  # a revisit's line has no status
PAGES = ("text/html", "application/xhtml+xml", "application/pdf", "text/plain", "warc/revisit", "unk", "-", "")
# The columns of a CDX line that does not name them.
COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento(Record):
    """A capture that a Wayback server holds."""

    url: str
    timestamp: str  # 14 digits
    status: str
    mime: str = ""

    @property
    def instant(self) -> dt.datetime:
        """When it was captured."""
        return instant_of(self.timestamp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Record):
    """What a CDX server said it holds; `resume` asks for the rest where that is not all."""

    mementos: tuple[Memento, ...]
    resume: str | None = None


def cdx_url(server: WaybackServer, url: str) -> str:
    """The address at which a server lists what it holds of a page, answers of 200 only."""
    return (
        f"{server.cdx}?url={quote(url, safe='')}&output=json&fl=timestamp,original,statuscode"
        f"&filter=statuscode:200&collapse=digest&limit={MAX_CAPTURES}"
    )


def prefix_url(server: WaybackServer, prefix: str, *, resume: str | None = None) -> str:
    """The address at which a server lists the pages it holds below an address, each once, by its first capture."""
    more = f"&resumeKey={quote(resume, safe='')}" if resume else ""
    return (
        f"{server.cdx}?url={quote(prefix, safe='')}&matchType=prefix&output=json"
        f"&fl=timestamp,original,statuscode,mimetype&filter=statuscode:200&collapse=urlkey"
        f"&limit={MAX_BELOW}&showResumeKey=true{more}"
    )


def replay_url(server: WaybackServer, memento: Memento) -> str:
    """The address of a capture's bytes as they were archived (`id_`: nothing rewritten)."""
    return f"{server.replay}{memento.timestamp}id_/{memento.url}"


def parse_cdx(content: bytes) -> Held:
    """The captures in a CDX answer, oldest first: a JSON array of rows, a JSON object or a plain line for each.

    Rows that cannot be read are left out; raises ValueError when it is none of these.
    """
    text = content.decode("utf-8", "replace").strip()
    if not text:
        return Held(mementos=())
    if text.startswith("["):
        rows, resume = _array(json.loads(text))
    else:
        rows, resume = [_line(line) for line in text.splitlines() if line.strip()], None
        if not any("timestamp" in row for row in rows):
            raise ValueError("no array of JSON and no lines of a CDX")
    found = (_memento(row) for row in rows)
    return Held(mementos=tuple(sorted((m for m in found if m), key=lambda m: m.timestamp)), resume=resume)


def _array(rows: Any) -> tuple[list[dict[str, str]], str | None]:
    """The rows of a JSON array, whose first one names the columns; an empty one parts them from the resume key."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError("no array of rows")
    resume = str(rows[-1][0]) if len(rows) > 2 and rows[-2] == [] and len(rows[-1]) == 1 else None
    names = [str(name) for name in rows[0]] if rows else []
    return [dict(zip(names, map(str, row), strict=False)) for row in rows[1 : -2 if resume else None]], resume


def _line(line: str) -> dict[str, Any]:
    """A line of a CDX: a JSON object, or columns in their order."""
    if line.startswith("{"):
        return dict(json.loads(line))
    columns = line.split(" ")
    return dict(zip(COLUMNS, columns, strict=False)) if len(columns) >= len(COLUMNS) else {}


def _memento(row: dict[str, Any]) -> Memento | None:
    url, timestamp = str(row.get("original") or row.get("url") or ""), str(row.get("timestamp") or "")
    status = str(row.get("statuscode", row.get("status", "")))
    if not url or not re.fullmatch(r"\d{14}", timestamp) or not _is_instant(timestamp) or status not in GOOD:
        return None
    return Memento(url=url, timestamp=timestamp, status=status, mime=str(row.get("mimetype", row.get("mime", ""))))


def nearest(mementos: Iterable[Memento], wanted: dt.datetime | None) -> list[Memento]:
    """Captures by their distance from an instant, nearest first, the later of two alike; oldest first without one.

    The oldest stands nearest to a page's first publication.
    """
    if wanted is None:
        return sorted(mementos, key=lambda m: m.timestamp)
    return sorted(mementos, key=lambda m: (abs(m.instant - wanted), m.instant < wanted))


def wanted_instant(seed: Seed | None, edition: Edition | None, *, url: str = "") -> dt.datetime | None:
    """The instant a page's capture should lie near to: its published date, its edition's last day, the date in its address."""
    if seed is not None and seed.published is not None and re.match(r"\d{4}(-\d\d){0,2}$", seed.published):
        day = f"{seed.published}-01-01"[:10] if len(seed.published) == 4 else f"{seed.published}-01"[:10]
        return _midnight(dt.date.fromisoformat(day))
    if edition is not None and edition.window is not None:
        return _midnight(edition.window[1])
    if edition is not None:
        return _midnight(dt.date(edition.year, 7, 1))
    return _date_in(url)


def _date_in(url: str) -> dt.datetime | None:
    """The first date an address holds, month and year at least."""
    for found in IN_ADDRESS.finditer(url.partition("://")[2].partition("/")[2]):
        try:
            return _midnight(dt.date(int(found[1]), int(found[2]), int(found[3] or 1)))
        except ValueError:
            continue
    return None


def memento_instant(memento_datetime: str | None, url: str) -> dt.datetime | None:
    """When a replayed capture was made: its Memento-Datetime header (RFC 7089), else its address."""
    try:
        if memento_datetime:
            return parsedate_to_datetime(memento_datetime).astimezone(dt.UTC)
    except ValueError:
        pass
    found = REPLAY.search(url)
    return instant_of(found[1]) if found and _is_instant(found[1]) else None


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
