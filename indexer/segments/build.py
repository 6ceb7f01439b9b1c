"""Build a segment's arrays from analysed documents, or from segments to be merged: vectorised passes, no loops by token.

Everything hangs on the axis: documents in the order of their ids, each as title, gap, body, gap. Three token arrays
lie on it (`exact`, `plain`, `stem`), from which postings and occurrences follow by one sort each.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.segments.chunk import FACETS, NONE, Chunk
from indexer.segments.text import encode_text

FORMAT = 4  # of the arrays below; raise it whenever one changes
ID = "S12"
VOCABULARIES = ("exact", "plain", "stem")
IN_PHRASES = ("exact", "plain")  # those that phrases are looked up in
# Each field, and the vocabulary of its terms. Title and body share one, and one axis of tokens.
FIELDS = {"title": "exact", "body": "exact", "plain": "plain", "stem": "stem"}

AnyArray = NDArray[Any]


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


BLOBS: dict[str, Callable[[str], bytes]] = {
    "title": _utf8,
    "text": encode_text,
    "stored": _utf8,
}  # and how each is kept


@dataclass(slots=True, kw_only=True)
class Axis:
    """Documents laid on one axis, before their postings are built.

    `terms` bytes by vocabulary, in any order; `tokens` int32 [axis] ids into them; `title_lengths`, `body_lengths`
    [documents]; `columns` arrays [documents] or blobs with offsets, by name; `values` the facets' values.
    """

    terms: dict[str, list[bytes]]
    tokens: dict[str, NDArray[np.int32]]
    title_lengths: NDArray[np.int32]
    body_lengths: NDArray[np.int32]
    starts: NDArray[np.uint32]
    widths: NDArray[np.uint16]
    ids: NDArray[np.bytes_]
    dates: NDArray[np.int32]
    codes: dict[str, NDArray[np.uint32]]
    values: dict[str, list[str]]
    blobs: dict[str, list[bytes]]  # by name of BLOBS

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Positions of each document, gaps included."""
        return self.title_lengths.astype(np.int64) + self.body_lengths + 2


def axis_of_chunks(chunks: Sequence[Chunk]) -> Axis:
    """Chunks laid one behind the other, their vocabularies made one."""
    documents = [document for chunk in chunks for document in chunk.documents]
    vocabularies: dict[str, dict[str, int]] = {name: {} for name in VOCABULARIES}
    tokens: dict[str, list[NDArray[np.int32]]] = {name: [] for name in VOCABULARIES}
    for chunk in chunks:
        exact = _mapped(chunk.exact, vocabularies["exact"])
        plain = _mapped(chunk.plain, vocabularies["plain"])
        stem = _mapped(chunk.stem, vocabularies["stem"])
        tokens["exact"].append(exact[chunk.tokens])
        tokens["plain"].append(plain[np.append(chunk.plain_of, np.int32(NONE))[chunk.tokens]])
        tokens["stem"].append(stem[chunk.stems])
    codes, values = {}, {}
    for n, facet in enumerate(FACETS):
        known: dict[str, int] = {}
        codes[facet] = np.array([known.setdefault(d.facets[n], len(known)) for d in documents], np.uint32)
        values[facet] = list(known)
    return Axis(
        terms={name: [term.encode() for term in known] for name, known in vocabularies.items()},
        tokens={name: _concatenated(parts, np.int32) for name, parts in tokens.items()},
        title_lengths=_concatenated([chunk.title_lengths for chunk in chunks], np.int32),
        body_lengths=_concatenated([chunk.body_lengths for chunk in chunks], np.int32),
        starts=_concatenated([chunk.starts for chunk in chunks], np.uint32),
        widths=_concatenated([chunk.widths for chunk in chunks], np.uint16),
        ids=np.array([d.id.encode("ascii") for d in documents], ID),
        dates=np.array([d.published for d in documents], np.int32),
        codes=codes,
        values=values,
        blobs={name: [encode(getattr(d, name)) for d in documents] for name, encode in BLOBS.items()},
    )


def _mapped(local: list[str], known: dict[str, int]) -> NDArray[np.int32]:
    """Local ids to common ones; NONE, as an index, reads the last entry and stays NONE."""
    return np.fromiter((*(known.setdefault(term, len(known)) for term in local), NONE), np.int32, len(local) + 1)


def _concatenated(parts: Sequence[AnyArray], kind: type) -> AnyArray:
    return np.concatenate(parts) if parts else np.empty(0, kind)


def segment_arrays(axis: Axis) -> tuple[dict[str, AnyArray], dict[str, Any]]:
    """The arrays and the meta of a segment; `Segment` says what each is."""
    axis = _in_order_of_ids(axis)
    count = len(axis.ids)
    sizes = axis.sizes
    start = _offsets(sizes)
    body = start[:-1] + axis.title_lengths + 1
    arrays: dict[str, AnyArray] = {
        "start": small(start),
        "body": small(body),
        "id": axis.ids,
        "date": axis.dates,
        "document": small(np.repeat(np.arange(count, dtype=np.uint32), sizes)),
        "token.start": axis.starts,
        "token.width": axis.widths,
    }
    for facet in FACETS:
        arrays[f"facet.{facet}"] = small(axis.codes[facet])
    for name in BLOBS:
        arrays |= _blob(f"blob.{name}", axis.blobs[name])
    document = np.repeat(np.arange(count, dtype=np.uint32), sizes)
    in_body = np.arange(len(document)) >= np.repeat(body, sizes)
    for name in VOCABULARIES:
        arrays |= _vocabulary(
            name, axis.terms[name], axis.tokens[name], document=document, in_body=in_body, count=count
        )
    return arrays, {"documents": count, "facets": axis.values}


def _in_order_of_ids(axis: Axis) -> Axis:
    """Documents in the order of their ids, so that the order within a segment breaks ties."""
    order = np.argsort(axis.ids, kind="stable")
    if np.array_equal(order, np.arange(len(order))):
        return axis
    return select(axis, order)


def select(axis: Axis, order: NDArray[np.intp]) -> Axis:
    """The documents at `order`, in that order."""
    sizes = axis.sizes
    starts = _offsets(sizes)[:-1]
    chosen = sizes[order]
    # Each chosen document's positions: its start, counted up.
    positions = np.repeat(starts[order] - _offsets(chosen)[:-1], chosen) + np.arange(int(chosen.sum()))
    return Axis(
        terms=axis.terms,
        tokens={name: tokens[positions] for name, tokens in axis.tokens.items()},
        title_lengths=axis.title_lengths[order],
        body_lengths=axis.body_lengths[order],
        starts=axis.starts[positions],
        widths=axis.widths[positions],
        ids=axis.ids[order],
        dates=axis.dates[order],
        codes={name: codes[order] for name, codes in axis.codes.items()},
        values=axis.values,
        blobs={name: [parts[n] for n in order] for name, parts in axis.blobs.items()},
    )


def _vocabulary(
    name: str,
    terms: list[bytes],
    tokens: NDArray[np.int32],
    *,
    document: NDArray[np.uint32],
    in_body: NDArray[np.bool_],
    count: int,
) -> dict[str, AnyArray]:
    """A vocabulary in byte order, its tokens on the axis, occurrences, and the postings of its fields."""
    used = np.unique(tokens[tokens >= 0])
    kept = sorted(used.tolist(), key=terms.__getitem__)
    ordered = [terms[n] for n in kept]
    rank = np.full(len(terms) + 1, NONE, np.int32)
    rank[kept] = np.arange(len(kept), dtype=np.int32)
    tokens = rank[tokens]
    at = np.flatnonzero(tokens >= 0)
    at = at[np.argsort(tokens[at], kind="stable")]
    term = tokens[at]
    arrays: dict[str, AnyArray] = {
        f"{name}.token": tokens,
        f"{name}.head": _heads(ordered),
        **_hashed(name, ordered),
        f"{name}.occurrence": at.astype(np.uint32),
        f"{name}.occurrences": small(_pointers(term, len(ordered))),
    }
    if name in IN_PHRASES:
        arrays[f"{name}.next"] = tokens[at + 1]  # no token is the last of the axis, a gap is
    arrays |= _blob(f"{name}.term", ordered)
    arrays[f"{name}.letters"] = np.fromiter((letters(term.decode()) for term in ordered), np.uint32, len(ordered))
    of_body = in_body[at]
    for field, vocabulary in FIELDS.items():
        if vocabulary == name:
            chosen = slice(None) if name != "exact" else (of_body if field == "body" else ~of_body)
            arrays |= _postings(field, term[chosen], document[at[chosen]], len(ordered), count)
    return arrays


def _heads(terms: list[bytes]) -> NDArray[np.uint32]:
    """The first four bytes of each term as a number, so that numbers rise as the terms do."""
    return np.frombuffer(b"".join(term[:4].ljust(4, b"\0") for term in terms), ">u4").astype(np.uint32)


def _hashed(name: str, terms: list[bytes]) -> dict[str, AnyArray]:
    """Ranks in the order of their terms' hashes, and where each bucket of hashes begins: about one term a bucket."""
    hashes = np.fromiter(map(zlib.crc32, terms), np.uint32, len(terms))
    order = np.argsort(hashes, kind="stable")
    bits = max(1, len(terms).bit_length())
    buckets = np.searchsorted(hashes[order] >> np.uint32(32 - bits), np.arange((1 << bits) + 1))
    return {f"{name}.bucket": buckets.astype(np.uint32), f"{name}.of_hash": order.astype(np.uint32)}


def letters(term: str) -> int:
    """The set of a term's letters as 32 bits: terms a few edits apart differ in few of them."""
    bits = 0
    for letter in term:
        bits |= 1 << (ord(letter) & 31)
    return bits


def _postings(
    field: str, term: NDArray[np.int32], document: NDArray[np.uint32], terms: int, count: int
) -> dict[str, AnyArray]:
    """Documents and frequencies by term, from (term, document) pairs that are sorted."""
    first = np.ones(len(term), bool)
    first[1:] = (term[1:] != term[:-1]) | (document[1:] != document[:-1])
    at = np.flatnonzero(first)
    return {
        f"{field}.postings": small(_pointers(term[at], terms)),
        f"{field}.document": document[at],
        f"{field}.frequency": small(np.diff(np.append(at, len(term)))),
        f"{field}.length": np.bincount(document, minlength=count).astype(np.uint32),
    }


def _pointers(term: AnyArray, terms: int) -> AnyArray:
    """Where each term's run begins in a sorted array of terms, and where the last ends."""
    return np.searchsorted(term, np.arange(terms + 1)).astype(np.int64)


def _offsets(sizes: AnyArray) -> NDArray[np.int64]:
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return offsets


def small(values: AnyArray) -> AnyArray:
    """The values in the smallest unsigned type that holds them."""
    top = int(values.max()) if len(values) else 0
    kind = next(k for k in (np.uint8, np.uint16, np.uint32, np.uint64) if top <= np.iinfo(k).max)
    return values.astype(kind)


def _blob(name: str, parts: Sequence[bytes]) -> Mapping[str, AnyArray]:
    offsets = _offsets(np.fromiter(map(len, parts), np.int64, len(parts)))
    return {name: np.frombuffer(b"".join(parts), np.uint8), f"{name}.offset": small(offsets)}
