"""When a page is fetched again."""

from __future__ import annotations

import datetime as dt

from archive import Edition

AGES = tuple(dt.timedelta(days=days) for days in (1, 7, 30, 180))
YEAR = dt.timedelta(days=365)
BUSY = dt.timedelta(hours=6)
# Before the first day of an edition its programme appears, after the last its reports.
BEFORE, AFTER = dt.timedelta(days=3), dt.timedelta(days=14)
PATIENCE = (dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=7), dt.timedelta(days=30))
GONE_AFTER = 4  # runs in which nothing answered before a page counts as gone


def next_visit(*, first: dt.datetime, now: dt.datetime, busy: bool = False) -> dt.datetime:
    """When a page that answered is due again: at ages of 1, 7, 30, 180 days, then yearly; sooner in an edition's window."""
    due = next((first + age for age in AGES if first + age > now), None) or now + YEAR
    return min(due, now + BUSY) if busy else due


def after_failure(*, failures: int, now: dt.datetime) -> dt.datetime:
    """When a page that failed so many times in a row is tried again."""
    return now + PATIENCE[min(failures, len(PATIENCE)) - 1]


def after_gone(*, failures: int, now: dt.datetime) -> dt.datetime:
    """When a page that is gone is looked for again: in a month, in half a year, then yearly."""
    return now + (AGES[2], AGES[3], YEAR)[min(failures, 3) - 1]


def in_window(edition: Edition | None, now: dt.datetime) -> bool:
    """Whether an edition is being held, or has just been."""
    if edition is None or edition.window is None:
        return False
    start, end = edition.window
    return start - BEFORE <= now.date() <= end + AFTER
