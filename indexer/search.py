"""Searching: a request to a page of hits."""

from __future__ import annotations

import datetime as dt
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Self

from archive import Home, Record, Relation, Report, Trust, Withdrawals
from indexer.documents import report_of
from indexer.engine import FACETS, Filters, Found, Snapshot, best, count, find_ids, find_page, find_total, similar, warm
from indexer.engine.snippets import Fragment
from indexer.errors import DamagedIndexError, NoIndexError, QueryError
from indexer.facets import Facet, facet
from indexer.generations import current, read_stamp
from indexer.query import parse_query
from indexer.segments import read_contents
from indexer.suggest import Suggestion, suggest
from indexer.tree import Everything, Node, render

DEFAULT_RELATIONS = frozenset({Relation.EDITION, Relation.RELATED})
SORTS = ("relevance", "newest", "oldest")
MAX_SIZE = 100
MAX_DEPTH = 10_000  # hits that can be paged through
TRIES = 3
FRESH = 0.2  # seconds between two looks for a newer commit


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest(Record):
    """What is looked for; an empty query finds every report. `relation` None shows those of editions and related ones."""

    query: str = ""
    editions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    trusts: tuple[str, ...] = ()  # kinds of publisher
    relation: Relation | Literal["any"] | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    sort: str = "relevance"
    page: int = 1
    size: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Record):
    """A report that was found, and where in it."""

    report: Report
    score: float
    title: Fragment
    fragments: tuple[Fragment, ...]  # of the version the index ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar(Record):
    """A report that shares the most telling words of another."""

    report: Report
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Record):
    """What was searched: reports of the chosen relation, by language and edition; and what is known to be missing."""

    reports: int
    languages: tuple[tuple[str, int], ...]
    editions: tuple[tuple[str, int], ...]
    missing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage(Record):
    """A page of hits and what was found in all."""

    request: SearchRequest
    analysed: str  # the query as it was understood
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    histogram: tuple[tuple[int, int], ...]
    others: int  # found by query and filters, but of another relation
    searched: Coverage
    generation: str
    suggestions: tuple[Suggestion, ...]  # where nothing was found


def search(home: Home, request: SearchRequest) -> SearchPage:
    """Search once; a server keeps a Searcher."""
    with Searcher(home) as searcher:
        return searcher.search(request)


class Searcher:
    """Searches a home, keeping the index open until it moves on. Threads may share one."""

    def __init__(self, home: Home, *, fresh: float = FRESH, warmed: bool = False) -> None:
        """A searcher that opens the index at its first search, and looks for a newer commit every `fresh` seconds.

        `warmed` is for one that is asked often: what first readers would wait for is done when a commit is opened.
        """
        self.home = home
        self.fresh = fresh
        self.warmed = warmed
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._looked = 0.0

    @classmethod
    def open(cls, home: Home, *, fresh: float = FRESH) -> Searcher:
        """A searcher whose index is open; NoIndexError when there is none."""
        searcher = cls(home, fresh=fresh)
        searcher._fresh()
        return searcher

    def close(self) -> None:
        """Let go of the index's files."""
        self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def search(self, request: SearchRequest) -> SearchPage:
        """The page asked for.

        QueryError for a request that cannot be answered, NoIndexError when there is no index to search.
        """
        check_request(request, self.home)
        node = parse_query(request.query)
        snapshot, generation = self._fresh()
        relations = _relations(request.relation)
        filters = _filters(request, relations)

        def total(other: Node, budget: float) -> int:
            return find_total(snapshot, other, filters=filters, budget=budget)

        found = find_page(
            snapshot,
            node,
            filters=filters,
            sort=_sort(request, node),
            first=(request.page - 1) * request.size,
            size=request.size,
        )
        return SearchPage(
            request=request,
            analysed=render(node),
            total=found.counts.total,
            hits=_hits(found, self.home.withdrawals()),
            facets=tuple(facet(name, found.counts.facets[name]) for name in FACETS),
            histogram=tuple(found.counts.years),
            others=found.counts.others,
            searched=_coverage(snapshot, relations, self.home.collection.gaps),
            generation=generation,
            suggestions=() if found.counts.total else suggest(node, total),
        )

    def ids(self, request: SearchRequest) -> list[str]:
        """The ids of every report that is found, of all pages of the request, in their order; errors as of `search`.

        Withdrawn ones are among them as long as the index holds them.
        """
        check_request(request, self.home)
        node = parse_query(request.query)
        filters = _filters(request, _relations(request.relation))
        return find_ids(self._fresh().snapshot, node, filters=filters, sort=_sort(request, node))

    def similar(
        self, id: str, *, size: int = 5, relation: Relation | Literal["any"] | None = None
    ) -> tuple[Similar, ...]:
        """The reports most like one, the likest first; none when the index does not hold that one.

        NoIndexError when there is no index to search.
        """
        snapshot, _ = self._fresh()
        document = snapshot.document(id)
        if document is None:
            return ()
        filters = Filters(relations={one.value for one in _relations(relation)}, chosen={})
        counts = count(snapshot, similar(snapshot, document), filters)
        likest = best(counts.scores, counts.documents, snapshot.order, size + 1).tolist()
        found = [(int(counts.documents[n]), float(counts.scores[n])) for n in likest]
        others = [(snapshot.place(other), score) for other, score in found if other != document][:size]
        reports = ((report_of(part.stored(local)), score) for (part, local), score in others)
        withdrawn = self.home.withdrawals()
        return tuple(Similar(report=one, score=score) for one, score in reports if withdrawn.of(one.urlkey) is None)

    def _fresh(self) -> _Opened:
        """The newest commit of the index, opened; while one thread opens a newer one the others go on with what is open."""
        opened = self._opened
        if opened and time.monotonic() - self._looked <= self.fresh:
            return opened
        if self._lock.acquire(blocking=opened is None):
            try:
                opened = self._opened = self._newest(self._opened)
                self._looked = time.monotonic()
            finally:
                self._lock.release()
        assert opened
        return opened

    def _newest(self, opened: _Opened | None) -> _Opened:
        attempt = 1
        while True:
            folder = current(self.home.index)
            try:
                return self._at(folder, opened)
            except (DamagedIndexError, FileNotFoundError) as exc:
                # A writer may have dropped the files between two looks: look again, then say so.
                if attempt == TRIES:
                    raise _damaged(folder, exc) from exc
                attempt += 1

    def _at(self, folder: Path, opened: _Opened | None) -> _Opened:
        """The newest commit of a generation's folder, its segments as they are where they are open."""
        read_stamp(folder)
        contents = read_contents(folder)
        name = f"{folder.name}.{contents.commit}"
        if opened and name == opened.name:
            return opened
        same = opened if opened and opened.name.partition(".")[0] == folder.name else None
        snapshot = Snapshot(folder, contents, opened=same.snapshot.segments() if same else {})
        if self.warmed:
            warm(snapshot)
        return _Opened(snapshot, name)


class _Opened(NamedTuple):
    snapshot: Snapshot
    name: str  # of the generation, with the commit


def _damaged(folder: Path, exc: Exception) -> NoIndexError:
    if isinstance(exc, NoIndexError):
        return exc
    return DamagedIndexError(f"{folder}: the index cannot be read ({exc}); run: podium index --rebuild")


def _sort(request: SearchRequest, node: Node) -> str:
    """What to sort by: all reports are as relevant as one another."""
    return "newest" if isinstance(node, Everything) and request.sort == "relevance" else request.sort


def check_request(request: SearchRequest, home: Home) -> None:
    """QueryError for a request outside of what can be asked."""
    if request.sort not in SORTS:
        raise QueryError(f"Hits cannot be sorted by {request.sort!r}; sort by {', '.join(SORTS)}.")
    if not 1 <= request.size <= MAX_SIZE:
        raise QueryError(f"A page holds 1 to {MAX_SIZE} hits, not {request.size}.")
    if request.page < 1 or request.page * request.size > MAX_DEPTH:
        raise QueryError(f"Page {request.page} is out of reach: the first {MAX_DEPTH:,} hits can be paged through.")
    if request.date_from and request.date_to and request.date_from > request.date_to:
        raise QueryError(f"No date is both from {request.date_from} on and up to {request.date_to}. Swap the two.")
    if unknown := set(request.trusts) - set(Trust):
        raise QueryError(f"There is no kind of publisher {min(unknown)!r}; the kinds are {', '.join(Trust)}.")
    known = {edition.key for edition in home.collection.editions}
    for key in request.editions:
        if key and key not in known:
            raise QueryError(f"There is no edition {key!r}; the editions are {', '.join(sorted(known))}.")


def _relations(relation: Relation | Literal["any"] | None) -> frozenset[Relation]:
    if relation is None:
        return DEFAULT_RELATIONS
    return frozenset(Relation) if relation == "any" else frozenset({Relation(relation)})


def _filters(request: SearchRequest, relations: frozenset[Relation]) -> Filters:
    values = (request.editions, request.languages, request.publishers, request.trusts)
    chosen = dict(zip(FACETS, values, strict=True))
    return Filters(
        relations={relation.value for relation in relations},
        chosen=chosen,
        first=request.date_from.toordinal() if request.date_from else None,
        last=request.date_to.toordinal() if request.date_to else None,
    )


def _hits(found: Found, withdrawn: Withdrawals) -> tuple[Hit, ...]:
    reports = ((report_of(place.stored), place) for place in found.places)
    return tuple(
        Hit(report=report, score=place.score, title=place.title, fragments=place.fragments)
        for report, place in reports
        if withdrawn.of(report.urlkey) is None  # decided a moment ago, and still in the index
    )


def _coverage(snapshot: Snapshot, relations: frozenset[Relation], missing: str | None) -> Coverage:
    chosen = {relation.value for relation in relations}
    languages = snapshot.columns.totals("language", among=chosen)
    editions = snapshot.columns.totals("edition", among=chosen)
    return Coverage(
        reports=sum(languages.values()),
        languages=tuple(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        editions=tuple(sorted((key, count) for key, count in editions.items() if key)),
        missing=missing,
    )
