"""The plan of a run: what the collection names, and what the frontier knows to be due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from archive import NEXT_PAGE, SITEMAP_INDEX, Collection, Seed, Source, normalise, probable_original, urlkey
from crawler.errors import UnknownSourceError
from crawler.frontier import Frontier
from crawler.tasks import Role, Task


def chosen_sources(
    collection: Collection, *, sources: Iterable[str] | None, editions: Iterable[str] | None
) -> tuple[Source, ...]:
    """The sources a run is for: all, those named, those with a seed of the editions named.

    Raises UnknownSourceError naming what the collection does not have.
    """
    wanted, of_editions = _names(sources), _names(editions)
    _must_know("source", wanted or (), [source.key for source in collection.sources])
    _must_know("edition", of_editions or (), [edition.key for edition in collection.editions])
    chosen = [source for source in collection.sources if wanted is None or source.key in wanted]
    if of_editions is None:
        return tuple(chosen)
    # What a source without seeds holds is not known before it is read.
    return tuple(s for s in chosen if not s.seeds or any(seed.edition in of_editions for seed in s.seeds))


def entries(collection: Collection, source: Source, *, editions: Iterable[str] | None = None) -> Iterator[Task]:
    """The tasks a source's own entry begins with: seeds, sitemaps, feeds, listings."""
    of_editions = _names(editions)
    for seed in source.seeds:
        if of_editions is None or seed.edition in of_editions:
            yield seed_task(collection, source, seed)
    for role, urls in ((Role.SITEMAP, source.sitemaps), (Role.FEED, source.feeds)):
        for url in urls:
            yield _task(url, role, source.key)
    for listing in source.listings:
        yield Task(
            url=normalise(listing.url), origin=normalise(listing.url), role=Role.LISTING, source=source.key,
            how="listing of the collection", listing=listing,
        )  # fmt: skip


def seed_task(collection: Collection, source: Source, seed: Seed) -> Task:
    """The first request for a seed: its probable original where it has one, for the source whose host that is on."""
    return original_first(collection, _seed_task(normalise(seed.url), source.key, seed, how="seed"))


def original_first(collection: Collection, task: Task) -> Task:
    """The task; for a mirror's copy the one for its probable original, which keeps the copy in mind."""
    source = collection.source(task.source)
    original = probable_original(collection, source, task.seed, task.url)
    if original is None:
        return task
    owner = next((s for s in collection.sources if s is not source and is_on(original, hosts_of(s))), source)
    how = f"{task.how}, as the probable original of {task.url}"
    return replace(
        task, url=original, origin=original, source=owner.key if owner else None, how=how, copy=(task.url, task.source)
    )


def mirror_task(task: Task, reason: str) -> Task | None:
    """The request for a mirror's copy, where the task was for its probable original; else None."""
    if task.copy is None:
        return None
    url, source = task.copy
    how = task.how.partition(", as the probable original of ")[0]
    return replace(
        task, url=url, origin=url, source=source, copy=None, hops=0, spent=0.0, again=0,
        how=f"{how}; its probable original {task.origin} did not answer ({reason})",
    )  # fmt: skip


def due_tasks(frontier: Frontier, source: Source | None, now: dt.datetime) -> Iterator[Task]:
    """Pages of a source (None: of no source) found earlier that are due, or that a stopped run did not come to."""
    for known in frontier.due(now, source=source.key if source else None):
        task = Task(
            url=known.url, origin=known.url, role=_role(known.how), source=known.source, how=known.how,
            depth=known.depth, seed=seed_of(source, known.url) if source else None,
        )  # fmt: skip
        yield _part(task, source) if task.role.discovers else task


def _role(how: str) -> Role:
    """What an address that a stopped run did not come to is read as."""
    if how.startswith(SITEMAP_INDEX):
        return Role.SITEMAP
    if how.startswith(NEXT_PAGE):
        return Role.LISTING
    return Role.SEED if how.startswith("seed") else Role.PAGE


def first_of(task: Task) -> str | None:
    """The address a listing or feed began at, of which a task asks for a part; None for other tasks."""
    if task.role not in (Role.LISTING, Role.FEED):
        return None
    first = task.how.removeprefix(NEXT_PAGE)
    return first if first != task.how else normalise(task.listing.url if task.listing else task.origin)


def _part(task: Task, source: Source | None) -> Task:
    """A later part of a sitemap, listing or feed, which knows again what it is a part of; its depth is how far on."""
    first = task.how.removeprefix(NEXT_PAGE)
    if source and first in map(normalise, source.feeds):
        return replace(task, level=task.depth, role=Role.FEED)
    listing = next((n for n in source.listings if normalise(n.url) == first), None) if source else None
    return replace(task, level=task.depth, listing=listing)


def seed_of(source: Source, url: str) -> Seed | None:
    """The seed an address belongs to, as itself or as its probable original."""
    key = urlkey(url)
    return next((seed for seed in source.seeds if key in (urlkey(seed.url), urlkey(seed.original or seed.url))), None)


def hosts_of(source: Source) -> frozenset[str]:
    """The hosts on which a source's pages are looked for: those it names, else those of its addresses."""
    named = source.hosts or tuple(
        urlsplit(url).netloc
        for url in (*(s.url for s in source.seeds), *source.sitemaps, *source.feeds, *(n.url for n in source.listings))
    )
    return frozenset(_bare(host) for host in named)


@lru_cache(maxsize=20_000)
def is_on(url: str, hosts: frozenset[str]) -> bool:
    """Whether an address is on one of the hosts; a port counts only where the host's entry has one."""
    parts = urlsplit(url)
    return _bare(parts.netloc) in hosts or _bare(parts.hostname or "") in hosts


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def _seed_task(url: str, source: str | None, seed: Seed, *, how: str) -> Task:
    return Task(url=url, origin=url, role=Role.SEED, source=source, how=how, seed=seed)


def _task(url: str, role: Role, source: str) -> Task:
    url = normalise(url)
    return Task(url=url, origin=url, role=role, source=source, how=f"{role.name.lower()} of the collection")


def _names(names: Iterable[str] | None) -> tuple[str, ...] | None:
    """None, and nothing named, both mean all."""
    return (tuple(names) if names is not None else ()) or None


def _must_know(what: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    for name in wanted:
        if name not in known:
            raise UnknownSourceError(f"no {what} {name!r} in the collection; it has {', '.join(known) or 'none'}")
