"""Where a query's leaves stand in the documents shown: from the tokens on the axis, without analysing texts again.

What a mark shows is what a reader would take for the word looked for: the same word, whatever its marks, and what
shares its stem.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.analysis import SEPARATOR
from indexer.engine.hits import Int64
from indexer.engine.postings import word_postings
from indexer.engine.snapshot import Snapshot
from indexer.engine.snippets import Matches
from indexer.engine.words import expand
from indexer.segments import Segment
from indexer.standing import in_windows, windows
from indexer.tree import Fuzzy, Leaf, Near, Part, Phrase, Prefix, Wildcard, Word

MANY = 8  # ranges from which on one look-up in all beats one in each
Ranges = list[tuple[int, int]]
Lookup = list[tuple[str, Ranges]]  # a vocabulary, and ranges of its ranks any of which is meant
Bools = NDArray[np.bool_]
NONE = Matches((), (), ())


class Marks:
    """Where leaves stand in a few titles and texts."""

    def __init__(self, places: Int64, edges: Sequence[int]) -> None:
        """`places` int64 [3, places]: start, end and the leaf's number, text by text, in each by start; those of text n
        from `edges[n]` to `edges[n + 1]`.
        """
        self._starts, self._ends, self._leaves = places.tolist()
        self._edges = edges

    def of(self, n: int) -> Matches:
        """The places in text n."""
        first, stop = self._edges[n], self._edges[n + 1]
        if first == stop:
            return NONE
        return Matches(self._starts[first:stop], self._ends[first:stop], self._leaves[first:stop])


def mark(snapshot: Snapshot, leaves: Sequence[Leaf], documents: Sequence[int]) -> Marks:
    """Where the leaves stand in documents whose numbers rise: in the title of the n-th as text 2n, in its text as 2n + 1.

    Leaves of the title only are not marked in texts. The documents' tokens are laid side by side, gaps and all, so that
    a leaf is looked for in all of them at once.
    """
    if not documents or not leaves:
        return Marks(np.empty((3, 0), np.int64), [0] * (2 * len(documents) + 1))
    shown = _Shown(snapshot, documents)
    found = [shown.places(leaf) for leaf in leaves]
    if len(found) == 1:
        return shown.marks(found[0], np.zeros(len(found[0]), np.int64), leaves)
    at = np.concatenate(found)
    order = at.argsort(kind="stable")  # of runs that rise: they are merged
    number = np.arange(len(found)).repeat([len(places) for places in found])
    return shown.marks(at.take(order), number.take(order), leaves)


class _Shown:
    """The axis positions of a few documents, which rise, one document behind the other."""

    def __init__(self, snapshot: Snapshot, documents: Sequence[int]) -> None:
        self.snapshot = snapshot
        self.parts: list[_OfSegment] = []
        for number, part in enumerate(snapshot.parts):
            stop = part.base + part.segment.count
            if local := [d - part.base for d in documents if part.base <= d < stop]:
                self.parts.append(_OfSegment(snapshot, number, local))
        sizes = [size for part in self.parts for size in part.sizes]
        edges = list(accumulate(sizes))
        self.size = edges[-1]
        # Where each title ends, and each text, which follows it; and what its positions lack to be those of the axis.
        self.edges = np.array(edges)
        begins = [start for part in self.parts for start in part.starts]
        self.shifts = np.array([begin + size - edge for begin, size, edge in zip(begins, sizes, edges, strict=True)])
        self.firsts = list(accumulate((len(part.sizes) for part in self.parts), initial=0))  # texts of each segment

    def places(self, leaf: Leaf) -> Int64:
        """The positions at which a leaf begins, rising."""
        found = [part.holds(leaf) for part in self.parts]
        masks = [_joined([of_part[n] for of_part in found]) for n in range(len(found[0]))]
        match leaf:
            case Phrase(parts):
                return self._together([part.offset for part in parts], masks)
            case Near(_, distance):
                return self._near(masks, distance)
        return masks[0].nonzero()[0]

    def marks(self, at: Int64, number: Int64, leaves: Sequence[Leaf]) -> Marks:
        """The marks of positions, rising, at each of which the leaf of that number begins."""
        text = self.edges.searchsorted(at, side="right")
        if any(leaf.title for leaf in leaves):
            shown = (text % 2 == 0) | ~np.array([leaf.title for leaf in leaves])[number]
            at, number, text = at.compress(shown), number.compress(shown), text.compress(shown)
        edges = text.searchsorted(np.arange(len(self.edges) + 1)).tolist()
        first = at + self.shifts[text]
        last = first
        if any(isinstance(leaf, Phrase) for leaf in leaves):
            last = first + np.array([leaf.size - 1 if isinstance(leaf, Phrase) else 0 for leaf in leaves])[number]
        places = np.empty((3, len(at)), np.int64)
        for part, (low, high) in zip(self.parts, pairwise(self.firsts), strict=True):
            of_part = slice(edges[low], edges[high])
            starts, ends = part.segment.token_start, last[of_part]
            places[0, of_part] = starts[first[of_part]]
            places[1, of_part] = starts[ends]
            places[1, of_part] += part.segment.token_width[ends]
        places[2] = number
        return Marks(places, edges)

    def _together(self, offsets: Sequence[int], masks: Sequence[Bools]) -> Int64:
        # No part is a gap, so that a phrase cannot reach from one text into the next.
        whole = max(0, self.size - offsets[-1])
        found = masks[0][offsets[0] : offsets[0] + whole]
        for offset, mask in zip(offsets[1:], masks[1:], strict=True):
            found = found & mask[offset : offset + whole]
        return found.nonzero()[0]

    def _near(self, masks: Sequence[Bools], distance: int) -> Int64:
        """The words that stand in a window of one title or text."""
        kept = [np.empty(0, np.int64)]
        for first, stop in pairwise([0, *self.edges.tolist()]):
            places = [np.flatnonzero(mask[first:stop]) for mask in masks]
            found = windows([at.tolist() for at in places], distance)
            every = np.unique(np.concatenate(places)).tolist()
            kept.append(first + np.array(in_windows(every, found), np.int64))
        return np.concatenate(kept)


class _OfSegment:
    """The positions of a few documents of one segment."""

    def __init__(self, snapshot: Snapshot, number: int, documents: Sequence[int]) -> None:
        self.snapshot = snapshot
        self.number = number
        self.segment = segment = snapshot.parts[number].segment
        starts, bodies = segment.starts, segment.bodies
        self._slices = [slice(starts[d], starts[d + 1]) for d in documents]
        # Of each title and each text, with the gap behind it.
        self.starts = [n for d in documents for n in (starts[d], bodies[d])]
        self.sizes = [n for d in documents for n in (bodies[d] - starts[d], starts[d + 1] - bodies[d])]
        self._tokens: dict[str, NDArray[np.int32]] = {}

    def slices(self, array: NDArray[Any]) -> NDArray[Any]:
        """What stands in an array of the axis at the positions."""
        return _joined([array[part] for part in self._slices])

    def holds(self, leaf: Leaf) -> list[Bools]:
        """At which positions each part of a leaf stands."""
        return [self._any(lookup) for lookup in _looked_up(self.snapshot, self.number, leaf)]

    def _any(self, lookup: Lookup) -> Bools:
        found: Bools | None = None
        for name, ranges in lookup:
            if ranges:
                if name not in self._tokens:
                    self._tokens[name] = self.slices(self.segment.vocabularies[name].token)
                holds = _in_ranges(self._tokens[name], ranges)
                found = holds if found is None else found | holds
        return np.zeros(sum(self.sizes), bool) if found is None else found


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if len(arrays) > 1 else arrays[0]


def _in_ranges(token: NDArray[np.int32], ranges: Ranges) -> Bools:
    """Which tokens are of any of the ranges."""
    if len(ranges) > MANY:
        return np.isin(token, [rank for low, high in ranges for rank in range(low, high)])
    found: Bools | None = None
    for low, high in ranges:
        holds = token == low if high - low == 1 else (token >= low) & (token < high)
        found = holds if found is None else found | holds
    assert found is not None
    return found


def _looked_up(snapshot: Snapshot, number: int, leaf: Leaf) -> list[Lookup]:
    """What each part of a leaf stands for in a segment."""
    segment = snapshot.parts[number].segment
    match leaf:
        case Word(term):
            rank, stems = word_postings(snapshot, term).ranks[number]
            plain = [(rank, rank + 1)] if rank >= 0 else []
            return [[("plain", plain), ("stem", [(rank, rank + 1) for rank in stems])]]
        case Phrase(parts):
            return [[_part(segment, part)] for part in parts]
        case Near(terms):
            return [[("plain", _rank(segment, "plain", strip_marks(term).encode()))] for term in terms]
        case Prefix() | Wildcard() | Fuzzy():
            return [[("plain", expand(segment.vocabularies["plain"], leaf, bare=True))]]


def _rank(segment: Segment, name: str, term: bytes) -> Ranges:
    rank = segment.vocabularies[name].rank(term)
    return [(rank, rank + 1)] if rank >= 0 else []


def _part(segment: Segment, part: Part) -> tuple[str, Ranges]:
    """Words are looked up without their marks, units as they are."""
    name, term = ("exact", part.term) if SEPARATOR in part.term else ("plain", strip_marks(part.term))
    return name, [segment.vocabularies[name].prefix(term.encode())] if part.open else _rank(
        segment, name, term.encode()
    )
