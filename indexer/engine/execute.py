"""A query tree to hits."""

from __future__ import annotations

import math
import time
from functools import reduce

import numpy as np

from indexer.engine.hits import Hits, both, either, without
from indexer.engine.phrases import phrase
from indexer.engine.proximity import near
from indexer.engine.snapshot import Snapshot
from indexer.engine.words import all_words, pattern, word
from indexer.errors import QueryError
from indexer.tree import And, Everything, Leaf, Near, Node, Not, Or, Phrase, Word

BUDGET = 0.08  # seconds of processor time a query may take before it is refused


def execute(snapshot: Snapshot, node: Node, *, budget: float = math.inf) -> Hits:
    """What a tree finds, deleted documents not yet left out.

    QueryError when a pattern stands for too many words, or the leaves take more processor time than `budget`.
    """
    until = time.thread_time() + budget if budget < math.inf else None
    return _Execution(snapshot, until).hits(node)


class _Execution:
    def __init__(self, snapshot: Snapshot, until: float | None) -> None:
        self.snapshot = snapshot
        self.until = until

    def hits(self, node: Node) -> Hits:
        match node:
            case And(children):
                words = [child for child in children if isinstance(child, Word)]
                if len(words) == len(children) and (found_together := all_words(self.snapshot, words)) is not None:
                    return found_together
                found = sorted(map(self.hits, children), key=lambda hits: len(hits.scores))
                return reduce(lambda one, other: both(self.snapshot, one, other), found)
            case Or(children):
                return either(self.snapshot, [self.hits(child) for child in children])
            case Not(child):
                return without(self.snapshot, self.hits(child))
            case Everything():
                documents = np.flatnonzero(self.snapshot.live)
                return Hits(documents, np.zeros(len(documents), np.float32))
        if self.until is not None and time.thread_time() > self.until:
            raise QueryError("The query takes too long to answer. Use fewer words, or rarer ones.")
        return self.leaf(node)

    def leaf(self, leaf: Leaf) -> Hits:
        match leaf:
            case Word():
                return word(self.snapshot, leaf)
            case Phrase():
                return phrase(self.snapshot, leaf)
            case Near():
                return near(self.snapshot, leaf)
        return pattern(self.snapshot, leaf)
