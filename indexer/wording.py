"""Words asked for beside words in print: which of either are not in the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import regex
from rapidfuzz.distance import Levenshtein

# A character of a script without spaces, which is a word of its own.
CHARACTER = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*"
_WORD = regex.compile(rf"{CHARACTER}|[\p{{L}}\p{{N}}\p{{M}}]+(?:['’][\p{{L}}\p{{N}}\p{{M}}]+)*")

Spans = tuple[tuple[int, int], ...]


class Wording(NamedTuple):
    """Offsets of the words in print that were not asked for so, and of those asked for that are not in print; of the
    latter how many stand before and behind all that is in print.
    """

    differs: Spans
    lacks: Spans
    before: int
    behind: int


class _Words(NamedTuple):
    letters: list[str]
    spans: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str, letters: Callable[[str], str]) -> _Words:
        found = [(letters(match.group()), match.span()) for match in _WORD.finditer(text)]
        return cls([one for one, _ in found], [span for _, span in found])

    def stretch(self, words: slice) -> Iterator[tuple[int, int]]:
        """Words side by side as one span; none when there is none."""
        if spans := self.spans[words]:
            yield spans[0][0], spans[-1][1]


def compare(asked: str, printed: str, letters: Callable[[str], str]) -> Wording:
    """How two texts differ word by word; `letters` is what counts of a word."""
    old, new = _Words.of(asked, letters), _Words.of(printed, letters)
    differs: list[tuple[int, int]] = []
    lacks: list[tuple[int, int]] = []
    ops = list(_changes(old.letters, new.letters))
    for src, dest in ops:
        if "".join(old.letters[src]) != "".join(new.letters[dest]):  # the same letters may be parted in other ways
            lacks += old.stretch(src)
            differs += new.stretch(dest)
    missing = [src for src, dest in ops if dest.start == dest.stop]
    before = sum(src.stop for src in missing if src.start == 0)
    behind = sum(src.stop - src.start for src in missing if src.stop == len(old.letters))
    return Wording(tuple(differs), tuple(lacks), before, behind)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[slice, slice]]:
    """What of the one stands for what of the other where they are not the same, each change in one piece."""
    ops = Levenshtein.opcodes(old, new)
    for same, group in groupby(ops, key=lambda op: op.tag == "equal"):
        if not same:
            changed = list(group)
            first, last = changed[0], changed[-1]
            yield slice(first.src_start, last.src_end), slice(first.dest_start, last.dest_end)
