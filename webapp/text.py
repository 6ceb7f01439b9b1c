"""A text cut into paragraphs and runs, so that quotes and hits can be marked where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from archive import Quote, Record

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Record):
    """A stretch of text under the same marks. `hit` counts hits from 1 where one begins; `quote` is the innermost."""

    text: str
    marked: bool = False
    hit: int | None = None
    quote: str | None = None
    begins: str | None = None  # the id of a quote that begins with this run


def cut(text: str, spans: Iterable[Span]) -> Iterator[tuple[str, bool]]:
    """The pieces of a short text, in order, each with whether it lies in a span."""
    at = 0
    for first, last in sorted(spans):
        start, end = max(first, at), min(last, len(text))
        if start >= end:
            continue
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def paragraphs(text: str, *, quotes: Sequence[Quote] = (), hits: Sequence[Span] = ()) -> tuple[tuple[Run, ...], ...]:
    """The paragraphs of a text as runs; joined, the runs of a paragraph are its characters."""
    marks = Marks(text, quotes=quotes, hits=hits)
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append(tuple(marks.runs(at, at + len(line))))
        at += len(line) + 1
    return tuple(found)


class Marks:
    """Quotes and hits over one text."""

    def __init__(self, text: str, *, quotes: Sequence[Quote], hits: Sequence[Span]) -> None:
        self.text = text
        # The shortest first, so that the innermost of nested quotes is met first.
        self.quotes = sorted(quotes, key=lambda quote: (quote.end - quote.start, quote.start))
        self.hits = [(start, end) for start, end in sorted(set(hits)) if 0 <= start < end <= len(text)]
        self.begun: set[str] = set()
        self.counted: set[int] = set()

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """The runs between two offsets."""
        quotes = [quote for quote in self.quotes if quote.start < end and quote.end > start]
        hits = [(number, hit) for number, hit in enumerate(self.hits, 1) if hit[0] < end and hit[1] > start]
        edges = {start, end, *(e for q in quotes for e in (q.start, q.end)), *(e for _, hit in hits for e in hit)}
        inside = sorted(edge for edge in edges if start <= edge <= end)
        for left, right in pairwise(inside):
            yield self._run(left, right, quotes, hits)

    def _run(self, left: int, right: int, quotes: Sequence[Quote], hits: Sequence[tuple[int, Span]]) -> Run:
        covering = [quote.id for quote in quotes if quote.start <= left and right <= quote.end]
        number = next((number for number, hit in hits if hit[0] <= left and right <= hit[1]), None)
        begins = next((quote for quote in covering if quote not in self.begun), None)
        hit = number if number not in self.counted else None
        self.begun.update([begins] if begins else [])
        self.counted.update([number] if number else [])
        return Run(
            text=self.text[left:right],
            marked=number is not None,
            hit=hit,
            quote=covering[0] if covering else None,
            begins=begins,
        )
