"""Filters, facets and the histogram of hits: one pass over the documents, the rest over their combinations.

A facet counts the hits that pass every filter but its own, so that it shows what choosing another value would find;
the histogram, likewise, leaves the dates aside.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.hits import Hits, Int64
from indexer.engine.snapshot import DEAD, YEAR, Combinations, Snapshot

FACETS = ("edition", "language", "publisher")
RELATION = "relation"

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
    """Hits that pass: `documents` int64 and `places` among the hits given; totals, facets and years."""

    documents: Int64
    scores: NDArray[np.float32]
    total: int
    others: int  # of other relations
    facets: dict[str, list[tuple[str, int]]]
    years: list[tuple[int, int]]  # rising; hits without a date in none


def count(snapshot: Snapshot, hits: Hits, filters: Filters) -> Counts:
    """Filter and count hits; deleted documents are in none of the numbers."""
    table = snapshot.combinations
    documents, scores = hits.sparse()
    combination = table.of_document[documents]
    sizes = np.bincount(combination, minlength=len(table.sizes))
    sizes[DEAD] = 0
    within: Bools | None = None
    dated = sizes
    if filters.dated:
        within = _within(snapshot.dates[documents], filters)
        dated = np.bincount(combination[within], minlength=len(table.sizes))
        dated[DEAD] = 0
    related = _passing(table, RELATION, filters.relations)
    passing = {name: _passing(table, name, values) for name, values in filters.chosen.items() if values}
    every = _all(passing)
    passes = related & every
    kept = passes[combination]
    if within is not None:
        kept &= within
    return Counts(
        documents=documents[kept],
        scores=scores[kept],
        total=int(dated[passes].sum()),
        others=int(dated[every & ~related].sum()),
        facets={name: _values(table, name, dated * (related & _all(passing, but=name))) for name in FACETS},
        years=[(int(year), n) for year, n in sorted(_values(table, YEAR, sizes * passes)) if year],
    )


def _within(dates: NDArray[np.int32], filters: Filters) -> Bools:
    known = dates > 0
    if filters.first is not None:
        known &= dates >= filters.first
    if filters.last is not None:
        known &= dates <= filters.last
    return known


def _passing(table: Combinations, name: str, values: Collection[str]) -> Bools:
    """The combinations whose value is among those; DEAD never."""
    wanted = np.array([value in values for value in table.values[name]] or [False])
    passing: Bools = wanted[table.codes[name]]
    passing[DEAD] = False
    return passing


def _all(passing: Mapping[str, Bools], *, but: str | None = None) -> Bools | np.bool_:
    result: Bools | np.bool_ = np.True_
    for name, passes in passing.items():
        if name != but:
            result = result & passes
    return result


def _values(table: Combinations, name: str, sizes: NDArray[np.int64]) -> list[tuple[str, int]]:
    """The values of a facet that any of these combinations has, with their documents."""
    counts = np.bincount(table.codes[name], sizes, minlength=len(table.values[name]))
    values = table.values[name]
    return [(values[n], int(counts[n])) for n in np.flatnonzero(counts).tolist()]
