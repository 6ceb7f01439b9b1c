"""A text to its statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from indexer.describing.description import Statement
from indexer.describing.quotes.burmese import Burmese
from indexer.describing.quotes.chinese import Chinese
from indexer.describing.quotes.found import Found
from indexer.describing.quotes.frame import Frame, make_frame
from indexer.describing.quotes.japanese import Japanese
from indexer.describing.quotes.latin import Latin
from indexer.describing.quotes.rules import Rules, rules_of
from indexer.describing.quotes.spaced import Spaced


class Engine(Protocol):
    """Reads the paragraphs of one text, in order."""

    def read(self, frame: Frame) -> Iterator[Found]:
        """The statements of a paragraph."""


ENGINES: dict[str, Callable[[Rules], Engine]] = {
    "latin": Latin, "chinese": Chinese, "japanese": Japanese, "spaced": Spaced, "burmese": Burmese,
}  # fmt: skip
LONGEST = 20_000  # characters of a paragraph that are read


def find_statements(text: str, language: str) -> Iterator[Statement]:
    """The statements of a text in their order; none in a language without rules."""
    rules = rules_of(language)
    if rules is None:
        return
    engine = ENGINES[rules.engine](rules)
    start = 0
    for paragraph in text.split("\n"):
        if len(paragraph) <= LONGEST:
            yield from (_statement(found, start) for found in engine.read(make_frame(paragraph)))
        start += len(paragraph) + 1


def _statement(found: Found, offset: int) -> Statement:
    return Statement(
        start=offset + found.start,
        end=offset + found.end,
        kind=found.kind,
        cue=found.by.cue,
        speaker=found.by.person.name if found.by.person else None,
        role=found.by.person.role if found.by.person else None,
        rule=found.by.rule,
        confidence=found.by.confidence,
    )
