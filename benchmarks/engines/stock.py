"""Whoosh with its own codec, collectors and highlighter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, highlight, index, query, scoring, sorting
from whoosh.analysis import SpaceSeparatedTokenizer

from archive import strip_marks
from benchmarks.engines.base import RELATIONS, WEIGHTS, Engine, FieldTokens, Range
from indexer.analysis import SEPARATOR
from indexer.stemming import stems
from indexer.tree import And, Fuzzy, Node, Or, Phrase, Prefix, Word

FACETS = ("edition", "language", "publisher", "relation")


class StockWhoosh(Engine):
    """A writer with 512 MB, one process: its segments stay comparable."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.searcher: Any = None
        if not self.new:
            self.index = index.open_dir(str(folder))
            return
        analyzer = SpaceSeparatedTokenizer()
        texts = {name: fields.TEXT(analyzer=analyzer, phrase=True, stored=name == "body") for name in WEIGHTS}
        facets = {name: fields.ID(sortable=True) for name in FACETS}
        numbers = {name: fields.NUMERIC(sortable=True) for name in ("day", "year")}
        self.index = index.create_in(
            str(folder), fields.Schema(id=fields.ID(stored=True, unique=True), **texts, **facets, **numbers)
        )

    def build(self, documents: Sequence[FieldTokens]) -> None:
        self._write(documents, (), new=True)

    def refresh(self, changed: Sequence[FieldTokens], gone: Sequence[str]) -> None:
        self._write(changed, gone, new=False)

    def _write(self, changed: Sequence[FieldTokens], gone: Sequence[str], *, new: bool) -> None:
        writer = self.index.writer(limitmb=512)
        for id in gone:
            writer.delete_by_term("id", id)
        add = writer.add_document if new else writer.update_document
        for tokens in changed:
            source = tokens.document
            year = dt.date.fromordinal(source.published).year if source.published else 0
            texts = {name: " ".join(getattr(tokens, name)) for name in WEIGHTS}
            add(
                id=source.id, day=source.published, year=year, **texts, **dict(zip(FACETS, source.facets, strict=False))
            )
        writer.commit()

    def open(self) -> None:
        self.searcher = self.index.searcher(weighting=scoring.BM25F(B=0.75, K1=1.2))

    def find(self, node: Node, *, days: Range | None = None) -> tuple[int, list[str]]:
        narrowed = query.NumericRange("day", days.first, days.last) if days else None
        results = self.searcher.search(_query(node), limit=10, filter=narrowed)
        return len(results), [hit["id"] for hit in results]

    def page(self, node: Node) -> tuple[int, list[str]]:
        related = query.Or([query.Term("relation", name) for name in RELATIONS])
        groups = {name: sorting.FieldFacet(name, maptype=sorting.Count) for name in (*FACETS, "year")}
        results = self.searcher.search(_query(node), limit=10, filter=related, groupedby=groups)
        results.fragmenter = highlight.ContextFragmenter(maxchars=200)
        for name in groups:
            results.groups(name)
        for hit in results:
            hit.highlights("body", top=2)
        return len(results), [hit["id"] for hit in results]


def _query(node: Node) -> Any:
    match node:
        case And(children):
            return query.And([_query(child) for child in children])
        case Or(children):
            return query.Or([_query(child) for child in children])
        case Word(term):
            stemmed = sorted({stem for language in ("en", "id") for stem in stems([term], language)})
            texts = [
                ("title", term),
                ("body", term),
                ("plain", strip_marks(term)),
                *(("stem", stem) for stem in stemmed),
            ]
            return query.Or([query.Term(field, text, boost=WEIGHTS[field]) for field, text in texts])
        case Prefix(term):
            return query.Or([query.Prefix(f, term, boost=WEIGHTS[f]) for f in ("title", "body", "plain")])
        case Fuzzy(term, distance):
            return query.Or(
                [query.FuzzyTerm(f, term, maxdist=distance, prefixlength=1) for f in ("title", "body", "plain")]
            )
        case Phrase(parts):
            units = any(SEPARATOR in part.term for part in parts)
            names = ("title", "body") if units else ("title", "body", "plain")
            if len(parts) == 1:
                kind = query.Prefix if parts[0].open else query.Term
                return query.Or([kind(f, parts[0].term, boost=WEIGHTS[f]) for f in names])
            return query.Or([query.Phrase(f, [p.term for p in parts], boost=WEIGHTS[f]) for f in names])
    raise NotImplementedError(node)
