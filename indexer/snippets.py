"""Snippets: the parts of a text that show best why it was found, with exact offsets."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import regex
from rapidfuzz.distance import OSA

from archive import Record, strip_marks
from indexer.analysis import SEPARATOR, Tokens, analyse
from indexer.stemming import stems
from indexer.tree import Fuzzy, Leaf, Near, Part, Phrase, Prefix, Wildcard, Word, wildcard

SIZE = 200  # characters of a fragment, about
BEFORE = 60  # characters that may stand before the first mark
SPAN = SIZE - BEFORE  # characters that the marks of a fragment may take up
FRAGMENTS = 2

# One set of characters first: what begins with alternatives is tried at every place.
_SENTENCE_END = re.compile(r"[.!?။។៕།。！？\n](?:(?<=[。！？])['\"”’»」』]*|(?<=\n)\n*|['\"”’»」』]*\s+)")
_CLUSTER: re.Pattern[str] = regex.compile(r"\X")
_BOUND = 32  # characters within which a cluster is sure to begin
_SURE: re.Pattern[str] = regex.compile(r"\p{GCB=XX}{2}")  # between two that join with nothing one ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment(Record):
    """A part of a text: `text` begins at `start` of it; `marks` are offsets in `text`; `more` says that the text goes on."""

    text: str
    start: int
    more: bool = False
    marks: tuple[tuple[int, int], ...] = ()


class Match(NamedTuple):
    """Where a leaf of the query stands in a text, and which."""

    start: int
    end: int
    leaf: int


Place = tuple[int, int, int]  # a match, or the same as a plain tuple: ten times as many are made as are shown


def title_fragment(title: str, matches: Sequence[Place]) -> Fragment:
    """The whole title, with its marks."""
    if not matches:
        return Fragment(text=title, start=0)
    return _fragment(title, 0, len(title), matches)


def snippets(text: str, matches: Sequence[Place]) -> tuple[Fragment, ...]:
    """The fragments that show most leaves of the query, in the order of the text; its beginning when none is in it.

    The matches stand in the order of their starts.
    """
    chosen: list[tuple[int, int]] = []
    missing = {leaf for _, _, leaf in matches}
    left = matches
    while missing and len(chosen) < FRAGMENTS:
        window = _best(left, missing)
        if not window:
            break
        start, end = _bounds(text, window[0], window[1], chosen)
        chosen.append((start, end))
        if len(missing) == 1:
            break
        missing -= {leaf for _, _, leaf in _within(matches, start, end)}
        if missing:
            left = [place for place in left if not start <= place[0] < place[1] <= end]
    if not chosen:
        chosen.append(_bounds(text, 0, 0, []))
    chosen.sort()
    return tuple([_fragment(text, start, end, matches) for start, end in chosen if end > start])


def find(text: str, leaves: Sequence[Leaf], language: str) -> list[Match]:
    """Where the leaves stand in a text of that language, by start."""
    tokens = analyse(text)
    words = _Words(tokens, language)
    matches = [match for i, leaf in enumerate(leaves) for match in _leaf_matches(tokens, words, leaf, i)]
    return sorted(matches, key=lambda match: (match.start, -match.end))


class _Words:
    """The positions of a text's tokens by each form a query may meet: as they are, without marks, stemmed."""

    def __init__(self, tokens: Tokens, language: str) -> None:
        self.language = language
        self.places: dict[str, list[int]] = {}
        for i, term in enumerate(tokens.terms):
            self.places.setdefault(term, []).append(i)

    @cached_property
    def bare(self) -> dict[str, list[int]]:
        """Positions by words without marks."""
        words = self._words()
        return self._by(words, map(strip_marks, words))

    @cached_property
    def stemmed(self) -> dict[str, list[int]]:
        """Positions by stems in the text's language."""
        words = self._words()
        return self._by(words, stems(words, self.language))

    def _words(self) -> list[str]:
        return [term for term in self.places if SEPARATOR not in term]

    def _by(self, words: Iterable[str], forms: Iterable[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for word, form in zip(words, forms, strict=False):
            found.setdefault(form, []).extend(self.places[word])
        return found

    def same(self, term: str) -> list[int]:
        """The positions of a term; marks do not matter."""
        return self.places.get(term, []) if SEPARATOR in term else self.bare.get(strip_marks(term), [])

    def word(self, word: str) -> set[int]:
        """The positions of a word and of what shares its stem."""
        return {*self.same(word), *(at for stem in stems([word], self.language) for at in self.stemmed.get(stem, ()))}

    def where(self, wanted: Callable[[str], bool], among: dict[str, list[int]]) -> list[int]:
        """The positions of the forms that are wanted."""
        return [at for form, places in among.items() if wanted(form) for at in places]


def _leaf_matches(tokens: Tokens, words: _Words, leaf: Leaf, number: int) -> Iterable[Match]:
    size = leaf.size if isinstance(leaf, Phrase) else 1
    for at in _places(words, leaf):
        yield Match(tokens.starts[at], tokens.ends[min(at + size, len(tokens)) - 1], number)


def _places(words: _Words, leaf: Leaf) -> Iterable[int]:
    match leaf:
        case Word(term):
            return words.word(term)
        case Phrase(parts):
            return _phrase_places(words, parts)
        case Near(terms, distance):
            places = [words.same(term) for term in terms]
            near = windows(places, distance)
            return {at for positions in places for at in positions if any(a <= at <= b for a, b in near)}
        case Prefix(term):
            bare = strip_marks(term)
            return words.where(lambda form: form.startswith(bare), words.bare)
        case Wildcard(pattern):
            wanted = wildcard(strip_marks(pattern))
            return words.where(lambda form: wanted.fullmatch(form) is not None, words.bare)
        case Fuzzy(term, distance):
            word = strip_marks(term)
            return words.where(lambda form: form[0] == word[0] and OSA.distance(form, word) <= distance, words.bare)


def _phrase_places(words: _Words, parts: tuple[Part, ...]) -> set[int]:
    found: set[int] | None = None
    for part in parts:
        at = {place - part.offset for place in _part_places(words, part)}
        found = at if found is None else found & at
    return found or set()


def _part_places(words: _Words, part: Part) -> list[int]:
    if not part.open:
        return words.same(part.term)
    among = words.places if SEPARATOR in part.term else words.bare
    beginning = part.term if SEPARATOR in part.term else strip_marks(part.term)
    return words.where(lambda form: form.startswith(beginning), among)


def _best(matches: Sequence[Place], missing: set[int]) -> tuple[int, int] | None:
    """Where the run of matches within a fragment's size begins and ends that shows most of what is missing, then most."""
    if len(missing) == 1 and missing.issuperset([leaf for _, _, leaf in matches]):
        return _densest(matches)
    best: tuple[int, int] | None = None
    most = seen = first = 0
    held = dict.fromkeys(missing, 0)
    start, _, gone = matches[0]
    for last, (_, end, leaf) in enumerate(matches):
        if leaf in held:
            seen += not held[leaf]
            held[leaf] += 1
        while end - start > SPAN and first < last:
            if gone in held:
                held[gone] -= 1
                seen -= not held[gone]
            first += 1
            start, _, gone = matches[first]
        if seen:
            worth = seen * len(matches) + last - first + 1
            if worth > most:
                most, best = worth, (start, end)
    return best


def _densest(matches: Sequence[Place]) -> tuple[int, int]:
    """Where the run of most matches within a fragment's size begins and ends."""
    begin, finish, _ = matches[0]
    most = 1
    for last, (_, end, _) in enumerate(matches):
        # One more than the most so far, ending here: no run grows by two at once.
        if last >= most and end - matches[last - most][0] <= SPAN:
            begin, finish = matches[last - most][0], end
            most += 1
    return begin, finish


def _within(matches: Sequence[Place], start: int, end: int) -> list[Place]:
    """The matches that stand between two places of the text."""
    first = bisect_left(matches, (start,))
    return [place for place in matches[first : bisect_left(matches, (end,), first)] if place[1] <= end]


def _bounds(text: str, first: int, last: int, taken: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """A part of about SIZE round the marks: from a sentence's start where one is near, never within a cluster."""
    lower, upper = 0, len(text)
    if taken:
        lower = max([end for _, end in taken if end <= first], default=lower)
        upper = min([start for start, _ in taken if start >= last], default=upper)
    near = lower == 0 and last <= SPAN  # the text's beginning fits in
    start = _begin(text, 0 if near else max(lower, first - BEFORE), first)
    end = _finish(text, max(last, min(upper, start + SIZE)), last, upper)
    while start < end and text[start].isspace():
        start += 1
    while end > max(start, last) and text[end - 1].isspace():
        end -= 1
    return start, end


def _begin(text: str, lower: int, first: int) -> int:
    if lower == 0:
        return 0
    sentences = [m.end() for m in _SENTENCE_END.finditer(text, max(0, lower - 4), first) if m.end() >= lower]
    if sentences:
        return sentences[-1]
    space = text.find(" ", lower, first)
    if 0 <= space < min(first, lower + 25):
        return space + 1
    return _cluster(text, lower, first)


def _finish(text: str, wanted: int, last: int, upper: int) -> int:
    if wanted >= upper:
        return upper
    sentences = [m.end() for m in _SENTENCE_END.finditer(text, max(last, wanted - 60), min(upper, wanted + 20))]
    if sentences:
        return sentences[-1]
    space = text.rfind(" ", max(last, wanted - 25), wanted)
    return space if space > 0 else max(last, _cluster(text, wanted, upper))


def _cluster(text: str, wanted: int, limit: int) -> int:
    """The first start of a grapheme cluster at or after `wanted`."""
    first = max(0, wanted - _BOUND)
    begin = next((at for at in range(wanted, first, -1) if _SURE.match(text, at - 1)), first)
    if begin == wanted:
        return min(wanted, limit)
    for match in _CLUSTER.finditer(text, begin):
        if match.start() >= wanted:
            return min(match.start(), limit)
    return limit


def _fragment(text: str, start: int, end: int, matches: Sequence[Place]) -> Fragment:
    """The part with its marks; marks that touch or overlap are one."""
    marks: list[tuple[int, int]] = []
    for first, last, _ in _within(matches, start, end):
        mark = (first - start, last - start)
        if marks and mark[0] < marks[-1][1]:
            marks[-1] = (marks[-1][0], max(mark[1], marks[-1][1]))
        else:
            marks.append(mark)
    return Fragment(text=text[start:end], start=start, more=len(text.rstrip()) > end, marks=tuple(marks))


def windows(places: Sequence[Sequence[int]], distance: int) -> list[tuple[int, int]]:
    """The smallest windows (first and last place) that hold a place of each list and at most `distance` others."""
    last: dict[int, int] = {}
    found: dict[int, int] = {}
    for at, which in sorted((at, which) for which, positions in enumerate(places) for at in positions):
        last[which] = at
        begin = min(last.values())
        if len(last) == len(places) and at - begin + 1 - len(places) <= distance:
            found.setdefault(begin, at)
    return sorted(found.items())
