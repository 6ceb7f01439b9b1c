"""The report of a run: what was fetched, what is new, gone, refused or failed, source by source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from archive import Problem, Record, SourceReport

SHOWN = 20  # problems told in words
COUNTED = ("fetched", "unchanged", "new", "gone", "refused", "from_wayback", "left", "withdrawn", "requisites")


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
    unheld: tuple[Problem, ...] = ()  # refused or gone, and nowhere in the archive
    again: int = 0  # pages that failed and will be tried again
    sources: tuple[SourceReport, ...]
    warnings: tuple[str, ...] = ()
    withdrawn: int = 0
    requisites: int = 0  # pictures and styles captured
    shortfalls: tuple[str, ...] = ()  # those of the warnings that a source gives fewer than it promises
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
        if self.requisites:
            yield f"pictures and styles of reports {self.requisites}"
        yield from (f"  {source.as_text()}" for source in self.sources)
        yield from (f"  failed: {problem.url}: {problem.reason}" for problem in self.failed[:SHOWN])
        if len(self.failed) > SHOWN:
            yield f"  and {len(self.failed) - SHOWN} more; podium crawl --json lists all"


class Tally:
    """Counts while a run goes on."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str | None]] = Counter()
        self.problems: list[Problem] = []
        self.unheld: list[Problem] = []
        self._offered: dict[str, Counter[str]] = {}
        self._unread: set[str] = set()
        self._asked: dict[str | None, set[str]] = {}
        self._answered: set[str] = set()
        self._silent: set[str] = set()

    def add(self, what: str, source: str | None) -> None:
        """Count one of COUNTED."""
        self._counts[what, source] += 1

    def fail(self, url: str, source: str | None, reason: str) -> None:
        """Note a failure."""
        self.problems.append(Problem(url=url, source=source, reason=reason))

    def miss(self, url: str, source: str | None, reason: str) -> None:
        """Note a page that will not come, and that the archive does not hold."""
        self.unheld.append(Problem(url=url, source=source, reason=reason))

    def offer(self, source: str | None, entry: str, pages: int) -> None:
        """Count the pages that a feed, a listing or the sitemaps of a source name."""
        self._offered.setdefault(source or "", Counter())[entry] += pages

    def unread(self, source: str | None, entry: str) -> None:
        """Note that not all of an entry was read, so that its count says nothing."""
        self._unread.add(f"{source or ''} {entry}")

    def offered(self, source: str) -> dict[str, int]:
        """What each entry of a source that was read to its end names."""
        counts = self._offered.get(source, Counter())
        return {entry: count for entry, count in sorted(counts.items()) if f"{source} {entry}" not in self._unread}

    def hosts(self, source: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """The hosts of a source that answered; those that were asked and are silent; those that failed in another way."""
        asked = self._asked.get(source, set())
        without = asked - self._answered
        sets = asked & self._answered, without & self._silent, without - self._silent
        return tuple(sorted(sets[0])), tuple(sorted(sets[1])), tuple(sorted(sets[2]))

    def note(self, host: str, source: str | None, *, answered: bool, silent: bool) -> None:
        """Note that a host of a source was asked, and whether it answered, or was silent as one that is gone."""
        self._asked.setdefault(source, set()).add(host)
        if answered:
            self._answered.add(host)
        elif silent:
            self._silent.add(host)

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
