"""Podium's own engine."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engines.base import RELATIONS, Engine, FieldTokens, Range
from indexer.engine import Filters, Snapshot, execute, find_page, warm
from indexer.engine.hits import best
from indexer.errors import QueryError
from indexer.query import parse_query
from indexer.segments import Chunk, analyse_documents, read_contents, write_commit
from indexer.tree import Node


class Podium(Engine):
    """Arrays in Whoosh segments, answered by numpy."""

    name = "podium"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.snapshot: Snapshot | None = None
        self.chunks: list[Chunk] = []  # analysed beforehand, as the peers' tokens are

    def analyse(self, documents: Sequence[FieldTokens]) -> list[Chunk]:
        """The documents analysed: the part of indexing that is charged to every engine."""
        plain = [tokens.document for tokens in documents]
        return [analyse_documents(plain[n : n + 100]) for n in range(0, len(plain), 100)]

    def build(self, documents: Sequence[FieldTokens]) -> None:
        write_commit(self.folder, self.chunks or self.analyse(documents))

    def refresh(self, changed: Sequence[FieldTokens], gone: Sequence[str]) -> None:
        write_commit(self.folder, self.analyse(changed), delete=gone)

    def open(self) -> None:
        opened = self.snapshot.segments() if self.snapshot else {}
        self.snapshot = Snapshot(self.folder, read_contents(self.folder), opened=opened)
        warm(self.snapshot)

    def find(self, node: Node, *, days: Range | None = None) -> tuple[int, list[str]]:
        snapshot = self.snapshot
        assert snapshot
        documents, scores = execute(snapshot, node).sparse()
        alive = snapshot.live[documents]
        if days:
            dates = snapshot.dates[documents]
            alive &= (dates >= days.first) & (dates <= days.last)
        if not alive.all():
            documents, scores = documents[alive], scores[alive]
        shown = best(scores, documents, snapshot.order, 10)
        return len(documents), [name.decode() for name in snapshot.ids[documents[shown]]]

    def processor_ms(self, text: str) -> float:
        """The processor time in ms of a page for a query text, or of its refusal."""
        began = time.thread_time()
        with contextlib.suppress(QueryError):
            self.page(parse_query(text))
        return (time.thread_time() - began) * 1e3

    def page(self, node: Node) -> tuple[int, list[str]]:
        assert self.snapshot
        filters = Filters(relations=RELATIONS, chosen={})
        found = find_page(self.snapshot, node, filters=filters, sort="relevance", first=0, size=10)
        for place in found.places:
            json.loads(place.stored)
        return found.counts.total, [place.id for place in found.places]
