"""What a refresh did, as it is told, kept and shown: pages by fate, source by source, and the alarms that stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from archive.records import Record

SHOWN = 20  # problems told in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem(Record):
    """An address that could not be fetched, or is not held, and why."""

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
    alive: int = 0  # of the pages found, those that have not gone from their host since
    again: int = 0  # pages that failed and will be tried again
    heard: tuple[str, ...] = ()  # hosts that answered
    silent: tuple[str, ...] = ()  # hosts whose name leads nowhere, or that take no connection
    failing: tuple[str, ...] = ()  # hosts that gave no answer for another reason: too slow, no valid certificate
    offered: Mapping[str, int] = field(default_factory=dict)  # pages that each feed and listing, and all sitemaps, name
    usual: Mapping[str, int] = field(
        default_factory=dict
    )  # what `alive` (under "pages") and `offered` are held against

    @property
    def short(self) -> bool:
        """Whether it gave fewer pages than the collection promises."""
        return self.found < self.minimum

    def as_text(self, *, why: str | None = None) -> str:
        """The report in one line, with the reason for which no host of it answered."""
        if not self.answered:
            promised = f" of at least {self.minimum}" if self.minimum else ""
            reason = f" ({why})" if why else ""
            return (
                f"{self.key}: no answer, it cannot be reached{reason}; the archive holds {self.found}{promised} pages"
            )
        short = f", FEWER than the {self.minimum} expected" if self.short else ""
        counts = f"fetched {self.fetched}, new {self.new}, failed {self.failed}"
        return f"{self.key}: {self.found} pages held{short}; {counts}"


class AlarmKind(StrEnum):
    """What an alarm is about; its key begins with it."""

    SHORT = "short"  # a source gives fewer reports than the collection promises
    FEWER = "fewer"  # ... than it used to give
    HOST = "host"  # a host that used to answer is silent, or has failed twice in a row
    LANGUAGE = "language"  # no source of a language answers, or no report in it is left
    PAGE = "page"  # a page cannot be described
    OFFLINE = "offline"  # nothing has answered for days


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Record):
    """Something that changed for the worse and still stands. `key` is the same in every run until it is mended."""

    key: str
    kind: AlarmKind
    source: str | None
    text: str
    raised: dt.datetime
    new: bool = True  # raised by this run
    acknowledged: str | None = None  # the reason for which somebody takes it as it is

    def as_text(self) -> str:
        """The alarm in one line."""
        if self.acknowledged is not None:
            return f"known  {self.key}: {self.text} (acknowledged: {self.acknowledged})"
        return (
            f"NEW ALARM  {self.key}: {self.text}" if self.new else f"alarm  {self.key}, since {_day(self)}: {self.text}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshReport(Record):
    """What a refresh did. Pages of sources that are acknowledged as dead stand in `known`, not in `failed`."""

    started: dt.datetime
    ended: dt.datetime
    partial: bool  # only some sources or editions were asked for
    offline: bool = False  # no host answered
    fetched: int = 0
    unchanged: int = 0
    new: int = 0
    gone: int = 0
    refused: int = 0
    from_wayback: int = 0
    left: int = 0  # put off to the next run
    again: int = 0  # failed, and to be tried again
    withdrawn: int = 0  # may not be fetched again
    known: int = 0  # failed as was to be expected
    failed: tuple[Problem, ...] = ()
    unheld: tuple[Problem, ...] = ()  # refused or gone, and nowhere in the archive
    sources: tuple[SourceReport, ...] = ()
    described: int = 0
    reports: int = 0  # that the archive has by now
    changed_reports: int = 0  # of them, new or changed by this run
    gone_reports: int = 0  # that are no longer there
    quotes: int = 0  # that were found in all of them
    without_text: int = 0  # pages that have none
    languages: Mapping[str, int] = field(default_factory=dict)  # of them, those about the forum, by language
    undescribed: tuple[Problem, ...] = ()
    indexed: int = 0
    deleted: int = 0
    generation: str | None = None
    alarms: tuple[Alarm, ...] = ()  # all that stand
    cleared: tuple[Alarm, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str | None = None  # what kept the refresh from ending as it should
    told: bool | None = None  # whether alarm_command took the report; None where it was not called

    @property
    def raised(self) -> tuple[Alarm, ...]:
        """The alarms this run raised."""
        return tuple(alarm for alarm in self.alarms if alarm.new and alarm.acknowledged is None)

    @property
    def changed(self) -> bool:
        """Whether there is something to tell: an alarm new or mended, or a failure of the refresh itself."""
        return bool(self.raised or self.cleared or self.error)

    @property
    def ok(self) -> bool:
        """Whether no alarm is new and nothing failed but pages."""
        return not self.raised and self.error is None and self.told is not False

    def as_text(self) -> str:
        """The report in words; warnings are told apart."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.offline:
            yield "Offline: no host answered. Nothing is counted as gone, and no Wayback server was asked."
        yield (
            f"fetched {self.fetched} (new {self.new}, unchanged {self.unchanged}), gone {self.gone}, "
            f"from Wayback {self.from_wayback}, refused by robots.txt {self.refused}, failed {len(self.failed)}, "
            f"to be tried again {self.again}, left for the next run {self.left}"
        )
        yield (
            f"described {self.described} pages: {self.reports} reports ({self.changed_reports} changed, "
            f"{self.gone_reports} gone), {self.quotes} quotes, {self.without_text} pages without a text"
        )
        yield f"indexed {self.indexed} reports, removed {self.deleted}; index {self.generation or 'none'}"
        why = {problem.source: problem.reason for problem in reversed(self.failed)}
        yield from (f"  {source.as_text(why=why.get(source.key))}" for source in self.sources)
        if not self.offline:  # else it has been said source by source
            yield from _some("failed", self.failed)
        yield from _some("not described", self.undescribed)
        yield from (alarm.as_text() for alarm in sorted(self.alarms, key=_urgency))
        yield from (f"mended  {alarm.key}: {alarm.text}" for alarm in self.cleared)
        if self.error:
            yield f"FAILED: {self.error}"


def _some(what: str, problems: tuple[Problem, ...]) -> Iterator[str]:
    yield from (f"  {what}: {problem.url}: {problem.reason}" for problem in problems[:SHOWN])
    if len(problems) > SHOWN:
        yield f"  and {len(problems) - SHOWN} more; with --json all are listed"


def _urgency(alarm: Alarm) -> tuple[bool, bool, str]:
    return alarm.acknowledged is not None, not alarm.new, alarm.key


def _day(alarm: Alarm) -> str:
    return alarm.raised.date().isoformat()
