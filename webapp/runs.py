"""Refreshes as readers may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from archive import Alarm, Kept, Problem, RefreshReport, Withdrawals, urlkey

BROKEN = "the refresh did not end as it should; its operator has been told why"


def shown_run(kept: Kept, withdrawn: Withdrawals) -> Kept:
    """A refresh without what concerns its operator alone (paths, commands), and without withdrawn pages."""

    def shown(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        return tuple(problem for problem in problems if not withdrawn.of(urlkey(problem.url)))

    report = kept.report
    return replace(
        kept,
        report=replace(
            report,
            failed=shown(report.failed),
            unheld=shown(report.unheld),
            undescribed=shown(report.undescribed),
            alarms=_shown_alarms(report.alarms, withdrawn),
            cleared=_shown_alarms(report.cleared, withdrawn),
            warnings=(),
            error=BROKEN if report.error else None,
        ),
    )


def _shown_alarms(alarms: tuple[Alarm, ...], withdrawn: Withdrawals) -> tuple[Alarm, ...]:
    return tuple(alarm for alarm in alarms if not withdrawn.of(urlkey(alarm.key.partition(":")[2])))


def took_words(report: RefreshReport) -> str:
    """How long a refresh took: `12 s`, `3 min`."""
    seconds = round((report.ended - report.started).total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def figures(kept: Kept) -> list[tuple[str, int]]:
    """The numbers of a run with their names, in the order of its work."""
    report = kept.report
    crawled = [
        ("fetched", report.fetched), ("new", report.new), ("unchanged", report.unchanged), ("gone", report.gone),
        ("from web archives", report.from_wayback), ("refused by robots.txt", report.refused),
        ("failed", len(report.failed)), ("to be tried again", report.again), ("left for the next", report.left),
    ]  # fmt: skip
    found = [("described", report.described), ("reports", report.reports), ("indexed", report.indexed)]
    return [*crawled, *(found if kept.kind == "refresh" else ())]


def remarks(kept: Kept) -> str:
    """What is to be said of a run beside its numbers, in a few words."""
    report = kept.report
    raised, cleared = len(report.raised), len(report.cleared)
    said = {
        "a crawl alone": kept.kind == "crawl",
        "failed": report.error,
        "offline: no host answered": report.offline,
        "a part of the sources only": report.partial,
        f"{raised} new {'alarm' if raised == 1 else 'alarms'}": raised,
        f"{cleared} mended": cleared,
        f"{report.again} to be tried again": report.again,
    }
    return ", ".join(text for text, holds in said.items() if holds)


def sentence(text: str) -> str:
    """A reason in words as a sentence of its own."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def moment_words(instant: dt.datetime) -> str:
    """An instant as `2025-07-16 03:04 UTC`."""
    return f"{instant.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


FILTERS: dict[str, Callable[..., Any]] = {
    "figures": figures,
    "moment": moment_words,
    "remarks": remarks,
    "sentence": sentence,
    "took": took_words,
}
