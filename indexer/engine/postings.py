"""What the fields say of a term: its documents and frequencies, segment by segment, and what it weighs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.engine.hits import Run
from indexer.engine.snapshot import Part, Snapshot
from indexer.segments.build import FIELDS
from indexer.stemming import stems

WEIGHTS = {"title": 2.5, "body": 1.0, "plain": 0.3, "stem": 0.4}
NUMBER = {field: n for n, field in enumerate(FIELDS)}
MOST_WORDS = 6_000  # whose postings are kept: views of the files, and a few numbers


def weight(snapshot: Snapshot, field: str, counts: Sequence[int]) -> float:
    """A field's weight by the idf, ln(1 + (N - n + .5) / (n + .5)) over live documents, summed over counts n."""
    total = snapshot.count
    return WEIGHTS[field] * sum(math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in counts)


class Postings:
    """What one field says of a term, or of terms no two of which share a document: its runs, and live documents.

    Terms that share documents may only be added where the run is not asked for.
    """

    __slots__ = ("_documents", "_frequencies", "count", "field", "number")

    def __init__(self, field: str) -> None:
        self.field = field
        self.number = NUMBER[field]
        self.count = 0
        self._documents: list[NDArray[Any]] = []
        self._frequencies: list[NDArray[Any]] = []

    def add(self, part: Part, rank: int) -> None:
        """Add a term of a segment by its rank."""
        pointers, documents, frequencies, lost = part.lists[self.number]
        start, stop = pointers[rank], pointers[rank + 1]
        if start == stop:
            return
        held = documents[start:stop]
        self._documents.append(held + np.int64(part.shift) if part.shift else held)
        self._frequencies.append(frequencies[start:stop])
        self.count += stop - start - (lost[rank] if lost else 0)

    def add_all(self, part: Part, start: int, stop: int) -> None:
        """Add the documents of a range of terms, each once, with the frequencies of all of these."""
        pointers, documents, frequencies, _ = part.lists[self.number]
        first, last = pointers[start], pointers[stop]
        if first == last:
            return
        numbered = part.base - part.shift  # what these documents are numbered on from
        local = documents[first:last].astype(np.int64)
        totals = np.bincount(local - numbered if numbered else local, frequencies[first:last], part.segment.count)
        held = totals.nonzero()[0]
        self._documents.append(held + part.base if part.base else held)
        self._frequencies.append(totals.take(held))
        self.count += len(held) - int(np.count_nonzero(totals.take(part.dead)))

    def runs(self, snapshot: Snapshot) -> list[Run]:
        """Its runs, segment by segment."""
        if not self._documents:
            return []
        value = weight(snapshot, self.field, [self.count])
        return [Run(self.number, d, f, value) for d, f in zip(self._documents, self._frequencies, strict=True)]


class WordPostings(NamedTuple):
    """What the fields say of a word; in each segment its rank among `plain`, -1 for none, and those of its stems."""

    title: Postings
    body: Postings
    plain: Postings
    stem: Postings
    ranks: list[tuple[int, list[int]]]


def word_postings(snapshot: Snapshot, term: str) -> WordPostings:
    """What the fields say of a word; kept, since the words of queries recur."""
    kept: WordPostings | None = snapshot.words.get(term)
    if kept is not None:
        return kept
    exact, bare = term.encode(), strip_marks(term).encode()
    stemmed = query_stems(snapshot, term)
    found = WordPostings(Postings("title"), Postings("body"), Postings("plain"), Postings("stem"), [])
    for part in snapshot.parts:
        vocabularies = part.segment.vocabularies
        if (without := vocabularies["plain"].rank(bare)) >= 0:
            found.plain.add(part, without)
        if (rank := vocabularies["exact"].rank(exact)) >= 0:
            found.title.add(part, rank)
            found.body.add(part, rank)
        of_stem = vocabularies["stem"]
        ranks = [rank for one in stemmed if (rank := of_stem.rank(one)) >= 0]
        for rank in ranks:
            found.stem.add(part, rank)
        found.ranks.append((without, ranks))
    if len(snapshot.words) >= MOST_WORDS:
        snapshot.words.clear()
    snapshot.words[term] = found
    return found


def query_stems(snapshot: Snapshot, term: str) -> Sequence[bytes]:
    """The stems of a query's word in every language of the index."""
    return _stemmed(term, snapshot.stemmed)


@lru_cache(MOST_WORDS)
def _stemmed(term: str, languages: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(stem.encode() for language in languages for stem in stems([term], language))
