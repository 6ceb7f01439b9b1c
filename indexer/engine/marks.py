"""Where a query's leaves stand in one document: from the tokens on the axis, without analysing the text again.

What a mark shows is what a reader would take for the word looked for: the same word, whatever its marks, and what
shares its stem.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.analysis import SEPARATOR
from indexer.engine.hits import Int64
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import expand, query_stems
from indexer.segments import Segment
from indexer.snippets import Place, windows
from indexer.tree import Fuzzy, Leaf, Near, Part, Phrase, Prefix, Wildcard, Word

MANY = 8  # ranges from which on one look-up in all beats one in each
Ranges = list[tuple[int, int]]
Lookup = list[tuple[str, Ranges]]  # a vocabulary, and ranges of its ranks any of which is meant
Marks = tuple[list[Place], list[Place]]  # in the title, in the text


def mark(snapshot: Snapshot, leaves: Sequence[Leaf], segment: Segment, documents: Sequence[int]) -> list[Marks]:
    """The matches in each of a segment's documents, by start; leaves of the title only are not marked in texts.

    The documents' tokens are laid side by side, gaps and all, so that a leaf is looked for in all of them at once.
    """
    shown = _Shown(segment, documents)
    found: list[Marks] = [([], []) for _ in documents]
    several = False
    for number, leaf in enumerate(leaves):
        at = shown.places(leaf, _looked_up(snapshot, segment, leaf))
        if not len(at):
            continue
        size = leaf.size if isinstance(leaf, Phrase) else 1
        of, in_body, starts, ends = shown.spans(at, size)
        # Places rise by document, and within one the title's come first.
        groups = (2 * of + in_body).tolist()
        places = list(zip(starts.tolist(), ends.tolist(), repeat(number)))
        for group in dict.fromkeys(groups):
            n, body = divmod(group, 2)
            if not (body and leaf.title):
                found[n][body].extend(places[bisect_left(groups, group) : bisect_right(groups, group)])
        several = several or number > 0
    if several:
        for marks in found:
            for matches in marks:
                matches.sort(key=_by_start)
    return found


def _by_start(place: Place) -> tuple[int, int]:
    return place[0], -place[1]


class _Shown:
    """The axis positions of a few documents of one segment: `at` int64 [positions], `of` the document of each."""

    def __init__(self, segment: Segment, documents: Sequence[int]) -> None:
        self.segment = segment
        chosen = np.array(documents, np.int64)
        starts = segment.start[chosen].astype(np.int64)
        sizes = segment.start[chosen + 1].astype(np.int64) - starts
        self.bodies = segment.body[chosen].astype(np.int64)
        self.first = np.cumsum(sizes) - sizes
        self.of = np.repeat(np.arange(len(chosen)), sizes)
        self.at = np.arange(int(sizes.sum())) + np.repeat(starts - self.first, sizes)
        self._tokens: dict[str, NDArray[np.int32]] = {}

    def tokens(self, name: str) -> NDArray[np.int32]:
        """The ranks of a vocabulary at the positions."""
        if name not in self._tokens:
            self._tokens[name] = self.segment.vocabularies[name].token[self.at]
        return self._tokens[name]

    def places(self, leaf: Leaf, parts: list[tuple[int, Lookup]]) -> Int64:
        """Where a leaf begins, as indices of the positions."""
        match leaf:
            case Phrase():
                return self._together(parts)
            case Near(_, distance):
                return self._near(parts, distance)
        return np.flatnonzero(self._holds(parts[0][1]))

    def spans(self, places: Int64, size: int) -> tuple[Int64, NDArray[np.bool_], Int64, Int64]:
        """Of each place the document, whether it is in the text, and start and end of `size` tokens there."""
        of = self.of[places]
        at = self.at[places]
        starts = self.segment.token_start[at].astype(np.int64)
        last = at if size == 1 else at + (size - 1)
        ends = (starts if size == 1 else self.segment.token_start[last].astype(np.int64)) + self.segment.token_width[
            last
        ]
        return of, at >= self.bodies[of], starts, ends

    def _together(self, parts: list[tuple[int, Lookup]]) -> Int64:
        size = len(self.at)
        found = np.zeros(size, bool)
        # No part is a gap, so that a phrase cannot reach from one text into the next.
        whole = max(0, size - parts[-1][0])
        inside = found[:whole]
        for n, (offset, lookup) in enumerate(parts):
            holds = self._holds(lookup)[offset : offset + whole]
            if n:
                inside &= holds
            else:
                inside[:] = holds
        return found.nonzero()[0]

    def _near(self, parts: list[tuple[int, Lookup]], distance: int) -> Int64:
        """The words that stand in a window of one title or text."""
        masks = [self._holds(lookup) for _, lookup in parts]
        kept = [np.empty(0, np.int64)]
        for first, stop in self._texts():
            places = [np.flatnonzero(mask[first:stop]) for mask in masks]
            found = windows([at.tolist() for at in places], distance)
            every = np.unique(np.concatenate(places))
            kept.append(first + every[[any(a <= at <= b for a, b in found) for at in every.tolist()]])
        return np.concatenate(kept)

    def _texts(self) -> Iterator[tuple[int, int]]:
        """Where each title and each text begins and ends among the positions."""
        gaps = np.flatnonzero(self.tokens("exact") < 0).tolist()
        return zip([0, *(gap + 1 for gap in gaps)], gaps, strict=False)

    def _holds(self, lookup: Lookup) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] | None = None
        for name, ranges in lookup:
            if ranges:
                holds = _in_ranges(self.tokens(name), ranges)
                found = holds if found is None else found | holds
        return np.zeros(len(self.at), bool) if found is None else found


def _in_ranges(token: NDArray[np.int32], ranges: Ranges) -> NDArray[np.bool_]:
    """Which tokens are of any of the ranges."""
    if len(ranges) > MANY:
        return np.isin(token, [rank for low, high in ranges for rank in range(low, high)])
    found: NDArray[np.bool_] | None = None
    for low, high in ranges:
        holds = token == low if high - low == 1 else (token >= low) & (token < high)
        found = holds if found is None else found | holds
    assert found is not None
    return found


def _looked_up(snapshot: Snapshot, segment: Segment, leaf: Leaf) -> list[tuple[int, Lookup]]:
    """The parts of a leaf: each with its offset and what it stands for in a segment."""
    match leaf:
        case Word(term):
            stems = [("stem", _rank(segment, "stem", stem)) for stem in query_stems(snapshot, term)]
            return [(0, [("plain", _rank(segment, "plain", strip_marks(term).encode())), *stems])]
        case Phrase(parts):
            return [(part.offset, [_part(segment, part)]) for part in parts]
        case Near(terms):
            return [(0, [("plain", _rank(segment, "plain", strip_marks(term).encode()))]) for term in terms]
        case Prefix() | Wildcard() | Fuzzy():
            return [(0, [("plain", expand(segment.vocabularies["plain"], leaf, bare=True))])]


def _rank(segment: Segment, name: str, term: bytes) -> Ranges:
    rank = segment.vocabularies[name].rank(term)
    return [(rank, rank + 1)] if rank >= 0 else []


def _part(segment: Segment, part: Part) -> tuple[str, Ranges]:
    """Words are looked up without their marks, units as they are."""
    name, term = ("exact", part.term) if SEPARATOR in part.term else ("plain", strip_marks(part.term))
    return name, [segment.vocabularies[name].prefix(term.encode())] if part.open else _rank(
        segment, name, term.encode()
    )
