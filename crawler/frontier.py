"""The frontier: every address known, when it is due, and how it last answered; what a stopped run is resumed from."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from archive import NOTICE, Record

# Sitemaps, feeds and listings are asked for by every run, because the collection names them; never because they are due.
ALWAYS = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
COLUMNS = ("urlkey", "url", "source", "how", "depth", "due", "last_status", "failures", "etag", "last_modified", "gone")
REMEMBERED = 20_000
SAVE = f"INSERT OR REPLACE INTO frontier ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Record):
    """What the frontier knows of an address."""

    urlkey: str
    url: str
    source: str | None
    how: str
    due: dt.datetime
    depth: int = 0
    last_status: int | None = None
    failures: int = 0
    etag: str | None = None
    last_modified: str | None = None
    gone: bool = False


class Frontier:
    """The frontier of a catalogue. Changes are seen by `get` at once, and on disk once `write` was called and its transaction has ended."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._changed: dict[str, Known] = {}
        self._written: dict[
            str, Known
        ] = {}  # as it is on disk: what a site's navigation leads to is asked for again and again

    def get(self, urlkey: str) -> Known | None:
        """What is known of an address, or None."""
        if urlkey in self._changed:
            return self._changed[urlkey]
        if urlkey in self._written:
            return self._written[urlkey]
        row = self._connection.execute("SELECT * FROM frontier WHERE urlkey = ?", (urlkey,)).fetchone()
        return _known(row) if row else None

    def put(self, known: Known, **changes: Any) -> Known:
        """Take in what is now known."""
        known = replace(known, **changes)
        self._changed[known.urlkey] = known
        return known

    def due(self, now: dt.datetime, *, source: str | None) -> Iterator[Known]:
        """Addresses of a source that are due on disk, the longest due first."""
        rows = self._connection.execute(
            "SELECT * FROM frontier WHERE due <= ? AND source IS ? ORDER BY due, urlkey", (_text(now), source)
        )
        return (_known(row) for row in rows.fetchall())

    def found(self, source: str) -> int:
        """How many pages of a source the archive holds."""
        return self._held(source, "(gone OR coalesce(last_status, 0) NOT IN (301, 302, 303, 307, 308))")

    def alive(self, source: str) -> int:
        """How many of them have not gone from their host since."""
        return self._held(source, "NOT gone AND coalesce(last_status, 0) NOT IN (301, 302, 303, 307, 308)")

    def again(self, source: str) -> int:
        """How many pages of a source failed when they were last asked for, and will be asked for again."""
        return int(
            self._connection.execute(
                "SELECT count(*) FROM frontier WHERE source = ? AND failures > 0 AND NOT gone AND due < ?",
                (source, _text(ALWAYS)),
            ).fetchone()[0]
        )

    def _held(self, source: str, standing: str) -> int:
        return int(
            self._connection.execute(
                f"SELECT count(*) FROM frontier f WHERE source = ? AND due < ? AND {standing}"
                " AND EXISTS (SELECT 1 FROM captures c WHERE c.urlkey = f.urlkey AND c.status = 200"
                "  AND coalesce(c.how, '') NOT LIKE '%' || ?)",
                (source, _text(ALWAYS), NOTICE),
            ).fetchone()[0]
        )

    def write(self) -> None:
        """Write the changes within the caller's transaction; `written` is to follow once that has ended."""
        self._connection.executemany(SAVE, [_row(known) for known in self._changed.values()])

    def written(self) -> None:
        """The changes are on disk."""
        if len(self._written) > REMEMBERED:
            self._written.clear()
        self._written |= self._changed
        self._changed.clear()


def _row(known: Known) -> tuple[Any, ...]:
    values = {"due": _text(known.due), "gone": int(known.gone)}
    return tuple(values[column] if column in values else getattr(known, column) for column in COLUMNS)


def _known(row: sqlite3.Row) -> Known:
    return Known(**{**dict(row), "due": dt.datetime.fromisoformat(row["due"]), "gone": bool(row["gone"])})


def _text(instant: dt.datetime) -> str:
    """Fixed width, so that texts compare as the instants do."""
    return instant.astimezone(dt.UTC).isoformat(timespec="seconds")
