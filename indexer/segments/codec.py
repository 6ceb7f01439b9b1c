"""The arrays as a Whoosh segment: what lets stock Whoosh open and search an index of ours.

Readers' queries never come here (`indexer.engine` works on the arrays); this is what makes the files a Whoosh index,
and it is the oracle of the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.fields import ID, FieldType, Schema
from whoosh.formats import Positions
from whoosh.matching import ListMatcher, Matcher
from whoosh.query.spans import Span
from whoosh.reading import TermInfo, TermNotFound

from indexer.segments.build import FIELDS
from indexer.segments.chunk import FACETS
from indexer.segments.segment import Segment

SUFFIX = ".arrays"
KEYWORDS = ("id", *FACETS)

Term = tuple[str, bytes]


class AnalysedText(FieldType):  # type: ignore[misc]
    """A field of terms with positions that Podium's own analysis made."""

    def __init__(self) -> None:
        super().__init__(Positions(), None, scorable=True)


def index_schema() -> Schema:
    """The schema stock Whoosh sees: keywords, and the four text fields."""
    fields: dict[str, Any] = {name: ID(stored=name == "id", unique=name == "id") for name in KEYWORDS}
    return Schema(**fields, **{name: AnalysedText() for name in FIELDS})


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What a table of contents says of a segment: its name, how many documents, which are deleted."""

    def __init__(self, indexname: str, count: int) -> None:
        super().__init__(indexname)
        self.count = count
        self.deleted: frozenset[int] = frozenset()

    def codec(self) -> ArrayCodec:
        """The codec that reads this segment."""
        return ArrayCodec()

    def file(self, folder: Path) -> Path:
        """Where the segment's arrays are."""
        return folder / str(self.make_filename(SUFFIX))

    def without(self, documents: frozenset[int]) -> ArraySegment:
        """This segment with more documents deleted."""
        segment = ArraySegment(self.indexname, self.count)
        segment.segid = self.segid
        segment.deleted = self.deleted | documents
        return segment

    def doc_count_all(self) -> int:
        """Documents, deleted ones too."""
        return self.count

    def doc_count(self) -> int:
        """Documents that are not deleted."""
        return self.count - len(self.deleted)

    def has_deletions(self) -> bool:
        """Whether any is deleted."""
        return bool(self.deleted)

    def deleted_count(self) -> int:
        """How many are deleted."""
        return len(self.deleted)

    def is_deleted(self, docnum: int) -> bool:
        """Whether that one is."""
        return docnum in self.deleted

    def deleted_docs(self) -> frozenset[int]:
        """Which are deleted."""
        return self.deleted


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads segments of arrays; they are written by `indexer.segments.writer`, not through Whoosh's writers."""

    def terms_reader(self, storage: Any, segment: ArraySegment) -> ArrayTerms:
        """The terms of a segment."""
        return ArrayTerms(Segment(segment.file(Path(storage.folder))))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> ArrayDocuments:
        """The documents of a segment."""
        return ArrayDocuments(Segment(segment.file(Path(storage.folder))), segment)


class ArrayTerms(base.TermsReader):  # type: ignore[misc]
    """Terms and postings of one segment, field by field."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def close(self) -> None:
        """Nothing to let go: the map lives as long as its arrays."""

    def indexed_field_names(self) -> list[str]:
        """The fields that have terms."""
        return [*KEYWORDS, *FIELDS]

    def __contains__(self, term: Term) -> bool:
        return self._found(term) is not None

    def terms(self) -> Iterator[Term]:
        """All terms, field by field."""
        return (term for field in sorted(self.indexed_field_names()) for term in self.terms_from(field, b""))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[Term]:
        """The terms of a field that are not below `prefix`."""
        if fieldname in KEYWORDS:
            return ((fieldname, term) for term in sorted(self._keywords(fieldname)) if term >= prefix)
        vocabulary = self.segment.vocabularies[FIELDS[fieldname]]
        ranks = range(vocabulary.first(prefix), vocabulary.size)
        return ((fieldname, vocabulary.term(rank)) for rank in ranks if self._documents(fieldname, rank).size)

    def items(self) -> Iterator[tuple[Term, TermInfo]]:
        """All terms with what is known of them."""
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[Term, TermInfo]]:
        """The terms of a field from `prefix` on, with what is known of them."""
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """Frequencies and lengths of one term."""
        documents, frequencies, lengths = self._postings((fieldname, text))
        return TermInfo(
            weight=float(frequencies.sum()),
            df=len(documents),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(frequencies.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        """How often a term stands in a field."""
        return float(self.term_info(fieldname, text).weight()) if (fieldname, text) in self else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """In how many documents it does, deleted ones too."""
        return len(self._postings((fieldname, text))[0]) if (fieldname, text) in self else 0

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> Matcher:
        """A matcher over the postings of a term."""
        documents, frequencies, _ = self._postings((fieldname, text))
        values = self._positions(fieldname, text, documents, frequencies) if fieldname in FIELDS else None
        return ArrayMatcher(
            documents.tolist(),
            frequencies.astype(float).tolist(),
            values=values,
            format=format_,
            scorer=scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _found(self, term: Term) -> int | None:
        """The rank of a term that a field has; for a keyword any number."""
        field, text = term
        if field in KEYWORDS:
            return 0 if text in self._keywords(field) else None
        if field not in FIELDS:
            return None
        rank = self.segment.vocabularies[FIELDS[field]].rank(text)
        return rank if rank >= 0 and self._documents(field, rank).size else None

    def _keywords(self, field: str) -> dict[bytes, NDArray[np.intp]]:
        if field == "id":
            return {bytes(name): np.array([n]) for n, name in enumerate(self.segment.id)}
        codes, values = self.segment.codes[field], self.segment.values[field]
        groups = {value.encode(): np.flatnonzero(codes == n) for n, value in enumerate(values)}
        return {value: documents for value, documents in groups.items() if documents.size and value}

    def _documents(self, field: str, rank: int) -> NDArray[np.uint32]:
        postings = self.segment.postings[field]
        return postings.document[postings.postings[rank] : postings.postings[rank + 1]]

    def _postings(self, term: Term) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        field, text = term
        rank = self._found(term)
        if rank is None:
            raise TermNotFound(f"{field}:{text!r}")
        if field in KEYWORDS:
            documents: NDArray[Any] = self._keywords(field)[text]
            return documents, np.ones(len(documents)), np.ones(len(documents))
        postings = self.segment.postings[field]
        documents = self._documents(field, rank)
        frequencies = postings.frequency[postings.postings[rank] : postings.postings[rank + 1]]
        return documents, frequencies, postings.length[documents]

    def _positions(
        self, field: str, text: bytes, documents: NDArray[Any], frequencies: NDArray[Any]
    ) -> list[list[int]]:
        vocabulary = self.segment.vocabularies[FIELDS[field]]
        rank = vocabulary.rank(text)
        at = vocabulary.occurrence[vocabulary.occurrences[rank] : vocabulary.occurrences[rank + 1]].astype(np.int64)
        of = np.searchsorted(self.segment.start, at, side="right") - 1
        if field in ("title", "body"):
            chosen = (at >= self.segment.body[of]) == (field == "body")
            at, of = at[chosen], of[chosen]
        relative = at - (self.segment.body if field == "body" else self.segment.start)[of]
        return [part.tolist() for part in np.split(relative, np.cumsum(frequencies, dtype=np.int64)[:-1])]


class ArrayMatcher(ListMatcher):  # type: ignore[misc]
    """Postings as lists, with positions and spans."""

    def supports(self, astype: str) -> bool:
        """Positions, nothing else."""
        return astype == "positions"

    def value_as(self, astype: str) -> Any:
        """The positions in the present document."""
        return self._values[self._i]

    def spans(self) -> list[Span]:
        """The positions as spans of one."""
        return [Span(position) for position in self._values[self._i]]

    def copy(self) -> ArrayMatcher:
        """A matcher at the same place."""
        return self.__class__(
            self._ids, self._weights, values=self._values, format=self._format, scorer=self._scorer,
            position=self._i, term=self._term, terminfo=self._terminfo,
        )  # fmt: skip


class ArrayDocuments(base.PerDocumentReader):  # type: ignore[misc]
    """Lengths and stored fields of one segment's documents."""

    def __init__(self, segment: Segment, contents: ArraySegment) -> None:
        self.segment = segment
        self.contents = contents

    def close(self) -> None:
        """Nothing to let go."""

    def doc_count(self) -> int:
        """Documents that are not deleted."""
        return self.contents.doc_count()

    def doc_count_all(self) -> int:
        """Documents, deleted ones too."""
        return self.contents.doc_count_all()

    def has_deletions(self) -> bool:
        """Whether any is deleted."""
        return self.contents.has_deletions()

    def is_deleted(self, docnum: int) -> bool:
        """Whether that one is."""
        return self.contents.is_deleted(docnum)

    def deleted_docs(self) -> frozenset[int]:
        """Which are deleted."""
        return self.contents.deleted_docs()

    def supports_columns(self) -> bool:
        """There are none: dates and facets are arrays."""
        return False

    def has_column(self, fieldname: str) -> bool:
        """There are none."""
        return False

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """How many terms a document has in a field."""
        return int(self._lengths(fieldname)[docnum]) if fieldname in FIELDS else default

    def field_length(self, fieldname: str) -> int:
        """How many terms all documents have."""
        return int(self._lengths(fieldname).sum())

    def min_field_length(self, fieldname: str) -> int:
        """The least of the lengths."""
        return int(self._lengths(fieldname).min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        """The greatest."""
        return int(self._lengths(fieldname).max(initial=0))

    def _lengths(self, field: str) -> NDArray[np.uint32]:
        return self.segment.postings[field].length if field in FIELDS else np.zeros(1, np.uint32)

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        """There are none."""
        return False

    def stored_fields(self, docnum: int) -> dict[str, str]:
        """The id."""
        return {"id": self.segment.id[docnum].decode("ascii")}

    def all_stored_fields(self) -> Iterator[dict[str, str]]:
        """The ids of all documents that are not deleted."""
        return (self.stored_fields(n) for n in range(self.doc_count_all()) if not self.is_deleted(n))
