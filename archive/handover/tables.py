"""Reports as rows: CSV for spreadsheets, JSON lines for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from archive.handover.selection import Chosen
from archive.records import Report
from archive.rights import rights_of

COLUMNS = (
    "id", "url", "title", "publisher", "language", "published", "precision", "relation", "edition", "captured", "via",
    "source", "copy_of", "versions", "rights",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(chosen: Chosen) -> Iterator[str]:
    """The reports as lines of CSV (RFC 4180), the names of the columns first."""
    yield _csv(COLUMNS)
    for report in chosen.reports:
        row = _row(chosen, report)
        yield _csv(tuple(guarded(row[name]) for name in COLUMNS))


def json_lines(chosen: Chosen) -> Iterator[str]:
    """The reports as JSON, one a line, with their ranked text where their source lets it be exported, else null."""
    for report in chosen.reports:
        version = chosen.catalogue.version(report.version, report.id)
        text = chosen.text(report, version) if version else None
        rights = rights_of(chosen.home.collection, report).statement
        yield json.dumps(report.to_json() | {"rights": rights, "text": text}, ensure_ascii=False) + "\n"


def guarded(value: Any) -> str:
    """The value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _row(chosen: Chosen, report: Report) -> dict[str, Any]:
    day = report.published
    return report.to_json() | {
        "published": day.date.isoformat() if day else None,
        "precision": day.precision if day else None,
        "versions": len(chosen.catalogue.versions(report.id)),
        "rights": rights_of(chosen.home.collection, report).statement,
    }


def _csv(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()
