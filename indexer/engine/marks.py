"""Where a query's leaves stand in one document: from the tokens on the axis, without analysing the text again.

What a mark shows is what a reader would take for the word looked for: the same word, whatever its marks, and what
shares its stem.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.analysis import SEPARATOR
from indexer.engine.hits import Int64
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import expand, query_stems
from indexer.segments import Segment
from indexer.snippets import Match, windows
from indexer.tree import Fuzzy, Leaf, Near, Part, Phrase, Prefix, Wildcard, Word

Ranges = list[tuple[int, int]]
Lookup = list[tuple[str, Ranges]]  # a vocabulary, and ranges of its ranks any of which is meant


class Marker:
    """Finds the leaves of one query in documents; what a term is in a segment is looked up once."""

    def __init__(self, snapshot: Snapshot, leaves: Sequence[Leaf]) -> None:
        self.snapshot = snapshot
        self.leaves = leaves
        self._lookups: dict[tuple[int, int], list[tuple[int, Lookup]]] = {}

    def title(self, segment: Segment, document: int) -> list[Match]:
        """The spans in a document's title, by start."""
        return self._spans(segment, int(segment.start[document]), int(segment.body[document]) - 1, range(len(self.leaves)))

    def body(self, segment: Segment, document: int) -> list[Match]:
        """The spans in its text of the leaves that are not of the title only, by start."""
        numbers = [n for n, leaf in enumerate(self.leaves) if not leaf.title]
        return self._spans(segment, int(segment.body[document]), int(segment.start[document + 1]) - 1, numbers)

    def _spans(self, segment: Segment, start: int, stop: int, numbers: Sequence[int]) -> list[Match]:
        spans: list[Match] = []
        for number in numbers:
            leaf = self.leaves[number]
            parts = self._parts(segment, number)
            at = _places(segment, leaf, parts, start, stop)
            if len(at):
                size = leaf.size if isinstance(leaf, Phrase) else 1
                last = np.minimum(at + size, stop) - 1
                starts = segment.token_start[at].tolist()
                ends = (segment.token_start[last].astype(np.int64) + segment.token_width[last]).tolist()
                spans += [Match(a, b, number) for a, b in zip(starts, ends, strict=True)]
        return sorted(spans, key=lambda span: (span[0], -span[1]))

    def _parts(self, segment: Segment, number: int) -> list[tuple[int, Lookup]]:
        """The parts of a leaf, each with its offset and the ranks it stands for in a segment."""
        key = (id(segment), number)
        if key not in self._lookups:
            self._lookups[key] = self._looked_up(segment, self.leaves[number])
        return self._lookups[key]

    def _looked_up(self, segment: Segment, leaf: Leaf) -> list[tuple[int, Lookup]]:
        match leaf:
            case Word(term):
                stems = [_rank(segment, "stem", stem) for stem in query_stems(self.snapshot, term)]
                return [(0, [("plain", _rank(segment, "plain", strip_marks(term))), *(("stem", r) for r in stems if r)])]
            case Phrase(parts):
                return [(part.offset, [_part(segment, part)]) for part in parts]
            case Near(terms):
                return [(0, [("plain", _rank(segment, "plain", strip_marks(term)))]) for term in terms]
            case Prefix() | Wildcard() | Fuzzy():
                return [(0, [("plain", expand(segment.vocabularies["plain"], leaf, bare=True))])]


def _rank(segment: Segment, name: str, term: str) -> Ranges:
    rank = segment.vocabularies[name].rank(term.encode())
    return [(rank, rank + 1)] if rank >= 0 else []


def _part(segment: Segment, part: Part) -> tuple[str, Ranges]:
    """Words are looked up without their marks, units as they are."""
    name, term = ("exact", part.term) if SEPARATOR in part.term else ("plain", strip_marks(part.term))
    return name, [segment.vocabularies[name].prefix(term.encode())] if part.open else _rank(segment, name, term)


def _places(segment: Segment, leaf: Leaf, parts: list[tuple[int, Lookup]], start: int, stop: int) -> Int64:
    match leaf:
        case Phrase():
            return _together(segment, parts, start, stop)
        case Near(_, distance):
            return _near(segment, parts, distance, start, stop)
    return _any(segment, parts, start, stop)


def _near(segment: Segment, parts: list[tuple[int, Lookup]], distance: int, start: int, stop: int) -> Int64:
    """The words that stand in a window."""
    places = [np.flatnonzero(_holds(segment, lookup, start, stop)) for _, lookup in parts]
    found = windows([at.tolist() for at in places], distance)
    every = np.unique(np.concatenate(places))
    inside = np.array([any(first <= at <= last for first, last in found) for at in every.tolist()], bool)
    return every[inside] + start


def _any(segment: Segment, parts: list[tuple[int, Lookup]], start: int, stop: int) -> Int64:
    found = np.zeros(stop - start, bool)
    for _, lookup in parts:
        found |= _holds(segment, lookup, start, stop)
    return np.flatnonzero(found) + start


def _together(segment: Segment, parts: list[tuple[int, Lookup]], start: int, stop: int) -> Int64:
    found: NDArray[np.bool_] | None = None
    for offset, lookup in parts:
        holds = _holds(segment, lookup, start, stop)
        shifted = np.zeros(stop - start, bool)
        if offset < stop - start:
            shifted[: stop - start - offset] = holds[offset:]
        found = shifted if found is None else found & shifted
    return np.flatnonzero(found) + start if found is not None else np.empty(0, np.int64)


def _holds(segment: Segment, lookup: Lookup, start: int, stop: int) -> NDArray[np.bool_]:
    found = np.zeros(stop - start, bool)
    for name, ranges in lookup:
        token: NDArray[Any] = segment.vocabularies[name].token[start:stop]
        if len(ranges) > 8:
            found |= np.isin(token, [rank for low, high in ranges for rank in range(low, high)])
            continue
        for low, high in ranges:
            found |= (token == low) if high - low == 1 else (token >= low) & (token < high)
    return found
