"""One page: the hits of a query tree filtered, counted, ordered, and those shown with their marks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engine.counting import Counts, Filters, count
from indexer.engine.execute import BUDGET, execute
from indexer.engine.hits import best
from indexer.engine.marks import mark
from indexer.engine.snapshot import Snapshot
from indexer.engine.snippets import Fragment, snippets, title_fragment
from indexer.tree import Node, leaves


class Place(NamedTuple):
    """One hit shown."""

    id: str
    score: float
    stored: str
    title: Fragment
    fragments: tuple[Fragment, ...]


class Found(NamedTuple):
    """The counts of all hits, and the hits of the page."""

    counts: Counts
    places: tuple[Place, ...]


def find_page(snapshot: Snapshot, node: Node, *, filters: Filters, sort: str, first: int, size: int) -> Found:
    """Hits `first` to `first + size` in an order: by `relevance`, or by date `newest` or `oldest` first.

    Unknown dates come last; equal hits stand in the order of their ids. QueryError when a pattern asks too much.
    """
    counts = count(snapshot, execute(snapshot, node, budget=BUDGET), filters)
    shown = _ordered(snapshot, counts, sort, first + size)[first:]
    return Found(counts, tuple(_places(snapshot, node, counts, shown)))


def find_ids(snapshot: Snapshot, node: Node, *, filters: Filters, sort: str) -> list[str]:
    """The ids of all hits, in the same orders."""
    counts = count(snapshot, execute(snapshot, node, budget=BUDGET), filters)
    shown = _ordered(snapshot, counts, sort, counts.total)
    return [id.decode("ascii") for id in snapshot.ids[counts.documents[shown]].tolist()]


def find_total(snapshot: Snapshot, node: Node, *, filters: Filters, budget: float) -> int:
    """How many hits there are; QueryError when that takes more seconds of processor time than `budget`."""
    return count(snapshot, execute(snapshot, node, budget=budget), filters).total


def _ordered(snapshot: Snapshot, counts: Counts, sort: str, size: int) -> NDArray[np.int64]:
    """The places of the first `size` hits."""
    keys = counts.scores if sort == "relevance" else _dates(snapshot.dates[counts.documents], newest=sort == "newest")
    return best(keys, counts.documents, snapshot.order, size)


def _dates(dates: NDArray[np.int32], *, newest: bool) -> NDArray[np.float32]:
    """Days as scores, which float32 holds exactly; unknown ones the least."""
    days = dates.astype(np.float32)
    return days if newest else np.where(dates > 0, np.float32(1 << 23) - days, np.float32(0))


def _places(snapshot: Snapshot, node: Node, counts: Counts, shown: NDArray[np.int64]) -> list[Place]:
    documents = counts.documents[shown].tolist()
    rising = sorted(documents)
    marks = mark(snapshot, list(leaves(node)), rising)
    marked = {document: n for n, document in enumerate(rising)}
    ids, scores = snapshot.ids[documents].tolist(), counts.scores[shown].tolist()
    places = []
    for document, id, score in zip(documents, ids, scores, strict=True):
        segment, local = snapshot.place(document)
        n = 2 * marked[document]
        title = title_fragment(segment.title(local), marks.of(n))
        fragments = snippets(segment.text(local), marks.of(n + 1))
        places.append(Place(id.decode("ascii"), score, segment.stored(local), title, fragments))
    return places
