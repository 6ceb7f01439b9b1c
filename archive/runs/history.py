"""The runs there were, as the catalogue keeps them: written at the end of each, read back newest first."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from archive.records import Record
from archive.runs.report import Alarm, AlarmKind, Problem, RefreshReport, SourceReport

REFRESH, CRAWL = "refresh", "crawl"
DEEP = 200  # runs looked through for what a source usually gives
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Record):
    """A run with its number in the catalogue."""

    id: int
    report: RefreshReport
    kind: str = REFRESH  # or crawl, of one that was not described and indexed in the same run


def keep_run(connection: sqlite3.Connection, report: RefreshReport) -> int:
    """Write a refresh into the catalogue and give its number."""
    written = connection.execute(
        "INSERT INTO runs (kind, started, ended, report) VALUES (?, ?, ?, ?)",
        (REFRESH, report.started.isoformat(), report.ended.isoformat(), _dumped(report)),
    )
    return int(written.lastrowid or 0)


def amend_run(connection: sqlite3.Connection, id: int, report: RefreshReport) -> None:
    """Write a refresh anew under its number."""
    connection.execute("UPDATE runs SET report = ? WHERE id = ?", (_dumped(report), id))


def refresh_runs(connection: sqlite3.Connection, *, most: int = DEEP) -> Iterator[Kept]:
    """Refreshes, newest first."""
    rows = connection.execute(
        "SELECT id, kind, report FROM runs WHERE kind = ? AND report IS NOT NULL ORDER BY id DESC LIMIT ?",
        (REFRESH, most),
    )
    return map(_kept, rows)


def recent_runs(connection: sqlite3.Connection, *, most: int) -> Iterator[Kept]:
    """Refreshes, and crawls that were no part of one, newest first."""
    rows = connection.execute(
        "SELECT id, kind, report FROM runs r WHERE report IS NOT NULL AND (kind = ? OR (kind = ? AND NOT EXISTS"
        " (SELECT 1 FROM runs f WHERE f.kind = ? AND f.started <= r.started AND f.ended >= r.ended)))"
        " ORDER BY id DESC LIMIT ?",
        (REFRESH, CRAWL, REFRESH, most),
    )
    return map(_kept, rows)


def kept_run(connection: sqlite3.Connection, id: int) -> Kept | None:
    """The refresh or crawl of that number, or None."""
    row = connection.execute(
        "SELECT id, kind, report FROM runs WHERE kind IN (?, ?) AND id = ? AND report IS NOT NULL", (REFRESH, CRAWL, id)
    ).fetchone()
    return _kept(row) if row else None


def _kept(row: sqlite3.Row) -> Kept:
    return Kept(id=row["id"], kind=row["kind"], report=read_report(json.loads(row["report"])))


def read_report(value: Mapping[str, Any]) -> RefreshReport:
    """The report that `to_json` made this of; what another version added or lacks is left out or has its default."""
    known = {"partial": False, **_known(RefreshReport, value)}
    for name in ("started", "ended"):
        known[name] = dt.datetime.fromisoformat(known[name])
    for name in ("failed", "unheld", "undescribed"):
        known[name] = tuple(Problem(**_known(Problem, item)) for item in known.get(name, ()))
    known["sources"] = tuple(_source(item) for item in known.get("sources", ()))
    known["warnings"] = tuple(known.get("warnings", ()))
    for name in ("alarms", "cleared"):
        known[name] = tuple(_alarm(item) for item in known.get(name, ()))
    return RefreshReport(**known)


def _source(value: Mapping[str, Any]) -> SourceReport:
    known = _known(SourceReport, value)
    hosts = {name: tuple(known.get(name, ())) for name in ("heard", "silent", "failing")}
    return SourceReport(**{**known, **hosts})


def _alarm(value: Mapping[str, Any]) -> Alarm:
    known = _known(Alarm, value)
    return Alarm(**{**known, "kind": AlarmKind(known["kind"]), "raised": dt.datetime.fromisoformat(known["raised"])})


def _known(kind: type[R], value: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return {name: held for name, held in value.items() if name in names}


def _dumped(report: RefreshReport) -> str:
    return json.dumps(report.to_json(), ensure_ascii=False)
