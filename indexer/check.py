"""Checking a quote: is it in the archive word for word, or nearly?

Compared are letters and digits only, folded: kinds of quote mark and dash, spaces, punctuation, width, case,
simplified or traditional characters make no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from archive import Capture, Catalogue, Folded, Home, Quote, Record, Relation, Report, Version
from indexer.errors import QueryError
from indexer.likeness import Asked, Place, nearest, same, squeeze, weight
from indexer.parted import parted

ENOUGH = 8  # letters a text must have; a character of Chinese, Japanese or Korean counts two
MATCHES = 20
MAX_LENGTH = 5_000
KEPT = 4096  # texts kept squeezed

Verdict = Literal["verbatim", "near", "not_found", "too_short"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMatch(Record):
    """Where a text stands: `text` is `version.text[start:end]`; speaker, role and quote where a quote there is known."""

    report: Report
    version: str
    start: int
    end: int
    text: str
    similarity: float  # 0 to 100
    differs: tuple[tuple[int, int], ...]  # offsets in `text` of what is not as it was asked for
    lacks: tuple[tuple[int, int], ...]  # offsets in the text asked for of what is not in print here
    speaker: str | None
    role: str | None
    quote: str | None
    relation: Relation
    latest: bool  # whether the version is the one search ranks
    versions: tuple[str, ...]  # of the report, all that have the words
    seen_first: str | None  # timestamps of the first and last capture that has them
    seen_last: str | None
    gone_since: str | None  # of the first capture after that without them, where the ranked version has them no more
    capture: Capture | None  # the first that carries the version


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult(Record):
    """The verdict on a text, the best match first; reports and versions say how much was looked through."""

    text: str
    verdict: Verdict
    matches: tuple[CheckMatch, ...]
    reports: int
    versions: int


@dataclass(frozen=True, slots=True)
class _Found:
    report: Report
    version: Version
    start: int
    end: int
    similarity: float
    differs: tuple[tuple[int, int], ...]
    lacks: tuple[tuple[int, int], ...]


def check(home: Home, text: str, *, language: str | None = None) -> CheckResult:
    """Look for `text` in every version of every report, of one language where that is given."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The text has {len(text):,} characters; {MAX_LENGTH:,} are allowed. Check it in parts.")
    asked = Asked.of(text)
    if weight(asked.letters) < ENOUGH:
        return CheckResult(text=text, verdict="too_short", matches=(), reports=0, versions=0)
    with home.catalogue() as catalogue:
        reports = [report for report in catalogue.reports() if language in (None, report.language)]
        texts = [(report, version) for report in reports for version in catalogue.versions(report.id)]
        found = [f for report, version in texts if (f := _find(same, asked, report, version))]
        verdict: Verdict = "verbatim" if found else "near"
        if not found:
            found = [f for report, version in texts if (f := _find(_near, asked, report, version))]
        matches = tuple(_match(catalogue, group) for group in _by_report(found)[:MATCHES])
    return CheckResult(
        text=text,
        verdict=verdict if matches else "not_found",
        matches=matches,
        reports=len(reports),
        versions=len(texts),
    )


def _near(asked: Asked, squeezed: Folded, text: str) -> Place | None:
    return nearest(asked, squeezed, text) or parted(asked, squeezed, text)


@lru_cache(KEPT)
def _squeezed(version: str, text: str) -> Folded:
    return squeeze(text)


def _find(
    how: Callable[[Asked, Folded, str], Place | None], asked: Asked, report: Report, version: Version
) -> _Found | None:
    place = how(asked, _squeezed(version.id, version.text), version.text)
    return place and _Found(report, version, *place)


def _order(found: _Found) -> tuple[object, ...]:
    """Best first: likeness, the reports of editions, the more trusted publisher, the earlier date."""
    report = found.report
    day = report.published.date.toordinal() if report.published else 10**7
    latest = found.version.id == report.version
    return (
        -round(found.similarity),
        list(Relation).index(report.relation),
        report.trust.rank,
        not latest,
        day,
        report.id,
    )


def _by_report(found: Iterable[_Found]) -> list[list[_Found]]:
    """What was found, a group a report: the best group first, in each the best version first."""
    groups: dict[str, list[_Found]] = {}
    for one in sorted(found, key=_order):
        groups.setdefault(one.report.id, []).append(one)
    return list(groups.values())


def _match(catalogue: Catalogue, group: Sequence[_Found]) -> CheckMatch:
    """The best of what was found in one report, with how long the words stood there."""
    found = group[0]
    version = found.version
    having = {one.version.id for one in group if one.similarity >= found.similarity}
    quote = _quote(catalogue.quotes(found.report.id, version=version.id), found)
    captures = [capture for id in version.captures if (capture := catalogue.capture(id))]
    seen_first, seen_last, gone_since = _stood(catalogue, found.report, having)
    return CheckMatch(
        report=found.report,
        version=version.id,
        start=found.start,
        end=found.end,
        text=version.text[found.start : found.end],
        similarity=round(found.similarity, 1),
        differs=found.differs,
        lacks=found.lacks,
        speaker=quote.speaker if quote else None,
        role=quote.role if quote else None,
        quote=quote.id if quote else None,
        relation=found.report.relation,
        latest=version.id == found.report.version,
        versions=tuple(one.version.id for one in group if one.version.id in having),
        seen_first=seen_first,
        seen_last=seen_last,
        gone_since=gone_since,
        capture=captures[0] if captures else None,
    )


def _stood(catalogue: Catalogue, report: Report, having: set[str]) -> tuple[str | None, str | None, str | None]:
    """When captures of the versions in `having` were first and last made, and the first other one after these."""
    made: dict[bool, list[str]] = {True: [], False: []}
    for version in catalogue.versions(report.id):
        captures = filter(None, map(catalogue.capture, version.captures))
        made[version.id in having] += [capture.timestamp for capture in captures]
    if not made[True]:
        return None, None, None
    first, last = min(made[True]), max(made[True])
    gone = None if report.version in having else min((t for t in made[False] if t > last), default=None)
    return first, last, gone


def _quote(quotes: Iterator[Quote], found: _Found) -> Quote | None:
    """The quote that shares most with what was found, if it covers half of it."""
    shared = [(min(quote.end, found.end) - max(quote.start, found.start), quote) for quote in quotes]
    best = max(shared, key=lambda pair: (pair[0], pair[1].confidence), default=None)
    return best[1] if best and best[0] * 2 >= found.end - found.start else None
