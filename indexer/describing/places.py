"""Where on a page its date stands: the lines by its title and those right after its text."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import regex

from archive import fold_plain
from indexer.describing.dates import PrintedDate, date_rules, printed_dates
from indexer.describing.tree import Block

NEAR = 12  # blocks after the title in which its date stands
BEFORE = 4  # and before it
AFTER = 6  # blocks after the text
LONGEST = 140  # characters of a line that is looked at
LETTERS = 60  # letters beside the date in a line that says when, where and by whom
LINKED = 0.5
MANY = 4  # dates in a line make it a list of them
SAMPLED = 40  # characters by which a line of the text is found again on the page
_LETTER = regex.compile(r"\p{L}")
_CLOCK = regex.compile(
    r"\d{1,2}\s*[:.h時时]\s*\d{2}(?:\s*[:分]\s*\d{2})?\s*(?:分|น\.|wib|wita|wit|am|pm|ict|gmt(?:[+-]\d+)?)?",
    regex.IGNORECASE,
)
_SENTENCE = (".", "。", "။", "។", "!", "！")
_SHORTENED = regex.compile(r"\p{Thai}\.$|\b\w{1,4}\.$")  # น. and a.m. end no sentence


def by_title(seen: Sequence[Block], title: str, text: str) -> list[Block]:
    """Blocks after the title, then those before it from the nearest on; by the text's beginning where no title stands."""
    place = _place(seen, title)
    if place is None:
        start = _first_of(seen, text)
        return [*reversed(seen[max(0, start - NEAR) : start]), *seen[start : start + BEFORE]]
    return [*seen[place + 1 : place + 1 + NEAR], *reversed(seen[max(0, place - BEFORE) : place + 1])]


def after_text(seen: Sequence[Block], text: str) -> Sequence[Block]:
    """The blocks right after the last line of the text that the page shows."""
    places = {block.text[:SAMPLED]: number for number, block in enumerate(seen)}
    for line in reversed(text.split("\n")):
        if (place := places.get(line[:SAMPLED])) is not None:
            return seen[place + 1 : place + 1 + AFTER]
    return ()


def is_stamp(line: str, language: str | None = None, *, letters: int = LETTERS) -> bool:
    """Whether a line holds a date and few letters else; a sentence about an event is none."""
    if len(line) > LONGEST or (line.endswith(_SENTENCE) and not _SHORTENED.search(line)):
        return False
    dates = printed_dates(line, language=language)
    rest = _CLOCK.sub("", _without(line, dates))
    return 0 < len(dates) < MANY and len(_LETTER.findall(rest)) <= letters


def _without(line: str, dates: list[PrintedDate]) -> str:
    for date in reversed(dates):
        line = line[: date.start] + line[date.end :]
    return line


def is_changed(line: str) -> bool:
    """Whether a line says when the page was changed, not when it came out."""
    folded = line.casefold()
    return any(word in folded for word in _changed()) and not any(word in folded for word in _came_out())


def _place(seen: Sequence[Block], title: str) -> int | None:
    """Where the title stands: the first heading that is it, else the last block that is it and no link."""
    wanted = fold_plain(title)
    places = [number for number, block in enumerate(seen) if wanted and fold_plain(block.text) == wanted]
    headings = [n for n in places if seen[n].element is not None and seen[n].element.tag in ("h1", "h2", "h3")]
    if headings:
        return headings[0]
    unlinked = [n for n in places if seen[n].linked < LINKED and not _is_head(seen[n])]
    return unlinked[-1] if unlinked else None


def _is_head(block: Block) -> bool:
    return block.element is not None and block.element.tag == "title"


def _first_of(seen: Sequence[Block], text: str) -> int:
    start = text[:SAMPLED].partition("\n")[0]
    return next((number for number, block in enumerate(seen) if block.text.startswith(start)), 0)


@functools.cache
def _changed() -> tuple[str, ...]:
    return tuple(date_rules()["stated"]["changed"])


@functools.cache
def _came_out() -> tuple[str, ...]:
    return tuple(date_rules()["stated"]["came_out"])
