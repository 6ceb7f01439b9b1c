"""A Wayback-like service: a CDX server that answers in JSON, and raw replay of what it holds."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from samples.pages import Page

COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
REPLAY = re.compile(r"/web/(\d{1,14})id_/(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A capture the service holds."""

    timestamp: str
    original: str
    page: Page

    @property
    def row(self) -> dict[str, str]:
        """The capture as a line of the CDX server."""
        digest = base64.b32encode(hashlib.sha1(self.page.body, usedforsecurity=False).digest()).decode()
        values = (
            surt(self.original), self.timestamp, self.original, self.page.content_type.partition(";")[0],
            str(self.page.status), digest, str(len(self.page.body)),
        )  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))


class Wayback:
    """Answers the two kinds of address such a service has: `/cdx...` and `/web/<timestamp>id_/<url>`."""

    def __init__(self, held: Sequence[Held]) -> None:
        self.held = sorted(held, key=lambda capture: (surt(capture.original), capture.timestamp))

    def answer(self, target: str) -> Page | None:
        """The answer to a request target, or None where there is nothing."""
        path, _, query = target.partition("?")
        if path.rstrip("/") in ("/cdx", "/cdx/search/cdx"):
            return self._cdx(parse_qs(query, keep_blank_values=True))
        found = REPLAY.fullmatch(target)
        return self._replay(found[1], found[2]) if found else None

    def _cdx(self, query: dict[str, list[str]]) -> Page:
        if not query.get("url", [""])[0]:
            return Page(body=b"Bad Request: url parameter is required\n", content_type="text/plain", status=400)
        rows = [capture.row for capture in self.held]
        for choose in _filters(query):
            rows = [row for row in rows if choose(row)]
        rows = _cut(_collapse(rows, query), query)
        columns = query["fl"][0].split(",") if "fl" in query else list(COLUMNS)
        lines = [[row.get(column, "") for column in columns] for row in rows]
        body = json.dumps([columns, *lines] if lines else [], ensure_ascii=False)
        return Page(body=body.encode(), content_type="application/json")

    def _replay(self, timestamp: str, url: str) -> Page | None:
        same = [capture for capture in self.held if surt(capture.original) == surt(url)]
        nearest = min(same, key=lambda c: _distance(c.timestamp, timestamp), default=None)
        return _replayed(nearest) if nearest else None


def surt(url: str) -> str:
    """The SURT key of one of the sample addresses, which are all in numbers."""
    parts = urlsplit(url)
    return f"{parts.netloc}){parts.path.rstrip('/') or '/'}" + (f"?{parts.query}" if parts.query else "")


def _filters(query: dict[str, list[str]]) -> list[Callable[[dict[str, str]], bool]]:
    url, first, last = query["url"][0], query.get("from", [""])[0], query.get("to", [""])[0]
    key = surt(url.removesuffix("*"))
    prefix = url.endswith("*") or query.get("matchType", [""])[0] in ("prefix", "host", "domain")
    chosen: list[Callable[[dict[str, str]], bool]] = [
        lambda row: row["urlkey"].startswith(key.rstrip("/")) if prefix else row["urlkey"] == key,
        lambda row: row["timestamp"][: len(first)] >= first,
        lambda row: not last or row["timestamp"][: len(last)] <= last,
    ]
    return [*chosen, *(_filter(text) for text in query.get("filter", []))]


def _filter(text: str) -> Callable[[dict[str, str]], bool]:
    """`statuscode:200`, or `!statuscode:404`: a whole value as a pattern."""
    column, _, pattern = text.removeprefix("!").partition(":")
    return lambda row: bool(re.fullmatch(pattern, row.get(column, ""))) != text.startswith("!")


def _collapse(rows: list[dict[str, str]], query: dict[str, list[str]]) -> list[dict[str, str]]:
    """Of neighbours that agree in a column, the first."""
    if "collapse" not in query:
        return rows
    column = query["collapse"][0].partition(":")[0]
    before = [None, *(row.get(column) for row in rows)]
    return [row for row, value in zip(rows, before, strict=False) if row.get(column) != value]


def _cut(rows: list[dict[str, str]], query: dict[str, list[str]]) -> list[dict[str, str]]:
    """At most `limit` rows: the nearest to `closest`, or the last ones where it is negative."""
    if "closest" in query:
        rows = sorted(rows, key=lambda row: _distance(row["timestamp"], query["closest"][0]))
    limit = int(query.get("limit", ["0"])[0] or 0)
    return rows[limit:] if limit < 0 else rows[: limit or None]


def _distance(timestamp: str, wanted: str) -> float:
    return abs((_instant(timestamp) - _instant(wanted)).total_seconds())


def _instant(timestamp: str) -> datetime:
    """14 digits, or the first of them, as an instant."""
    whole = timestamp + "00000101000000"[len(timestamp) :]
    return datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _replayed(capture: Held) -> Page:
    page = capture.page
    original = [("Content-Type", page.content_type), ("Server", "SampleHTTP/1.0"), *page.headers]
    headers = [("Memento-Datetime", format_datetime(_instant(capture.timestamp), usegmt=True))]
    headers += [("Link", f'<{capture.original}>; rel="original"')]
    headers += [(f"X-Archive-Orig-{name}", value) for name, value in original]
    return Page(body=page.body, content_type=page.content_type, status=page.status, headers=tuple(headers))
