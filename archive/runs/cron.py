"""Cron expressions as cron reads them, for APScheduler, which reads them otherwise in two places.

It counts days of the week from Monday where cron counts from Sunday, and it wants both days of the month and of the
week to fit where cron takes either once both are given (POSIX, crontab).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SHORT = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
PART = re.compile(r"(?P<first>\*|[0-7]|[a-z]{3})(?:-(?P<last>[0-7]|[a-z]{3}))?(?:/(?P<step>[1-9]\d?))?")


def read_cron(expression: str, zone: dt.tzinfo) -> Any:
    """The APScheduler trigger of a cron expression; ValueError says what is wrong with it."""
    fields = SHORT.get(expression.strip().lower(), expression).split()
    if len(fields) != 5:
        raise ValueError(f"{expression!r} has {len(fields)} fields, not 5: minute, hour, day, month, day of the week")
    minute, hour, day, month, weekday = fields
    try:
        week = {"day_of_week": _weekdays(weekday)} if weekday != "*" else {}
        month_day = {"day": day} if day != "*" else {}
        ways = [week, month_day] if week and month_day else [week | month_day]
        # What is not given stands for every value; APScheduler would take the least for what is smaller than what is.
        whole = {"minute": minute, "hour": hour, "month": month, "day": "*", "day_of_week": "*", "timezone": zone}
        triggers = [CronTrigger(**(whole | way)) for way in ways]
    except (ValueError, TypeError) as exc:
        raise ValueError(f"{expression!r} cannot be read: {exc}") from exc
    trigger = triggers[0] if len(triggers) == 1 else OrTrigger(triggers)
    if trigger.get_next_fire_time(None, dt.datetime.now(zone)) is None:
        raise ValueError(f"{expression!r} names a day that never comes")
    return trigger


def _weekdays(field: str) -> str:
    """Days of the week by name, whatever way they are written."""
    days: set[int] = set()
    for part in field.lower().split(","):
        match = PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} is no day of the week; give 0 to 7 (0 and 7 are Sunday) or sun to sat")
        first, last = (
            (0, 6) if match["first"] == "*" else (_number(match["first"]), _number(match["last"] or match["first"]))
        )
        if match["step"] and not match["last"]:
            last = 6
        if last < first:
            raise ValueError(f"{part!r} ends before it begins")
        days |= {day % 7 for day in range(first, last + 1, int(match["step"] or 1))}
    return ",".join(NAMES[day] for day in sorted(days))


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text not in NAMES:
        raise ValueError(f"{text!r} is no day of the week; give 0 to 7 (0 and 7 are Sunday) or sun to sat")
    return NAMES.index(text)
