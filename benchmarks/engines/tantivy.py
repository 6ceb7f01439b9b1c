"""tantivy-py: Lucene's design in Rust."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy

from archive import strip_marks
from benchmarks.engines.base import RELATIONS, WEIGHTS, Engine, FieldTokens, Range
from indexer.analysis import SEPARATOR
from indexer.stemming import stems
from indexer.tree import And, Fuzzy, Node, Or, Phrase, Prefix, Word

HEAP = 512 << 20
LANGUAGES = ("en", "id")  # those of the corpus that have a stemmer (Malay shares Indonesian's)
FACETS = ("edition", "language", "publisher", "relation")
AGGREGATIONS = {name: {"terms": {"field": name, "size": 60}} for name in FACETS} | {
    "year": {"histogram": {"field": "year", "interval": 1}}
}


class Tantivy(Engine):
    """Two threads write, as its documents advise for two cores; its own merge policy."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in WEIGHTS:
            builder.add_text_field(name, stored=name in ("title", "body"), tokenizer_name="whitespace")
        for name in FACETS:
            builder.add_text_field(name, tokenizer_name="raw", fast=True)
        builder.add_unsigned_field("day", fast=True, indexed=True)
        builder.add_unsigned_field("year", fast=True)
        builder.add_text_field("stored", stored=True, tokenizer_name="raw", index_option="basic")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, str(folder))
        self.searcher: Any = None

    def build(self, documents: Sequence[FieldTokens]) -> None:
        self.refresh(documents, ())

    def refresh(self, changed: Sequence[FieldTokens], gone: Sequence[str]) -> None:
        writer = self.index.writer(HEAP, 2)
        for id in (*gone, *(tokens.document.id for tokens in changed)):
            writer.delete_documents_by_term("id", id)
        for tokens in changed:
            writer.add_document(self._document(tokens))
        writer.commit()
        writer.wait_merging_threads()

    def _document(self, tokens: FieldTokens) -> Any:
        import datetime as dt

        source = tokens.document
        document = tantivy.Document()
        document.add_text("id", source.id)
        for name in WEIGHTS:
            document.add_text(name, " ".join(getattr(tokens, name)))
        for name, value in zip(FACETS, source.facets, strict=False):
            document.add_text(name, value or "-")
        document.add_unsigned("day", source.published)
        document.add_unsigned("year", dt.date.fromordinal(source.published).year if source.published else 0)
        document.add_text("stored", source.stored)
        return document

    def open(self) -> None:
        self.index.reload()
        self.searcher = self.index.searcher()

    def find(self, node: Node, *, days: Range | None = None) -> tuple[int, list[str]]:
        query = self._query(node)
        if days:
            span = tantivy.Query.range_query(self.schema, "day", tantivy.FieldType.Unsigned, days.first, days.last)
            query = _all([query, tantivy.Query.const_score_query(span, 0.0)])
        result = self.searcher.search(query, 10, count=True)
        return result.count, [self.searcher.doc(address)["id"][0] for _, address in result.hits]

    def page(self, node: Node) -> tuple[int, list[str]]:
        wanted = self._query(node)
        related = _any([self._term("relation", name) for name in RELATIONS])
        query = _all([wanted, tantivy.Query.const_score_query(related, 0.0)])
        result = self.searcher.search(query, 10, count=True)
        self.searcher.aggregate(query, AGGREGATIONS)
        ids = []
        generators = [tantivy.SnippetGenerator.create(self.searcher, wanted, self.schema, f) for f in ("title", "body")]
        for _, address in result.hits:
            document = self.searcher.doc(address)
            ids.append(document["id"][0])
            for generator in generators:
                snippet = generator.snippet_from_doc(document)
                snippet.fragment()
                snippet.highlighted()
        return result.count, ids

    def _term(self, field: str, text: str) -> Any:
        return tantivy.Query.term_query(self.schema, field, text)

    def _query(self, node: Node) -> Any:
        match node:
            case And(children):
                return _all([self._query(child) for child in children])
            case Or(children):
                return _any([self._query(child) for child in children])
        return _any([tantivy.Query.boost_query(part, WEIGHTS[field]) for field, part in self._leaf(node)])

    def _leaf(self, node: Node) -> list[tuple[str, Any]]:
        match node:
            case Word(term):
                stemmed = sorted({stem for language in LANGUAGES for stem in stems([term], language)})
                exact = [(field, self._term(field, term)) for field in ("title", "body")]
                return [
                    *exact,
                    ("plain", self._term("plain", strip_marks(term))),
                    *(("stem", self._term("stem", s)) for s in stemmed),
                ]
            case Phrase(parts) if len(parts) == 1 and not parts[0].open:
                return [(field, self._term(field, parts[0].term)) for field in ("title", "body")]
            case Phrase(parts) if len(parts) == 1:
                return [(f, self._prefix(f, parts[0].term)) for f in ("title", "body")]
            case Phrase(parts):
                fields = ("title", "body") if any(SEPARATOR in p.term for p in parts) else ("title", "body", "plain")
                return [
                    (f, self._phrase(f, [(p.offset, strip_marks(p.term) if f == "plain" else p.term) for p in parts]))
                    for f in fields
                ]
            case Prefix(term):
                return [
                    (f, self._prefix(f, strip_marks(term) if f == "plain" else term))
                    for f in ("title", "body", "plain")
                ]
            case Fuzzy(term, distance):
                return [
                    (f, tantivy.Query.fuzzy_term_query(self.schema, f, term, distance, True, False))
                    for f in ("title", "body", "plain")
                ]
        raise NotImplementedError(node)

    def _phrase(self, field: str, terms: list[tuple[int, str]]) -> Any:
        return tantivy.Query.phrase_query(self.schema, field, terms)

    def _prefix(self, field: str, text: str) -> Any:
        escaped = "".join(f"\\{c}" if c in r".*+?()[]{}|^$\\" else c for c in text)
        return tantivy.Query.regex_query(self.schema, field, f"{escaped}.*")


def _all(parts: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])


def _any(parts: list[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])
