"""One commit opened: its segments side by side, and what scores and counts need of all of them at once.

Documents are numbered through: document d of segment s is `s.base + d`. Deleted ones stay in the numbering and in
postings; no filter passes them and nothing counts them.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engine.columns import Columns
from indexer.engine.deleted import lost
from indexer.segments.build import FIELDS
from indexer.segments.segment import Segment
from indexer.segments.store import Contents
from indexer.stemming import stemmed_apart

K1, B = 1.2, 0.75
VECTORS = 48 << 20  # bytes of score vectors kept of frequent words
RENUMBERED = 4_096  # documents of a segment up to which its postings are numbered through once it is opened

Float32 = NDArray[np.float32]


class Lists(NamedTuple):
    """A field's postings: where each term's begin, and the last ends; documents and frequencies, term by term; and in
    how many dead documents a term stands, by rank, None where no document is dead.
    """

    pointers: memoryview
    documents: NDArray[np.uint32]
    frequencies: NDArray[Any]
    lost: memoryview | None


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in its place: `base` is the number of its first document; `dead` uint32 the deleted ones, local."""

    segment: Segment
    base: int
    dead: NDArray[np.uint32]
    lists: list[Lists]  # by field's number
    shift: int  # what the documents of these lists lack to be numbered through

    @classmethod
    def of(cls, segment: Segment, base: int, dead: NDArray[np.uint32]) -> Part:
        """A segment behind `base` documents of others."""
        documents = [segment.postings[field].document for field in FIELDS]
        shift = base
        if base and segment.count <= RENUMBERED:
            documents, shift = [local + np.uint32(base) for local in documents], 0
        frequencies = lost(segment, dead) if len(dead) else [None] * len(FIELDS)
        postings = [segment.postings[field] for field in FIELDS]
        lists = [
            Lists(of_field.postings, numbered, of_field.frequency, gone)
            for of_field, numbered, gone in zip(postings, documents, frequencies, strict=True)
        ]
        return cls(segment, base, dead, lists, shift)


class Snapshot:
    """What one commit holds, opened for reading; shared by threads."""

    def __init__(self, folder: Path, contents: Contents, *, opened: dict[str, Segment] | None = None) -> None:
        """Map the segments of a commit, those in `opened` (by name) again as they are."""
        self.contents = contents
        self.parts: list[Part] = []
        base = 0
        # The largest first: its documents' numbers are theirs in the whole.
        self._named = sorted(contents.segments, key=lambda named: -named.count)
        for named in self._named:
            segment = (opened or {}).get(named.segment_id()) or Segment(named.file(folder))
            dead = np.array(sorted(named.deleted), np.uint32)
            self.parts.append(Part.of(segment, base, dead))
            base += segment.count
        self.size = base
        self._bases = [part.base for part in self.parts]
        self.live = np.ones(base, bool)
        for part in self.parts:
            self.live[part.base + part.dead.astype(np.int64)] = False
        self.count = int(np.count_nonzero(self.live))
        # float32 [fields, documents], in the order of FIELDS
        self.norms = np.stack([self._norms(field) for field in FIELDS])
        self.all_norms = self.norms.ravel()
        self.norms_of = [row.data for row in self.norms]  # for single elements
        self.ids = self._joined("id", np.dtype("S12"))
        # uint32 [documents]: the place of each among the sorted ids, by which equal scores are told apart
        self.order = np.empty(base, np.uint32)
        self.order[np.argsort(self.ids, kind="stable")] = np.arange(base, dtype=np.uint32)
        self.dates = self._joined("date", np.int32)
        self.columns = Columns.of([part.segment for part in self.parts], self.dates, self.live)
        self.vectors = VectorCache(VECTORS)
        self.words: dict[str, Any] = {}  # what was looked up of words, by term
        self._scratch = threading.local()

    def segments(self) -> dict[str, Segment]:
        """The open segments by name, for the snapshot after this one."""
        return {named.segment_id(): part.segment for named, part in zip(self._named, self.parts, strict=True)}

    def _joined(self, name: str, kind: Any) -> NDArray[Any]:
        parts = [getattr(part.segment, name) for part in self.parts]
        return np.concatenate(parts) if parts else np.empty(0, kind)

    def _norms(self, field: str) -> Float32:
        """K1 * (1 - B + B * length / average length), the average over live documents."""
        parts = [part.segment.postings[field].length for part in self.parts]
        lengths = np.concatenate(parts).astype(np.float64) if parts else np.empty(0)
        average = float(lengths[self.live].sum()) / max(1, self.count) or 1.0
        return (K1 * (1 - B + B * lengths / average)).astype(np.float32)

    @property
    def zeros(self) -> Float32:
        """A float32 array [documents] of zeros for this thread, to be left as zeros."""
        if getattr(self._scratch, "zeros", None) is None:
            self._scratch.zeros = np.zeros(self.size, np.float32)
        return self._scratch.zeros  # type: ignore[no-any-return]

    @property
    def slots(self) -> NDArray[np.uint32]:
        """A uint32 array [documents] for this thread, to be left as it is."""
        if getattr(self._scratch, "slots", None) is None:
            self._scratch.slots = np.zeros(self.size, np.uint32)
        return self._scratch.slots  # type: ignore[no-any-return]

    def document(self, id: str) -> int | None:
        """The number of the live document of that id, or None."""
        wanted = id.encode("ascii", "replace")
        for part in self.parts:
            ids = part.segment.id
            at = int(np.searchsorted(ids, wanted))
            if at < len(ids) and ids[at] == wanted and self.live[part.base + at]:
                return part.base + at
        return None

    def place(self, document: int) -> tuple[Segment, int]:
        """The segment of a document, and its number there."""
        part = self.parts[bisect_right(self._bases, document) - 1]
        return part.segment, document - part.base

    @cached_property
    def stemmed(self) -> tuple[str, ...]:
        """Languages of live documents, one for each stemmer."""
        return stemmed_apart(self.columns.totals("language"))


class VectorCache:
    """Score vectors of frequent words, the longest unused dropped first; not of queries, which differ."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self._vectors: OrderedDict[object, Float32] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: object) -> Float32 | None:
        """The vector kept under `key`, or None."""
        with self._lock:
            vector = self._vectors.get(key)
            if vector is not None:
                self._vectors.move_to_end(key)
            return vector

    def keep(self, key: object, vector: Float32) -> None:
        """Keep a vector, which must not change any more."""
        with self._lock:
            if key in self._vectors:
                return
            self._vectors[key] = vector
            self.held += vector.nbytes
            while self.held > self.limit:
                self.held -= self._vectors.popitem(last=False)[1].nbytes
