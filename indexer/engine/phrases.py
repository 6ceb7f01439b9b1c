"""Phrases, answered from the array of tokens on the axis.

The positions of the rarest part are taken and its neighbours looked up beside them, so that nobody reads the postings
of the frequent parts; where all are frequent, what stands behind each position of one is read in its order. Title and
body lie on one axis with gaps between, so that one pass answers both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.analysis import SEPARATOR
from indexer.engine.hits import FEW, NOTHING, Hits, Int64, Run, Runs, gathered
from indexer.engine.postings import NUMBER, Postings, weight
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import counted, occurrences, range_count
from indexer.segments.build import FIELDS, VOCABULARIES
from indexer.segments.segment import Vocabulary
from indexer.tree import Part as Place
from indexer.tree import Phrase

Range = tuple[int, int]
IN_VOCABULARY = {name: [field for field, of in FIELDS.items() if of == name] for name in VOCABULARIES}
SCATTERED = 8  # times what a position read in order costs, one read out of order does
Starts = Int64 | list[int]


def phrase(snapshot: Snapshot, leaf: Phrase) -> Hits:
    """Reports with the parts of a phrase in their places."""
    words = _has_words(leaf)
    if len(leaf.parts) == 1 and not leaf.title:
        return _single(snapshot, leaf.parts[0], words=words)
    # Wherever words stand, their forms without marks do.
    bare = _Looked.up(snapshot, leaf, "plain") if words else None
    exact = _Looked.up(snapshot, leaf, "exact", within=bare)
    looked = [exact, bare] if bare else [exact]
    if sum(found.count for found in looked) <= FEW:
        return _few(snapshot, leaf, looked)
    runs = [run for found in looked for run in found.runs(snapshot, leaf)]
    return gathered(snapshot, Runs(runs))


def _has_words(leaf: Phrase) -> bool:
    return SEPARATOR not in leaf.parts[0].term and not any(SEPARATOR in part.term for part in leaf.parts)


def _single(snapshot: Snapshot, place: Place, *, words: bool) -> Hits:
    """Reports with a term, or with any that begins so."""
    runs: list[Run] = []
    for name, term in (("plain", strip_marks(place.term)), ("exact", place.term)):
        if name == "exact" or words:
            fields = [Postings(field) for field in IN_VOCABULARY[name]]
            for part in snapshot.parts:
                start, stop = _range(part.segment.vocabularies[name], place, term.encode())
                for field in fields if start < stop else ():
                    if place.open:
                        field.add_all(part, start, stop)
                    else:
                        field.add(part, start)
            runs += [run for field in fields for run in field.runs(snapshot)]
    return gathered(snapshot, Runs(runs))


@dataclass(slots=True)
class _Looked:
    """A phrase looked up in one vocabulary: the ranks of its parts and where it begins, segment by segment."""

    name: str
    ranges: list[list[Range]]  # what each part stands for; none where one part stands for nothing
    counts: list[list[int]]  # how often each part stands there, likewise
    starts: list[Starts]
    count: int

    @classmethod
    def up(cls, snapshot: Snapshot, leaf: Phrase, name: str, *, within: _Looked | None = None) -> _Looked:
        """Look a phrase up in a vocabulary, segment by segment; `within` are all places where it may begin."""
        terms = _terms(leaf, bare=name == "plain")
        found = cls(name, [], [], [], 0)
        for n, part in enumerate(snapshot.parts):
            vocabulary = part.segment.vocabularies[name]
            ranges = _ranges(vocabulary, leaf.parts, terms)
            pointers = vocabulary.occurrences
            counts = [pointers[stop] - pointers[start] for start, stop in ranges]
            if not ranges:
                starts: Starts = []
            elif within is None:
                starts = _starts(vocabulary, leaf.parts, ranges, counts)
            elif counts == within.counts[n]:  # the same occurrences in both
                starts = within.starts[n]
            else:
                starts = _exact_starts(vocabulary, leaf.parts, ranges, within.starts[n])
            found.ranges.append(ranges)
            found.counts.append(counts)
            found.starts.append(starts)
            found.count += len(starts)
        return found

    def weights(self, snapshot: Snapshot, leaf: Phrase, fields: Iterable[str]) -> Iterator[tuple[str, float]]:
        """Fields of the vocabulary with the phrase's weight in each."""
        terms = _terms(leaf, bare=self.name == "plain")
        every = [
            ranges or _ranges(part.segment.vocabularies[self.name], leaf.parts, terms, every=True)
            for part, ranges in zip(snapshot.parts, self.ranges, strict=True)
        ]
        for field in fields:
            counts = [range_count(snapshot, field, of_part) for of_part in zip(*every, strict=True)]
            yield field, weight(snapshot, field, counts)

    def runs(self, snapshot: Snapshot, leaf: Phrase) -> Iterator[Run]:
        """The runs of the vocabulary's fields."""
        if not self.count:
            return
        of, in_body = self._documents(snapshot)
        for field, value in self.weights(snapshot, leaf, IN_VOCABULARY[self.name]):
            if field == "body":
                chosen = of[:0] if leaf.title else of.compress(in_body)
            else:
                chosen = of.compress(~in_body) if leaf.title or field == "title" else of
            if len(chosen):
                yield Run(NUMBER[field], *counted(chosen), value)

    def _documents(self, snapshot: Snapshot) -> tuple[Int64, NDArray[np.bool_]]:
        """The document int64 of each place, rising, and whether the place is in its body."""
        documents, in_body = [], []
        for part, starts in zip(snapshot.parts, self.starts, strict=True):
            if len(starts):
                at = np.asarray(starts, np.int64)
                of = part.segment.document[at]
                in_body.append(at >= part.segment.body[of])
                documents.append(of + np.int64(part.base))
        return np.concatenate(documents), np.concatenate(in_body)


def _terms(leaf: Phrase, *, bare: bool) -> list[bytes]:
    return [(strip_marks(part.term) if bare else part.term).encode() for part in leaf.parts]


def _few(snapshot: Snapshot, leaf: Phrase, looked: Sequence[_Looked]) -> Hits:
    """The hits of a phrase that stands in few places."""
    scores: dict[int, float] = {}
    for found in looked:
        if not found.count:
            continue
        placed = _placed(snapshot, found, titled=leaf.title)
        for field, value in found.weights(snapshot, leaf, placed):
            norms = snapshot.norms_of[NUMBER[field]]
            for document, frequency in placed[field].items():
                score = value * frequency / (frequency + norms[document])
                scores[document] = scores.get(document, 0.0) + score
    return Hits(np.array([*scores], np.int64), np.array([*scores.values()], np.float32)) if scores else NOTHING


def _placed(snapshot: Snapshot, found: _Looked, *, titled: bool) -> dict[str, dict[int, int]]:
    """In which fields and documents a phrase stands, and how often."""
    placed: dict[str, dict[int, int]] = {}
    for part, starts in zip(snapshot.parts, found.starts, strict=True):
        documents, bodies = part.segment.documents, part.segment.bodies
        for at in starts if isinstance(starts, list) else starts.tolist():
            local = documents[at]
            in_body = at >= bodies[local]
            if in_body and titled:
                continue
            field = ("body" if in_body else "title") if found.name == "exact" else found.name
            counts = placed.setdefault(field, {})
            counts[part.base + local] = counts.get(part.base + local, 0) + 1
    return placed


def _ranges(
    vocabulary: Vocabulary, places: Sequence[Place], terms: Sequence[bytes], *, every: bool = False
) -> list[Range]:
    """The ranks each part stands for; unless `every` one is asked for, none when one part stands for none."""
    ranges = []
    for place, term in zip(places, terms, strict=True):
        found = _range(vocabulary, place, term)
        if found[0] == found[1] and not every:
            return []
        ranges.append(found)
    return ranges


def _range(vocabulary: Vocabulary, place: Place, term: bytes) -> Range:
    """The ranks a part stands for, from and to."""
    return vocabulary.prefix(term) if place.open else vocabulary.ranks(term)


def _starts(vocabulary: Vocabulary, places: Sequence[Place], ranges: Sequence[Range], counts: Sequence[int]) -> Starts:
    """The positions int64 at which the phrase begins in one segment; few of them as a list."""
    # The rarer parts first: they leave less to look up for the others.
    first, *others = sorted(range(len(places)), key=counts.__getitem__)
    start, stop = ranges[first]
    offset = places[first].offset
    if counts[first] <= FEW:
        pointers = vocabulary.occurrences
        few = sorted(vocabulary.occurrence[pointers[start] : pointers[stop]].tolist())
        return _few_starts(vocabulary, [n - offset for n in few if n >= offset], places, ranges, others)
    pair = _pair(places, counts)
    if pair is not None and counts[pair] <= SCATTERED * counts[first]:
        at = _beside(vocabulary, ranges[pair], ranges[pair + 1])
        offset = places[pair].offset
        others = [n for n in (first, *others) if n not in (pair, pair + 1)]
    else:
        at = occurrences(vocabulary, start, stop)
        if stop - start > 1:
            at.sort()
    if offset and len(at):
        at -= offset
        if at[0] < 0:
            at = at[at >= 0]
    return _narrowed(vocabulary, at, places, ranges, others)


def _pair(places: Sequence[Place], counts: Sequence[int]) -> int | None:
    """The rarest part that has another right behind it."""
    pairs = [n for n in range(len(places) - 1) if places[n + 1].offset == places[n].offset + 1]
    return min(pairs, key=counts.__getitem__, default=None)


def _beside(vocabulary: Vocabulary, one: Range, other: Range) -> Int64:
    """The positions int64, rising, of the terms of a range with one of another range right behind."""
    assert vocabulary.next is not None
    first, stop = vocabulary.occurrences[one[0]], vocabulary.occurrences[one[1]]
    at = vocabulary.occurrence[first:stop].compress(_of(vocabulary.next[first:stop], other)).astype(np.int64)
    if one[1] - one[0] > 1:
        at.sort()
    return at


def _narrowed(
    vocabulary: Vocabulary, at: Int64, places: Sequence[Place], ranges: Sequence[Range], others: Iterable[int]
) -> Int64:
    """Of positions those where the other parts stand too."""
    for n in others:
        at = at.compress(_among(vocabulary.token, at + places[n].offset, ranges[n]))
        if not len(at):
            break
    return at


def _exact_starts(vocabulary: Vocabulary, places: Sequence[Place], ranges: Sequence[Range], starts: Starts) -> Starts:
    """Of the places where a phrase begins whatever its marks those where it begins as it is."""
    every = range(len(places))
    if isinstance(starts, list):
        return _few_starts(vocabulary, starts, places, ranges, every)
    return _narrowed(vocabulary, starts, places, ranges, every)


def _few_starts(
    vocabulary: Vocabulary, at: list[int], places: Sequence[Place], ranges: Sequence[Range], others: Iterable[int]
) -> list[int]:
    """Of a few positions those where the other parts stand too."""
    tokens = vocabulary.tokens
    last = len(tokens) - 1  # a gap
    for other in others:
        offset, (start, stop) = places[other].offset, ranges[other]
        at = [n for n in at if start <= tokens[min(n + offset, last)] < stop]
        if not at:
            break
    return at


def _among(token: NDArray[np.int32], at: Int64, ranks: Range) -> NDArray[np.bool_]:
    """Whether the token at each position is of a range; behind the axis' end, a gap, there is none."""
    return _of(token.take(at, mode="clip"), ranks)


def _of(tokens: NDArray[np.int32], ranks: Range) -> NDArray[np.bool_]:
    start, stop = ranks
    return tokens == start if stop - start == 1 else (tokens >= start) & (tokens < stop)
