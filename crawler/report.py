"""The report of a run: what was fetched, what is new, gone, refused or failed, source by source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from archive import Record

COUNTED = ("fetched", "unchanged", "new", "gone", "refused", "from_wayback", "left")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Record):
    """An address that could not be fetched, and why."""

    url: str
    source: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport(Record):
    """What a run brought from one source. `found` counts the pages the archive holds of it by now."""

    key: str
    publisher: str
    found: int
    minimum: int
    fetched: int
    unchanged: int
    new: int
    gone: int
    refused: int
    failed: int
    from_wayback: int
    answered: bool  # at least one of its hosts did, or none had to be asked

    @property
    def short(self) -> bool:
        """Whether it gave fewer pages than the collection promises."""
        return self.found < self.minimum


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport(Record):
    """What a run did. `left` counts the pages put off to the next run."""

    started: dt.datetime
    ended: dt.datetime
    dry_run: bool
    offline: bool  # no host answered
    fetched: int
    unchanged: int
    new: int
    gone: int
    refused: int
    from_wayback: int
    left: int
    failed: tuple[Problem, ...]
    sources: tuple[SourceReport, ...]
    warnings: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()  # of a dry run: the addresses that would be asked for

    @property
    def ok(self) -> bool:
        """Whether nothing failed; a page that is known to be gone is no failure."""
        return not self.failed


class Tally:
    """Counts while a run goes on."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str | None]] = Counter()
        self.problems: list[Problem] = []
        self._asked: dict[str | None, set[str]] = {}
        self._answered: set[str] = set()

    def add(self, what: str, source: str | None) -> None:
        """Count one of COUNTED."""
        self._counts[what, source] += 1

    def fail(self, url: str, source: str | None, reason: str) -> None:
        """Note a failure."""
        self.problems.append(Problem(url=url, source=source, reason=reason))

    def note(self, host: str, source: str | None, *, answered: bool) -> None:
        """Note that a host of a source was asked, and whether it answered at all."""
        self._asked.setdefault(source, set()).add(host)
        if answered:
            self._answered.add(host)

    def answered(self, source: str) -> bool:
        """Whether a host of a source did answer, or none had to be asked."""
        hosts = self._asked.get(source)
        return not hosts or bool(hosts & self._answered)

    def total(self, what: str) -> int:
        """The count over all sources."""
        return sum(count for (name, _), count in self._counts.items() if name == what)

    def of(self, what: str, source: str) -> int:
        """The count of one source."""
        return self._counts[what, source]

    @property
    def offline(self) -> bool:
        """Whether hosts were asked and none answered."""
        return bool(self._asked) and not self._answered
