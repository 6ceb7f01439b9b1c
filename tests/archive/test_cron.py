from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from archive.runs.cron import read_cron

START = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)  # a Monday
TIMES = {
    "0 6 * * *": ["03-03 06:00", "03-04 06:00"],
    "@daily": ["03-03 00:00", "03-04 00:00"],
    "*/20 * * * *": ["03-02 12:00", "03-02 12:20", "03-02 12:40", "03-02 13:00"],
    "0 6 * * 0": ["03-08 06:00", "03-15 06:00"],
    "0 6 * * 7": ["03-08 06:00", "03-15 06:00"],
    "0 6 * * 1": ["03-09 06:00", "03-16 06:00"],
    "0 6 * * 1-5": ["03-03 06:00", "03-04 06:00", "03-05 06:00", "03-06 06:00", "03-09 06:00"],
    "0 6 * * mon,Wed": ["03-04 06:00", "03-09 06:00"],
    "0 6 * * */3": ["03-04 06:00", "03-07 06:00", "03-08 06:00"],
    "0 6 * * 4/1": ["03-05 06:00", "03-06 06:00", "03-07 06:00", "03-12 06:00"],
    "0 6 13 * *": ["03-13 06:00", "04-13 06:00"],
    "0 6 13 * 5": [
        "03-06 06:00",
        "03-13 06:00",
        "03-20 06:00",
        "03-27 06:00",
        "04-03 06:00",
        "04-10 06:00",
        "04-13 06:00",
    ],
    "30 5,17 1 jul *": ["07-01 05:30", "07-01 17:30"],
}


@pytest.mark.parametrize("expression", TIMES)
def test_times_are_those_cron_would_choose(expression: str) -> None:
    trigger = read_cron(expression, dt.UTC)
    now, last, found = START, None, []
    for _ in TIMES[expression]:
        last = trigger.get_next_fire_time(last, now)
        found.append(f"{last:%m-%d %H:%M}")
        now = last + dt.timedelta(microseconds=1)
    assert found == TIMES[expression]


def test_times_are_of_the_zone() -> None:
    at = read_cron("0 6 * * *", ZoneInfo("Asia/Shanghai")).get_next_fire_time(None, START)
    assert at.astimezone(dt.UTC) == dt.datetime(2026, 3, 2, 22, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "6",
        "0 6 * *",
        "0 6 * * * *",
        "61 6 * * *",
        "0 6 * * 8",
        "0 6 * * sat-sun",
        "0 6 * * xyz",
        "0 6 30 2 *",
        "a b c d e",
        "@often",
    ],
)
def test_what_is_no_cron_expression_is_refused_by_name(expression: str) -> None:
    with pytest.raises(ValueError, match=expression.replace("*", r"\*") or "0 fields"):
        read_cron(expression, dt.UTC)
