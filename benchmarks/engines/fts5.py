"""SQLite's FTS5."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from archive import strip_marks
from benchmarks.engines.base import RELATIONS, WEIGHTS, Engine, FieldTokens, Range
from indexer.analysis import SEPARATOR
from indexer.stemming import stems
from indexer.tree import And, Node, Or, Phrase, Prefix, Word

SAFE = str.maketrans({SEPARATOR: "\ua78f", ":": "\ua78f"})  # a letter to FTS5, and in no text
TOKENIZER = "unicode61 remove_diacritics 0 categories ''L* M* N* Co''"
FACETS = ("edition", "language", "publisher", "relation")
COLUMNS = ", ".join(WEIGHTS)
RANK = "bm25(reports, {})".format(", ".join(str(weight) for weight in WEIGHTS.values()))


class Fts5(Engine):
    """WAL, a page cache and memory map of 256 MB, prefix indexes of 3 and 4, merged to the end after a build."""

    name = "fts5"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.db = sqlite3.connect(folder / "fts5.sqlite", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-262144", "mmap_size=268435456"):
            self.db.execute(f"PRAGMA {pragma}")
        if not self.new:
            return
        self.db.execute(f"CREATE VIRTUAL TABLE reports USING fts5({COLUMNS}, tokenize='{TOKENIZER}', prefix='3 4')")
        self.db.execute(
            f"CREATE TABLE meta (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, day INTEGER, year INTEGER, stored TEXT, {', '.join(FACETS)})"
        )

    def build(self, documents: Sequence[FieldTokens]) -> None:
        self._write(documents, ())
        self.db.execute("INSERT INTO reports (reports) VALUES ('optimize')")

    def refresh(self, changed: Sequence[FieldTokens], gone: Sequence[str]) -> None:
        self._write(changed, gone)

    def _write(self, changed: Sequence[FieldTokens], gone: Sequence[str]) -> None:
        self.db.execute("BEGIN")
        for id in (*gone, *(tokens.document.id for tokens in changed)):
            row = self.db.execute("SELECT rowid FROM meta WHERE id = ?", (id,)).fetchone()
            if row:
                self.db.execute("DELETE FROM reports WHERE rowid = ?", row)
                self.db.execute("DELETE FROM meta WHERE rowid = ?", row)
        for tokens in changed:
            texts = [" ".join(getattr(tokens, name)).translate(SAFE) for name in WEIGHTS]
            cursor = self.db.execute(f"INSERT INTO reports ({COLUMNS}) VALUES (?, ?, ?, ?)", texts)
            source = tokens.document
            year = dt.date.fromordinal(source.published).year if source.published else 0
            values = (cursor.lastrowid, source.id, source.published, year, source.stored, *source.facets[:4])
            self.db.execute(f"INSERT INTO meta VALUES ({', '.join('?' * len(values))})", values)
        self.db.execute("COMMIT")

    def open(self) -> None:
        self.db.execute("SELECT count(*) FROM meta").fetchone()

    def find(self, node: Node, *, days: Range | None = None) -> tuple[int, list[str]]:
        where = f"AND m.day BETWEEN {days.first} AND {days.last}" if days else ""
        match = _match(node)
        join = "JOIN meta m ON m.rowid = reports.rowid" if days else ""
        total = self.db.execute(
            f"SELECT count(*) FROM reports {join} WHERE reports MATCH ? {where}", (match,)
        ).fetchone()[0]
        rows = self.db.execute(
            f"SELECT m.id FROM reports JOIN meta m ON m.rowid = reports.rowid WHERE reports MATCH ? {where} ORDER BY {RANK} LIMIT 10",
            (match,),
        ).fetchall()
        return total, [row[0] for row in rows]

    def page(self, node: Node) -> tuple[int, list[str]]:
        match = _match(node)
        related = ", ".join(f"'{name}'" for name in RELATIONS)
        joined = (
            f"FROM reports JOIN meta m ON m.rowid = reports.rowid WHERE reports MATCH ? AND m.relation IN ({related})"
        )
        rows = self.db.execute(
            f"SELECT m.id, m.stored, highlight(reports, 0, '«', '»'), snippet(reports, 1, '«', '»', '…', 40) "
            f"{joined} ORDER BY {RANK} LIMIT 10",
            (match,),
        ).fetchall()
        counted = " UNION ALL ".join(
            f"SELECT '{name}', {name}, count(*) FROM hits GROUP BY 2" for name in (*FACETS, "year")
        )
        groups = self.db.execute(f"WITH hits AS MATERIALIZED (SELECT m.* {joined}) {counted}", (match,)).fetchall()
        total = sum(count for name, _, count in groups if name == "relation")
        return total, [row[0] for row in rows]


def _match(node: Node) -> str:
    match node:
        case And(children):
            return " AND ".join(f"({_match(child)})" for child in children)
        case Or(children):
            return " OR ".join(f"({_match(child)})" for child in children)
        case Word(term):
            stemmed = sorted({stem for language in ("en", "id") for stem in stems([term], language)})
            parts = [f"{{title body}} : {_quoted(term)}", f"plain : {_quoted(strip_marks(term))}"]
            return " OR ".join([*parts, *(f"stem : {_quoted(stem)}" for stem in stemmed)])
        case Prefix(term):
            return f"{{title body}} : {_quoted(term)} * OR plain : {_quoted(strip_marks(term))} *"
        case Phrase(parts):
            words = [part.term for part in parts]
            star = " *" if len(parts) == 1 and parts[0].open else ""
            found = f"{{title body}} : {_quoted(' '.join(words))}{star}"
            if any(SEPARATOR in word for word in words):
                return found
            return f"{found} OR plain : {_quoted(strip_marks(' '.join(words)))}"
    raise NotImplementedError(node)


def _quoted(text: str) -> str:
    return '"{}"'.format(text.translate(SAFE).replace('"', '""'))
