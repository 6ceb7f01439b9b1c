"""A query tree to hits."""

from __future__ import annotations

from functools import reduce

import numpy as np

from indexer.engine.hits import Hits, both, either, without
from indexer.engine.phrases import near, phrase
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import pattern, word
from indexer.tree import And, Everything, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Wildcard, Word


def execute(snapshot: Snapshot, node: Node) -> Hits:
    """What a tree finds, deleted documents not yet left out; QueryError when a pattern asks too much."""
    match node:
        case Word():
            return word(snapshot, node)
        case Phrase():
            return phrase(snapshot, node)
        case And(children):
            return _all(snapshot, children)
        case Or(children):
            return either(snapshot, [execute(snapshot, child) for child in children])
        case Not(child):
            return without(snapshot, execute(snapshot, child))
        case Near():
            return near(snapshot, node)
        case Prefix() | Wildcard() | Fuzzy():
            return pattern(snapshot, node)
        case Everything():
            documents = np.flatnonzero(snapshot.live)
            return Hits(documents, np.zeros(len(documents), np.float32))


def _all(snapshot: Snapshot, children: tuple[Node, ...]) -> Hits:
    found = sorted((execute(snapshot, child) for child in children), key=_size)
    return reduce(lambda one, other: both(snapshot, one, other), found)


def _size(hits: Hits) -> int:
    return len(hits.scores)
