"""Answers and files for the tests of the archive."""

from __future__ import annotations

import datetime as dt
from typing import Any

from archive import ArchiveWriter, Capture

NOON = dt.datetime(2025, 7, 16, 12, tzinfo=dt.UTC)
URL = "http://example.org/report?id=1"


def add(writer: ArchiveWriter, url: str = URL, body: bytes = b"<p>one</p>", **changes: Any) -> Capture:
    """Archive an answer like a server's; `changes` come over it."""
    answer: dict[str, Any] = {
        "status": 200,
        "reason": "OK",
        "headers": [("Content-Type", "text/html; charset=utf-8")],
        "fetched": NOON,
        "request_headers": [("GET", "/report?id=1", "HTTP/1.1"), ("Host", "example.org")],
        "source": "example",
        "how": "seed",
        "ip": "127.0.0.1",
    }
    return writer.add_response(url=url, body=body, **(answer | changes))
