"""Words, ranges and patterns: from terms to runs of documents, field by field."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from archive import strip_marks
from indexer.engine.hits import Hits, Int64, Run, gathered
from indexer.engine.snapshot import Part, Snapshot
from indexer.errors import QueryError
from indexer.segments.build import FIELDS
from indexer.segments.segment import Vocabulary
from indexer.stemming import stems
from indexer.tree import Fuzzy, Prefix, Wildcard, Word, wildcard

WEIGHTS = {"title": 2.5, "body": 1.0, "plain": 0.3, "stem": 0.4}
NUMBER = {field: n for n, field in enumerate(FIELDS)}
MAX_EXPANSIONS = 2000
MAX_STARS = 4  # with the longest word below they bound what matching a pattern costs
LONGEST = 64

Ranges = Sequence[tuple[int, int]]  # of ranks, from and to


def weight(snapshot: Snapshot, field: str, counts: Sequence[int]) -> float:
    """A field's weight by the idf, ln(1 + (N - n + .5) / (n + .5)) over live documents, summed over counts n."""
    total = snapshot.count
    return WEIGHTS[field] * sum(math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in counts)


@dataclass(slots=True)
class Postings:
    """What one field says of one term, or of several that count as one: documents and frequencies by segment."""

    documents: list[NDArray[Any]]
    frequencies: list[NDArray[Any]]
    count: int  # live documents

    def runs(self, snapshot: Snapshot, field: str) -> Iterator[Run]:
        """Its runs, segment by segment."""
        if self.documents:
            value = weight(snapshot, field, [self.count])
            for documents, frequencies in zip(self.documents, self.frequencies, strict=True):
                yield Run(NUMBER[field], documents, frequencies, value)


def postings(snapshot: Snapshot, field: str, terms: Sequence[bytes]) -> Postings:
    """The postings of terms no two of which share a document: one term, or stems of different languages."""
    found = Postings([], [], 0)
    for part in snapshot.parts:
        rank_of = part.segment.vocabularies[FIELDS[field]].rank
        lists = part.segment.postings[field]
        for term in terms:
            rank = rank_of(term)
            if rank < 0:
                continue
            start, stop = lists.postings[rank], lists.postings[rank + 1]
            if start < stop:
                documents = lists.document[start:stop]
                found.documents.append(documents + np.int64(part.base) if part.base else documents)
                found.frequencies.append(lists.frequency[start:stop])
                found.count += stop - start - part.lost[field].get(rank, 0)
    return found


def range_count(snapshot: Snapshot, field: str, ranges: Ranges) -> int:
    """Live documents that have a term of a range, one range of ranks a segment."""
    count = 0
    for part, (start, stop) in zip(snapshot.parts, ranges, strict=True):
        lists = part.segment.postings[field]
        of = lists.document[lists.postings[start] : lists.postings[stop]]
        if stop - start == 1:
            count += len(of) - part.lost[field].get(start, 0)
        elif len(of):
            found = np.zeros(part.segment.count, bool)
            found[of] = True
            found[part.dead] = False
            count += int(np.count_nonzero(found))
    return count


def word(snapshot: Snapshot, leaf: Word) -> Hits:
    """Reports with a word, its stem, or its form without marks."""
    key = (leaf.term, leaf.title)
    if (vector := snapshot.vectors.get(key)) is not None:
        return Hits(None, vector)
    runs = [
        run for field, terms in _word_terms(snapshot, leaf.term) for run in _word_runs(snapshot, field, terms, leaf)
    ]
    hits = gathered(snapshot, runs)
    if hits.documents is None:
        snapshot.vectors.keep(key, hits.scores)
    return hits


def _word_runs(snapshot: Snapshot, field: str, terms: Sequence[bytes], leaf: Word) -> Iterator[Run]:
    if not terms or (leaf.title and field == "body"):
        return
    found = postings(snapshot, field, terms)
    if leaf.title and field != "title":
        yield from _title_runs(snapshot, field, terms, weight(snapshot, field, [found.count]))
    else:
        yield from found.runs(snapshot, field)


def _word_terms(snapshot: Snapshot, term: str) -> Iterator[tuple[str, list[bytes]]]:
    exact, plain = term.encode(), strip_marks(term).encode()
    yield "title", [exact]
    yield "body", [exact]
    yield "plain", [plain]
    yield "stem", [stem.encode() for stem in query_stems(snapshot, term)]


def query_stems(snapshot: Snapshot, term: str) -> set[str]:
    """The stems of a query's word in every language of the index."""
    return {stem for language in snapshot.languages for stem in stems([term], language)}


def _title_runs(snapshot: Snapshot, field: str, terms: Sequence[bytes], value: float) -> Iterator[Run]:
    """A shared field's occurrences within titles."""
    for part in snapshot.parts:
        vocabulary = part.segment.vocabularies[FIELDS[field]]
        ranks = [rank for term in terms if (rank := vocabulary.rank(term)) >= 0]
        if ranks:
            at = np.concatenate([occurrences(vocabulary, rank, rank + 1) for rank in ranks])
            yield positions_run(part, field, at, value, title=True)


def occurrences(vocabulary: Vocabulary, start: int, stop: int) -> Int64:
    """The positions int64 of the terms from rank `start` to `stop`, rising for a single one."""
    pointers = vocabulary.occurrences
    return vocabulary.occurrence[int(pointers[start]) : int(pointers[stop])].astype(np.int64)


def positions_run(part: Part, field: str, at: Int64, value: float, *, title: bool) -> Run:
    """The run of positions int64 on one segment's axis, in any order; with `title`, of those in titles only."""
    of = part.segment.document[at]
    if title or field in ("title", "body"):
        in_body = at >= part.segment.body[of]
        of = of[in_body if field == "body" else ~in_body]
    documents, frequencies = _counted(of)
    return Run(NUMBER[field], documents + np.int64(part.base), frequencies, value)


def _counted(of: NDArray[Any]) -> tuple[Int64, Int64]:
    """Distinct values, rising, and how often each stands there."""
    if len(of) < 2:
        return of.astype(np.int64), np.ones(len(of), np.int64)
    of = np.sort(of)
    first = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
    return of[first].astype(np.int64), np.diff(np.append(first, len(of)))


# --- patterns --------------------------------------------------------------------------------


def pattern(snapshot: Snapshot, leaf: Prefix | Wildcard | Fuzzy) -> Hits:
    """Reports with a word of a pattern; each field scores its weight."""
    return gathered(
        snapshot, [run for field in ("title", "body", "plain") for run in _pattern_runs(snapshot, field, leaf)]
    )


def _pattern_runs(snapshot: Snapshot, field: str, leaf: Prefix | Wildcard | Fuzzy) -> Iterator[Run]:
    if leaf.title and field == "body":
        return
    for part in snapshot.parts:
        vocabulary = part.segment.vocabularies[FIELDS[field]]
        ranges = expand(vocabulary, leaf, bare=field == "plain")
        if leaf.title and field == "plain":
            documents = _titled(part, vocabulary, ranges)
        else:
            lists = part.segment.postings[field]
            slices = [lists.document[lists.postings[start] : lists.postings[stop]] for start, stop in ranges]
            documents = _distinct(slices, part.segment.count)
        if len(documents):
            yield Run(NUMBER[field], documents + np.int64(part.base), None, WEIGHTS[field])


def _titled(part: Part, vocabulary: Vocabulary, ranges: Sequence[tuple[int, int]]) -> Int64:
    at = np.concatenate([np.empty(0, np.int64), *(occurrences(vocabulary, start, stop) for start, stop in ranges)])
    of = part.segment.document[at]
    return np.unique(of[at < part.segment.body[of]]).astype(np.int64)


def _distinct(slices: Sequence[NDArray[np.uint32]], count: int) -> Int64:
    """The documents of several postings, each once, rising."""
    if len(slices) == 1 and len(slices[0]) < 2:
        return slices[0].astype(np.int64)
    mask = np.zeros(count, bool)
    for documents in slices:
        mask[documents] = True
    return np.flatnonzero(mask)


def expand(vocabulary: Vocabulary, leaf: Prefix | Wildcard | Fuzzy, *, bare: bool) -> list[tuple[int, int]]:
    """The rank ranges of a vocabulary that a pattern stands for; `bare` for a vocabulary without marks."""
    match leaf:
        case Prefix(term):
            return [vocabulary.prefix((strip_marks(term) if bare else term).encode())]
        case Wildcard(text):
            return [(rank, rank + 1) for rank in _matching(vocabulary, strip_marks(text) if bare else text)]
        case Fuzzy(term, distance):
            return [(rank, rank + 1) for rank in _near(vocabulary, strip_marks(term) if bare else term, distance)]


def _matching(vocabulary: Vocabulary, text: str) -> list[int]:
    if text.count("*") > MAX_STARS:
        raise QueryError(f"{text} has more than {MAX_STARS} wildcards *. Use fewer.")
    literal = re.split(r"[*?]", text)[0]
    start, stop = vocabulary.prefix(literal.encode())
    if stop - start > MAX_EXPANSIONS:
        raise QueryError(f"More than {MAX_EXPANSIONS:,} different words begin with {literal!r}. Give more letters.")
    wanted = wildcard(text)
    terms = ((rank, vocabulary.term(rank).decode()) for rank in range(start, stop))
    return [rank for rank, term in terms if len(term) <= LONGEST and wanted.fullmatch(term)]


def _near(vocabulary: Vocabulary, term: str, distance: int) -> list[int]:
    """Ranks of the words at most `distance` edits from `term` with its first letter."""
    start, stop = vocabulary.prefix(term[0].encode())
    candidates = vocabulary.alike(term, start, stop, distance)
    words = {rank: vocabulary.term(rank).decode() for rank in candidates}
    near = process.extract_iter(term, words, scorer=OSA.distance, score_cutoff=distance, processor=None)
    return sorted(rank for _, _, rank in near)
