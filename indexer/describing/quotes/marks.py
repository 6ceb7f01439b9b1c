"""What stands in quotation marks in a paragraph, the outermost marks only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive import Record

PAIRS = {"“": "”", "«": "»", "「": "」", "『": "』", "‘": "’", "„": "“", "‹": "›", "〝": "〞", "＂": "＂"}
# Marks that also are apostrophes: they open after a space and close before one.
_SINGLE_OPENS = re.compile(r"(?:^|(?<=[\s(\[—–:：,]))['‘](?=[^\s'’])")
_SINGLE_CLOSES = re.compile(r"(?<=[\w.,!?…;:)])['’](?=$|[\s.,;:!?)\]—–])")
_ENDS = ".,!?…;:。！？"
SHORTEST = 2
LONGEST = 2_000  # characters after which a mark is taken not to close


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Record):
    """A stretch in marks: `start` to `end` with them, `first` to `last` without; `closed` is False where no mark closes it."""

    start: int
    end: int
    first: int
    last: int
    closed: bool = True


def find_marked(paragraph: str) -> list[Marked]:
    """The stretches in marks, in order. Single marks count where the paragraph has no double ones."""
    found = list(_paired(paragraph))
    if not found:
        found = list(_single(paragraph))
    return [marked for marked in found if marked.last - marked.first >= SHORTEST]


def _paired(text: str) -> Iterator[Marked]:
    place = 0
    while place < len(text):
        mark = text[place]
        if mark == '"' or (mark in PAIRS and mark not in "‘‹"):
            end = _closing(text, place)
            if end is None:
                if mark != '"' or _opens(text, place):
                    yield _inner(text, place, len(text), closed=False)
                return
            yield _inner(text, place, end + 1)
            place = end
        place += 1


def _closing(text: str, start: int) -> int | None:
    """Where the mark that closes the one at `start` stands; pairs of the same kind within are passed over."""
    opening = text[start]
    closing = '"' if opening == '"' else PAIRS[opening]
    depth = 0
    for place in range(start + 1, min(len(text), start + LONGEST)):
        if text[place] == closing and opening != "„":
            if depth == 0:
                return place
            depth -= 1
        elif text[place] in (closing, "”") and opening == "„":
            return place
        elif text[place] == opening:
            depth += 1
        elif (
            {opening, text[place]} <= {"“", "”", '"'} and text[place] in '"”' and depth == 0
        ):  # one kind opens, another closes
            return place
    if depth and opening == "“":  # some sites open and close with the same mark
        found = text.find("“", start + 1)
        return found if found >= 0 else None
    return None


def _opens(text: str, place: int) -> bool:
    before, after = text[:place][-1:], text[place + 1 : place + 2]
    return (not before or before.isspace() or before in "([:：") and not after.isspace()


def _single(text: str) -> Iterator[Marked]:
    place = 0
    while (opening := _SINGLE_OPENS.search(text, place)) is not None:
        closing = next((m for m in _SINGLE_CLOSES.finditer(text, opening.end()) if _ends(text, m.start())), None)
        if closing is None:
            return
        yield _inner(text, opening.start(), closing.end())
        place = closing.end()


def _ends(text: str, place: int) -> bool:
    """Whether a single mark closes rather than makes a plural's genitive: after an ending, or before one."""
    after = text[place + 1 : place + 2]
    return text[place - 1] in _ENDS or text[place - 1] != "s" or after in _ENDS or not after


def _inner(text: str, start: int, end: int, *, closed: bool = True) -> Marked:
    """The marks and what they hold, without white space at its ends."""
    first, last = start + 1, end - 1 if closed else end
    while first < last and text[first].isspace():
        first += 1
    while last > first and text[last - 1].isspace():
        last -= 1
    return Marked(start=start, end=end, first=first, last=last, closed=closed)
