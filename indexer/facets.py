"""Facets as they are shown: the values of a field over the hits, in their order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive import Record


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


def facet(name: str, values: Iterable[tuple[str, int]]) -> Facet:
    """The facet of counted values."""
    if name == "edition":
        # Newest first, reports of no edition last ("" is the least key).
        ordered = sorted(values, reverse=True)
    else:
        ordered = sorted(values, key=lambda item: (-item[1], item[0]))
    return Facet(name=name, values=tuple(FacetValue(value=value, count=number) for value, number in ordered))
