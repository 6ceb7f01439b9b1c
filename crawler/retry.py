"""How long a host that is busy wants to be left alone."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime

from crawler.fetch import FetchResult

PAUSE = 30.0  # seconds, doubled each time, for a host that does not say how long
WAYBACK_PAUSE = 3600.0  # the least a Wayback server blocks for once it answers 429


def retry_after(answer: FetchResult, *, again: int, wayback: bool) -> float:
    """Seconds to wait after a 429 or 503: what Retry-After says (RFC 9110, 10.2.3), else longer each time."""
    stated = _stated(answer.header("Retry-After") or "", answer.fetched)
    if wayback and answer.status == 429:
        return max(stated or 0.0, WAYBACK_PAUSE)
    return stated if stated is not None else PAUSE * 2**again


def _stated(text: str, now: dt.datetime) -> float | None:
    text = text.strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max((until - now).total_seconds(), 0.0)
