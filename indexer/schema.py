"""The fields of the index, and what of a report goes into each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Positions

from archive import Relation, Report, Version
from archive.folding import strip_marks
from indexer.analysis import Kind, Tokens, analyse
from indexer.stemming import stems

# What a hit in a field weighs; `plain` is words without marks, `stem` words by their stems.
WEIGHTS = {"title": 2.5, "body": 1.0, "plain": 0.3, "stem": 0.4}

Postings = dict[str, list[int]]


class Terms(FieldType):  # type: ignore[misc]
    """A field of terms that were analysed already: given as positions by term."""

    def __init__(self) -> None:
        super().__init__(Positions(), None, scorable=True)

    def index(self, value: Postings, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Each term as Whoosh's writer takes it: bytes, frequency, weight, encoded positions."""
        for term, positions in value.items():
            count = len(positions)
            yield term.encode(), count, float(count), self.format.encode(positions)


def index_schema() -> Schema:
    """The schema of a new index."""
    return Schema(
        id=ID(unique=True, stored=True),
        row=STORED,
        edition=ID,
        language=ID,
        publisher=ID,
        relation=ID,
        trust=ID,
        **{name: Terms() for name in WEIGHTS},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the index keeps of a report for filters, facets, dates and scores; `lengths` in the order of WEIGHTS."""

    id: str
    version: str
    edition: str
    language: str
    publisher: str
    relation: Relation
    published: int | None  # proleptic ordinal of the date
    title_length: int
    lengths: tuple[int, ...]

    def dump(self) -> str:
        """The row as the index stores it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> Row:
        """The row that `dump` wrote."""
        values = json.loads(text)
        return cls(**{**values, "relation": Relation(values["relation"]), "lengths": tuple(values["lengths"])})


def document(report: Report, version: Version) -> dict[str, Any]:
    """The fields of one report, for Whoosh's writer."""
    fields = _fields(analyse(report.title), analyse(version.text), report.language)
    row = Row(
        id=report.id,
        version=version.id,
        edition=report.edition or "",
        language=report.language,
        publisher=report.publisher,
        relation=report.relation,
        published=report.published.date.toordinal() if report.published else None,
        title_length=len(fields["title"]),
        lengths=tuple(len(fields[name]) for name in WEIGHTS),
    )
    return {
        "id": report.id,
        "row": row.dump(),
        "edition": row.edition,
        "language": row.language,
        "publisher": row.publisher,
        "relation": row.relation.value,
        "trust": report.trust.value,
        **{name: _postings(terms) for name, terms in fields.items()},
    }


def _fields(title: Tokens, body: Tokens, language: str) -> dict[str, Mapping[int, str]]:
    """The term at each position of each field. In `plain` and `stem` the body follows the title after a gap of one."""
    words = {i: term for i, term in enumerate(title.terms) if title.kinds[i] is Kind.WORD}
    shift = len(title) + 1
    words |= {i + shift: term for i, term in enumerate(body.terms) if body.kinds[i] is Kind.WORD}
    return {
        "title": dict(enumerate(title.terms)),
        "body": dict(enumerate(body.terms)),
        "plain": dict(zip(words, map(strip_marks, words.values()), strict=True)),
        "stem": dict(zip(words, stems(words.values(), language), strict=False)),
    }


def _postings(terms: Mapping[int, str]) -> Postings:
    postings: Postings = {}
    for position, term in terms.items():
        postings.setdefault(term, []).append(position)
    return postings
