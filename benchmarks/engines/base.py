"""What a benchmark asks of an engine, and the tokens every engine is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive import strip_marks
from indexer.analysis import SEPARATOR, analyse
from indexer.segments import Document
from indexer.stemming import stems
from indexer.tree import Node

WEIGHTS = {"title": 2.5, "body": 1.0, "plain": 0.3, "stem": 0.4}
RELATIONS = ("edition", "related")
GAP = "\u2016"  # stands between title and body in the fields they share


@dataclass(frozen=True, slots=True)
class FieldTokens:
    """A document with the tokens of each field, as Podium's analysis gives them."""

    document: Document
    title: list[str]
    body: list[str]
    plain: list[str]
    stem: list[str]


def field_tokens(document: Document) -> FieldTokens:
    """The tokens of a document: what Podium's own index holds of it."""
    title, body = analyse(document.title).terms, analyse(document.text).terms
    words = [[t for t in part if SEPARATOR not in t] for part in (title, body)]
    plain = [*map(strip_marks, words[0]), GAP, *map(strip_marks, words[1])]
    stemmed = [stems(part, document.facets[1]) for part in words]
    return FieldTokens(document, title, body, plain, [*stemmed[0], GAP, *stemmed[1]])


@dataclass(frozen=True, slots=True)
class Range:
    """Days from and to, as ordinals."""

    first: int
    last: int


class Engine(ABC):
    """One engine over one corpus in a folder."""

    name: str

    def __init__(self, folder: Path) -> None:
        """An engine whose index is in a folder, or will be: a folder that exists holds one."""
        self.folder = folder
        self.new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def build(self, documents: Sequence[FieldTokens]) -> None:
        """Index a whole corpus and commit."""

    @abstractmethod
    def refresh(self, changed: Sequence[FieldTokens], gone: Sequence[str]) -> None:
        """Replace and delete documents and commit."""

    @abstractmethod
    def open(self) -> None:
        """Make what is committed searchable."""

    @abstractmethod
    def find(self, node: Node, *, days: Range | None = None) -> tuple[int, list[str]]:
        """How many documents a query finds, and the ids of the best ten."""

    @abstractmethod
    def page(self, node: Node) -> tuple[int, list[str]]:
        """All that a page shows: total, best ten with snippets, four facets, histogram; the total and the ids."""
