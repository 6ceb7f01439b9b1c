"""Searching: a request to a page of hits."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from whoosh.index import FileIndex

from archive import Catalogue, Home, Record, Relation, Report
from indexer.errors import DamagedIndexError, NoIndexError, QueryError
from indexer.executor import Executor, Scores
from indexer.facets import Counts, Facet, Filters, count
from indexer.generations import current, open_whoosh, read_stamp
from indexer.index import generation
from indexer.postings import Reading
from indexer.query import parse_query
from indexer.schema import Row
from indexer.snippets import Fragment, snippets, title_fragment
from indexer.tree import Everything, Leaf, leaves, render

DEFAULT_RELATIONS = frozenset({Relation.EDITION, Relation.RELATED})
SORTS = ("relevance", "newest", "oldest")
MAX_SIZE = 100
MAX_DEPTH = 10_000  # hits that can be paged through
TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest(Record):
    """What is looked for; an empty query finds every report. `relation` None shows those of editions and related ones."""

    query: str = ""
    editions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
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


def search(home: Home, request: SearchRequest) -> SearchPage:
    """Search once; a server keeps a Searcher."""
    with Searcher(home) as searcher:
        return searcher.search(request)


class Searcher:
    """Searches a home, keeping the index open until it moves on. Threads may share one."""

    def __init__(self, home: Home) -> None:
        """A searcher that opens the index at its first search."""
        self.home = home
        self._lock = threading.Lock()
        self._reading: Reading | None = None
        self._executor: Executor | None = None
        self._generation = ""

    @classmethod
    def open(cls, home: Home) -> Searcher:
        """A searcher whose index is open; NoIndexError when there is none."""
        searcher = cls(home)
        with searcher._lock:
            searcher._fresh()
        return searcher

    def close(self) -> None:
        """Let go of the index's files."""
        if self._reading:
            self._reading.close()
        self._reading = self._executor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def search(self, request: SearchRequest) -> SearchPage:
        """The page asked for.

        QueryError for a request that cannot be answered, NoIndexError when there is no index to search.
        """
        _check(request, self.home)
        node = parse_query(request.query)
        # Whoosh's readers share file positions, so one search at a time.
        with self._lock:
            executor = self._fresh()
            scores = executor.scores(node)
            rows, generation = executor.reading.rows, self._generation
        wanted = _relations(request.relation)
        filters = Filters.of(
            editions=request.editions, languages=request.languages, publishers=request.publishers,
            date_from=request.date_from, date_to=request.date_to,
        )  # fmt: skip
        counts = count({doc: rows[doc] for doc in scores if rows[doc].relation in wanted}, filters)
        others = sum(1 for doc in scores if rows[doc].relation not in wanted and not filters.missed(rows[doc]))
        sort = "newest" if isinstance(node, Everything) and request.sort == "relevance" else request.sort
        first = (request.page - 1) * request.size
        shown = _ordered(counts, rows, scores, sort)[first : first + request.size]
        with self.home.catalogue() as catalogue:
            found = list(leaves(node))
            hits = tuple(_hit(catalogue, rows[doc], scores[doc], found) for doc in shown)
        return SearchPage(
            request=request,
            analysed=render(node),
            total=len(counts.passed),
            hits=tuple(hit for hit in hits if hit),
            facets=counts.facets,
            histogram=counts.histogram,
            others=others,
            searched=_coverage((row for row in rows.values() if row.relation in wanted), self.home),
            generation=generation,
        )

    def _fresh(self) -> Executor:
        """The executor of the newest state of the index."""
        for attempt in range(TRIES):
            folder = current(self.home.index)
            try:
                read_stamp(folder)
                whoosh = open_whoosh(folder)
                name = generation(folder, whoosh)
                if self._executor is None or name != self._generation:
                    reading = _read(folder, whoosh)
                    self.close()
                    self._reading, self._executor, self._generation = reading, Executor(reading), name
                return self._executor
            except NoIndexError as exc:
                # A writer may have dropped the files between two looks: look again, then say so.
                if attempt == TRIES - 1 or not isinstance(exc, DamagedIndexError):
                    raise
        raise AssertionError("unreachable")


def _read(folder: Path, whoosh: FileIndex) -> Reading:
    try:
        return Reading(whoosh)
    except Exception as exc:  # damaged segments raise anything
        raise DamagedIndexError(f"{folder}: the index cannot be read ({exc}); run: podium index --rebuild") from exc


def _check(request: SearchRequest, home: Home) -> None:
    """QueryError for a request outside of what can be asked."""
    if request.sort not in SORTS:
        raise QueryError(f"Hits cannot be sorted by {request.sort!r}; sort by {', '.join(SORTS)}.")
    if not 1 <= request.size <= MAX_SIZE:
        raise QueryError(f"A page holds 1 to {MAX_SIZE} hits, not {request.size}.")
    if request.page < 1 or request.page * request.size > MAX_DEPTH:
        raise QueryError(f"Page {request.page} is out of reach: the first {MAX_DEPTH:,} hits can be paged through.")
    if request.date_from and request.date_to and request.date_from > request.date_to:
        raise QueryError(f"No date is both from {request.date_from} on and up to {request.date_to}. Swap the two.")
    known = {edition.key for edition in home.collection.editions}
    for key in request.editions:
        if key and key not in known:
            raise QueryError(f"There is no edition {key!r}; the editions are {', '.join(sorted(known))}.")


def _relations(relation: Relation | Literal["any"] | None) -> frozenset[Relation]:
    if relation is None:
        return DEFAULT_RELATIONS
    return frozenset(Relation) if relation == "any" else frozenset({Relation(relation)})


def _ordered(counts: Counts, rows: dict[int, Row], scores: Scores, sort: str) -> list[int]:
    """The hits in order: by score, or by date with unknown dates last; ties by report id."""

    def by_date(doc: int) -> tuple[bool, int, str]:
        day = rows[doc].published
        return day is None, (day or 0) * (-1 if sort == "newest" else 1), rows[doc].id

    if sort == "relevance":
        return sorted(counts.passed, key=lambda doc: (-scores[doc], rows[doc].id))
    return sorted(counts.passed, key=by_date)


def _hit(catalogue: Catalogue, row: Row, score: float, found: list[Leaf]) -> Hit | None:
    """The hit as shown; None when the report has left the catalogue since it was indexed."""
    report = catalogue.report(row.id)
    version = report and catalogue.version(report.version, report.id)
    if not report or not version:
        return None
    return Hit(
        report=report,
        score=score,
        title=title_fragment(report.title, found, report.language),
        fragments=snippets(version.text, found, report.language),
    )


def _coverage(rows: Iterable[Row], home: Home) -> Coverage:
    rows = list(rows)
    languages = Counter(row.language for row in rows)
    editions = Counter(row.edition for row in rows if row.edition)
    return Coverage(
        reports=len(rows),
        languages=tuple(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        editions=tuple(sorted(editions.items())),
        missing=home.collection.gaps,
    )
