"""The end of a refresh: its parts made one report, alarms judged, the run kept, whoever is to know told."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from archive.errors import ArchiveError
from archive.home import Home
from archive.runs.acknowledgement import Acknowledgement, acknowledgements
from archive.runs.alarms import Before, judge
from archive.runs.command import call
from archive.runs.history import amend_run, keep_run, refresh_runs
from archive.runs.report import Problem, RefreshReport, SourceReport
from archive.urlkey import urlkey

OF_CRAWL = (
    "offline", "fetched", "unchanged", "new", "gone", "refused", "from_wayback", "left", "again", "withdrawn", "unheld", "sources",
)  # fmt: skip
OF_INDEX = ("indexed", "deleted", "generation")


def conclude(
    home: Home,
    *,
    started: dt.datetime,
    ended: dt.datetime,
    partial: bool = False,
    crawled: Any = None,
    described: Any = None,
    indexed: Any = None,
    error: str | None = None,
) -> RefreshReport:
    """The report of a refresh, kept in the catalogue; `alarm_command` has been called where there was something to tell.

    The parts are records with the fields that are named here; each is None where the refresh did not come to it, and
    `error` says why. Where the report cannot be kept, the command is told at least that, and the error raised.
    """
    run = RefreshReport(
        started=started, ended=ended, partial=partial, error=error,
        **_of_describing(described), **_fields(indexed, OF_INDEX),
    )  # fmt: skip
    try:
        known = acknowledgements(home, ended.date())
        return _kept(home, replace(run, **_of_crawl(crawled, known)), known)
    except (ArchiveError, OSError) as exc:
        if home.settings.alarm_command:
            said = f"{error}; its report cannot be kept: {exc}" if error else f"its report cannot be kept: {exc}"
            call(home.settings.alarm_command, replace(run, error=said).to_json(), seconds=home.settings.alarm_timeout)
        raise


def _kept(home: Home, run: RefreshReport, known: Mapping[str, Acknowledgement]) -> RefreshReport:
    with home.catalogue() as catalogue:
        connection = catalogue.connection
        run = replace(run, reports=catalogue.report_count(), languages=_languages(connection))
        before, untold = _before(connection, run)
        run = judge(run, before, known, collection=home.collection)
        tells = bool(home.settings.alarm_command) and (run.changed or (untold and bool(run.alarms)))
        # As not told yet: should all end here, the next refresh tells.
        id = keep_run(connection, replace(run, told=False if tells else None))
        if tells:
            run = _told(home, run)
            amend_run(connection, id, run)
    return run


def _told(home: Home, run: RefreshReport) -> RefreshReport:
    problem = call(home.settings.alarm_command, run.to_json(), seconds=home.settings.alarm_timeout)
    if problem is None:
        return replace(run, told=True)
    return replace(run, told=False, warnings=(*run.warnings, f"alarm_command {problem}; it is called again next time"))


def _of_crawl(crawled: Any, known: Mapping[str, Acknowledgement]) -> dict[str, Any]:
    """What a crawl did; what failed as was to be expected is only counted."""
    if crawled is None:
        return {}
    failed: tuple[Problem, ...] = crawled.failed
    news = tuple(problem for problem in failed if problem.source not in known)
    warnings = tuple(text for text in crawled.warnings if text not in crawled.shortfalls)  # alarms tell of those
    return {**_fields(crawled, OF_CRAWL), "failed": news, "known": len(failed) - len(news), "warnings": warnings}


def _of_describing(described: Any) -> dict[str, Any]:
    if described is None:
        return {}
    pages = (defect.problem.partition(": ") for defect in described.quarantined)
    undescribed = tuple(Problem(url=url, source=None, reason=reason) for url, _, reason in pages)
    return {
        "described": described.described, "changed_reports": described.changed, "gone_reports": described.gone,
        "quotes": described.quotes, "without_text": described.without_text, "undescribed": undescribed,
    }  # fmt: skip


def _fields(part: Any, names: Iterable[str]) -> dict[str, Any]:
    return {} if part is None else {name: getattr(part, name) for name in names}


def _languages(connection: sqlite3.Connection) -> dict[str, int]:
    """Reports about the forum by language."""
    rows = connection.execute(
        "SELECT language, count(*) FROM reports WHERE relation <> 'other' GROUP BY language ORDER BY language"
    )
    return {row[0]: row[1] for row in rows}


def _before(connection: sqlite3.Connection, run: RefreshReport) -> tuple[Before, bool]:
    """What a run is held against, and whether the last one could not tell its alarms."""
    sources: dict[str, SourceReport] = {}
    online: dt.datetime | None = None
    last: RefreshReport | None = None
    for kept in refresh_runs(connection):
        report = kept.report
        last = last or report
        if not report.offline and report.sources:
            online = online or report.ended
            sources = {source.key: source for source in report.sources} | sources
        if online and all(source.key in sources for source in run.sources):
            break
    silent = {host for source in run.sources for host in (*source.silent, *source.failing)}
    before = Before(
        alarms={alarm.key: alarm for alarm in last.alarms} if last else {},
        sources=sources,
        languages=last.languages if last else {},
        heard=frozenset(host for host in silent if _was_heard(connection, host)),
        online=online,
    )
    return before, last is not None and last.told is False


def _was_heard(connection: sqlite3.Connection, host: str) -> bool:
    """Whether the archive holds anything that a host itself gave."""
    key = urlkey(f"http://{host}/").removesuffix(")/")
    return any(
        connection.execute(
            "SELECT 1 FROM captures WHERE urlkey >= ? AND urlkey < ? AND via = 'live' LIMIT 1",
            (f"{key}{end}", f"{key}{after}"),
        ).fetchone()
        for end, after in ((")", "*"), (":", ";"))
    )
