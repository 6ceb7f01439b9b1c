"""A paragraph with each stretch in marks as one character, so that rules see the sentence around the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import regex

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
        return self.origin[start], self.origin[end]

    def words(self, number: int) -> str:
        """What the marks of that number hold."""
        marked = self.held[number]
        return self.paragraph[marked.first : marked.last]

    def sentences(self, end: regex.Pattern[str]) -> Iterator[Sentence]:
        """The sentences of the frame, parted behind each match of `end`."""
        start = 0
        for match in end.finditer(self.text):
            if match.end() > start:
                yield Sentence(self, start, match.end())
            start = match.end()
        if start < len(self.text):
            yield Sentence(self, start, len(self.text))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of a frame; `text` may be given in another form of the same length."""

    frame: Frame
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence, marks and what they hold as one character each."""
        return self.frame.text[self.start : self.end]

    def held(self) -> Iterator[tuple[int, int]]:
        """Number of each pair of marks and its place in the sentence."""
        frame = self.frame
        yield from ((n, at - self.start) for n, at in enumerate(frame.places) if self.start <= at < self.end)

    def ahead(self, place: int) -> tuple[int, int]:
        """From the marks before, or the sentence's beginning, to those at `place`."""
        return max((at + 1 for _, at in self.held() if at < place), default=0), place

    def behind(self, place: int) -> tuple[int, int]:
        """From the marks at `place` to the next ones, or the sentence's end."""
        return place + 1, min((at for _, at in self.held() if at > place), default=self.end - self.start)


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


def last_match(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    """The last place in a text that a pattern matches."""
    return next(iter(reversed(list(pattern.finditer(text)))), None)
