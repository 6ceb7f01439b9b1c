"""More like this: the reports that share the most telling terms of one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from indexer.engine.hits import Hits, Runs, gathered
from indexer.engine.postings import Postings
from indexer.engine.snapshot import Snapshot

TERMS = 25  # that are asked for
MOST_TERMS = 1000  # of a report that are weighed, the frequent first, which bounds what a long one costs
FIELD = "body"


@dataclass(frozen=True, slots=True)
class _Telling:
    """A term, how much it tells of the report, and where it stands."""

    term: bytes
    worth: float
    postings: Postings


def similar(snapshot: Snapshot, document: int) -> Hits:
    """The documents that share any of a document's telling terms, itself among them, deleted ones not yet left out.

    What tells is BM25's idf by the term's frequency in the document; documents are scored by these terms in their texts.
    """
    runs = [run for telling in _telling(snapshot, document) for run in telling.postings.runs(snapshot)]
    return gathered(snapshot, Runs(runs))


def _telling(snapshot: Snapshot, document: int) -> list[_Telling]:
    """The most telling terms of a document's text, equally telling ones in the order of their bytes."""
    segment, local = snapshot.place(document)
    vocabulary = segment.vocabularies["exact"]
    tokens = vocabulary.token[int(segment.body[local]) : int(segment.start[local + 1])]
    ranks, frequencies = np.unique(tokens[tokens >= 0], return_counts=True)
    frequent = np.argsort(-frequencies, kind="stable")[:MOST_TERMS]
    weighed = [_weighed(snapshot, vocabulary.term(int(ranks[n])), int(frequencies[n])) for n in frequent]
    return sorted(weighed, key=lambda telling: (-telling.worth, telling.term))[:TERMS]


def _weighed(snapshot: Snapshot, term: bytes, frequency: int) -> _Telling:
    found = Postings(FIELD)
    for part in snapshot.parts:
        if (rank := part.segment.vocabularies["exact"].rank(term)) >= 0:
            found.add(part, rank)
    idf = math.log(1 + (snapshot.count - found.count + 0.5) / (found.count + 0.5))
    # A term that stands in this report alone finds nothing else.
    return _Telling(term, frequency * idf if found.count > 1 else 0.0, found)
