"""A paragraph with each stretch in marks as one character, so that rules see the sentence around the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.describing.quotes.marks import Marked, find_marked

OPEN_ENDED, ENDED = "\ue000", "\ue001"  # stand for words in marks; the second for those that end a sentence
HELD = f"[{OPEN_ENDED}{ENDED}]"
_FULL = ".…。"


@dataclass(slots=True)
class Frame:
    """`text` has one character for each of `held`; `origin[i]` is where its character i stands in the paragraph."""

    paragraph: str
    text: str = ""
    origin: list[int] = field(default_factory=list)
    held: list[Marked] = field(default_factory=list)
    places: list[int] = field(default_factory=list)  # of each of `held` in `text`

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where in the paragraph a stretch of the frame stands."""
        last = self.origin[end] if end < len(self.origin) else len(self.paragraph)
        return self.origin[start], last

    def within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Number and place of each held stretch in a part of the frame."""
        yield from ((n, place) for n, place in enumerate(self.places) if start <= place < end)


def make_frame(paragraph: str) -> Frame:
    """The frame of a paragraph."""
    frame = Frame(paragraph)
    place = 0
    parts: list[str] = []
    for marked in find_marked(paragraph):
        parts.append(paragraph[place : marked.start])
        frame.origin += range(place, marked.start)
        frame.places.append(len(frame.origin))
        frame.held.append(marked)
        frame.origin.append(marked.start)
        parts.append(ENDED if paragraph[marked.last - 1] in _FULL else OPEN_ENDED)
        place = marked.end
    parts.append(paragraph[place:])
    frame.origin += range(place, len(paragraph) + 1)
    frame.text = "".join(parts)
    return frame
