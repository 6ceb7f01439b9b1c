"""Change an index: new documents as a segment, old ones deleted, small segments merged, one commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.segments.arrayfile import write_arrays
from indexer.segments.build import ID, Axis, axis_of_chunks, segment_arrays
from indexer.segments.chunk import Chunk
from indexer.segments.codec import ArraySegment
from indexer.segments.merge import merged_axis
from indexer.segments.segment import Segment
from indexer.segments.store import NAME, commit, commits, read_contents, sweep, sweep_at_once

MERGE_LIMIT = 4_000  # live documents one merge writes at most, which bounds what a commit costs
GROWTH = 4  # a segment is merged when the smaller ones together hold a quarter of it: so few remain
PURGE = 0.3  # deleted share from which a segment is written anew


def write_commit(folder: Path, chunks: Sequence[Chunk], *, delete: Iterable[str] = (), merge: bool = True) -> int:
    """Delete the documents of those ids, add the chunks' in place of any of their ids, and commit; the commit's number.

    The caller holds the index lock. What readers see changes at once, with the commit.
    """
    segments = list(read_contents(folder).segments) if commits(folder) else []
    added = [document.id for chunk in chunks for document in chunk.documents]
    segments = _without(folder, segments, {*delete, *added})
    new = [_write(folder, axis_of_chunks(chunks))] if added else []
    kept = [segment for segment in segments if segment.doc_count()]
    number = commit(folder, _merged(folder, kept, new) if merge else [*kept, *new])
    sweep(folder)
    return number


def purge(folder: Path, ids: Iterable[str]) -> int:
    """Write every segment anew that holds a document of those ids, dead ones too; the commit's number.

    The files of all earlier commits are gone when this returns, whoever reads them. The caller holds the index lock.
    """
    wanted = np.array(sorted(ids), ID)
    contents = read_contents(folder)
    number, kept = contents.commit, []
    for segment in contents.segments:
        found = _found(folder, segment, wanted)
        kept += _rewritten(folder, segment.without(found)) if found else [segment]
    if kept != list(contents.segments) or contents.problem:
        number = commit(folder, kept)
    sweep_at_once(folder, number)
    return number


def _rewritten(folder: Path, segment: ArraySegment) -> list[ArraySegment]:
    """A segment with its live documents alone; none when it has none."""
    if not segment.doc_count():
        return []
    return [_write(folder, merged_axis([(Segment(segment.file(folder)), _live(segment))]))]


def _without(folder: Path, segments: Sequence[ArraySegment], ids: set[str]) -> list[ArraySegment]:
    """The segments with the documents of those ids deleted."""
    wanted = np.array(sorted(ids), ID)
    return [segment.without(_found(folder, segment, wanted)) if len(wanted) else segment for segment in segments]


def _found(folder: Path, segment: ArraySegment, wanted: NDArray[np.bytes_]) -> frozenset[int]:
    ids = Segment(segment.file(folder)).id
    at = np.searchsorted(ids, wanted)
    inside = at < len(ids)
    hits = at[inside][ids[at[inside]] == wanted[inside]]
    return frozenset(hits.tolist())


def _write(folder: Path, axis: Axis) -> ArraySegment:
    arrays, meta = segment_arrays(axis)
    segment = ArraySegment(NAME, meta["documents"])
    write_arrays(segment.file(folder), arrays, meta=meta)
    return segment


def _merged(folder: Path, old: Sequence[ArraySegment], new: Sequence[ArraySegment]) -> list[ArraySegment]:
    """The segments after this commit's merge: the smallest together, as long as none is much larger than those before it."""
    by_size = sorted([*old, *new], key=lambda segment: segment.doc_count())
    chosen: list[ArraySegment] = []
    total = 0
    for segment in by_size:
        size = segment.doc_count()
        if total + size <= MERGE_LIMIT and (not chosen or size <= GROWTH * total or _wasteful(segment)):
            chosen.append(segment)
            total += size
    if len(chosen) < 2 and not any(map(_wasteful, chosen)):
        return [*old, *new]
    parts = [(Segment(s.file(folder)), _live(s)) for s in chosen]
    merged = _write(folder, merged_axis(parts))
    return [*(segment for segment in by_size if segment not in chosen), merged]


def _wasteful(segment: ArraySegment) -> bool:
    return bool(segment.deleted_count() > PURGE * segment.count)


def _live(segment: ArraySegment) -> NDArray[np.bool_]:
    live = np.ones(segment.count, bool)
    live[list(segment.deleted)] = False
    return live
