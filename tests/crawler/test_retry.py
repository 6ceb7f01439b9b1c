from __future__ import annotations

import datetime as dt

import pytest

from crawler.fetch import FetchResult
from crawler.retry import PAUSE, WAYBACK_PAUSE, retry_after

NOON = dt.datetime(2025, 7, 16, 12, tzinfo=dt.UTC)


def busy(stated: str | None, status: int = 503) -> FetchResult:
    headers = (("Retry-After", stated),) if stated is not None else ()
    return FetchResult(
        url="http://example.org/", status=status, reason="", headers=headers, body=b"", fetched=NOON, ip=None,
        request_headers=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Wed, 16 Jul 2025 12:01:30 GMT", 90.0),
        ("Wednesday, 16-Jul-25 12:01:30 GMT", 90.0),
        ("Wed Jul 16 12:01:30 2025", 90.0),
        ("Wed, 16 Jul 2025 14:01:30 +0200", 90.0),
        ("Wed, 16 Jul 2025 11:00:00 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
        (None, PAUSE),
        ("", PAUSE),
        ("soon", PAUSE),
        ("-5", PAUSE),
        ("1.5", PAUSE),
        ("٣", 3.0),
        ("²", PAUSE),
        ("Wed, 99 Jul 2025 12:01:30 GMT", PAUSE),
    ],
)
def test_host_is_left_alone_for_as_long_as_it_states(stated: str | None, seconds: float) -> None:
    assert retry_after(busy(stated), again=0, wayback=False) == seconds


def test_host_that_states_nothing_is_left_alone_longer_each_time() -> None:
    pauses = [retry_after(busy(None), again=again, wayback=False) for again in range(3)]
    assert pauses == [PAUSE, 2 * PAUSE, 4 * PAUSE]


def test_wayback_server_that_answers_429_is_left_alone_for_an_hour_at_least() -> None:
    assert retry_after(busy("5", 429), again=0, wayback=True) == WAYBACK_PAUSE
    assert retry_after(busy("7200", 429), again=0, wayback=True) == 7200
    assert retry_after(busy("5", 503), again=0, wayback=True) == 5
