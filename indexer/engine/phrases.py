"""Phrases and proximity, answered from the array of tokens on the axis.

The positions of the rarest part are taken and its neighbours looked up beside them, so that nobody reads the postings
of the frequent parts. Title and body lie on one axis with gaps between, so that one pass answers both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.engine.hits import Hits, Int64, Run, gathered
from indexer.engine.snapshot import Part, Snapshot
from indexer.engine.words import occurrences, positions_run, postings, range_count, weight
from indexer.segments.build import FIELDS
from indexer.segments.segment import Vocabulary
from indexer.tree import Near, Phrase
from indexer.tree import Part as Place

Range = tuple[int, int]


def phrase(snapshot: Snapshot, leaf: Phrase) -> Hits:
    """Reports with the parts of a phrase in their places."""
    if len(leaf.parts) == 1 and not leaf.parts[0].open and not leaf.title:
        return gathered(snapshot, list(_single(snapshot, leaf.parts[0].term)))
    found = [*_phrase_in(snapshot, leaf, "exact")]
    if _has_words(leaf):
        found += _phrase_in(snapshot, leaf, "plain")
    return gathered(snapshot, found)


def _has_words(leaf: Phrase) -> bool:
    return not any("\x1f" in part.term for part in leaf.parts)


def _single(snapshot: Snapshot, term: str) -> Iterator[Run]:
    for field, text in (("title", term), ("body", term), ("plain", strip_marks(term))):
        yield from postings(snapshot, field, [text.encode()]).runs(snapshot, field)


def _phrase_in(snapshot: Snapshot, leaf: Phrase, name: str) -> Iterator[Run]:
    """The scores of the fields that share a vocabulary."""
    ranges = [[_range(part.segment.vocabularies[name], place, bare=name == "plain") for place in leaf.parts] for part in snapshot.parts]
    starts = [_starts(part.segment.vocabularies[name], leaf.parts, of) for part, of in zip(snapshot.parts, ranges, strict=True)]
    if not any(len(at) for at in starts):
        return
    for field in (field for field, vocabulary in FIELDS.items() if vocabulary == name):
        if leaf.title and field == "body":
            continue
        counts = [range_count(snapshot, field, [of[n] for of in ranges]) for n in range(len(leaf.parts))]
        value = weight(snapshot, field, counts)
        for part, at in zip(snapshot.parts, starts, strict=True):
            if len(at):
                yield positions_run(part, field, at, value, title=leaf.title)


def _range(vocabulary: Vocabulary, place: Place, *, bare: bool) -> Range:
    term = (strip_marks(place.term) if bare else place.term).encode()
    if place.open:
        return vocabulary.prefix(term)
    rank = vocabulary.rank(term)
    return (rank, rank + 1) if rank >= 0 else (0, 0)


def _starts(vocabulary: Vocabulary, places: Sequence[Place], ranges: Sequence[Range]) -> Int64:
    """The positions int64 at which the phrase begins in one segment."""
    counts = [int(vocabulary.occurrences[stop]) - int(vocabulary.occurrences[start]) for start, stop in ranges]
    if not all(counts):
        return np.empty(0, np.int64)
    rarest = counts.index(min(counts))
    at = occurrences(vocabulary, *ranges[rarest]) - places[rarest].offset
    if len(at) and int(at.min()) < 0:
        at = at[at >= 0]
    # The rarer neighbours first: they leave less to look up for the others.
    for n in sorted(range(len(places)), key=counts.__getitem__):
        if n != rarest and len(at):
            at = at[_among(vocabulary.token, at + places[n].offset, ranges[n])]
    return at


def _among(token: NDArray[np.int32], at: Int64, ranks: Range) -> NDArray[np.bool_]:
    """Whether the token at each position is of a range; behind the end of the axis there is none."""
    start, stop = ranks
    if int(at.max()) >= len(token):
        return (at < len(token)) & _among(token, np.minimum(at, len(token) - 1), ranks)
    tokens = token[at]
    return tokens == start if stop - start == 1 else (tokens >= start) & (tokens < stop)


def near(snapshot: Snapshot, leaf: Near) -> Hits:
    """Reports with words near one another, in any order."""
    found: list[Run] = []
    for field in ("title", "body", "plain"):
        if not (leaf.title and field == "body"):
            found += _near_field(snapshot, leaf, field)
    return gathered(snapshot, found)


def _near_field(snapshot: Snapshot, leaf: Near, field: str) -> Iterator[Run]:
    terms = [(strip_marks(term) if field == "plain" else term).encode() for term in leaf.terms]
    counts = [postings(snapshot, field, [term]).count for term in terms]
    value = weight(snapshot, field, counts)
    for part in snapshot.parts:
        at = _windows(part, field, terms, leaf.distance)
        if len(at):
            yield positions_run(part, field, at, value, title=leaf.title)


def _windows(part: Part, field: str, terms: Sequence[bytes], distance: int) -> Int64:
    """Where the smallest windows begin that hold every term, with at most `distance` other words among them."""
    segment = part.segment
    vocabulary = segment.vocabularies[FIELDS[field]]
    ranks = [vocabulary.rank(term) for term in terms]
    if -1 in ranks:
        return np.empty(0, np.int64)
    lists = [occurrences(vocabulary, rank, rank + 1) for rank in ranks]
    at = np.concatenate(lists)
    which = np.repeat(np.arange(len(lists)), [len(places) for places in lists])
    order = np.lexsort((which, at))
    at, which = at[order], which[order]
    of = segment.document[at]
    in_body = at >= segment.body[of]
    if field in ("title", "body"):
        chosen = in_body == (field == "body")
        at, which, of, in_body = at[chosen], which[chosen], of[chosen], in_body[chosen]
    first = np.where(in_body & (field == "body"), segment.body[of], segment.start[of]).astype(np.int64)
    begin = at.copy()
    for n in range(len(lists)):
        begin = np.minimum(begin, np.maximum.accumulate(np.where(which == n, at, -1)))
    holds = (begin >= first) & (at - begin + 1 - len(lists) <= distance)
    return np.unique(begin[holds])
