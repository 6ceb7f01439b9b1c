"""One commit opened: its segments side by side, and what scores and counts need of all of them at once.

Documents are numbered through: document d of segment s is `s.base + d`. Deleted ones stay in the numbering and in
postings; they carry the combination DEAD, which no filter passes and nothing counts.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.segments.build import FIELDS
from indexer.segments.chunk import FACETS
from indexer.segments.segment import Segment
from indexer.segments.store import Contents

K1, B = 1.2, 0.75
DEAD = 0
YEAR = "year"
VECTORS = 48 << 20  # bytes of score vectors kept of frequent words

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Part:
    """A segment in its place: `base` is the number of its first document; `dead` uint32 the deleted ones, local."""

    segment: Segment
    base: int
    dead: NDArray[np.uint32]
    lost: dict[str, dict[int, int]]  # by field and rank: in how many dead documents a term stands


class Snapshot:
    """What one commit holds, opened for reading; shared by threads."""

    def __init__(self, folder: Path, contents: Contents, *, opened: dict[str, Segment] | None = None) -> None:
        """Map the segments of a commit, those in `opened` (by name) again as they are."""
        self.contents = contents
        self.parts: list[Part] = []
        base = 0
        for named in contents.segments:
            segment = (opened or {}).get(named.segment_id()) or Segment(named.file(folder))
            dead = np.array(sorted(named.deleted), np.uint32)
            self.parts.append(Part(segment, base, dead, _lost(segment, dead)))
            base += segment.count
        self.size = base
        self.live = np.ones(base, bool)
        for part in self.parts:
            self.live[part.base + part.dead.astype(np.int64)] = False
        self.count = int(np.count_nonzero(self.live))
        # float32 [fields, documents], in the order of FIELDS
        self.norms = np.stack([self._norms(field) for field in FIELDS])
        self.ids = self._joined("id", np.dtype("S12"))
        # uint32 [documents]: the place of each among the sorted ids, by which equal scores are told apart
        self.order = np.empty(base, np.uint32)
        self.order[np.argsort(self.ids, kind="stable")] = np.arange(base, dtype=np.uint32)
        self.dates = self._joined("date", np.int32)
        self.combinations = Combinations.of(self)
        self.vectors = VectorCache(VECTORS)
        self._scratch = threading.local()

    def segments(self) -> dict[str, Segment]:
        """The open segments by name, for the snapshot after this one."""
        return {
            named.segment_id(): part.segment for named, part in zip(self.contents.segments, self.parts, strict=True)
        }

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

    def place(self, document: int) -> tuple[Segment, int]:
        """The segment of a document, and its number there."""
        part = next(p for p in reversed(self.parts) if p.base <= document)
        return part.segment, document - part.base

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of live documents, sorted."""
        return tuple(sorted(self.combinations.totals("language")))


def _lost(segment: Segment, dead: NDArray[np.uint32]) -> dict[str, dict[int, int]]:
    """In how many of the dead documents each of their terms stands, by field: what is off in a posting's length."""
    lost: dict[str, dict[int, int]] = {}
    for field, vocabulary in FIELDS.items():
        token = segment.vocabularies[vocabulary].token
        counts: dict[int, int] = {}
        for d in dead.tolist():
            start, body, stop = int(segment.start[d]), int(segment.body[d]), int(segment.start[d + 1])
            begin, end = {"title": (start, body), "body": (body, stop)}.get(field, (start, stop))
            for rank in np.unique(token[begin:end]).tolist():
                counts[rank] = counts.get(rank, 0) + 1
        lost[field] = counts
    return lost


@dataclass(frozen=True)
class Combinations:
    """Documents by what facets, histogram and filters ask of them, so that one pass over hits counts everything.

    `of_document` int64 [documents] numbers the distinct combinations of facet values and year; `codes[name]` int64
    [combinations] are indices into `values[name]`; `sizes` int64 [combinations] count live documents. Combination
    DEAD stands for deleted documents.
    """

    of_document: NDArray[np.int64]
    codes: dict[str, NDArray[np.int64]]
    values: dict[str, list[str]]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, snapshot: Snapshot) -> Combinations:
        """The combinations of a snapshot's documents."""
        columns, values = {}, {}
        for facet in FACETS:
            known: dict[str, int] = {}
            parts = [
                np.array([known.setdefault(v, len(known)) for v in part.segment.values[facet]], np.uint32)[
                    part.segment.codes[facet]
                ]
                for part in snapshot.parts
            ]
            columns[facet] = np.concatenate(parts) if parts else np.empty(0, np.uint32)
            values[facet] = list(known)
        dates, day = np.unique(snapshot.dates, return_inverse=True)
        years = [dt.date.fromordinal(d).year if d else 0 for d in dates.tolist()]
        distinct = sorted(set(years))
        columns[YEAR] = (
            np.array([distinct.index(year) for year in years], np.uint32)[day] if years else day.astype(np.uint32)
        )
        values[YEAR] = [str(year) if year else "" for year in distinct]
        return cls._numbered(columns, values, snapshot.live)

    @classmethod
    def _numbered(
        cls, columns: dict[str, NDArray[np.uint32]], values: dict[str, list[str]], live: NDArray[np.bool_]
    ) -> Combinations:
        key = np.zeros(len(live), np.int64)
        for name, column in columns.items():
            key = key * (len(values[name]) or 1) + column
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
        of_document = np.where(live, number + 1, DEAD).astype(np.int64)
        codes = {name: np.append(0, column[first]).astype(np.int64) for name, column in columns.items()}
        sizes = np.bincount(of_document, minlength=len(first) + 1)
        sizes[DEAD] = 0
        return cls(of_document, codes, values, sizes)

    def totals(self, name: str, *, among: Collection[str] | None = None) -> dict[str, int]:
        """Live documents by value of a facet, values without any left out; `among` those of some relations."""
        sizes = self.sizes
        if among is not None:
            chosen = np.array([value in among for value in self.values["relation"]] or [False])
            sizes = sizes * chosen[self.codes["relation"]]
        counts = np.bincount(self.codes[name], sizes, minlength=len(self.values[name])).astype(int).tolist()
        return {value: count for value, count in zip(self.values[name], counts, strict=False) if count}


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
