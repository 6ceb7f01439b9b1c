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
from indexer.engine.hits import NOTHING, Hits, Int64, Run, gathered
from indexer.engine.snapshot import Part, Snapshot
from indexer.engine.words import NUMBER, Postings, occurrences, positions_run, range_count, weight
from indexer.errors import QueryError
from indexer.segments.build import FIELDS, VOCABULARIES
from indexer.segments.segment import Vocabulary
from indexer.tree import Near, Phrase
from indexer.tree import Part as Place

Range = tuple[int, int]
IN_VOCABULARY = {name: [field for field, of in FIELDS.items() if of == name] for name in VOCABULARIES}
_NONE = np.empty(0, np.int64)
MOST_NEAR = 300_000  # places of words that may be in a window: what 50 ms are enough for
FEW = 24  # places up to which Python's own numbers are faster than arrays


def phrase(snapshot: Snapshot, leaf: Phrase) -> Hits:
    """Reports with the parts of a phrase in their places."""
    words = _has_words(leaf)
    if len(leaf.parts) == 1 and not leaf.parts[0].open and not leaf.title:
        return _single(snapshot, leaf.parts[0].term, words=words)
    looked = [_Looked.up(snapshot, leaf, "exact")]
    if words:
        looked.append(_Looked.up(snapshot, leaf, "plain", like=looked[0]))
    if sum(found.count for found in looked) <= FEW:
        return _few(snapshot, leaf, looked)
    runs = [run for found in looked for run in found.runs(snapshot, leaf)]
    return gathered(snapshot, runs)


def _has_words(leaf: Phrase) -> bool:
    return not any("\x1f" in part.term for part in leaf.parts)


def _single(snapshot: Snapshot, term: str, *, words: bool) -> Hits:
    title, body, plain = Postings("title"), Postings("body"), Postings("plain")
    for part in snapshot.parts:
        rank = part.segment.vocabularies["exact"].rank(term.encode())
        if rank >= 0:
            title.add(part, rank)
            body.add(part, rank)
        if words and (rank := part.segment.vocabularies["plain"].rank(strip_marks(term).encode())) >= 0:
            plain.add(part, rank)
    return gathered(snapshot, [*plain.runs(snapshot), *title.runs(snapshot), *body.runs(snapshot)])


@dataclass(frozen=True, slots=True)
class _Looked:
    """A phrase looked up in one vocabulary: where it begins in each segment, int64 positions."""

    name: str
    ranges: list[list[Range]]  # of each segment, the ranks each part stands for; empty where one stands for none
    counts: list[list[int]]  # how often each part stands there, likewise
    starts: list[Int64]
    count: int

    @classmethod
    def up(cls, snapshot: Snapshot, leaf: Phrase, name: str, *, like: _Looked | None = None) -> _Looked:
        """Look a phrase up in a vocabulary, segment by segment.

        `like` is what was found in another one: where every part stands there as often, it stands in the same
        places (a word without marks), and nothing is looked up again.
        """
        alike = like is not None and _unmarked(leaf)
        all_ranges, all_counts, starts = [], [], []
        for n, part in enumerate(snapshot.parts):
            vocabulary = part.segment.vocabularies[name]
            ranges = _ranges(vocabulary, leaf.parts, bare=name == "plain")
            pointers = vocabulary.occurrences
            counts = [pointers[stop] - pointers[start] for start, stop in ranges]
            if like is not None and alike and counts == like.counts[n]:
                starts.append(like.starts[n])
            else:
                starts.append(_starts(vocabulary, leaf.parts, ranges, counts))
            all_ranges.append(ranges)
            all_counts.append(counts)
        return cls(name, all_ranges, all_counts, starts, sum(map(len, starts)))

    def fields(self, snapshot: Snapshot, leaf: Phrase) -> Iterator[tuple[str, float]]:
        """The fields of the vocabulary that the phrase may be found in, with its weight in each."""
        bare = self.name == "plain"
        every = [
            ranges or _ranges(part.segment.vocabularies[self.name], leaf.parts, bare=bare, every=True)
            for part, ranges in zip(snapshot.parts, self.ranges, strict=True)
        ]
        for field in IN_VOCABULARY[self.name]:
            if not (leaf.title and field == "body"):
                counts = [range_count(snapshot, field, of_part) for of_part in zip(*every, strict=True)]
                yield field, weight(snapshot, field, counts)

    def runs(self, snapshot: Snapshot, leaf: Phrase) -> Iterator[Run]:
        """The runs of the vocabulary's fields."""
        if not self.count:
            return
        for field, value in self.fields(snapshot, leaf):
            for part, starts in zip(snapshot.parts, self.starts, strict=True):
                if len(starts):
                    run = positions_run(part, field, starts, value, title=leaf.title)
                    if len(run.documents):
                        yield run


def _few(snapshot: Snapshot, leaf: Phrase, looked: Sequence[_Looked]) -> Hits:
    """The hits of a phrase that stands in few places."""
    scores: dict[int, float] = {}
    for found in looked:
        if not found.count:
            continue
        for field, value in found.fields(snapshot, leaf):
            norms = snapshot.norms[NUMBER[field]]
            for document, frequency in _counted(snapshot, found, field, titled=leaf.title).items():
                score = value * frequency / (frequency + float(norms[document]))
                scores[document] = scores.get(document, 0.0) + score
    return Hits(np.array([*scores], np.int64), np.array([*scores.values()], np.float32)) if scores else NOTHING


def _counted(snapshot: Snapshot, found: _Looked, field: str, *, titled: bool) -> dict[int, int]:
    """In which documents a phrase stands in a field, and how often."""
    counts: dict[int, int] = {}
    for part, starts in zip(snapshot.parts, found.starts, strict=True):
        documents, bodies = part.segment.documents, part.segment.bodies
        for at in starts.tolist():
            local = documents[at]
            in_body = at >= bodies[local]
            if in_body != (field == "body") if field in ("title", "body") else in_body and titled:
                continue
            counts[part.base + local] = counts.get(part.base + local, 0) + 1
    return counts


def _unmarked(leaf: Phrase) -> bool:
    return all(part.term == strip_marks(part.term) for part in leaf.parts)


def _ranges(vocabulary: Vocabulary, places: Sequence[Place], *, bare: bool, every: bool = False) -> list[Range]:
    """The ranks each part stands for; unless `every` one is asked for, none when one part stands for none."""
    ranges = []
    for place in places:
        start, stop = _range(vocabulary, place, bare=bare)
        if start == stop and not every:
            return []
        ranges.append((start, stop))
    return ranges


def _range(vocabulary: Vocabulary, place: Place, *, bare: bool) -> Range:
    term = (strip_marks(place.term) if bare else place.term).encode()
    return vocabulary.prefix(term) if place.open else _closed(vocabulary, term)


def _closed(vocabulary: Vocabulary, term: bytes) -> Range:
    rank = vocabulary.rank(term)
    return (rank, rank + 1) if rank >= 0 else (0, 0)


def _starts(vocabulary: Vocabulary, places: Sequence[Place], ranges: Sequence[Range], counts: Sequence[int]) -> Int64:
    """The positions int64 at which the phrase begins in one segment."""
    if not ranges:
        return _NONE
    # The rarer parts first: they leave less to look up for the others.
    first, *others = sorted(range(len(places)), key=counts.__getitem__)
    at = occurrences(vocabulary, *ranges[first])
    if offset := places[first].offset:
        at -= offset
        if at[0] < 0:
            at = at[at >= 0]
    if len(at) <= FEW:
        return _few_starts(vocabulary, at.tolist(), [(places[n].offset, *ranges[n]) for n in others])
    for n in others:
        at = at[_among(vocabulary.token, at + places[n].offset, ranges[n])]
        if not len(at):
            break
    return at


def _few_starts(vocabulary: Vocabulary, at: list[int], others: Sequence[tuple[int, int, int]]) -> Int64:
    """Of a few positions those where each other part, given by offset and ranks, stands too."""
    tokens = vocabulary.tokens
    last = len(tokens) - 1  # a gap
    for offset, start, stop in others:
        at = [n for n in at if start <= tokens[min(n + offset, last)] < stop]
    return np.array(at, np.int64) if at else _NONE


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
    ranges = [[_closed(part.segment.vocabularies[name], term) for part in snapshot.parts] for term in terms]
    for field in IN_VOCABULARY[name]:
        if leaf.title and field == "body":
            continue
        value = weight(snapshot, field, [range_count(snapshot, field, of_term) for of_term in ranges])
        for part, found in zip(snapshot.parts, places, strict=True):
            at = found.windows(part, field, len(terms), leaf.distance)
            if len(at):
                run = positions_run(part, field, at, value, title=leaf.title)
                if len(run.documents):
                    yield run


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
