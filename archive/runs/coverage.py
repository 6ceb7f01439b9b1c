"""Coverage: what the archive holds and what is known to be missing, by edition, language and source, with the reason."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.catalogue import Catalogue
from archive.home import Home
from archive.how import NOTICE
from archive.records import Collection, Record, Source
from archive.runs.acknowledgement import Acknowledgement, acknowledgements
from archive.runs.alarms import base
from archive.runs.history import Kept, recent_runs, refresh_runs
from archive.runs.report import Alarm, SourceReport
from archive.urlkey import urlkey
from archive.withdrawals import Withdrawals

RUNS = 20  # the last that are looked through and shown
NEVER = "9999"  # sitemaps, feeds and listings are never due by themselves, and no pages
NEVER_ASKED = "never asked yet"
NO_ANSWER = "it did not answer when it was last asked"
MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPage(Record):
    """A page that is known and not held, and why."""

    url: str
    source: str
    edition: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionCoverage(Record):
    """How many reports of an edition are held in which languages, and what is missing of it."""

    key: str
    reports: int
    languages: Mapping[str, int]
    missing: tuple[MissingPage, ...]
    reason: str | None  # why there is nothing, or less than is known of; None where nothing is known to be missing


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCoverage(Record):
    """How many reports about the forum are held in a language, and how many sources it has."""

    code: str
    reports: int
    sources: int  # those that gave reports in it, and those of the language that gave none yet
    missing: int  # pages of its sources that are known and not held
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCoverage(Record):
    """What is held of a source, when it last answered, and what is missing."""

    key: str
    publisher: str
    language: str
    pages: int
    reports: int
    minimum: int
    last_answer: str | None  # a 14-digit timestamp
    missing: tuple[MissingPage, ...]
    reason: str | None
    acknowledged: str | None

    @property
    def remark(self) -> str | None:
        """The reason, where it says more than how many pages are missing."""
        return None if self.reason == _not_held(len(self.missing)) else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveCoverage(Record):
    """All of it, with the alarms that stand and the last runs, newest first."""

    gaps: str | None  # what the collection itself says is missing
    editions: tuple[EditionCoverage, ...]
    languages: tuple[LanguageCoverage, ...]
    sources: tuple[SourceCoverage, ...]
    alarms: tuple[Alarm, ...]
    runs: tuple[Kept, ...]


def archive_coverage(home: Home, catalogue: Catalogue, *, today: dt.date) -> ArchiveCoverage:
    """The coverage of a home as of its last refresh."""
    runs = tuple(recent_runs(catalogue.connection, most=RUNS))
    last = next(refresh_runs(catalogue.connection, most=1), None)
    known = acknowledgements(home, today)
    held = _Held(catalogue.connection, runs, home.withdrawals())
    sources = tuple(held.source(source, known.get(source.key)) for source in home.collection.sources)
    return ArchiveCoverage(
        gaps=home.collection.gaps,
        editions=tuple(_editions(home.collection, held, sources)),
        languages=tuple(_languages(home.collection, held, sources)),
        sources=sources,
        alarms=last.report.alarms if last else (),
        runs=runs,
    )


class _Held:
    """What the catalogue holds, read once."""

    def __init__(self, connection: sqlite3.Connection, runs: Sequence[Kept], withdrawn: Withdrawals) -> None:
        rows = connection.execute(
            "SELECT edition, language, source, relation, count(*) AS number FROM reports"
            " WHERE relation <> 'other' GROUP BY edition, language, source, relation"
        ).fetchall()
        self.reports = [dict(row) for row in rows]
        self.pages = {
            row[0]
            for row in connection.execute(
                "SELECT DISTINCT urlkey FROM captures WHERE status = 200 AND coalesce(how, '') NOT LIKE '%' || ?",
                (NOTICE,),
            )
        }
        answers = (
            "SELECT source, max(timestamp) FROM captures WHERE via = 'live' AND source IS NOT NULL GROUP BY source"
        )
        self.answers: dict[str, str] = dict(connection.execute(answers).fetchall())
        self.frontier: dict[str, list[dict[str, Any]]] = {}
        for row in connection.execute("SELECT * FROM frontier WHERE due < ? ORDER BY url", (NEVER,)):
            self.frontier.setdefault(row["source"] or "", []).append(dict(row))
        self.last: dict[str, SourceReport] = {}
        self.reasons: dict[str, str] = {}
        for kept in reversed(runs):
            self.last |= {report.key: report for report in kept.report.sources}
            problems = (*kept.report.failed, *kept.report.unheld)
            self.reasons |= {urlkey(problem.url): problem.reason for problem in problems}
        self.withdrawn = withdrawn

    def number(self, **wanted: str) -> int:
        """How many reports there are of an edition, a language, a source."""
        return sum(r["number"] for r in self.reports if all(r[name] == value for name, value in wanted.items()))

    def sources(self, code: str, sources: Sequence[SourceCoverage]) -> tuple[SourceCoverage, ...]:
        """The sources of a language: those that gave reports in it, and those said to be in it that gave none yet.

        A source says zh where its reports are told apart by script: one that gave zh-Hant alone is none of zh-Hans.
        """
        gave = {row["source"] for row in self.reports if row["language"] == code}
        told = {row["source"] for row in self.reports if base(row["language"]) == base(code)}
        return tuple(
            source
            for source in sources
            if source.key in gave or (base(source.language) == base(code) and source.key not in told)
        )

    def source(self, source: Source, known: Acknowledgement | None) -> SourceCoverage:
        """The coverage of a source."""
        missing = tuple(self._missing(source))
        last = self.last.get(source.key)
        pages = sum(row["urlkey"] in self.pages and self._is_page(row) for row in self.frontier.get(source.key, ()))
        return SourceCoverage(
            key=source.key, publisher=source.publisher, language=source.language, pages=pages,
            reports=self.number(source=source.key), minimum=source.minimum, last_answer=self.answers.get(source.key),
            missing=missing, reason=_why_source(source, last, pages, len(missing)),
            acknowledged=known.reason if known else None,
        )  # fmt: skip

    def _missing(self, source: Source) -> Iterator[MissingPage]:
        rows = {row["urlkey"]: row for row in self.frontier.get(source.key, ())}
        named: set[str] = set()
        for seed in source.seeds:
            keys = {urlkey(seed.url), urlkey(seed.original or seed.url)}
            named |= keys
            if not keys & self.pages and not any(map(self.withdrawn.of, keys)):
                row = next((rows[key] for key in keys if key in rows), None)
                yield MissingPage(url=seed.url, source=source.key, edition=seed.edition, reason=self._why(keys, row))
        for key, row in rows.items():
            if key not in named | self.pages and self._is_page(row) and not self.withdrawn.of(key):
                yield MissingPage(url=row["url"], source=source.key, edition=None, reason=self._why({key}, row))

    def _is_page(self, row: Mapping[str, Any]) -> bool:
        return bool(row["gone"]) or row["last_status"] not in MOVED

    def _why(self, keys: set[str], row: Mapping[str, Any] | None) -> str:
        """Why a page is not held: what the last run to ask for it said, else what the frontier knows."""
        said = next((self.reasons[key] for key in sorted(keys) if key in self.reasons), None)
        if said is not None:
            return said
        if row is None or (row["last_status"] is None and not row["failures"]):
            return "not fetched yet"
        if row["gone"]:
            return (
                f"gone: answered {row['last_status']}" if row["last_status"] else "gone: it has not answered for long"
            )
        return f"failed {row['failures']} times; tried again on {row['due'][:10]}"


def _why_source(source: Source, last: SourceReport | None, pages: int, missing: int) -> str | None:
    if last is None and not pages:
        return NEVER_ASKED
    if last is not None and not last.answered:
        return NO_ANSWER
    if pages < source.minimum:
        return f"it gives {_pages(pages)} of at least {source.minimum}"
    return _not_held(missing)


def _not_held(pages: int) -> str | None:
    return f"{_pages(pages)} of it {'is' if pages == 1 else 'are'} known and not held" if pages else None


def _pages(number: int) -> str:
    return f"{number} {'page' if number == 1 else 'pages'}"


def _editions(collection: Collection, held: _Held, sources: Sequence[SourceCoverage]) -> Iterator[EditionCoverage]:
    for edition in sorted(collection.editions, key=lambda edition: (edition.year, edition.key)):
        languages: Counter[str] = Counter()
        for row in held.reports:
            if row["edition"] == edition.key:
                languages[row["language"]] += row["number"]
        missing = tuple(page for source in sources for page in source.missing if page.edition == edition.key)
        number = languages.total()
        yield EditionCoverage(
            key=edition.key, reports=number, languages=dict(sorted(languages.items())), missing=missing,
            reason=_why_edition(number, len(missing)),
        )  # fmt: skip


def _why_edition(reports: int, missing: int) -> str | None:
    return _not_held(missing) or (None if reports else "no page on it is known")


def _languages(collection: Collection, held: _Held, sources: Sequence[SourceCoverage]) -> Iterator[LanguageCoverage]:
    codes = {row["language"] for row in held.reports}
    # A source says zh where its reports are told apart by script: those codes then stand for it.
    expected = {*collection.names, *collection.words, *(source.language for source in sources)}
    codes |= {code for code in expected if base(code) not in {base(code) for code in codes}}
    for code in sorted(codes, key=lambda code: (-held.number(language=code), code)):
        of_it = held.sources(code, sources)
        number = held.number(language=code)
        yield LanguageCoverage(
            code=code, reports=number, sources=len(of_it), missing=sum(len(source.missing) for source in of_it),
            reason=_why_language(number, of_it),
        )  # fmt: skip


def _why_language(reports: int, sources: Sequence[SourceCoverage]) -> str | None:
    if reports:
        return None
    if not sources:
        return "no source in it is known"
    reasons = {source.reason for source in sources}
    if reasons == {NO_ANSWER}:
        return "none of its sources answered when last asked"
    if reasons == {NEVER_ASKED}:
        return "its sources have never been asked yet"
    return "no report about the forum was found in its sources"
