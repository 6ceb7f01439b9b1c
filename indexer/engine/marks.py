"""Where a query's leaves stand in the documents shown: from the tokens on the axis, without analysing texts again.

What a mark shows is what a reader would take for the word looked for: the same word, whatever its marks, and what
shares its stem.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.analysis import SEPARATOR
from indexer.engine.hits import Int64
from indexer.engine.postings import word_postings
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import expand
from indexer.segments import Segment
from indexer.standing import in_windows, windows
from indexer.tree import Fuzzy, Leaf, Near, Part, Phrase, Prefix, Wildcard, Word

MANY = 8  # ranges from which on one look-up in all beats one in each
Ranges = list[tuple[int, int]]
Lookup = list[tuple[str, Ranges]]  # a vocabulary, and ranges of its ranks any of which is meant
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Marks:
    """Where leaves stand in a few titles and texts: `places` int64 [3, places]: start, end and the leaf's number, text by
    text, in each by start, those that start together the longest first; of text n from `edges[n]` to `edges[n + 1]`.
    """

    places: Int64
    edges: Sequence[int]

    def of(self, n: int) -> Int64:
        """The places in text n."""
        return self.places[:, self.edges[n] : self.edges[n + 1]]


def mark(snapshot: Snapshot, leaves: Sequence[Leaf], documents: Sequence[int]) -> Marks:
    """Where the leaves stand in documents whose numbers rise: in the title of the n-th as text 2n, in its text as 2n + 1.

    Leaves of the title only are not marked in texts. The documents' tokens are laid side by side, gaps and all, so that
    a leaf is looked for in all of them at once.
    """
    if not documents or not leaves:
        return Marks(np.empty((3, 0), np.int64), [0] * (2 * len(documents) + 1))
    shown = _Shown(snapshot, documents)
    found = [shown.spans(number, leaf) for number, leaf in enumerate(leaves)]
    spans = found[0]
    if len(found) > 1:
        spans = np.concatenate(found, axis=1)
        text, start, end, _ = spans
        key = (text << 48) + (start << 16) - np.minimum(end - start, 0xFFFF)
        spans = spans.take(key.argsort(kind="stable"), axis=1)  # of runs that are sorted: they are merged
    return Marks(spans[1:], spans[0].searchsorted(np.arange(2 * len(documents) + 1)).tolist())


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

    def spans(self, number: int, leaf: Leaf) -> Int64:
        """Where a leaf stands: int64 [4, places]: the text, titles even and texts odd; start; end; the leaf's number."""
        places = self._places(leaf)
        text = self.edges.searchsorted(places, side="right")
        if leaf.title:
            in_title = text % 2 == 0
            places, text = places.compress(in_title), text.compress(in_title)
        spans = np.empty((4, len(places)), np.int64)
        spans[0] = text
        at = places + self.shifts[text]
        last = at + (leaf.size - 1) if isinstance(leaf, Phrase) else at
        for part, (first, stop) in zip(self.parts, pairwise(text.searchsorted(self.firsts).tolist()), strict=True):
            starts, widths = part.segment.token_start, part.segment.token_width
            spans[1, first:stop] = starts[at[first:stop]]
            ends = last[first:stop]
            spans[2, first:stop] = starts[ends]
            spans[2, first:stop] += widths[ends]
        spans[3] = number
        return spans

    def _places(self, leaf: Leaf) -> Int64:
        """The positions at which a leaf begins, rising."""
        found = [part.holds(leaf) for part in self.parts]
        masks = [_joined([of_part[n] for of_part in found]) for n in range(len(found[0]))]
        match leaf:
            case Phrase(parts):
                return self._together([part.offset for part in parts], masks)
            case Near(_, distance):
                return self._near(masks, distance)
        return masks[0].nonzero()[0]

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
