"""Crawl: one run over the collection's sources, from the network into the archive."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from archive import ArchiveWriter, Collection, Home, Source, SourceReport, note_additions, urlkey
from crawler.adding import added_tasks, held_before, what_became
from crawler.frontier import Frontier
from crawler.plan import chosen_sources, due_tasks, entries, hosts_of
from crawler.report import CrawlReport, Tally
from crawler.run import Progress, Run
from crawler.tasks import Task

Clock = Callable[[], dt.datetime]
NO_CONTACT = "no contact is set: the owners of the hosts cannot reach you; set contact in podium.toml to an e-mail or web address"


def utc_now() -> dt.datetime:
    """The present instant."""
    return dt.datetime.now(dt.UTC)


def crawl(
    home: Home,
    *,
    sources: Iterable[str] | None = None,
    editions: Iterable[str] | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
    wait: float = 0,
    clock: Clock = utc_now,
) -> CrawlReport:
    """Fetch what is due of the sources, archive it, and say what came of it.

    A dry run asks nobody and writes nothing, and only says what would be asked for first. Raises UnknownSourceError,
    and LockedError when another process has been writing for longer than `wait` seconds.
    """
    sources, editions = _listed(sources), _listed(editions)
    chosen = chosen_sources(home.collection, sources=sources, editions=editions)
    if dry_run:
        return _dry_run(home, chosen, editions, clock())
    with home.lock(what="crawl", wait=wait) as writer:
        run = Run(home, writer, progress=progress or _quiet, clock=clock)
        tasks = _tasks(home.collection, run.frontier, chosen, editions, run.now)
        # What the owner added belongs to no source; a run over all of them comes back to it.
        added = due_tasks(run.frontier, None, run.now) if sources is None and editions is None else ()
        return _report(run, chosen, itertools.chain(tasks, added))


def add(
    home: Home,
    urls: Sequence[str],
    *,
    who: str = "podium",
    edition: str | None = None,
    note: str | None = None,
    progress: Progress | None = None,
    wait: float = 0,
    clock: Clock = utc_now,
) -> CrawlReport:
    """Fetch and archive these addresses now, whether they are due or not; what is said of them goes into the ledger.

    Raises CrawlError when one is no address, UnknownSourceError when the collection has no such edition.
    """
    chosen_sources(home.collection, sources=None, editions=[edition] if edition else None)
    tasks = added_tasks(home, urls, edition=edition)
    with home.lock(what="add", wait=wait) as writer:
        run = Run(home, writer, progress=progress or _quiet, clock=clock, follow=False)
        held = held_before(writer.catalogue, tasks)
        chosen = tuple(s for s in home.collection.sources if any(task.source == s.key for task in tasks.values()))
        report = _report(run, chosen, iter(tasks.values()))
        added = what_became(run, tasks, held)
        note_additions(home.ledger, [one.url for one in added if one.ok], who=who, edition=edition, note=note)
        return replace(report, added=added)


def _tasks(
    collection: Collection,
    frontier: Frontier,
    sources: Sequence[Source],
    editions: Sequence[str] | None,
    now: dt.datetime,
) -> Iterator[Task]:
    """What a run begins with: the collection's entries that are due, then what earlier runs found."""
    for source in sources:
        for task in entries(collection, source, editions=editions):
            known = frontier.get(urlkey(task.url))
            if task.role.discovers or known is None or known.due <= now:
                yield task
        if editions is None:
            yield from due_tasks(frontier, source, now)


def _report(run: Run, sources: Sequence[Source], tasks: Iterator[Task]) -> CrawlReport:
    started = run.now
    warnings = list(_warnings(run.home, sources))
    for warning in warnings:
        run.progress(f"Warning: {warning}")
    try:
        for task in tasks:
            run.push(task)
        run.go(sources if run.follow else ())
    finally:
        run.network.close()
        run.save()
    report = _counted(run.home, run.tally, run.frontier, sources, started=started, ended=run.clock(), warnings=warnings)
    _keep(run.writer, report)
    return report


def _counted(
    home: Home,
    tally: Tally,
    frontier: Frontier,
    sources: Sequence[Source],
    *,
    started: dt.datetime,
    ended: dt.datetime,
    warnings: Sequence[str],
) -> CrawlReport:
    by_source = tuple(_source_report(tally, frontier, source) for source in sources)
    # Where nobody answered, nothing is known to be fewer.
    promises = () if tally.offline else by_source
    short = [f"{s.key} gave {s.found} pages, fewer than the {s.minimum} it is known for" for s in promises if s.short]
    return CrawlReport(
        started=started, ended=ended, dry_run=False, offline=tally.offline, fetched=tally.total("fetched"),
        unchanged=tally.total("unchanged"), new=tally.total("new"), gone=tally.total("gone"),
        refused=tally.total("refused"), from_wayback=tally.total("from_wayback"), left=tally.total("left"),
        failed=tuple(tally.problems), unheld=tuple(tally.unheld), again=len(tally.problems) if tally.offline else sum(s.again for s in by_source),
        sources=by_source, warnings=(*warnings, *short), shortfalls=tuple(short), withdrawn=tally.total("withdrawn"),
        requisites=tally.total("requisites"),
    )  # fmt: skip


def _source_report(tally: Tally, frontier: Frontier, source: Source) -> SourceReport:
    key = source.key
    heard, silent, failing = tally.hosts(key)
    return SourceReport(
        key=key, publisher=source.publisher, found=frontier.found(key), minimum=source.minimum,
        fetched=tally.of("fetched", key), unchanged=tally.of("unchanged", key), new=tally.of("new", key),
        gone=tally.of("gone", key), refused=tally.of("refused", key), from_wayback=tally.of("from_wayback", key),
        failed=sum(problem.source == key for problem in tally.problems),
        answered=tally.answered(key), alive=frontier.alive(key), again=frontier.again(key), heard=heard, silent=silent, failing=failing,
        offered=tally.offered(key),
    )  # fmt: skip


def _dry_run(home: Home, sources: Sequence[Source], editions: Sequence[str] | None, now: dt.datetime) -> CrawlReport:
    with home.catalogue() as catalogue:
        frontier = Frontier(catalogue.connection)
        tasks = _tasks(home.collection, frontier, sources, editions, now)
        planned = dict.fromkeys(task.url for task in tasks if not catalogue.withdrawn.of(urlkey(task.url)))
        report = _counted(home, Tally(), frontier, sources, started=now, ended=now, warnings=[])
    return replace(report, dry_run=True, warnings=tuple(_warnings(home, sources)), planned=tuple(planned))


def _warnings(home: Home, sources: Sequence[Source]) -> Iterator[str]:
    hosts = {host.partition(":")[0] for source in sources for host in hosts_of(source)}
    if not home.settings.contact and hosts - set(home.settings.test_hosts):
        yield NO_CONTACT


def _keep(writer: ArchiveWriter, report: CrawlReport) -> None:
    """Note the run in the catalogue."""
    writer.catalogue.connection.execute(
        "INSERT INTO runs (kind, started, ended, report) VALUES ('crawl', ?, ?, ?)",
        (report.started.isoformat(), report.ended.isoformat(), json.dumps(report.to_json(), ensure_ascii=False)),
    )


def _listed(names: Iterable[str] | None) -> tuple[str, ...] | None:
    return tuple(names) or None if names is not None else None


def _quiet(text: str) -> None:
    """Say nothing."""
