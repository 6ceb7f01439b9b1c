"""The columns of a snapshot: each document's facet values and year as codes, from which hits are filtered and counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.segments.build import small
from indexer.segments.chunk import FACETS
from indexer.segments.segment import Segment

YEAR = "year"
RELATION = "relation"
DEAD, OTHER, SHOWN = 0, 1, 2  # how a document stands to the relations that are asked for

Int64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """`codes[name]` unsigned [documents] are indices into `values[name]`; `live` bool [documents].

    `table` unsigned [documents, columns] holds the codes of a document side by side, each column's counted on from the
    one before, so that all of them are read and counted at once.
    """

    codes: dict[str, NDArray[Any]]
    values: dict[str, list[str]]
    live: NDArray[np.bool_]
    table: NDArray[Any]
    _standing: dict[frozenset[str], NDArray[np.uint8]] = field(default_factory=dict)
    _totals: dict[tuple[str, frozenset[str]], dict[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, segments: Sequence[Segment], dates: NDArray[np.int32], live: NDArray[np.bool_]) -> Columns:
        """The columns of segments laid one behind the other; `dates` are their documents' ordinals, 0 unknown."""
        codes, values = {}, {}
        for facet in FACETS:
            codes[facet], values[facet] = _joined(segments, facet)
        days, day = np.unique(dates, return_inverse=True)
        years = np.array([dt.date.fromordinal(d).year if d else 0 for d in days.tolist()], np.int64)
        distinct, year = np.unique(years, return_inverse=True)
        codes[YEAR], values[YEAR] = year[day], [str(y) if y else "" for y in distinct.tolist()]
        firsts = accumulate(map(len, values.values()), initial=0)
        table = np.stack([column + first for column, first in zip(codes.values(), firsts, strict=False)], axis=1)
        return cls({name: small(column) for name, column in codes.items()}, values, live, small(table))

    def standing(self, relations: Collection[str]) -> NDArray[np.uint8]:
        """DEAD, OTHER or SHOWN uint8 [documents]: of none, another or one of these relations."""
        key = frozenset(relations)
        if key not in self._standing:
            shown = self.chosen(RELATION, key)[self.codes[RELATION]]
            self._standing[key] = np.where(self.live, np.where(shown, SHOWN, OTHER), DEAD).astype(np.uint8)
        return self._standing[key]

    def chosen(self, name: str, values: Collection[str]) -> NDArray[np.bool_]:
        """Which codes of a column stand for one of these values: bool [codes]."""
        return np.array([value in values for value in self.values[name]], bool)

    def counts(self, name: str, documents: Int64) -> list[tuple[str, int]]:
        """The values that documents have in a column, and how many have each."""
        return _named(self.values[name], np.bincount(self.codes[name].take(documents)).tolist())

    def all_counts(self, documents: Int64) -> dict[str, list[tuple[str, int]]]:
        """The same for every column, by name."""
        counts = np.bincount(self.table.take(documents, axis=0).ravel()).tolist()
        found, first = {}, 0
        for name, values in self.values.items():
            found[name] = _named(values, counts[first : first + len(values)])
            first += len(values)
        return found

    def totals(self, name: str, *, among: Collection[str] | None = None) -> dict[str, int]:
        """Live documents by value of a column, values without any left out; `among` those of some relations."""
        key = name, frozenset(self.values[RELATION] if among is None else among)
        if key not in self._totals:
            self._totals[key] = dict(self.counts(name, np.flatnonzero(self.standing(key[1]) == SHOWN)))
        return self._totals[key]


def _named(values: Sequence[str], counts: Sequence[int]) -> list[tuple[str, int]]:
    return [(value, count) for value, count in zip(values, counts, strict=False) if count]


def _joined(segments: Sequence[Segment], facet: str) -> tuple[Int64, list[str]]:
    """A facet's codes over all segments, and the values they stand for."""
    known: dict[str, int] = {}
    parts = [
        np.array([known.setdefault(value, len(known)) for value in segment.values[facet]], np.int64)[
            segment.codes[facet]
        ]
        for segment in segments
    ]
    return (np.concatenate(parts) if parts else np.empty(0, np.int64)), list(known)
