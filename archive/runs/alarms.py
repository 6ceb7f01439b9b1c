"""Alarms: what got worse since the runs before. Raised once, carried along while it stands, cleared when mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from archive.address import normalise
from archive.records import Collection, Record, Source
from archive.runs.acknowledgement import Acknowledgement
from archive.runs.report import Alarm, AlarmKind, RefreshReport, SourceReport

PAGES = "pages"  # stands for the pages alive among what a source usually gives
SITEMAPS = "sitemaps"  # stands for all of a source's, since an index spreads pages over files as it likes
# A front page shows one story less now and then; a tenth less is news.
FEWER = 0.9
OFFLINE_DAYS = 2
ALL_KNOWN = "so are all sources of the language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before(Record):
    """What a run is held against."""

    alarms: Mapping[str, Alarm] = field(default_factory=dict)  # that stood after the last run
    sources: Mapping[str, SourceReport] = field(default_factory=dict)  # the last of each that was no offline run's
    languages: Mapping[str, int] = field(default_factory=dict)  # reports by language, after the last run
    heard: frozenset[str] = frozenset()  # hosts that have answered at some time
    online: dt.datetime | None = None  # when a host last answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Record):
    """Something that is worse than it was."""

    kind: AlarmKind
    subject: str
    source: str | None
    text: str

    @property
    def key(self) -> str:
        """The same in every run."""
        return f"{self.kind}:{self.subject}" if self.subject else str(self.kind)


def judge(
    run: RefreshReport, before: Before, known: Mapping[str, Acknowledgement], *, collection: Collection
) -> RefreshReport:
    """The run with what its sources are held against next time, the alarms that stand, and those that are mended."""
    run = replace(run, sources=tuple(_with_usual(s, before, collection, offline=run.offline) for s in run.sources))
    found = {finding.key: finding for finding in _findings(run, before, collection)}
    quiet = _quiet(known, collection)
    standing = [_alarm(finding, before.alarms.get(key), quiet, run.ended) for key, finding in found.items()]
    rest = [alarm for key, alarm in before.alarms.items() if key not in found]
    cleared = tuple(alarm for alarm in rest if _was_looked_at(alarm, run, collection))
    carried = [_carried(alarm, quiet) for alarm in rest if alarm not in cleared]
    return replace(run, alarms=tuple(sorted((*standing, *carried), key=lambda alarm: alarm.key)), cleared=cleared)


def _alarm(finding: Finding, earlier: Alarm | None, quiet: Mapping[str, str], now: dt.datetime) -> Alarm:
    reason = quiet.get(finding.source or finding.key)
    # What was acknowledged up to a day and still stands after it is raised again.
    again = earlier is not None and earlier.acknowledged is not None and reason is None
    return Alarm(
        key=finding.key, kind=finding.kind, source=finding.source, text=finding.text,
        raised=earlier.raised if earlier and not again else now,
        new=(earlier is None or again) and reason is None, acknowledged=reason,
    )  # fmt: skip


def _carried(alarm: Alarm, quiet: Mapping[str, str]) -> Alarm:
    """An alarm nothing new is known of; one whose acknowledgement has ended waits for its subject to be looked at."""
    return replace(alarm, new=False, acknowledged=quiet.get(alarm.source or alarm.key, alarm.acknowledged))


def _quiet(known: Mapping[str, Acknowledgement], collection: Collection) -> dict[str, str]:
    """Reasons by source, and by the key of a language's alarm where all of its sources are acknowledged."""
    reasons = {key: one.reason for key, one in known.items()}
    languages = {base(source.language) for source in collection.sources}
    dead = {
        f"{AlarmKind.LANGUAGE}:{language}": ALL_KNOWN
        for language in languages
        if all(source.key in known for source in _speaking(collection, language))
    }
    return dead | reasons


def _with_usual(source: SourceReport, before: Before, collection: Collection, *, offline: bool) -> SourceReport:
    """A source's report with what it is held against: the most pages it had, and what its feeds and listings gave."""
    earlier = before.sources.get(source.key)
    entries = {PAGES, *_entries(collection.source(source.key))}
    usual = {entry: count for entry, count in earlier.usual.items() if entry in entries} if earlier else {}
    if not offline:
        usual[PAGES] = max(usual.get(PAGES, 0), source.alive)
        for entry, count in source.offered.items():
            if not _is_fewer(count, usual.get(entry, 0)):
                usual[entry] = count
    return replace(source, usual=usual)


def _entries(source: Source | None) -> Iterator[str]:
    """What a source is counted by beside its pages: all its sitemaps together, each feed, each listing."""
    if source is not None:
        yield SITEMAPS
        yield from (normalise(url) for url in (*source.feeds, *(listing.url for listing in source.listings)))


def _is_fewer(count: int, usual: int) -> bool:
    return count < FEWER * usual


# --- what may have got worse -----------------------------------------------------------------


def _findings(run: RefreshReport, before: Before, collection: Collection) -> Iterator[Finding]:
    for page in run.undescribed:
        yield Finding(
            kind=AlarmKind.PAGE, subject=page.url, source=page.source, text=f"cannot be described: {page.reason}"
        )
    if run.offline:
        yield from _offline(run, before)
        return
    for source in run.sources:
        yield from _of_source(source)
        yield from _of_hosts(source, run, before)
    if not run.partial:
        for language in sorted({base(source.language) for source in collection.sources}):
            yield from _of_language(language, run, before, collection)


def _offline(run: RefreshReport, before: Before) -> Iterator[Finding]:
    if before.online is not None and run.ended - before.online > dt.timedelta(days=OFFLINE_DAYS):
        text = f"nothing has answered since {before.online:%Y-%m-%d}; look at the network of this machine"
        yield Finding(kind=AlarmKind.OFFLINE, subject="", source=None, text=text)


def _of_source(source: SourceReport) -> Iterator[Finding]:
    if source.short:
        text = f"{source.key} gives {source.found} pages; the collection promises at least {source.minimum}"
        yield Finding(kind=AlarmKind.SHORT, subject=source.key, source=source.key, text=text)
    shrunk = list(_shrunk(source))
    if shrunk:
        text = f"{source.key} gives fewer than it used to ({'; '.join(shrunk)})"
        yield Finding(kind=AlarmKind.FEWER, subject=source.key, source=source.key, text=text)


def _shrunk(source: SourceReport) -> Iterator[str]:
    if _is_fewer(source.alive, source.usual.get(PAGES, 0)):
        yield f"pages still there: {source.alive} of {source.usual[PAGES]}"
    for entry, count in source.offered.items():
        if _is_fewer(count, source.usual.get(entry, 0)):
            yield f"{entry} names {count} where it named {source.usual[entry]} pages"


def _of_hosts(source: SourceReport, run: RefreshReport, before: Before) -> Iterator[Finding]:
    heard = {host for other in run.sources for host in other.heard}
    earlier = before.sources.get(source.key)
    # One night too slow is no news; two are.
    failed = {*earlier.failing, *earlier.silent} if earlier else set()
    for host in (*source.silent, *(host for host in source.failing if host in failed)):
        if host in before.heard and host not in heard:
            text = f"{host} does not answer any more{_why(host, run)}"
            yield Finding(kind=AlarmKind.HOST, subject=host, source=source.key, text=text)


def _why(host: str, run: RefreshReport) -> str:
    reason = next((problem.reason for problem in run.failed if urlsplit(problem.url).hostname == host), None)
    return f" ({reason})" if reason else ""


def _of_language(language: str, run: RefreshReport, before: Before, collection: Collection) -> Iterator[Finding]:
    keys = {source.key for source in _speaking(collection, language)}
    of_it = [source for source in run.sources if source.key in keys]
    key = f"{AlarmKind.LANGUAGE}:{language}"
    wanted = any(source.minimum for source in of_it) or _counted(before.languages, language) or key in before.alarms
    if not _counted(run.languages, language) and wanted:
        text = f"the archive holds no report in {language}"
    elif _fell_silent(of_it, before):
        text = f"no source in {language} answers any more"
    else:
        return
    yield Finding(kind=AlarmKind.LANGUAGE, subject=language, source=None, text=text)


def _fell_silent(sources: list[SourceReport], before: Before) -> bool:
    heard = any(source.heard for source in sources)
    asked = [source for source in sources if source.silent or source.heard]
    known = any(host in before.heard for source in sources for host in source.silent)
    return not heard and len(asked) == len(sources) and known


def _speaking(collection: Collection, language: str) -> list[Source]:
    return [source for source in collection.sources if base(source.language) == language]


def base(language: str) -> str:
    """The language without its script: a source says zh where its reports are told apart as zh-Hans and zh-Hant."""
    return language.partition("-")[0]


def _counted(languages: Mapping[str, int], language: str) -> int:
    return sum(count for code, count in languages.items() if base(code) == language)


def _was_looked_at(alarm: Alarm, run: RefreshReport, collection: Collection) -> bool:
    """Whether the run could have found an alarm's subject as bad as it was."""
    subject = alarm.key.partition(":")[2]
    if alarm.kind is AlarmKind.PAGE:
        return run.error is None
    if alarm.source is not None and collection.source(alarm.source) is None:
        return True  # the source has been taken out of the collection
    if run.offline:
        return False
    of_it = next((source for source in run.sources if source.key == alarm.source), None)
    match alarm.kind:
        case AlarmKind.HOST:
            return any(subject in (*source.heard, *source.silent, *source.failing) for source in run.sources)
        case AlarmKind.LANGUAGE:
            keys = {source.key for source in _speaking(collection, subject)}
            return not run.partial and any(source.heard for source in run.sources if source.key in keys)
        case AlarmKind.FEWER:
            return of_it is not None and of_it.answered and of_it.offered.keys() >= of_it.usual.keys() - {PAGES}
        case _:
            return of_it is not None or alarm.source is None
