"""Which reports a query tree finds, and their scores.

Scores: the weighted sum over fields of Lucene's BM25 (exact lengths, idf ln(1 + (N - n + .5) / (n + .5))). A phrase counts
the idf of its parts together and its own frequency; a range of units scores as one term; patterns and fuzzy words
score their field's weight.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from archive.folding import strip_marks
from indexer.postings import Positions, Reading, union, windows
from indexer.schema import WEIGHTS
from indexer.stemming import stems
from indexer.tree import And, Everything, Fuzzy, Leaf, Near, Node, Not, Or, Part, Phrase, Prefix, Wildcard, Word

K1, B = 1.2, 0.75

Scores = dict[int, float]


@dataclass(frozen=True)
class Executor:
    """Answers trees over one state of the index."""

    reading: Reading

    def scores(self, node: Node) -> Scores:
        """The documents that `node` finds, with their scores."""
        match node:
            case Everything():
                return dict.fromkeys(self.reading.rows, 0.0)
            case And(children):
                return self._all(children)
            case Or(children):
                return _sum(self.scores(child) for child in children)
            case Not(child):
                excluded = self.scores(child)
                return {doc: 0.0 for doc in self.reading.rows if doc not in excluded}
        return _sum(self._field(field, node) for field in WEIGHTS)

    def _all(self, children: tuple[Node, ...]) -> Scores:
        # Cheapest first: a later child is still evaluated whole, but on fewer sums.
        first, *others = sorted((self.scores(child) for child in children), key=len)
        for other in others:
            first = {doc: score + other[doc] for doc, score in first.items() if doc in other}
        return first

    def _field(self, field: str, leaf: Leaf) -> Scores:
        if leaf.title and field == "body":
            return {}
        match leaf:
            case Word(term):
                return self._ranked(field, leaf, [self._word(field, term)])
            case Phrase(parts):
                return self._phrase(field, leaf, parts) if field != "stem" else {}
            case Near():
                return self._near(field, leaf) if field != "stem" else {}
            case Prefix() | Wildcard() | Fuzzy():
                return self._pattern(field, leaf) if field != "stem" else {}

    def _word(self, field: str, term: str) -> Positions:
        if field == "stem":
            return union(self.reading.positions(field, stem) for stem in self.stems(term))
        return self.reading.positions(field, strip_marks(term) if field == "plain" else term)

    def stems(self, term: str) -> set[str]:
        """The stems of a query's word in every language of the index."""
        return {stem for language in self.reading.languages for stem in stems([term], language)}

    def _phrase(self, field: str, leaf: Phrase, parts: tuple[Part, ...]) -> Scores:
        places = [self._part(field, part) for part in parts]
        if not all(places):
            return {}
        found: Positions = {}
        for doc in set.intersection(*(set(positions) for positions in places)):
            begins = (
                {at - part.offset for at in positions[doc]} for part, positions in zip(parts, places, strict=True)
            )
            if common := set.intersection(*begins):
                found[doc] = sorted(common)
        return self._ranked(field, leaf, places, found)

    def _part(self, field: str, part: Part) -> Positions:
        term = strip_marks(part.term) if field == "plain" else part.term
        return self.reading.range_positions(field, term) if part.open else self.reading.positions(field, term)

    def _near(self, field: str, leaf: Near) -> Scores:
        places = [self._word(field, term) for term in leaf.terms]
        found: Positions = {}
        for doc in set.intersection(*(set(positions) for positions in places)):
            if near := windows([positions[doc] for positions in places], leaf.distance):
                found[doc] = [begin for begin, _ in near]
        return self._ranked(field, leaf, places, found)

    def _pattern(self, field: str, leaf: Prefix | Wildcard | Fuzzy) -> Scores:
        bare = _bare(leaf) if field == "plain" else leaf
        found = union(self.reading.positions(field, term) for term in self.reading.expand(field, bare))
        return dict.fromkeys(self._titled(field, leaf, found), WEIGHTS[field])

    def _titled(self, field: str, leaf: Leaf, found: Positions) -> Positions:
        """What of `found` the leaf may use: in the shared fields, a title's words come first."""
        if not leaf.title or field == "title":
            return found
        rows = self.reading.rows
        within = {doc: [at for at in places if at < rows[doc].title_length] for doc, places in found.items()}
        return {doc: places for doc, places in within.items() if places}

    def _ranked(self, field: str, leaf: Leaf, places: list[Positions], found: Positions | None = None) -> Scores:
        """BM25 of the occurrences `found`, by the idf of the terms at `places`."""
        found = self._titled(field, leaf, places[0] if found is None else found)
        idf = sum(self._idf(len(positions)) for positions in places)
        norm = self._norms[field]
        weight = WEIGHTS[field] * idf
        return {doc: weight * len(at) / (len(at) + norm[doc]) for doc, at in found.items()}

    def _idf(self, count: int) -> float:
        return math.log(1 + (len(self.reading.rows) - count + 0.5) / (count + 0.5))

    @cached_property
    def _norms(self) -> dict[str, dict[int, float]]:
        averages = self.reading.averages
        return {
            field: {
                doc: K1 * (1 - B + B * row.lengths[i] / (averages[field] or 1))
                for doc, row in self.reading.rows.items()
            }
            for i, field in enumerate(WEIGHTS)
        }


def _sum(many: Iterable[Scores]) -> Scores:
    total: Scores = {}
    for scores in many:
        for doc, score in scores.items():
            total[doc] = total.get(doc, 0.0) + score
    return total


def _bare(leaf: Prefix | Wildcard | Fuzzy) -> Prefix | Wildcard | Fuzzy:
    match leaf:
        case Prefix(term):
            return Prefix(strip_marks(term))
        case Wildcard(pattern):
            return Wildcard(strip_marks(pattern))
        case Fuzzy(term, distance):
            return Fuzzy(strip_marks(term), distance)
