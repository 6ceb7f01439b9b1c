"""Words compared by their letters: one form of a text, where words stand in it, and what in it comes nearest to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from archive import Folded, fold, strip_marks

CERTAIN = 20  # letters from which on a likeness of NEAR is enough
NEAR, NEAR_SHORT = 80.0, 88.0
MOST = 99.0  # of 100: what is near is never the same
SHARED = 0.35  # of the words' trigrams that must be in a text before it is compared letter by letter

_LETTERS = regex.compile(r"[\p{L}\p{N}\p{M}]+")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_LETTER = regex.compile(r"[\p{L}\p{N}]")
# Scripts without spaces have no word borders to keep to.
_SPACED = regex.compile(
    r"[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]", regex.V1
)
_LAST_WORD = regex.compile(r"[^\p{L}\p{N}\p{M}]+[\p{L}\p{N}\p{M}]+$")
_FIRST_WORD = regex.compile(r"^[\p{L}\p{N}\p{M}]+[^\p{L}\p{N}\p{M}]+")


class Place(NamedTuple):
    """Where in a text words stand, how like them it is there, of 100, and which parts from `start` on differ."""

    start: int
    end: int
    likeness: float
    differs: tuple[tuple[int, int], ...] = ()


def squeeze(text: str) -> Folded:
    """The letters and digits of a folded text, aligned to the text as given."""
    folded = fold(text)
    runs = [match.span() for match in _LETTERS.finditer(folded.text)]
    starts = [folded.starts[i] for start, end in runs for i in range(start, end)]
    return Folded("".join(folded.text[start:end] for start, end in runs), (*starts, len(text)))


def weight(letters: str) -> int:
    """How much letters tell: a character of Chinese, Japanese or Korean counts two."""
    return sum(2 if _DENSE.match(letter) else 1 for letter in letters if _LETTER.match(letter))


def same(wanted: str, squeezed: Folded, text: str) -> Place | None:
    """Where letters stand in a text as whole words; `squeezed` is the text's."""
    at = squeezed.text.find(wanted)
    while at >= 0:
        start, end = _span(squeezed, at, at + len(wanted), text)
        if not _cuts_word(text, start) and not _cuts_word(text, end):
            return Place(start, end, 100.0)
        at = squeezed.text.find(wanted, at + 1)
    return None


def nearest(wanted: str, squeezed: Folded, text: str) -> Place | None:
    """What of a text is most like letters; marks count only where some were typed. None where nothing is like enough."""
    form = _bare if wanted == _bare(wanted) else str
    letters = form(squeezed.text)
    if not _may_hold(wanted, letters):
        return None
    least = NEAR if weight(wanted) >= CERTAIN else NEAR_SHORT
    aligned = fuzz.partial_ratio_alignment(wanted, letters, score_cutoff=least)
    if aligned is None or aligned.dest_end <= aligned.dest_start or len(letters) < len(wanted) / 2:
        return None
    start, end = _whole_words(text, *_span(squeezed, aligned.dest_start, aligned.dest_end, text))
    start, end = _tightened(text, start, end, lambda part: fuzz.ratio(wanted, form(squeeze(part).text)))
    return Place(start, end, min(aligned.score, MOST), _differing(wanted, text[start:end], form))


def _differing(wanted: str, text: str, form: Callable[[str], str]) -> tuple[tuple[int, int], ...]:
    """The words of a text, or its letters in scripts without spaces, that are not as wanted, by their offsets."""
    squeezed = squeeze(text)
    found: list[tuple[int, int]] = []
    for change in Levenshtein.editops(wanted, form(squeezed.text)):
        at = change.dest_pos
        # Letters that were left out mark the word they are missing from; between words there is nothing to mark.
        start, end = (squeezed.starts[at],) * 2 if change.tag == "delete" else _span(squeezed, at, at + 1, text)
        while _cuts_word(text, start):
            start -= 1
        while _cuts_word(text, end):
            end += 1
        if found and start <= found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        if start < end:
            found.append((start, end))
    return tuple(found)


def _bare(letters: str) -> str:
    """Letters without their marks, one for one, so that places in both are the same."""
    return letters if letters.isascii() else "".join(map(_without_marks, letters))


@lru_cache(8192)
def _without_marks(letter: str) -> str:
    bare = strip_marks(letter)
    return bare if len(bare) == 1 else letter


def _tightened(text: str, start: int, end: int, likeness: Callable[[str], float]) -> tuple[int, int]:
    """The stretch without words at its ends that make it less like what is wanted."""
    best = likeness(text[start:end])
    while match := _LAST_WORD.search(text[start:end]):
        if (shorter := likeness(text[start : start + match.start()])) < best:
            break
        best, end = shorter, start + match.start()
    while match := _FIRST_WORD.search(text[start:end]):
        if (shorter := likeness(text[start + match.end() : end])) < best:
            break
        best, start = shorter, start + match.end()
    return start, end


def _may_hold(wanted: str, text: str) -> bool:
    trigrams = {wanted[i : i + 3] for i in range(len(wanted) - 2)}
    return sum(trigram in text for trigram in trigrams) >= SHARED * len(trigrams)


def _span(squeezed: Folded, first: int, last: int, text: str) -> tuple[int, int]:
    """The part of `text` that letters `first` to `last` came from, without what stands between them and the next."""
    start, end = squeezed.span(first, last)
    inner = squeezed.starts[last - 1]
    while end > inner + 1 and not _LETTERS.match(text[end - 1]):
        end -= 1
    return start, end


def _cuts_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and all(_SPACED.match(letter) for letter in text[at - 1 : at + 1])


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch that begins and ends with a word: one that is cut is taken whole or left out, whichever is nearer."""
    first, last = _nearest_border(text, start), _nearest_border(text, end)
    while first < last and not _LETTERS.match(text[first]):
        first += 1
    while first < last and not _LETTERS.match(text[last - 1]):
        last -= 1
    return (first, last) if first < last else (start, end)


def _nearest_border(text: str, at: int) -> int:
    back = forth = at
    while _cuts_word(text, back):
        back -= 1
    while _cuts_word(text, forth):
        forth += 1
    return back if at - back < forth - at else forth
