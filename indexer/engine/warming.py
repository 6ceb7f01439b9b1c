"""What the first readers of an index would otherwise wait for, done before they come."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from indexer.analysis import SEPARATOR
from indexer.engine.postings import word_postings
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import word
from indexer.segments import Segment
from indexer.tree import Word

SMALL = 4_096  # documents of an index that needs none of it
MOST = 4_096  # terms that are looked at
POPULATED = 512 << 20  # bytes of an index up to which all of it is read into memory
SHARE = 0.5  # of the room for score vectors that is filled beforehand


def warm(snapshot: Snapshot) -> None:
    """Map the index into memory unless it is large; look the most frequent words up and score the foremost of them.

    A small index has nothing that anyone waits for.
    """
    if snapshot.size < SMALL:
        return
    files = [part.segment.file for part in snapshot.parts]
    if sum(file.size for file in files) <= POPULATED:
        for file in files:
            file.populate()
    vectors = snapshot.vectors
    scored = True
    for term in _frequent(snapshot.parts[0].segment):
        if SEPARATOR in term:
            continue
        if scored:
            # Rarer words than one whose scores are not kept have none kept either.
            scored = word(snapshot, Word(term)).documents is None and vectors.held < SHARE * vectors.limit
        else:
            word_postings(snapshot, term)


def _frequent(segment: Segment) -> Iterator[str]:
    """The terms in most texts of a segment, the most frequent first."""
    counts = np.diff(np.asarray(segment.postings["body"].postings).astype(np.int64))
    frequent = np.argpartition(counts, -min(MOST, len(counts)))[-MOST:]
    for rank in frequent[np.argsort(-counts[frequent])].tolist():
        yield segment.vocabularies["exact"].term(rank).decode()
