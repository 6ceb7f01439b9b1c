"""Hits as arrays: documents with scores, sparse or dense, and how they are joined.

    sparse   `documents` int64 [hits], in no order, each once; `scores` float32 [hits]
    dense    `scores` float32 [documents of the snapshot]; a document is a hit where its score is above zero

A score of a word or phrase is always above zero. What scores nothing (all reports, NOT) is sparse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engine.snapshot import Snapshot

DENSE = 8  # hits in more than one document of eight are kept dense
FEW = 24  # postings up to which Python's own numbers are faster than arrays
TOGETHER = 8_192  # postings up to which runs are scored in one go
SHORT = 2_048  # postings of a run that is scored together with others
BLOCK = 256  # documents a block whose maximum decides whether it is looked at

Int64 = NDArray[np.int64]
Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hits:
    """Documents found; `documents` is None for dense ones."""

    documents: Int64 | None
    scores: Float32

    def sparse(self) -> tuple[Int64, Float32]:
        """Documents and scores."""
        if self.documents is not None:
            return self.documents, self.scores
        documents = np.flatnonzero(self.scores > 0)  # on the scores themselves it takes ten times as long
        return documents, self.scores[documents]


NOTHING = Hits(np.empty(0, np.int64), np.empty(0, np.float32))


class Run(NamedTuple):
    """Distinct documents of one field and segment, to be scored: `documents` unsigned or int64 [n], `frequencies` [n].

    BM25 as Lucene has it, without its factor k1 + 1: weight * tf / (tf + norm), norm = k1 * (1 - b + b * length /
    average); `weight` is the field's by the idf. Without frequencies each document scores `weight`.
    """

    field: int
    documents: NDArray[Any]
    frequencies: NDArray[Any] | None
    weight: float


class Runs(NamedTuple):
    """Runs whose scores are summed, none of them empty.

    `cover` says that the first so many hold every document that any holds, None that all are needed for this; `distinct`
    that no document stands in two of these.
    """

    runs: Sequence[Run]
    cover: int | None = None
    distinct: bool = False


def gathered(snapshot: Snapshot, many: Runs) -> Hits:
    """The documents of runs, each once, with their scores summed over the runs."""
    runs, cover, distinct = many
    if not runs:
        return NOTHING
    lengths = [len(run.documents) for run in runs]
    total = sum(lengths)
    if total <= FEW:
        return _few(snapshot, runs)
    if total > TOGETHER and total * DENSE > snapshot.size:
        return Hits(None, _dense(snapshot, runs))
    documents = np.concatenate([run.documents for run in runs], dtype=np.int64)
    scores = _scored_together(snapshot, runs, lengths, documents)
    if total * DENSE > snapshot.size:
        dense = np.zeros(snapshot.size, np.float32)
        np.add.at(dense, documents, scores)
        return Hits(None, dense)
    if len(runs) == 1:
        return Hits(documents, scores)
    found = documents[: sum(lengths[:cover])]
    return _summed(snapshot, documents, scores, found if distinct else _once(snapshot, found))


def gathered_in_all(snapshot: Snapshot, every: Sequence[Runs]) -> Hits | None:
    """The documents that stand in each of several sets of runs, with their scores summed over all of these.

    None where the sets are better gathered one by one: few postings of one, or many of all.
    """
    if not all(many.runs for many in every):
        return NOTHING
    runs = [run for many in every for run in many.runs]
    lengths = [len(run.documents) for run in runs]
    if sum(lengths) > TOGETHER:
        return None
    documents = np.concatenate([run.documents for run in runs], dtype=np.int64)
    covers, first, at = [], 0, 0
    for many in every:
        stop = at + sum(lengths[first : first + (many.cover or len(many.runs))])
        covers.append(documents[at:stop])
        at += sum(lengths[first : first + len(many.runs)])
        first += len(many.runs)
    slots = snapshot.slots
    found, *others = sorted(covers, key=len)
    for other in others:
        slots[found] = 0
        slots[other] = 1
        found = found.compress(slots.take(found))
    scores = _scored_together(snapshot, runs, lengths, documents)
    return _summed(snapshot, documents, scores, _once(snapshot, found))


def _few(snapshot: Snapshot, runs: Sequence[Run]) -> Hits:
    """A few postings, one by one: a call on an array costs as much as ten of them."""
    found: dict[int, float] = {}
    for field, documents, frequencies, weight in runs:
        norms = snapshot.norms_of[field]
        each = frequencies.tolist() if frequencies is not None else None
        for n, document in enumerate(documents.tolist()):
            score = weight * each[n] / (each[n] + norms[document]) if each else weight
            found[document] = found.get(document, 0.0) + score
    return Hits(np.array([*found], np.int64), np.array([*found.values()], np.float32))


def _dense(snapshot: Snapshot, runs: Sequence[Run]) -> Float32:
    """The scores of many postings, long runs one by one and short ones together."""
    scores = np.zeros(snapshot.size, np.float32)
    for run in runs:
        if len(run.documents) > SHORT:
            # Indices of another size than the machine's would be converted at each of the three uses.
            documents = run.documents.astype(np.int64)
            np.add.at(scores, documents, _scored(snapshot, run, documents))
    short = [run for run in runs if len(run.documents) <= SHORT]
    if short:
        documents = np.concatenate([run.documents for run in short], dtype=np.int64)
        lengths = [len(run.documents) for run in short]
        np.add.at(scores, documents, _scored_together(snapshot, short, lengths, documents))
    return scores


def _scored(snapshot: Snapshot, run: Run, documents: Int64) -> Float32:
    if run.frequencies is None:
        return np.full(len(documents), run.weight, np.float32)
    scores: Float32 = run.frequencies.astype(np.float32)
    norms = snapshot.norms[run.field][documents]
    norms += scores
    scores *= np.float32(run.weight)
    scores /= norms
    return scores


def _scored_together(snapshot: Snapshot, runs: Sequence[Run], lengths: Sequence[int], documents: Int64) -> Float32:
    """The scores of several runs at once: a call on a short array costs more than its elements."""
    each = np.array(lengths)
    weights = np.array([run.weight for run in runs], np.float32).repeat(each)
    frequencies = [run.frequencies for run in runs if run.frequencies is not None]
    if not frequencies:
        return weights
    tf: Float32 = np.concatenate(frequencies, dtype=np.float32, casting="unsafe")
    rows = np.array([run.field * snapshot.size for run in runs]).repeat(each)
    rows += documents
    norms = snapshot.all_norms[rows]
    norms += tf
    weights *= tf
    weights /= norms
    return weights


def _summed(snapshot: Snapshot, documents: Int64, scores: Float32, found: Int64) -> Hits:
    """Those found, each of which stands there once, with all their scores among those of `documents`."""
    zeros = snapshot.zeros
    np.add.at(zeros, documents, scores)
    sums = zeros.take(found)
    zeros[documents] = 0
    return Hits(found, sums)


def _once(snapshot: Snapshot, documents: Int64) -> Int64:
    """Each of the documents once."""
    slots = snapshot.slots
    # Of a document that stands there several times the last place is left in its slot.
    places = np.arange(len(documents), dtype=np.uint32)
    slots[documents] = places
    return documents.compress(slots.take(documents) == places)


def either(snapshot: Snapshot, many: Sequence[Hits]) -> Hits:
    """Documents in any of these, their scores summed."""
    if all(hits.documents is not None and _positive(hits) for hits in many):
        found = [hits for hits in many if len(hits.scores)]
        if not found:
            return NOTHING
        if sum(len(hits.scores) for hits in found) * DENSE <= snapshot.size:
            documents = np.concatenate([hits.documents for hits in found if hits.documents is not None])
            scores = np.concatenate([hits.scores for hits in found])
            return _summed(snapshot, documents, scores, _once(snapshot, documents))
        many = [Hits(None, np.zeros(snapshot.size, np.float32)), *found]
    if all(_positive(hits) for hits in many):
        dense = [hits.scores for hits in many if hits.documents is None]
        scores = dense[0] + dense[1] if len(dense) > 1 else dense[0].copy()
        for other in dense[2:]:
            scores += other
        for hits in many:
            if hits.documents is not None:
                scores[hits.documents] += hits.scores
        return Hits(None, scores)
    return _either_with_zeros(snapshot, many)


def _positive(hits: Hits) -> bool:
    return hits.documents is None or not len(hits.scores) or float(hits.scores.min()) > 0


def _either_with_zeros(snapshot: Snapshot, many: Sequence[Hits]) -> Hits:
    found = np.zeros(snapshot.size, bool)
    scores = np.zeros(snapshot.size, np.float32)
    for hits in many:
        documents, values = hits.sparse()
        found[documents] = True
        scores[documents] += values
    documents = np.flatnonzero(found)
    return Hits(documents, scores[documents])


def both(snapshot: Snapshot, one: Hits, other: Hits) -> Hits:
    """Documents in both, their scores summed."""
    if one.documents is None and other.documents is None:
        documents = np.flatnonzero((one.scores > 0) & (other.scores > 0))
        return Hits(documents, one.scores[documents] + other.scores[documents])
    if one.documents is None:
        one, other = other, one
    assert one.documents is not None
    if other.documents is None:
        beside = other.scores[one.documents]
        kept = beside > 0
        return Hits(one.documents[kept], one.scores[kept] + beside[kept])
    if len(other.documents) < len(one.documents):
        one, other = other, one
    return _both_sparse(snapshot, one, other)


def _both_sparse(snapshot: Snapshot, small: Hits, large: Hits) -> Hits:
    assert small.documents is not None
    assert large.documents is not None
    slots = snapshot.slots
    slots[small.documents] = len(large.documents)  # no place
    slots[large.documents] = np.arange(len(large.documents), dtype=np.uint32)
    places = slots[small.documents]
    kept = places < len(large.documents)
    return Hits(small.documents[kept], small.scores[kept] + large.scores[places[kept]])


def without(snapshot: Snapshot, hits: Hits) -> Hits:
    """The live documents that are not among the hits, with score zero."""
    left = snapshot.live.copy()
    left[hits.sparse()[0]] = False
    documents = np.flatnonzero(left)
    return Hits(documents, np.zeros(len(documents), np.float32))


def best(scores: Float32, documents: Int64, order: NDArray[np.uint32], count: int) -> Int64:
    """The places of the `count` greatest scores, best first, equal ones by their documents' order.

    `scores` float32 [n], none below zero; `documents` int64 [n]; `order` uint32 [documents of the snapshot].
    """
    if len(scores) <= count:
        return _in_order(scores, documents, order)
    if len(scores) <= count * BLOCK:
        places = (scores >= np.partition(scores, -count)[-count]).nonzero()[0]
    else:
        places = _in_best_blocks(scores, count)
    shown: Int64 = places[_in_order(scores[places], documents[places], order)[:count]]
    return shown


def _in_order(scores: Float32, documents: Int64, order: NDArray[np.uint32]) -> Int64:
    places: Int64 = np.lexsort((order[documents], -scores))
    return places


def _in_best_blocks(scores: Float32, count: int) -> Int64:
    """The places of the `count` greatest scores, with all that equal the least of them."""
    whole = len(scores) // BLOCK * BLOCK
    tops = np.append(scores[:whole].reshape(-1, BLOCK).max(axis=1), scores[whole:].max(initial=0.0))
    # The count-th greatest of the blocks' maxima is a lower bound of the count-th greatest score.
    places: Int64 = (scores >= np.partition(tops, -count)[-count]).nonzero()[0]
    if len(places) <= count:
        return places
    found = scores[places]
    best_of_found: Int64 = places[found >= np.partition(found, -count)[-count]]
    return best_of_found
