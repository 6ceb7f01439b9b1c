"""Ids that are gone and what took their place, so that permalinks and decisions survive a change of rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from archive import Version, fold_plain

SHARED = 0.5  # of the longer of two quotes that must be the same words


class Worded(Protocol):
    """A quote, or what is left of one that was corrected away."""

    @property
    def id(self) -> str: ...
    @property
    def report(self) -> str: ...
    @property
    def text(self) -> str: ...


def renamed_quotes(before: Iterable[Worded], after: Iterable[Worded]) -> Iterator[tuple[str, str]]:
    """Pairs of an id that is gone and that of the quote of the same report that has most of its words."""
    now: dict[str, list[Worded]] = {}
    for quote in after:
        now.setdefault(quote.report, []).append(quote)
    kept = {quote.id for quotes in now.values() for quote in quotes}
    for gone in {quote.id: quote for quote in before if quote.id not in kept}.values():
        best = max(now.get(gone.report, ()), key=lambda quote: (_shared(gone, quote), quote.id), default=None)
        if best and _shared(gone, best) >= SHARED:
            yield gone.id, best.id


def _shared(one: Worded, other: Worded) -> float:
    """How much of the longer text the shorter is, where it stands in it; 0 where it does not."""
    short, long = sorted((fold_plain(one.text), fold_plain(other.text)), key=len)
    return len(short) / len(long) if short and short in long else 0.0


def renamed_reports(
    before: Mapping[str, Sequence[Version]], after: Iterable[Version], kept: set[str]
) -> Iterator[tuple[str, str]]:
    """Pairs of a report's id that is gone and that of the report which has its captures now."""
    holding = {capture: version.report for version in after for capture in version.captures}
    for id, versions in before.items():
        if id not in kept:
            heirs = [holding[c] for version in versions for c in version.captures if c in holding]
            if heirs:
                yield id, heirs[-1]
