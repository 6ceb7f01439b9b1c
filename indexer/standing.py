"""Where a query's leaves stand in a text, found by analysing the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from rapidfuzz.distance import OSA

from archive import strip_marks
from indexer.analysis import SEPARATOR, Tokens, analyse
from indexer.stemming import stems
from indexer.tree import Fuzzy, Leaf, Near, Part, Phrase, Prefix, Wildcard, Word, wildcard


class Match(NamedTuple):
    """Where a leaf of the query stands in a text, and which."""

    start: int
    end: int
    leaf: int


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
            return in_windows({at for positions in places for at in positions}, windows(places, distance))
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


def in_windows(places: Iterable[int], near: Sequence[tuple[int, int]]) -> list[int]:
    """The places that lie in windows; those that begin later end later."""
    begins = [begin for begin, _ in near]
    return [at for at in places if (n := bisect_right(begins, at)) and at <= near[n - 1][1]]
