"""Filters, facets and the histogram of hits.

A facet counts the hits that pass every filter but its own, so that it shows what choosing another value would find;
the histogram, likewise, leaves the dates aside.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.columns import OTHER, SHOWN, YEAR
from indexer.engine.hits import Hits, Int64
from indexer.engine.snapshot import Snapshot

FACETS = ("edition", "language", "publisher", "trust")

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits are narrowed by. `chosen` values by facet, an empty set narrowing nothing; ordinals of days."""

    relations: Collection[str]
    chosen: Mapping[str, Collection[str]]
    first: int | None = None
    last: int | None = None

    @property
    def dated(self) -> bool:
        """Whether dates narrow."""
        return self.first is not None or self.last is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """Hits that pass: `documents` int64 [hits] with their `scores` float32 [hits]; totals, facets and years."""

    documents: Int64
    scores: NDArray[np.float32]
    total: int
    others: int  # of other relations
    facets: dict[str, list[tuple[str, int]]]
    years: list[tuple[int, int]]  # rising; hits without a date in none


def count(snapshot: Snapshot, hits: Hits, filters: Filters) -> Counts:
    """Filter and count hits; deleted documents are in none of the numbers."""
    documents, scores = hits.sparse()
    standing = snapshot.columns.standing(filters.relations)[documents]
    passing = _passing(snapshot, documents, filters)
    if passing:
        return _narrowed(snapshot, documents, scores, standing, passing)
    numbers = np.bincount(standing, minlength=SHOWN + 1)
    total = int(numbers[SHOWN])
    if total < len(documents):
        shown = standing == SHOWN
        documents, scores = documents.compress(shown), scores.compress(shown)
    counts = snapshot.columns.all_counts(documents)
    return Counts(
        documents=documents,
        scores=scores,
        total=total,
        others=int(numbers[OTHER]),
        facets={name: counts[name] for name in FACETS},
        years=_years(counts[YEAR]),
    )


def _narrowed(
    snapshot: Snapshot,
    documents: Int64,
    scores: NDArray[np.float32],
    standing: NDArray[np.uint8],
    passing: dict[str, Bools],
) -> Counts:
    """The counts under filters beside the relations, by name."""
    columns = snapshot.columns
    every = _all(passing)
    shown = standing == SHOWN
    kept = every & shown
    return Counts(
        documents=documents[kept],
        scores=scores[kept],
        total=int(np.count_nonzero(kept)),
        others=int(np.count_nonzero(every & (standing == OTHER))),
        facets={name: columns.counts(name, documents[shown & _all(passing, but=name)]) for name in FACETS},
        years=_years(columns.counts(YEAR, documents[shown & _all(passing, but=YEAR)])),
    )


def _passing(snapshot: Snapshot, documents: Int64, filters: Filters) -> dict[str, Bools]:
    """For each filter that narrows, by the name of its column: which documents pass it."""
    columns = snapshot.columns
    passing = {
        name: columns.chosen(name, values)[columns.codes[name][documents]]
        for name, values in filters.chosen.items()
        if values
    }
    if filters.dated:
        passing[YEAR] = _within(snapshot.dates[documents], filters)
    return passing


def _within(dates: NDArray[np.int32], filters: Filters) -> Bools:
    known = dates > 0
    if filters.first is not None:
        known &= dates >= filters.first
    if filters.last is not None:
        known &= dates <= filters.last
    return known


def _all(passing: Mapping[str, Bools], *, but: str | None = None) -> Bools | np.bool_:
    result: Bools | np.bool_ = np.True_
    for name, passes in passing.items():
        if name != but:
            result = result & passes
    return result


def _years(counts: list[tuple[str, int]]) -> list[tuple[int, int]]:
    return [(int(year), number) for year, number in counts if year]
