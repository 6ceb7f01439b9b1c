"""Phrases and proximity, answered from the array of tokens on the axis.

The positions of the rarest part are taken and its neighbours looked up beside them, so that nobody reads the postings
of the frequent parts. Title and body lie on one axis with gaps between, so that one pass answers both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.engine.hits import Hits, Int64, Run, gathered
from indexer.engine.snapshot import Part, Snapshot
from indexer.engine.words import occurrences, positions_run, postings, range_count, weight
from indexer.errors import QueryError
from indexer.segments.build import FIELDS
from indexer.segments.segment import Vocabulary
from indexer.tree import Near, Phrase
from indexer.tree import Part as Place

Range = tuple[int, int]
MOST_NEAR = 300_000  # places of words that may be in a window: what 50 ms are enough for


def phrase(snapshot: Snapshot, leaf: Phrase) -> Hits:
    """Reports with the parts of a phrase in their places."""
    if len(leaf.parts) == 1 and not leaf.parts[0].open and not leaf.title:
        return gathered(snapshot, list(_single(snapshot, leaf.parts[0].term)))
    exact = _Looked.up(snapshot, leaf, "exact")
    runs = [*_phrase_runs(snapshot, leaf, "exact", exact)]
    if _has_words(leaf):
        plain = _Looked.up(snapshot, leaf, "plain", like=exact)
        runs += _phrase_runs(snapshot, leaf, "plain", plain)
    return gathered(snapshot, runs)


def _has_words(leaf: Phrase) -> bool:
    return not any("\x1f" in part.term for part in leaf.parts)


def _single(snapshot: Snapshot, term: str) -> Iterator[Run]:
    for field, text in (("title", term), ("body", term), ("plain", strip_marks(term))):
        yield from postings(snapshot, field, [text.encode()]).runs(snapshot, field)


@dataclass(frozen=True, slots=True)
class _Looked:
    """A phrase looked up in one segment: what its parts stand for, how often they stand there, and where it begins."""

    ranges: list[Range]
    counts: list[int]
    starts: Int64

    @classmethod
    def up(cls, snapshot: Snapshot, leaf: Phrase, name: str, *, like: Sequence[_Looked] | None = None) -> list[_Looked]:
        """Look a phrase up in a vocabulary, segment by segment.

        `like` is what was found in another one: where every part stands there as often, it stands in the same
        places (a word without marks), and nothing is looked up again.
        """
        found = []
        for n, part in enumerate(snapshot.parts):
            vocabulary = part.segment.vocabularies[name]
            ranges = [_range(vocabulary, place, bare=name == "plain") for place in leaf.parts]
            pointers = vocabulary.occurrences
            counts = [int(pointers[stop]) - int(pointers[start]) for start, stop in ranges]
            if like is not None and counts == like[n].counts and _unmarked(leaf):
                found.append(cls(ranges, counts, like[n].starts))
            else:
                found.append(cls(ranges, counts, _starts(vocabulary, leaf.parts, ranges, counts)))
        return found


def _unmarked(leaf: Phrase) -> bool:
    return all(part.term == strip_marks(part.term) for part in leaf.parts)


def _phrase_runs(snapshot: Snapshot, leaf: Phrase, name: str, looked: Sequence[_Looked]) -> Iterator[Run]:
    """The runs of the fields that share a vocabulary."""
    if not any(len(found.starts) for found in looked):
        return
    for field in (field for field, vocabulary in FIELDS.items() if vocabulary == name):
        if leaf.title and field == "body":
            continue
        counts = [range_count(snapshot, field, [found.ranges[n] for found in looked]) for n in range(len(leaf.parts))]
        value = weight(snapshot, field, counts)
        for part, found in zip(snapshot.parts, looked, strict=True):
            if len(found.starts):
                yield positions_run(part, field, found.starts, value, title=leaf.title)


def _range(vocabulary: Vocabulary, place: Place, *, bare: bool) -> Range:
    term = (strip_marks(place.term) if bare else place.term).encode()
    if place.open:
        return vocabulary.prefix(term)
    rank = vocabulary.rank(term)
    return (rank, rank + 1) if rank >= 0 else (0, 0)


def _starts(vocabulary: Vocabulary, places: Sequence[Place], ranges: Sequence[Range], counts: Sequence[int]) -> Int64:
    """The positions int64 at which the phrase begins in one segment."""
    if not all(counts):
        return np.empty(0, np.int64)
    rarest = counts.index(min(counts))
    at = occurrences(vocabulary, *ranges[rarest]) - places[rarest].offset
    if places[rarest].offset:
        at = at[at >= 0]
    # The rarer neighbours first: they leave less to look up for the others.
    for n in sorted(range(len(places)), key=counts.__getitem__):
        if n != rarest and len(at):
            at = at[_among(vocabulary.token, at + places[n].offset, ranges[n])]
    return at


def _among(token: NDArray[np.int32], at: Int64, ranks: Range) -> NDArray[np.bool_]:
    """Whether the token at each position is of a range; behind the axis' end, a gap, there is none."""
    start, stop = ranks
    tokens = token.take(at, mode="clip")
    return tokens == start if stop - start == 1 else (tokens >= start) & (tokens < stop)


def near(snapshot: Snapshot, leaf: Near) -> Hits:
    """Reports with words near one another, in any order; QueryError when they stand near each other too often."""
    runs = [*_near_runs(snapshot, leaf, "exact", leaf.terms)]
    runs += _near_runs(snapshot, leaf, "plain", tuple(map(strip_marks, leaf.terms)))
    return gathered(snapshot, runs)


def _near_runs(snapshot: Snapshot, leaf: Near, name: str, words: Sequence[str]) -> Iterator[Run]:
    """The runs of the fields that share a vocabulary."""
    terms = [word.encode() for word in words]
    places = [_Places.of(part, name, terms, leaf.distance) for part in snapshot.parts]
    if sum(len(found.at) for found in places) > MOST_NEAR:
        raise QueryError(
            f'"{" ".join(leaf.terms)}"~{leaf.distance} asks for words that are too frequent. Use rarer ones.'
        )
    for field in (field for field, vocabulary in FIELDS.items() if vocabulary == name):
        if leaf.title and field == "body":
            continue
        value = weight(snapshot, field, [postings(snapshot, field, [term]).count for term in terms])
        for part, found in zip(snapshot.parts, places, strict=True):
            at = found.windows(part, field, len(terms), leaf.distance)
            if len(at):
                yield positions_run(part, field, at, value, title=leaf.title)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where words stand that may be in a window: positions int64 `at`, rising, and `which` word stands there."""

    at: Int64
    which: NDArray[np.int64]

    @classmethod
    def of(cls, part: Part, name: str, terms: Sequence[bytes], distance: int) -> _Places:
        """The places of a segment's vocabulary; none when a word is not in it."""
        vocabulary = part.segment.vocabularies[name]
        ranks = [vocabulary.rank(term) for term in terms]
        if -1 in ranks:
            return cls(np.empty(0, np.int64), np.empty(0, np.int64))
        lists = [occurrences(vocabulary, rank, rank + 1) for rank in ranks]
        rarest = min(lists, key=len)
        reach = distance + len(terms)  # no window is longer, and each holds the rarest word
        lists = [_within(places, rarest, reach) for places in lists]
        at = np.concatenate(lists)
        which = np.repeat(np.arange(len(lists)), [len(places) for places in lists])
        order = np.argsort(at, kind="stable")  # merges the lists, each of which rises; equals stay in their order
        return cls(at[order], which[order])

    def windows(self, part: Part, field: str, count: int, distance: int) -> Int64:
        """Where the smallest windows begin that hold all `count` words, with at most `distance` others among them."""
        segment, at, which = part.segment, self.at, self.which
        of = segment.document[at]
        in_body = at >= segment.body[of]
        if field in ("title", "body"):
            chosen = in_body == (field == "body")
            at, which, of = at[chosen], which[chosen], of[chosen]
        first = (segment.body if field == "body" else segment.start)[of].astype(np.int64)
        begin = at.copy()
        for n in range(count):
            begin = np.minimum(begin, np.maximum.accumulate(np.where(which == n, at, -1)))
        return np.unique(begin[(begin >= first) & (at - begin + 1 - count <= distance)])


def _within(places: Int64, anchors: Int64, reach: int) -> Int64:
    """The places within `reach` of an anchor; both rise."""
    if len(places) <= 2 * len(anchors):
        return places
    edges = np.zeros(len(places) + 1, np.int64)
    np.add.at(edges, np.searchsorted(places, anchors - reach), 1)
    np.add.at(edges, np.searchsorted(places, anchors + reach, side="right"), -1)
    return places[np.cumsum(edges[:-1]) > 0]
