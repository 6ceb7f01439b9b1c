"""Words near one another, in any order, from where they stand on the axis of tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.engine.hits import Hits, Int64, Run, Runs, gathered
from indexer.engine.phrases import IN_VOCABULARY
from indexer.engine.postings import weight
from indexer.engine.snapshot import Part, Snapshot
from indexer.engine.words import occurrences, positions_run, range_count
from indexer.errors import QueryError
from indexer.tree import Near

MOST_NEAR = 200_000  # places of words that may be in a window: what 35 ms are enough for


def near(snapshot: Snapshot, leaf: Near) -> Hits:
    """Reports with words near one another, in any order; QueryError when they stand near each other too often."""
    runs = [*_near_runs(snapshot, leaf, "exact", leaf.terms)]
    runs += _near_runs(snapshot, leaf, "plain", tuple(map(strip_marks, leaf.terms)))
    return gathered(snapshot, Runs(runs))


def _near_runs(snapshot: Snapshot, leaf: Near, name: str, words: Sequence[str]) -> Iterator[Run]:
    """The runs of the fields that share a vocabulary."""
    terms = [word.encode() for word in words]
    places = [_Places.of(part, name, terms, leaf.distance) for part in snapshot.parts]
    if sum(len(found.at) for found in places) > MOST_NEAR:
        raise QueryError(
            f'"{" ".join(leaf.terms)}"~{leaf.distance} asks for words that are too frequent. Use rarer ones.'
        )
    ranges = [[part.segment.vocabularies[name].ranks(term) for part in snapshot.parts] for term in terms]
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
        if field in ("title", "body"):
            chosen = (at >= segment.body[of]) == (field == "body")
            at, which, of = at[chosen], which[chosen], of[chosen]
        first = np.where(at >= segment.body[of], segment.body[of], segment.start[of])  # of the title or the text
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
