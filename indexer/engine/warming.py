"""What the first readers of an index would otherwise wait for, done before they come."""

from __future__ import annotations

import numpy as np

from indexer.analysis import SEPARATOR
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import word
from indexer.tree import Word

SMALL = 4_096  # documents of an index that needs none of it
MOST = 1024  # terms that are looked at
SHARE = 0.5  # of the room for score vectors that is filled beforehand


def warm(snapshot: Snapshot) -> None:
    """Score the most frequent words, whose scores are kept, and list the terms of small segments.

    A small index has nothing that anyone waits for.
    """
    if snapshot.size < SMALL:
        return
    for part in snapshot.parts:
        for vocabulary in part.segment.vocabularies.values():
            vocabulary.rank(b"")
    vectors = snapshot.vectors
    largest = snapshot.parts[0].segment
    counts = np.diff(np.asarray(largest.postings["body"].postings).astype(np.int64))
    frequent = np.argpartition(counts, -min(MOST, len(counts)))[-MOST:]
    for rank in frequent[np.argsort(-counts[frequent])].tolist():
        term = largest.vocabularies["exact"].term(rank).decode()
        if SEPARATOR in term:
            continue
        # Rarer words than one that is not kept are not kept either.
        if word(snapshot, Word(term)).documents is not None or vectors.held > SHARE * vectors.limit:
            return
