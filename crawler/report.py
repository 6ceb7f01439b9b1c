"""The report of a run: what was fetched, what is new, gone, refused or failed, source by source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive import Record

SHOWN = 20  # problems told in words
COUNTED = ("fetched", "unchanged", "new", "gone", "refused", "from_wayback", "left", "withdrawn")


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

    def as_text(self) -> str:
        """The report in one line."""
        if not self.answered:
            return f"{self.key}: no answer; the archive holds {self.found} of at least {self.minimum} pages"
        short = f", FEWER than the {self.minimum} expected" if self.short else ""
        counts = f"fetched {self.fetched}, new {self.new}, failed {self.failed}"
        return f"{self.key}: {self.found} pages held{short}; {counts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport(Record):
    """What a run did. `left` counts the pages put off to the next run, `withdrawn` those that may not be fetched again."""

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
    withdrawn: int = 0
    planned: tuple[str, ...] = ()  # of a dry run: the addresses that would be asked for
    added: tuple[Record, ...] = ()  # of podium add: what became of each address

    @property
    def ok(self) -> bool:
        """Whether nothing failed; a page that is known to be gone is no failure."""
        return not self.failed

    def as_text(self) -> str:
        """The report in words."""
        if self.dry_run:
            return "\n".join([f"{len(self.planned)} addresses would be asked for:", *self.planned])
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.offline:
            yield "Offline: no host answered. Nothing is counted as gone, and no Wayback server was asked."
        yield (
            f"fetched {self.fetched} (new {self.new}, unchanged {self.unchanged}), gone {self.gone}, "
            f"from Wayback {self.from_wayback}, refused by robots.txt {self.refused}, failed {len(self.failed)}, "
            f"left for the next run {self.left}"
        )
        if self.withdrawn:
            yield f"refused because they are withdrawn {self.withdrawn}"
        yield from (f"  {source.as_text()}" for source in self.sources)
        yield from (f"  failed: {problem.url}: {problem.reason}" for problem in self.failed[:SHOWN])
        if len(self.failed) > SHOWN:
            yield f"  and {len(self.failed) - SHOWN} more; podium crawl --json lists all"


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
