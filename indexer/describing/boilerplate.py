"""Lines that stand around a text and are no part of it."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from typing import Any

import regex

from archive import fold_plain
from indexer.describing.dates import printed_dates
from indexer.describing.places import is_stamp
from indexer.describing.tree import Block

NAMED = 40  # letters of those names at most
STAMP = 90  # characters of a line that may be no more than a date, a place and a name
UNNAMED = 6  # and beside a day without its year
NAMES = 4  # words of a name at most
SENTENCE = 30  # characters of a line that may be a sentence
ENDS = (*".!?…。！？”」』\"')）။។", "”。")
LINKED = 0.7  # of a block's letters that may be links before it only leads elsewhere
_NAME = regex.compile(r"\p{Lu}[\p{L}\p{M}.’'-]*")
_LETTERS = regex.compile(r"\p{L}")


def without_boilerplate(lines: Iterable[str], *, title: str, seen: Sequence[Block]) -> list[str]:
    """The lines of a text alone; `seen` tells which of them are links on the page."""
    elsewhere = {block.text for block in seen if block.linked >= LINKED}
    # Extractors drop the headings of such lists, and may keep what stands below them.
    elsewhere |= {block.text for block in seen} - set(_without_sections(block.text for block in seen))
    kept = [line for line in _split(lines) if line and line not in elsewhere]
    kept = [cut for line in _without_sections(kept) if (cut := _without_glued(line)) and not is_boilerplate(cut)]
    above = _above(title, seen, kept)
    kept = _without_head([line for line in kept if line not in above], title)
    while len(kept) > 1 and (_is_stamp(kept[-1]) or _is_byline(kept[-1])):
        kept.pop()
    return list(_once(kept))


def is_boilerplate(line: str) -> bool:
    """Whether a whole line only leads elsewhere, or credits somebody."""
    lead, credit = _rules()["lead"], _patterns("credit")
    if len(line) <= lead["longest"] and line.casefold().startswith(_beginnings()):
        return True
    return len(line) <= _rules()["credit"]["longest"] and any(pattern.fullmatch(line) for pattern in credit)


def _split(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        # A lone mark is what is left of a list or a table.
        if _LETTERS.search(line) or any(character.isdigit() for character in line):
            yield line


def _without_sections(lines: Iterable[str]) -> Iterator[str]:
    """The lines but those under a heading such as "Related": all up to the next sentence."""
    skipping = False
    for line in lines:
        if line.casefold().strip(" :：>»+") in _headings():
            skipping = True
        elif skipping and (len(line) < SENTENCE or not line.endswith(ENDS)):
            continue
        else:
            skipping = False
            yield line


def _without_glued(line: str) -> str:
    for pattern in _patterns("glued"):
        line = pattern.sub("", line)
    return line


def _above(title: str, seen: Sequence[Block], kept: Sequence[str]) -> frozenset[str]:
    """Short blocks that the page has above its title: names of sites and sections."""
    wanted = fold_plain(title)
    sentences = {line for line in kept if len(line) >= SENTENCE and line.endswith(ENDS)}
    # A page may name its title again below the text: only what precedes the first sentence is looked at.
    first = next((number for number, block in enumerate(seen) if block.text in sentences), len(seen))
    places = [number for number in range(first) if wanted and fold_plain(seen[number].text) == wanted]
    return frozenset(block.text for block in seen[: places[-1]] if len(block.text) <= STAMP) if places else frozenset()


def _without_head(lines: list[str], title: str) -> list[str]:
    """The lines after title, trail, date and byline: what stands before the first sentence."""
    wanted = fold_plain(title)
    start = 0
    for number, line in enumerate(lines[:6]):
        if (wanted and fold_plain(line) == wanted) or _is_trail(line) or _is_stamp(line):
            start = number + 1
        elif len(line) > STAMP:
            break
    rest = lines[start:] if start < len(lines) else lines
    return [line for line in rest if not wanted or fold_plain(line) != wanted]


def _is_trail(line: str) -> bool:
    """Whether a line is the way through the site that leads to the page: short names, parted by signs."""
    trail = _rules()["trail"]
    parts = [part.strip() for part in regex.split(trail["marks"], line)]
    return (
        len(parts) > 2
        and len(line) <= trail["longest"]
        and max(map(len, parts[:-1])) < 25
        and not line.endswith((".", "。"))
    )


def _is_stamp(line: str) -> bool:
    """Whether a line holds a date with its year and hardly anything else."""
    if len(line) > STAMP:
        return False
    named = NAMED if any(date.year for date in printed_dates(line)) else UNNAMED
    return is_stamp(line, letters=named)


def _is_byline(line: str) -> bool:
    """Whether a last line is a name alone: two to four words with capitals and no end of a sentence."""
    words = line.split()
    return 2 <= len(words) <= NAMES and all(_NAME.fullmatch(word) for word in words)


def _once(lines: list[str]) -> Iterator[str]:
    """The lines without those said before: a standfirst that is the first paragraph, a caption set twice."""
    said: set[str] = set()
    for line in lines:
        folded = fold_plain(line)
        if folded not in said:
            yield line
        said.add(folded)


@functools.cache
def _beginnings() -> tuple[str, ...]:
    return tuple(beginning.casefold() for beginning in _rules()["lead"]["begins"])


@functools.cache
def _headings() -> frozenset[str]:
    return frozenset(heading.casefold() for heading in _rules()["section"]["headings"])


@functools.cache
def _patterns(table: str) -> tuple[regex.Pattern[str], ...]:
    return tuple(regex.compile(pattern, regex.I) for pattern in _rules()[table]["patterns"])


@functools.cache
def _rules() -> dict[str, Any]:
    return tomllib.loads((resources.files("indexer") / "data" / "boilerplate.toml").read_text("utf-8"))
