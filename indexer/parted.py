"""Words that print has parted: a quote interrupted by who said it, asked for in one piece."""

from __future__ import annotations

from functools import lru_cache

import regex
from rapidfuzz import fuzz

from archive import Folded
from indexer.likeness import MOST, Asked, Place, span, squeeze
from indexer.wording import compare

GAP = 300  # letters that an interruption has at most
_CLAUSE_END = regex.compile(r"[.,;:!?。，、；：！？།។၊။–—…\n]+")


def parted(asked: Asked, squeezed: Folded, text: str) -> Place | None:
    """Where all clauses of words stand one behind the other in a text, with at most GAP letters between two of them."""
    clauses = _clauses(asked.text)
    if len(clauses) < 2:
        return None
    first = squeezed.text.find(clauses[0])
    while first >= 0:
        if (last := _end(clauses, squeezed.text, first)) is not None:
            start, end = span(squeezed, first, last, text)
            wording = compare(asked.text, text[start:end], lambda word: squeeze(word).text)
            likeness = fuzz.ratio(asked.letters, squeezed.text[first:last])
            return Place(start, end, min(likeness, MOST), wording.differs, wording.lacks)
        first = squeezed.text.find(clauses[0], first + 1)
    return None


@lru_cache(8)
def _clauses(text: str) -> list[str]:
    """The letters of each clause; asked of every text in turn."""
    return [letters for clause in _CLAUSE_END.split(text) if (letters := squeeze(clause).text)]


def _end(clauses: list[str], letters: str, first: int) -> int | None:
    """Where the last of the clauses ends that begin at a place; each follows as near as it can."""
    at = first
    for clause in clauses:
        found = letters.find(clause, at, at + GAP + len(clause))
        if found < 0:
            return None
        at = found + len(clause)
    return at
