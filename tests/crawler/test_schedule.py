from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Claim, Edition
from crawler.fetch import FetchResult
from crawler.retry import retry_after
from crawler.schedule import after_failure, after_gone, in_window, next_visit

NOW = dt.datetime(2025, 7, 20, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(("age", "wait"), [(0, 1), (1, 6), (3, 4), (7, 23), (30, 150), (180, 365), (4000, 365)])
def test_page_is_revisited_at_ages_1_7_30_180_then_yearly(age: int, wait: int) -> None:
    assert next_visit(first=NOW - age * DAY, now=NOW) == NOW + wait * DAY


@given(st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=9000)), st.integers(1, 50))
def test_next_visit_is_always_later_and_never_over_a_year_away(age: dt.timedelta, failures: int) -> None:
    for due in (
        next_visit(first=NOW - age, now=NOW),
        after_failure(failures=failures, now=NOW),
        after_gone(failures=failures, now=NOW),
    ):
        assert NOW < due <= NOW + 365 * DAY


def test_page_of_an_edition_being_held_is_revisited_within_hours() -> None:
    edition = Edition(key="2025", year=2025, claims=(Claim(field="start", value="2025-07-16"),))
    assert in_window(edition, NOW)
    assert not in_window(edition, NOW + 30 * DAY)
    assert not in_window(None, NOW)
    assert next_visit(first=NOW, now=NOW, busy=True) - NOW < DAY / 2


@pytest.mark.parametrize(
    ("header", "status", "wayback", "seconds"),
    [
        ("17", 503, False, 17), ("Sun, 20 Jul 2025 00:01:00 GMT", 429, False, 60), ("Sat, 19 Jul 2025 00:00:00 GMT", 429, False, 0),
        ("nonsense", 429, False, 60), ("", 503, False, 60), ("", 429, True, 3600), ("5", 429, True, 3600), ("7200", 429, True, 7200),
        ("9" * 50, 503, False, 999_999_999), ("-5", 503, False, 60),
    ],
)  # fmt: skip
def test_retry_after_is_obeyed(header: str, status: int, wayback: bool, seconds: float) -> None:
    answer = FetchResult(
        url="",
        status=status,
        reason="",
        headers=(("retry-after", header),),
        body=b"",
        fetched=NOW,
        ip=None,
        request_headers=(),
    )
    assert retry_after(answer, again=1, wayback=wayback) == seconds
