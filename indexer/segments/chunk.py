"""Analyse a few documents at once: the unit of work of an indexing process, small enough to send back as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from archive import strip_marks
from indexer.analysis import SEPARATOR, analyse
from indexer.stemming import stems

Int32 = NDArray[np.int32]
T = TypeVar("T", bound=np.generic)
NONE = -1  # no token: the gap behind a title or body, or a position without a plain form or stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the index takes of a report. `published` is a proleptic ordinal, 0 when unknown."""

    id: str  # ASCII, at most 12 characters
    title: str
    text: str
    published: int
    facets: tuple[str, ...]  # in the order of FACETS
    stored: str = ""  # given back with a hit as it is


FACETS = ("edition", "language", "publisher", "relation", "trust")
LANGUAGE = FACETS.index("language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Analysed documents on one axis of positions: title, a gap, body, a gap, the next title.

    `tokens` int32 [axis] are ids into `exact`; `plain_of` int32 [exact] ids into `plain`; `stems` int32 [axis] ids
    into `stem`. `starts` uint32 and `widths` uint16 [axis] say where in title or text the word or unit stands.
    `title_lengths` and `body_lengths` int32 [documents] count positions.
    """

    documents: Sequence[Document]
    exact: list[str]
    plain: list[str]
    stem: list[str]
    tokens: Int32
    plain_of: Int32
    stems: Int32
    starts: NDArray[np.uint32]
    widths: NDArray[np.uint16]
    title_lengths: Int32
    body_lengths: Int32


def analyse_documents(documents: Sequence[Document]) -> Chunk:
    """The documents' tokens as arrays."""
    parts = [tokens for d in documents for tokens in (analyse(d.title), analyse(d.text))]
    exact: dict[str, int] = {}
    ids = [_with_gap([exact.setdefault(term, len(exact)) for term in part.terms]) for part in parts]
    words = [None if SEPARATOR in term else term for term in exact]
    plain: dict[str, int] = {}
    plain_of = [NONE if w is None else plain.setdefault(strip_marks(w), len(plain)) for w in words]
    stem: dict[str, int] = {}
    stem_ids = [
        _stem_ids(title + body, words, document.facets[LANGUAGE], stem)
        for document, title, body in zip(documents, ids[::2], ids[1::2], strict=True)
    ]
    starts = _joined([_with_gap(part.starts, 0) for part in parts], np.uint32)
    ends = _joined([_with_gap(part.ends, 0) for part in parts], np.uint32)
    return Chunk(
        documents=documents,
        exact=list(exact),
        plain=list(plain),
        stem=list(stem),
        tokens=_joined(ids, np.int32),
        plain_of=np.array(plain_of, np.int32),
        stems=_joined(stem_ids, np.int32),
        starts=starts,
        widths=np.minimum(ends - starts, np.iinfo(np.uint16).max).astype(np.uint16),
        title_lengths=np.array([len(part.terms) for part in parts[::2]], np.int32),
        body_lengths=np.array([len(part.terms) for part in parts[1::2]], np.int32),
    )


def _with_gap(numbers: list[int], gap: int = NONE) -> list[int]:
    numbers.append(gap)
    return numbers


def _stem_ids(ids: list[int], words: list[str | None], language: str, stem: dict[str, int]) -> list[int]:
    """The stem id of each position of one document."""
    distinct = [n for n in set(ids) if n != NONE and words[n] is not None]
    found = stems([words[n] for n in distinct], language)  # type: ignore[misc]
    if not found:
        return [NONE] * len(ids)
    stem_of = {n: stem.setdefault(term, len(stem)) for n, term in zip(distinct, found, strict=True)}
    return [stem_of.get(n, NONE) for n in ids]


def _joined(lists: list[list[int]], kind: type[T]) -> NDArray[T]:
    return np.fromiter(chain.from_iterable(lists), kind, sum(map(len, lists)))
