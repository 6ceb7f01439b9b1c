"""What the index holds, as the executor reads it: rows of reports, positions of terms, ranges of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from archive import Relation
from indexer.errors import QueryError
from indexer.schema import WEIGHTS, Row
from indexer.tree import Fuzzy, Prefix, Wildcard

MAX_EXPANSIONS = 2000
TERMS_KEPT = 4096
MAX_STARS = 4  # with the longest word below they bound what matching a pattern costs
LONGEST = 64

Positions = dict[int, list[int]]  # by document, rising


class Reading:
    """One committed state of the index, opened; safe to share between threads once made."""

    def __init__(self, whoosh: FileIndex) -> None:
        """Read the rows of all reports, and keep the postings open."""
        self.reader = whoosh.reader()
        self.rows: dict[int, Row] = {doc: Row.load(stored["row"]) for doc, stored in self.reader.iter_docs()}
        self.positions = lru_cache(TERMS_KEPT)(self._positions)

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()

    @cached_property
    def averages(self) -> dict[str, float]:
        """The average length of each field over the reports that are there."""
        count = max(1, len(self.rows))
        return {name: sum(row.lengths[i] for row in self.rows.values()) / count for i, name in enumerate(WEIGHTS)}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the reports, sorted."""
        return tuple(sorted({row.language for row in self.rows.values()}))

    def related(self, relations: frozenset[Relation]) -> set[int]:
        """The documents of these relations."""
        return {doc for doc, row in self.rows.items() if row.relation in relations}

    def _positions(self, field: str, term: str) -> Positions:
        """Where a term stands in a field, by document."""
        try:
            matcher = self.reader.postings(field, term)
        except TermNotFound:
            return {}
        found: Positions = {}
        while matcher.is_active():
            found[matcher.id()] = matcher.value_as("positions")
            matcher.next()
        return found

    def range_positions(self, field: str, beginning: str) -> Positions:
        """Where any term that begins so stands in a field."""
        return union(self.positions(field, term) for term in self.terms(field, beginning))

    def terms(self, field: str, beginning: str) -> list[str]:
        """The terms of a field that begin so; QueryError when they are too many."""
        found: list[str] = []
        for term in self._from(field, beginning):
            if len(found) == MAX_EXPANSIONS:
                raise QueryError(
                    f"More than {MAX_EXPANSIONS:,} different words begin with {beginning!r}. Give more letters."
                )
            found.append(term)
        return found

    def _from(self, field: str, beginning: str) -> Iterator[str]:
        return (term.decode() for term in self.reader.expand_prefix(field, beginning))

    def expand(self, field: str, leaf: Prefix | Wildcard | Fuzzy) -> list[str]:
        """The words of a field that a pattern stands for."""
        match leaf:
            case Prefix(term):
                return self.terms(field, term)
            case Wildcard(pattern):
                if pattern.count("*") > MAX_STARS:
                    raise QueryError(f"{pattern} has more than {MAX_STARS} wildcards *. Use fewer.")
                wanted = wildcard(pattern)
                terms = self.terms(field, re.split(r"[*?]", pattern)[0])
                return [term for term in terms if len(term) <= LONGEST and wanted.fullmatch(term)]
            case Fuzzy(term, distance):
                near = process.extract_iter(
                    term, self._from(field, term[0]), scorer=OSA.distance, score_cutoff=distance, processor=None
                )
                return sorted(found for found, _, _ in near)


def wildcard(pattern: str) -> re.Pattern[str]:
    """A wildcard pattern as a regular expression."""
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern), re.DOTALL)


def union(many: Iterable[Positions]) -> Positions:
    """The positions of several terms as if they were one."""
    found: dict[int, set[int]] = {}
    for positions in many:
        for doc, places in positions.items():
            found.setdefault(doc, set()).update(places)
    return {doc: sorted(places) for doc, places in found.items()}


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
