"""Filters, facets and the histogram of a set of hits, in one pass over their rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archive import Record
from indexer.schema import Row

FACETS = ("edition", "language", "publisher")
DATE = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue(Record):
    """A value and how many hits carry it; the value is "" where a report has none."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet(Record):
    """The values of one field over the hits: editions newest first, the others by count."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits are narrowed by; an empty set narrows nothing."""

    chosen: Mapping[str, frozenset[str]]  # by name of facet
    first: int | None  # ordinal of the earliest date
    last: int | None

    @classmethod
    def of(
        cls,
        *,
        editions: Iterable[str],
        languages: Iterable[str],
        publishers: Iterable[str],
        date_from: dt.date | None,
        date_to: dt.date | None,
    ) -> Filters:
        """The filters of a request."""
        chosen = dict(zip(FACETS, map(frozenset, (editions, languages, publishers)), strict=True))
        return cls(
            chosen=chosen,
            first=date_from.toordinal() if date_from else None,
            last=date_to.toordinal() if date_to else None,
        )

    def missed(self, row: Row) -> list[str]:
        """The names of the filters that `row` does not pass."""
        missed = [name for name, values in self.chosen.items() if values and getattr(row, name) not in values]
        if not self._dated(row.published):
            missed.append(DATE)
        return missed

    def _dated(self, published: int | None) -> bool:
        if self.first is None and self.last is None:
            return True
        if published is None:
            return False
        return (self.first is None or published >= self.first) and (self.last is None or published <= self.last)


@dataclass(frozen=True, slots=True)
class Counts:
    """Hits that pass all filters, with facets and histogram.

    A facet counts the hits that pass every filter but its own, so that it shows what choosing another value
    would find; the histogram, likewise, leaves the dates aside.
    """

    passed: tuple[int, ...]
    facets: tuple[Facet, ...]
    histogram: tuple[tuple[int, int], ...]  # year, count; hits without a date in none


def count(rows: Mapping[int, Row], filters: Filters) -> Counts:
    """Count the hits given by document."""
    passed: list[int] = []
    counters: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    years: Counter[int] = Counter()
    for doc, row in rows.items():
        missed = filters.missed(row)
        if not missed:
            passed.append(doc)
        elif len(missed) > 1:
            continue
        for name in FACETS:
            if not missed or missed[0] == name:
                counters[name][getattr(row, name)] += 1
        if row.published is not None and (not missed or missed[0] == DATE):
            years[dt.date.fromordinal(row.published).year] += 1
    facets = tuple(Facet(name=name, values=_values(name, counters[name])) for name in FACETS)
    return Counts(tuple(passed), facets, tuple(sorted(years.items())))


def _values(name: str, counter: Counter[str]) -> tuple[FacetValue, ...]:
    if name == "edition":
        # Newest first, reports of no edition last ("" is the least key).
        ordered = sorted(counter.items(), reverse=True)
    else:
        ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value=value, count=number) for value, number in ordered)
