"""One page: the hits of a query tree filtered, counted, ordered, and those shown with their marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.counting import Counts, Filters, count
from indexer.engine.execute import BUDGET, execute
from indexer.engine.hits import best
from indexer.engine.marks import mark
from indexer.engine.snapshot import Snapshot
from indexer.snippets import Fragment, snippets, title_fragment
from indexer.tree import Node, leaves


@dataclass(frozen=True, slots=True)
class Place:
    """One hit shown."""

    id: str
    score: float
    stored: str
    title: Fragment
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The counts of all hits, and the hits of the page."""

    counts: Counts
    places: tuple[Place, ...]


def find_page(snapshot: Snapshot, node: Node, *, filters: Filters, sort: str, first: int, size: int) -> Found:
    """Hits `first` to `first + size` in an order: by `relevance`, or by date `newest` or `oldest` first.

    Unknown dates come last; equal hits stand in the order of their ids. QueryError when a pattern asks too much.
    """
    counts = count(snapshot, execute(snapshot, node, budget=BUDGET), filters)
    keys = counts.scores if sort == "relevance" else _dates(snapshot.dates[counts.documents], newest=sort == "newest")
    shown = best(keys, counts.documents, snapshot.order, first + size)[first:]
    return Found(counts, tuple(_places(snapshot, node, counts, shown)))


def _dates(dates: NDArray[np.int32], *, newest: bool) -> NDArray[np.float32]:
    """Days as scores, which float32 holds exactly; unknown ones the least."""
    days = dates.astype(np.float32)
    return days if newest else np.where(dates > 0, np.float32(1 << 23) - days, np.float32(0))


def _places(snapshot: Snapshot, node: Node, counts: Counts, shown: NDArray[np.int64]) -> Iterator[Place]:
    documents = counts.documents[shown].tolist()
    marks = mark(snapshot, list(leaves(node)), documents)
    for document, score in zip(documents, counts.scores[shown].tolist(), strict=True):
        segment, local = snapshot.place(document)
        in_title, in_text = marks[document]
        yield Place(
            id=segment.id[local].decode("ascii"),
            score=score,
            stored=segment.stored(local),
            title=title_fragment(segment.title(local), in_title),
            fragments=snippets(segment.text(local), in_text),
        )
