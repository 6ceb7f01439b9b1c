"""A segment opened for reading: the arrays of one file, and the few look-ups that are not array operations."""

from __future__ import annotations

import zlib
from bisect import bisect_left, bisect_right
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.segments.arrayfile import ArrayFile
from indexer.segments.build import BLOBS, FIELDS, VOCABULARIES, Axis, letters
from indexer.segments.chunk import FACETS
from indexer.segments.text import Text

KNOWN = 1 << 15  # terms up to which all are kept in a dictionary
PREFIXES = 512  # whose ranks are kept
HEAD = 4  # bytes of a term that are kept as a number


class Vocabulary:
    """Sorted terms of a segment; a term is known by its rank.

    `token` int32 [axis] holds ranks, -1 where there is none; `occurrence` uint32 the positions of each term, rising,
    from `occurrences[rank]` to `occurrences[rank + 1]`; beside it `next` int32 holds the rank at the position behind each,
    in the vocabularies that phrases are looked up in.
    """

    __slots__ = (
        "_blob", "_bucket", "_head", "_known", "_of_hash", "_offset", "_prefixes", "_shift",
        "letters", "next", "occurrence", "occurrences", "size", "token", "tokens",
    )  # fmt: skip

    def __init__(self, name: str, arrays: dict[str, NDArray[Any]]) -> None:
        self.token: NDArray[np.int32] = arrays[f"{name}.token"]
        self.tokens = self.token.data  # single elements are read four times as fast from here
        self.occurrence: NDArray[np.uint32] = arrays[f"{name}.occurrence"]
        self.next: NDArray[np.int32] | None = arrays.get(f"{name}.next")
        self.occurrences = arrays[f"{name}.occurrences"].data
        self._blob = arrays[f"{name}.term"].data
        self._offset = arrays[f"{name}.term.offset"].data
        self._head = arrays[f"{name}.head"].data
        self._bucket = arrays[f"{name}.bucket"].data
        self._of_hash = arrays[f"{name}.of_hash"].data
        self._shift = 33 - (len(self._bucket) - 1).bit_length()
        self.letters: NDArray[np.uint32] = arrays[f"{name}.letters"]
        self.size = len(self._offset) - 1
        self._known: dict[bytes, int] | None = None
        self._prefixes: dict[bytes, tuple[int, int]] = {}

    def term(self, rank: int) -> bytes:
        """The term of a rank."""
        return bytes(self._blob[self._offset[rank] : self._offset[rank + 1]])

    def rank(self, term: bytes) -> int:
        """The rank of a term, or -1."""
        if self.size <= KNOWN:
            return (self._known or self._know()).get(term, -1)
        bucket = zlib.crc32(term) >> self._shift
        offset = self._offset
        for at in range(self._bucket[bucket], self._bucket[bucket + 1]):
            rank = self._of_hash[at]
            if self._blob[offset[rank] : offset[rank + 1]] == term:
                return rank
        return -1

    def ranks(self, term: bytes) -> tuple[int, int]:
        """The rank of a term as a range of ranks, from and to; an empty one without it."""
        rank = self.rank(term)
        return (rank, rank + 1) if rank >= 0 else (0, 0)

    def _know(self) -> dict[bytes, int]:
        """The ranks of all terms by term: for few of them a fifth of the cost of a look-up in the arrays."""
        content, offsets = bytes(self._blob), self._offset.tolist()
        self._known = {content[a:b]: rank for rank, (a, b) in enumerate(pairwise(offsets))}
        return self._known

    def first(self, term: bytes) -> int:
        """The rank of the first term that is not below `term`."""
        return bisect_left(range(self.size), term, *self._headed(term), key=self.term)

    def prefix(self, prefix: bytes) -> tuple[int, int]:
        """The ranks, from and to, of the terms that begin so; kept, since one query asks for them several times."""
        found = self._prefixes.get(prefix)
        if found is None:
            if len(self._prefixes) >= PREFIXES:
                self._prefixes.clear()
            found = self._prefixes[prefix] = self._beginning(prefix)
        return found

    def _beginning(self, prefix: bytes) -> tuple[int, int]:
        low, high = self._headed(prefix)
        if len(prefix) <= HEAD:
            return low, high
        start = bisect_left(range(self.size), prefix, low, high, key=self.term)
        beyond = bisect_left(range(start, high), True, key=lambda rank: not self.term(rank).startswith(prefix))
        return start, start + beyond

    def _headed(self, term: bytes) -> tuple[int, int]:
        """The ranks, from and to, of the terms that share the first four bytes of `term`, or all of a shorter one."""
        head = term[:HEAD]
        low = bisect_left(self._head, int.from_bytes(head.ljust(HEAD, b"\0")))
        high = bisect_right(self._head, int.from_bytes(head.ljust(HEAD, b"\xff")), low)
        return low, high

    def alike(self, term: str, start: int, stop: int, distance: int) -> list[int]:
        """The ranks from `start` to `stop` of terms that may be within `distance` edits of `term`: none is missed.

        An edit changes a term's set of letters by two at most, and its length in bytes by four.
        """
        near = np.abs(self._bytes(start, stop) - len(term.encode())) <= 4 * distance
        near &= np.bitwise_count(self.letters[start:stop] ^ np.uint32(letters(term))) <= 2 * distance
        return (start + np.flatnonzero(near)).tolist()

    def _bytes(self, start: int, stop: int) -> NDArray[np.int64]:
        offsets = np.asarray(self._offset[start : stop + 1]).astype(np.int64)
        return offsets[1:] - offsets[:-1]


class Postings:
    """A field's postings: `document` uint32 rising and `frequency` unsigned, term by term; `length` uint32 [documents]."""

    __slots__ = ("document", "frequency", "length", "postings")

    def __init__(self, field: str, arrays: dict[str, NDArray[Any]]) -> None:
        self.postings = arrays[f"{field}.postings"].data  # where each term's begin, and the last ends
        self.document: NDArray[np.uint32] = arrays[f"{field}.document"]
        self.frequency = arrays[f"{field}.frequency"]
        self.length: NDArray[np.uint32] = arrays[f"{field}.length"]


class Segment:
    """The arrays of one segment. Documents stand in the order of their ids; document d's title begins at position
    `start[d]` of the axis, its body at `body[d]`.
    """

    def __init__(self, path: Path) -> None:
        """Map a segment's file; DamagedIndexError when it is torn."""
        self.file = ArrayFile(path)
        arrays = self.file.arrays
        self.count: int = self.file.meta["documents"]
        self.start = arrays["start"]
        self.body = arrays["body"]
        self.document = arrays["document"]  # of each position of the axis
        # The same, for single elements.
        self.starts, self.bodies, self.documents = self.start.data, self.body.data, self.document.data
        self.id: NDArray[np.bytes_] = arrays["id"]
        self.date: NDArray[np.int32] = arrays["date"]
        self.codes = {facet: arrays[f"facet.{facet}"] for facet in FACETS}
        self.values: dict[str, list[str]] = self.file.meta["facets"]
        self.vocabularies = {name: Vocabulary(name, arrays) for name in VOCABULARIES}
        self.postings = {field: Postings(field, arrays) for field in FIELDS}
        self._blobs = {n: (arrays[f"blob.{n}"].data, arrays[f"blob.{n}.offset"].data) for n in BLOBS}
        self._titles, self._texts, self._stored = (self._blobs[name] for name in ("title", "text", "stored"))
        self.token_start: NDArray[np.uint32] = arrays["token.start"]
        self.token_width: NDArray[np.uint16] = arrays["token.width"]

    def title(self, document: int) -> str:
        """A document's title."""
        content, offset = self._titles
        return str(content[offset[document] : offset[document + 1]], "utf-8", "surrogatepass")

    def text(self, document: int) -> Text:
        """Its text."""
        content, offset = self._texts
        return Text(content, offset[document], offset[document + 1])

    def stored(self, document: int) -> str:
        """What was stored with a document."""
        content, offset = self._stored
        return str(content[offset[document] : offset[document + 1]], "utf-8", "surrogatepass")

    def _blob(self, name: str, document: int) -> bytes:
        content, offset = self._blobs[name]
        return bytes(content[offset[document] : offset[document + 1]])

    def axis(self) -> Axis:
        """The segment as what it was built from, to be merged."""
        title_lengths = (self.body.astype(np.int64) - self.start[:-1] - 1).astype(np.int32)
        sizes = np.diff(self.start.astype(np.int64))
        return Axis(
            terms={name: [v.term(rank) for rank in range(v.size)] for name, v in self.vocabularies.items()},
            tokens={name: v.token for name, v in self.vocabularies.items()},
            title_lengths=title_lengths,
            body_lengths=(sizes - title_lengths - 2).astype(np.int32),
            starts=self.token_start,
            widths=self.token_width,
            ids=self.id,
            dates=self.date,
            codes={facet: codes.astype(np.uint32) for facet, codes in self.codes.items()},
            values=self.values,
            blobs={name: [self._blob(name, d) for d in range(self.count)] for name in BLOBS},
        )
