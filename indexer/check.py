"""Checking a quote: is it in the archive word for word, or nearly?

Compared are letters and digits only, folded: kinds of quote mark and dash, spaces, punctuation, width, case,
simplified or traditional characters make no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex
from rapidfuzz import fuzz

from archive import Capture, Catalogue, Folded, Home, Quote, Record, Relation, Report, Version, fold
from indexer.errors import QueryError

ENOUGH = 8  # letters a text must have; a character of Chinese, Japanese or Korean counts two
CERTAIN = 20  # letters from which on a likeness of NEAR is enough
NEAR, NEAR_SHORT = 80.0, 88.0
SHARED = 0.35  # of a text's trigrams that must be in a version before it is compared letter by letter
MATCHES = 20
MAX_LENGTH = 5_000
KEPT = 4096  # texts kept squeezed

Verdict = Literal["verbatim", "near", "not_found", "too_short"]

_LETTERS = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
# Scripts without spaces have no word borders to keep to.
_SPACED = regex.compile(
    r"[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]", regex.V1
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMatch(Record):
    """Where a text stands: `text` is `version.text[start:end]`; speaker, role and quote where a quote there is known."""

    report: Report
    version: str
    start: int
    end: int
    text: str
    similarity: float  # 0 to 100
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


def check(home: Home, text: str, *, language: str | None = None) -> CheckResult:
    """Look for `text` in every version of every report, of one language where that is given."""
    if len(text) > MAX_LENGTH:
        raise QueryError(f"The text has {len(text):,} characters; {MAX_LENGTH:,} are allowed. Check it in parts.")
    wanted = squeeze(text).text
    if _weight(wanted) < ENOUGH:
        return CheckResult(text=text, verdict="too_short", matches=(), reports=0, versions=0)
    with home.catalogue() as catalogue:
        reports = [report for report in catalogue.reports() if language in (None, report.language)]
        texts = [(report, version) for report in reports for version in catalogue.versions(report.id)]
        found = [f for report, version in texts if (f := _verbatim(wanted, report, version))]
        verdict: Verdict = "verbatim" if found else "near"
        if not found:
            found = [f for report, version in texts if (f := _near(wanted, report, version))]
        matches = tuple(_match(catalogue, group) for group in _by_report(found)[:MATCHES])
    return CheckResult(
        text=text,
        verdict=verdict if matches else "not_found",
        matches=matches,
        reports=len(reports),
        versions=len(texts),
    )


def squeeze(text: str) -> Folded:
    """The letters and digits of a folded text, aligned to the text as given."""
    folded = fold(text)
    runs = [match.span() for match in _LETTERS.finditer(folded.text)]
    starts = [folded.starts[i] for start, end in runs for i in range(start, end)]
    return Folded("".join(folded.text[start:end] for start, end in runs), (*starts, len(text)))


def _weight(letters: str) -> int:
    return sum(2 if _DENSE.match(letter) else 1 for letter in letters if _LETTER.match(letter))


@lru_cache(KEPT)
def _squeezed(version: str, text: str) -> Folded:
    return squeeze(text)


def _verbatim(wanted: str, report: Report, version: Version) -> _Found | None:
    squeezed = _squeezed(version.id, version.text)
    at = squeezed.text.find(wanted)
    while at >= 0:
        start, end = _span(squeezed, at, at + len(wanted), version.text)
        if not _cuts_word(version.text, start) and not _cuts_word(version.text, end):
            return _Found(report, version, start, end, 100.0)
        at = squeezed.text.find(wanted, at + 1)
    return None


def _near(wanted: str, report: Report, version: Version) -> _Found | None:
    squeezed = _squeezed(version.id, version.text)
    if not _may_hold(wanted, squeezed.text):
        return None
    likeness = NEAR if _weight(wanted) >= CERTAIN else NEAR_SHORT
    aligned = fuzz.partial_ratio_alignment(wanted, squeezed.text, score_cutoff=likeness)
    if aligned is None or aligned.dest_end <= aligned.dest_start or len(squeezed.text) < len(wanted) / 2:
        return None
    start, end = _span(squeezed, aligned.dest_start, aligned.dest_end, version.text)
    start, end = _whole_words(version.text, start, end)
    return _Found(report, version, start, end, min(aligned.score, 99.9))


def _may_hold(wanted: str, text: str) -> bool:
    trigrams = {wanted[i : i + 3] for i in range(len(wanted) - 2)}
    return sum(trigram in text for trigram in trigrams) >= SHARED * len(trigrams)


def _span(squeezed: Folded, first: int, last: int, text: str) -> tuple[int, int]:
    """The part of `text` that letters `first` to `last` came from, without what stands between them and the next."""
    start, end = squeezed.span(first, last)
    inner = squeezed.starts[last - 1]
    while end > inner + 1 and not _LETTERS.match(text[end - 1]):
        end -= 1
    return start, end


def _cuts_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and all(_SPACED.match(letter) for letter in text[at - 1 : at + 1])


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch that begins and ends with a word: one that is cut is taken whole or left out, whichever is nearer."""
    first, last = _nearest_border(text, start), _nearest_border(text, end)
    while first < last and not _LETTERS.match(text[first]):
        first += 1
    while first < last and not _LETTERS.match(text[last - 1]):
        last -= 1
    return (first, last) if first < last else (start, end)


def _nearest_border(text: str, at: int) -> int:
    back = forth = at
    while _cuts_word(text, back):
        back -= 1
    while _cuts_word(text, forth):
        forth += 1
    return back if at - back < forth - at else forth


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
