"""What deleted documents take from the document frequencies, so that scores do not depend on merges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from indexer.segments.build import FIELDS
from indexer.segments.segment import Segment

TABLE = 1 << 20  # tokens looked at in one go, but for a longer document
ALIKE = 1.5  # how much longer the longest document of a table may be than its shortest
SHORT = 32  # tokens up to which documents are of one table

Int64 = NDArray[np.int64]


def lost(segment: Segment, dead: NDArray[np.uint32]) -> list[memoryview]:
    """In how many of the dead documents each term stands: uint32 by rank, a view for each field."""
    starts, bodies, stops = (b[dead].astype(np.int64) for b in (segment.start, segment.body, segment.start[1:]))
    return [
        _frequencies(
            segment.vocabularies[name].token,
            bodies if field == "body" else starts,
            bodies if field == "title" else stops,
            segment.vocabularies[name].size,
        ).data
        for field, name in FIELDS.items()
    ]


def _frequencies(token: NDArray[np.int32], begins: Int64, ends: Int64, size: int) -> NDArray[np.uint32]:
    """In how many of the stretches of tokens each of `size` terms stands.

    Stretches of like length are the rows of a table, and each row is sorted: short sorts stay in the nearest cache.
    """
    held = [np.empty(0, np.int32)]
    for rows, longest in _tables(ends - begins):
        reach = np.arange(longest)
        ranks = token.take(begins[rows, None] + reach, mode="clip")
        ranks[reach >= (ends - begins)[rows, None]] = -1
        ranks.sort(axis=1)
        first = ranks >= 0
        first[:, 1:] &= ranks[:, 1:] != ranks[:, :-1]
        held.append(ranks[first])
    return np.bincount(np.concatenate(held), minlength=size).astype(np.uint32)


def _tables(sizes: Int64) -> Iterator[tuple[Int64, int]]:
    """Which stretches make one table, and how long the longest of them is."""
    order = np.argsort(sizes, kind="stable")
    rising = sizes[order]
    first = 0
    while first < len(order):
        most = max(SHORT, int(rising[first] * ALIKE))
        stop = int(np.searchsorted(rising, most, side="right"))
        stop = min(stop, first + max(1, TABLE // most))
        yield order[first:stop], int(rising[stop - 1])
        first = stop
