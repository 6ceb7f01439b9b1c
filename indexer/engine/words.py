"""Words, ranges and patterns: from terms to runs of documents, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from archive import strip_marks
from indexer.engine.hits import Hits, Int64, Run, Runs, gathered, gathered_in_all
from indexer.engine.postings import NUMBER, WEIGHTS, WordPostings, weight, word_postings
from indexer.engine.snapshot import Part, Snapshot
from indexer.errors import QueryError
from indexer.segments.build import FIELDS
from indexer.segments.segment import Vocabulary
from indexer.tree import Fuzzy, Prefix, Wildcard, Word, wildcard

MAX_EXPANSIONS = 2000
MAX_STARS = 4  # with the longest word below they bound what matching a pattern costs
LONGEST = 64

Ranges = Sequence[tuple[int, int]]  # of ranks, from and to


def range_count(snapshot: Snapshot, field: str, ranges: Ranges) -> int:
    """Live documents that have a term of a range, one range of ranks a segment."""
    count = 0
    for part, (start, stop) in zip(snapshot.parts, ranges, strict=True):
        pointers, _, _, lost = part.lists[NUMBER[field]]
        first, last = pointers[start], pointers[stop]
        if first == last:
            continue
        if stop - start == 1:
            count += last - first - (lost[start] if lost else 0)
        else:
            found = np.zeros(part.segment.count, bool)
            found[part.segment.postings[field].document[first:last]] = True
            found[part.dead] = False
            count += int(np.count_nonzero(found))
    return count


def word(snapshot: Snapshot, leaf: Word) -> Hits:
    """Reports with a word, its stem, or its form without marks."""
    key = (leaf.term, leaf.title)
    if (vector := snapshot.vectors.get(key)) is not None:
        return Hits(None, vector)
    found = word_postings(snapshot, leaf.term)
    if leaf.title:
        hits = gathered(snapshot, Runs([*found.title.runs(snapshot), *_titled_runs(snapshot, found)]))
    else:
        hits = gathered(snapshot, _runs(snapshot, found))
    if hits.documents is None:
        snapshot.vectors.keep(key, hits.scores)
    return hits


def all_words(snapshot: Snapshot, words: Sequence[Word]) -> Hits | None:
    """Reports with all of some words, scored in one go; None where they are better found one by one."""
    if any(leaf.title or snapshot.vectors.get((leaf.term, False)) is not None for leaf in words):
        return None
    return gathered_in_all(snapshot, [_runs(snapshot, word_postings(snapshot, leaf.term)) for leaf in words])


def _runs(snapshot: Snapshot, found: WordPostings) -> Runs:
    """A word's runs; each report with the word itself is among those with its form without marks."""
    plain, stem = found.plain.runs(snapshot), found.stem.runs(snapshot)
    runs = [*plain, *stem, *found.title.runs(snapshot), *found.body.runs(snapshot)]
    return Runs(runs, cover=len(plain) + len(stem), distinct=not stem)


def _titled_runs(snapshot: Snapshot, found: WordPostings) -> Iterator[Run]:
    """The shared fields' occurrences within titles."""
    plain, stem = weight(snapshot, "plain", [found.plain.count]), weight(snapshot, "stem", [found.stem.count])
    for part, (rank, stems) in zip(snapshot.parts, found.ranks, strict=True):
        for field, value, ranks in (("plain", plain, [rank] if rank >= 0 else []), ("stem", stem, stems)):
            if ranks:
                vocabulary = part.segment.vocabularies[field]
                at = np.concatenate([occurrences(vocabulary, rank, rank + 1) for rank in ranks])
                run = positions_run(part, field, at, value, title=True)
                if len(run.documents):
                    yield run


def occurrences(vocabulary: Vocabulary, start: int, stop: int) -> Int64:
    """The positions int64 of the terms from rank `start` to `stop`, rising for a single one."""
    pointers = vocabulary.occurrences
    return vocabulary.occurrence[int(pointers[start]) : int(pointers[stop])].astype(np.int64)


def positions_run(part: Part, field: str, at: Int64, value: float, *, title: bool) -> Run:
    """The run of positions int64 on one segment's axis, in any order; with `title`, of those in titles only."""
    at = np.sort(at)
    of = part.segment.document[at]
    if title or field in ("title", "body"):
        in_body = at >= part.segment.body[of]
        of = of[in_body if field == "body" else ~in_body]
    documents, frequencies = counted(of)
    return Run(NUMBER[field], documents + np.int64(part.base), frequencies, value)


def counted(of: NDArray[Any]) -> tuple[Int64, Int64]:
    """Of values that rise each once, and how often it stands there."""
    if len(of) < 2:
        return of.astype(np.int64), np.ones(len(of), np.int64)
    first = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
    return of[first].astype(np.int64), np.diff(np.append(first, len(of)))


# --- patterns --------------------------------------------------------------------------------


def pattern(snapshot: Snapshot, leaf: Prefix | Wildcard | Fuzzy) -> Hits:
    """Reports with a word of a pattern; each field scores its weight."""
    runs = [run for field in ("title", "body", "plain") for run in _pattern_runs(snapshot, field, leaf)]
    return gathered(snapshot, Runs(runs))


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
