"""The oracle: what a query tree finds and scores by Whoosh's own matchers and the plain formulas, slowly.

Whoosh opens the index with its reader; every posting and position comes from its matchers. Nothing here touches arrays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

from rapidfuzz.distance import OSA
from whoosh import index
from whoosh.query import And as WhooshAnd
from whoosh.query import Every, Query, Term
from whoosh.query import Not as WhooshNot
from whoosh.query import Or as WhooshOr
from whoosh.query import Prefix as WhooshPrefix
from whoosh.query import Wildcard as WhooshWildcard
from whoosh.reading import TermNotFound

from archive import strip_marks
from indexer.stemming import stems
from indexer.tree import And, Everything, Fuzzy, Near, Node, Not, Or, Phrase, Prefix, Wildcard, Word

K1, B = 1.2, 0.75
WEIGHTS = {"title": 2.5, "body": 1.0, "plain": 0.3, "stem": 0.4}

Scores = dict[str, float]
Positions = dict[int, list[int]]


class Oracle:
    """One committed index, opened by stock Whoosh."""

    def __init__(self, folder: Path, languages: Iterable[str]) -> None:
        self.searcher = index.open_dir(str(folder)).searcher()
        self.reader = self.searcher.reader()
        self.languages = sorted(set(languages))
        self.documents = {n: stored["id"] for n, stored in self.reader.iter_docs()}
        self.lengths = {f: {n: self.reader.doc_field_length(n, f) for n in self.documents} for f in WEIGHTS}

    def scores(self, node: Node) -> Scores:
        """Scores by report id."""
        return {self.documents[n]: score for n, score in self._scores(node).items()}

    def hits_by_whoosh(self, node: Node) -> set[str] | None:
        """The hits of Whoosh's own query classes; None where Whoosh has none of that meaning."""
        query = self._query(node)
        if query is None:
            return None
        return {hit["id"] for hit in self.searcher.search(query, limit=None)}

    def _query(self, node: Node) -> Query | None:
        match node:
            case Everything():
                return Every()
            case And(children) | Or(children):
                found = [self._query(child) for child in children]
                kind = WhooshAnd if isinstance(node, And) else WhooshOr
                return None if None in found else kind(found)
            case Not(child):
                inner = self._query(child)
                return inner and WhooshAnd([Every(), WhooshNot(inner)])
            case Word(term, False):
                return WhooshOr([Term(field, text) for field, texts in self._terms(term).items() for text in texts])
            case Prefix(term, False):
                return WhooshOr([WhooshPrefix(field, text) for field, text in _spread(term).items()])
            case Wildcard(pattern, False):
                return WhooshOr([WhooshWildcard(field, text) for field, text in _spread(pattern).items()])
        return None

    def _terms(self, term: str) -> dict[str, list[str]]:
        stemmed = sorted({stem for language in self.languages for stem in stems([term], language)})
        return {**{field: [text] for field, text in _spread(term).items()}, "stem": stemmed}

    def _scores(self, node: Node) -> dict[int, float]:
        match node:
            case Everything():
                return dict.fromkeys(self.documents, 0.0)
            case And(children):
                parts = [self._scores(child) for child in children]
                return {n: sum(part[n] for part in parts) for n in set.intersection(*map(set, parts))}
            case Or(children):
                return _sum(self._scores(child) for child in children)
            case Not(child):
                excluded = self._scores(child)
                return {n: 0.0 for n in self.documents if n not in excluded}
        return _sum(self._field(field, node) for field in WEIGHTS)

    def _field(self, field: str, leaf: Node) -> dict[int, float]:
        if leaf.title and field == "body":  # type: ignore[union-attr]
            return {}
        match leaf:
            case Word(term, title):
                return self._ranked(field, title, [_union(self.positions(field, t) for t in self._terms(term)[field])])
            case Phrase(parts, _, title) if field != "stem":
                places = [
                    self._range(field, p.term) if p.open else self.positions(field, _bare(field, p.term)) for p in parts
                ]
                return self._ranked(field, title, places, _begins(places, [p.offset for p in parts]))
            case Near(terms, distance, title) if field != "stem":
                places = [self.positions(field, _bare(field, term)) for term in terms]
                return self._ranked(field, title, places, self._windows(field, places, distance))
            case Prefix() | Wildcard() | Fuzzy() if field != "stem":
                found = _union(self.positions(field, term) for term in self._expanded(field, leaf))
                return dict.fromkeys(self._titled(field, leaf.title, found), WEIGHTS[field])
        return {}

    def _expanded(self, field: str, leaf: Prefix | Wildcard | Fuzzy) -> list[str]:
        terms = [text.decode() for text in self.reader.lexicon(field)]
        match leaf:
            case Prefix(term):
                return [t for t in terms if t.startswith(_bare(field, term))]
            case Wildcard(pattern):
                wanted = re.escape(_bare(field, pattern)).replace(r"\*", ".*").replace(r"\?", ".")
                return [t for t in terms if re.fullmatch(wanted, t)]
            case Fuzzy(term, distance):
                bare = _bare(field, term)
                return [t for t in terms if t[0] == bare[0] and OSA.distance(bare, t) <= distance]

    def positions(self, field: str, term: str) -> Positions:
        """Where a term stands, by document, deleted ones left out by Whoosh."""
        try:
            matcher = self.reader.postings(field, term)
        except TermNotFound:
            return {}
        found: Positions = {}
        while matcher.is_active():
            found[matcher.id()] = list(matcher.value_as("positions"))
            matcher.next()
        return found

    def _range(self, field: str, term: str) -> Positions:
        beginning = _bare(field, term)
        return _union(
            self.positions(field, t.decode()) for t in self.reader.lexicon(field) if t.decode().startswith(beginning)
        )

    def _titled(self, field: str, title: bool, found: Positions) -> Positions:
        if not title or field == "title":
            return found
        lengths = self.lengths["title"]
        within = {n: [at for at in places if at < lengths[n]] for n, places in found.items()}
        return {n: places for n, places in within.items() if places}

    def _windows(self, field: str, places: list[Positions], distance: int) -> Positions:
        """Where windows begin; none reaches from a title into the text."""
        if field != "plain":
            return _windows(places, distance)
        titles = self.lengths["title"]
        inside = [{n: [at for at in found if at < titles[n]] for n, found in one.items()} for one in places]
        beyond = [{n: [at for at in found if at >= titles[n]] for n, found in one.items()} for one in places]
        return _union([_windows(inside, distance), _windows(beyond, distance)])

    def _ranked(
        self, field: str, title: bool, places: list[Positions], found: Positions | None = None
    ) -> dict[int, float]:
        found = self._titled(field, title, places[0] if found is None else found)
        count = len(self.documents)
        idf = sum(math.log(1 + (count - len(p) + 0.5) / (len(p) + 0.5)) for p in places)
        average = sum(self.lengths[field].values()) / max(1, count) or 1.0
        scores = {}
        for n, at in found.items():
            norm = K1 * (1 - B + B * self.lengths[field][n] / average)
            scores[n] = WEIGHTS[field] * idf * len(at) / (len(at) + norm)
        return scores


def _spread(term: str) -> dict[str, str]:
    return {"title": term, "body": term, "plain": strip_marks(term)}


def _bare(field: str, term: str) -> str:
    return strip_marks(term) if field == "plain" else term


def _sum(many: Iterable[dict[int, float]]) -> dict[int, float]:
    total: dict[int, float] = {}
    for scores in many:
        for n, score in scores.items():
            total[n] = total.get(n, 0.0) + score
    return total


def _union(many: Iterable[Positions]) -> Positions:
    found: dict[int, set[int]] = {}
    for positions in many:
        for n, places in positions.items():
            found.setdefault(n, set()).update(places)
    return {n: sorted(places) for n, places in found.items()}


def _begins(places: list[Positions], offsets: list[int]) -> Positions:
    found = {}
    for n in set.intersection(*map(set, places)):
        begins = [{at - offset for at in positions[n]} for positions, offset in zip(places, offsets, strict=True)]
        if common := set.intersection(*begins):
            found[n] = sorted(common)
    return found


def _windows(places: list[Positions], distance: int) -> Positions:
    found = {}
    for n in set.intersection(*map(set, places)):
        merged = sorted((at, which) for which, positions in enumerate(places) for at in positions[n])
        last: dict[int, int] = {}
        begins = set()
        for at, which in merged:
            last[which] = at
            if len(last) == len(places) and at - min(last.values()) + 1 - len(places) <= distance:
                begins.add(min(last.values()))
        if begins:
            found[n] = sorted(begins)
    return found
