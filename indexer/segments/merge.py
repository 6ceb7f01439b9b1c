"""Merge segments: their live documents on one axis, their vocabularies made one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.segments.build import BLOBS, VOCABULARIES, Axis, select
from indexer.segments.chunk import FACETS, NONE
from indexer.segments.segment import Segment

T = TypeVar("T")


def merged_axis(parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> Axis:
    """The live documents of segments as one axis; each segment with its mask of live documents."""
    return _joined([_live(segment, live) for segment, live in parts])


def _live(segment: Segment, live: NDArray[np.bool_]) -> Axis:
    axis = segment.axis()
    return axis if live.all() else select(axis, np.flatnonzero(live))


def _joined(axes: Sequence[Axis]) -> Axis:
    terms, tokens = {}, {}
    for name in VOCABULARIES:
        known: dict[bytes, int] = {}
        parts = [_renumbered(axis.terms[name], known)[axis.tokens[name]] for axis in axes]
        terms[name], tokens[name] = list(known), np.concatenate(parts)
    codes, values = {}, {}
    for facet in FACETS:
        shared: dict[str, int] = {}
        parts_of = [_renumbered(axis.values[facet], shared)[axis.codes[facet]] for axis in axes]
        codes[facet], values[facet] = np.concatenate(parts_of).astype(np.uint32), list(shared)
    return Axis(
        terms=terms,
        tokens=tokens,
        title_lengths=np.concatenate([axis.title_lengths for axis in axes]),
        body_lengths=np.concatenate([axis.body_lengths for axis in axes]),
        starts=np.concatenate([axis.starts for axis in axes]),
        widths=np.concatenate([axis.widths for axis in axes]),
        ids=np.concatenate([axis.ids for axis in axes]),
        dates=np.concatenate([axis.dates for axis in axes]),
        codes=codes,
        values=values,
        blobs={name: [part for axis in axes for part in axis.blobs[name]] for name in BLOBS},
    )


def _renumbered(local: Sequence[T], known: dict[T, int]) -> NDArray[np.int32]:
    """Local numbers to common ones; NONE, as an index, reads the last entry and stays NONE."""
    return np.fromiter((*(known.setdefault(value, len(known)) for value in local), NONE), np.int32, len(local) + 1)
