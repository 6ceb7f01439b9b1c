"""Words compared by their letters: one form of a text, where words stand in it, and what in it comes nearest to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from archive import Folded, fold, strip_marks
from indexer.wording import Spans, Wording, compare

CERTAIN = 20  # letters from which on a likeness of NEAR is enough
NEAR, NEAR_SHORT = 80.0, 88.0
MOST = 99.0  # of 100: what is near is never the same
MEANT = 0.7  # of a word's letters that must be as wanted
ROOM = 300  # letters at most that what is near may go on before or behind the stretch that is most like
SHARED = 0.35  # of the words' trigrams that must be in a text before it is compared letter by letter

_LETTERS = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_MARK = regex.compile(r"\p{M}")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
# Scripts without spaces have no word borders to keep to.
_SPACED = regex.compile(
    r"[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]", regex.V1
)
_ENDS = regex.compile(r"[.!?。！？।။។“”\"«»「」『』\n]")  # of what is said


class Asked(NamedTuple):
    """Words asked for: as they were given, and their letters."""

    text: str
    letters: str

    @classmethod
    def of(cls, text: str) -> Asked:
        """The words of a text."""
        return cls(text, squeeze(text).text)


class Place(NamedTuple):
    """Where in a text words stand, how like them it is there, of 100; which words from `start` on differ, and which of
    those asked for it lacks.
    """

    start: int
    end: int
    likeness: float
    differs: Spans = ()
    lacks: Spans = ()


def squeeze(text: str) -> Folded:
    """The letters and digits of a folded text, aligned to the text as given."""
    folded = fold(text)
    runs = [match.span() for match in _LETTERS.finditer(folded.text)]
    starts = [folded.starts[i] for start, end in runs for i in range(start, end)]
    return Folded("".join(folded.text[start:end] for start, end in runs), (*starts, len(text)))


def weight(letters: str) -> int:
    """How much letters tell: a character of Chinese, Japanese or Korean counts two."""
    return sum(2 if _DENSE.match(letter) else 1 for letter in letters if _LETTER.match(letter))


def same(asked: Asked, squeezed: Folded, text: str) -> Place | None:
    """Where words stand in a text, whole; `squeezed` is the text's."""
    wanted = asked.letters
    at = squeezed.text.find(wanted)
    while at >= 0:
        start, end = span(squeezed, at, at + len(wanted), text)
        if not _cuts_word(text, start) and not _cuts_word(text, end):
            return Place(start, end, 100.0)
        at = squeezed.text.find(wanted, at + 1)
    return None


def nearest(asked: Asked, squeezed: Folded, text: str) -> Place | None:
    """What of a text is most like words; marks count only where some were typed. None where nothing is like enough."""
    wanted = asked.letters
    form = _bare if wanted == _bare(wanted) else str
    letters = form(squeezed.text)
    if not _may_hold(wanted, letters):
        return None
    least = NEAR if weight(wanted) >= CERTAIN else NEAR_SHORT
    aligned = fuzz.partial_ratio_alignment(wanted, letters, score_cutoff=least)
    if aligned is None or aligned.dest_end <= aligned.dest_start or len(letters) < len(wanted) / 2:
        return None
    borders = _Borders(squeezed, text)
    first, last = _stretch(wanted, letters, (aligned.dest_start, aligned.dest_end), borders)

    def wording() -> Wording:
        start, end = span(squeezed, first, last, text)
        return compare(asked.text, text[start:end], lambda word: form(squeeze(word).text))

    found = wording()
    if found.before or found.behind:
        # In the place of what is missing at an end stands what the sentence has there.
        first, last = borders.before(first, found.before), borders.behind(last, found.behind)
        found = wording()
    return Place(*span(squeezed, first, last, text), min(aligned.score, MOST), found.differs, found.lacks)


def _stretch(wanted: str, letters: str, aligned: tuple[int, int], borders: _Borders) -> tuple[int, int]:
    """The whole words that are nearest to those wanted, from a stretch as long as these: the first letter and the last."""
    room = min(len(wanted) // 2, ROOM)
    low, high = max(0, aligned[0] - room), min(len(letters), aligned[1] + room)
    starts = borders.starts(low, min(aligned[1], aligned[0] + room + 1))
    starts.reverse()
    first = _outer(starts, [Indel.distance(wanted, letters[at:high]) for at in starts])
    ends = borders.ends(max(first, aligned[1] - room - 1), high)
    return first, _outer(ends, [Indel.distance(wanted, letters[first:at]) for at in ends])


def _outer(places: Sequence[int], distances: Sequence[int]) -> int:
    """Of the borders of words, from the inner to the outer ones, the one up to which a stretch is nearest; without words
    at that end that are like those wanted by chance.
    """
    at = distances.index(min(distances))
    while at and distances[at - 1] - distances[at] < MEANT * abs(places[at] - places[at - 1]):
        at -= 1
    return places[at]


class _Borders:
    """Where words begin and end in a text, as places among its letters."""

    def __init__(self, squeezed: Folded, text: str) -> None:
        self._starts = squeezed.starts
        self._text = text

    def starts(self, low: int, high: int) -> list[int]:
        """The letters from `low` on that begin a word; `low` where there is none."""
        return [at for at in range(low, high) if self._begins(at)] or [low]

    def ends(self, low: int, high: int) -> list[int]:
        """The places behind `low` up to `high` behind which none goes on; `high` where there is none."""
        return [at for at in range(low + 1, high + 1) if self._begins(at)] or [high]

    def before(self, first: int, words: int) -> int:
        """The letter at which so many words of the same sentence or speech more would begin, or as many as there are."""
        for at in range(first - 1, -1, -1):
            if not words or self._ended(self._starts[at], self._starts[first]):
                break
            if self._begins(at):
                first, words = at, words - 1
        return first

    def behind(self, last: int, words: int) -> int:
        """The letter before which so many words more would end."""
        for at in range(last + 1, len(self._starts)):
            if not words or self._ended(self._starts[last - 1] + 1, self._starts[at - 1] + 1):
                break
            if self._begins(at):
                last, words = at, words - 1
        return last

    def _ended(self, start: int, end: int) -> bool:
        return _ENDS.search(self._text, start, end) is not None

    def _begins(self, at: int) -> bool:
        place = self._starts[at]
        if at and place == self._starts[at - 1]:  # within one character of the text
            return False
        return not _cuts_word(self._text, place) and not _MARK.match(self._text, place)


def _bare(letters: str) -> str:
    """Letters without their marks, one for one, so that places in both are the same."""
    return letters if letters.isascii() else "".join(map(_without_marks, letters))


@lru_cache(8192)
def _without_marks(letter: str) -> str:
    bare = strip_marks(letter)
    return bare if len(bare) == 1 else letter


def _may_hold(wanted: str, text: str) -> bool:
    trigrams = {wanted[i : i + 3] for i in range(len(wanted) - 2)}
    return sum(trigram in text for trigram in trigrams) >= SHARED * len(trigrams)


def span(squeezed: Folded, first: int, last: int, text: str) -> tuple[int, int]:
    """The part of `text` that letters `first` to `last` came from, without what stands between them and the next."""
    start, end = squeezed.span(first, last)
    inner = squeezed.starts[last - 1]
    while end > inner + 1 and not _LETTERS.match(text[end - 1]):
        end -= 1
    return start, end


def _cuts_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and all(_SPACED.match(letter) for letter in text[at - 1 : at + 1])
