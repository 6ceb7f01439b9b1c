"""What the first readers of an index would otherwise wait for, done before they come."""

from __future__ import annotations

import numpy as np

from indexer.analysis import SEPARATOR
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import word
from indexer.tree import Word

WORDS = 128  # frequent words scored beforehand


def warm(snapshot: Snapshot) -> None:
    """Score the most frequent words, whose scores are kept, and list the terms of small segments."""
    for part in snapshot.parts:
        for vocabulary in part.segment.vocabularies.values():
            vocabulary.rank(b"")
    if not snapshot.parts:
        return
    largest = snapshot.parts[0].segment
    counts = np.diff(np.asarray(largest.postings["body"].postings).astype(np.int64))
    for rank in np.argsort(-counts, kind="stable")[: 2 * WORDS].tolist():
        term = largest.vocabularies["exact"].term(rank).decode()
        if SEPARATOR not in term and word(snapshot, Word(term)).documents is not None:
            return  # rarer words are not kept either
