"""Other queries for one that found nothing: what a reader would try next, as far as it finds something."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from archive import Record
from indexer.analysis import SEPARATOR
from indexer.errors import QueryError
from indexer.query import LONG_WORD, parse_query
from indexer.tree import And, Everything, Fuzzy, Leaf, Near, Node, Not, Or, Phrase, Prefix, Word, leaves, render

MOST = 3
MIN_LETTERS = 4  # a shorter word is spelled much like too many others
BEGINNING = 0.6  # of a word, by which others may begin too: fisherwomen, fisher*
MAX_LEAVES = 8  # each word of a query is looked for on its own

BUDGET = 0.04  # seconds of processor time that looking for suggestions may take
Total = Callable[[Node, float], int]


class Change(StrEnum):
    """What another query does otherwise."""

    APART = "apart"  # the same words, not side by side
    ALIKE = "alike"  # words spelled much like it
    BEGINS = "begins"  # words that begin so
    EITHER = "either"  # any of the words
    ANYWHERE = "anywhere"  # in the text too, not in the title alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion(Record):
    """Another query, what it does otherwise, and how many reports it finds under the same filters."""

    query: str
    change: Change
    total: int


def suggest(node: Node, total: Total) -> tuple[Suggestion, ...]:
    """Up to three other queries, each of which finds something.

    `total` says how many reports a tree finds, and raises QueryError when that takes more seconds than it is given.
    """
    found: list[Suggestion] = []
    if isinstance(node, Everything) or sum(1 for _ in leaves(node)) > MAX_LEAVES:
        return ()
    until = time.thread_time() + BUDGET

    def finds(query: str) -> int:
        try:
            return total(parse_query(query), until - time.thread_time())
        except QueryError:  # too long, or it asks too much
            return 0

    for change, other in _others(node, finds):
        query = render(other)
        if other == node or query in {one.query for one in found}:
            continue
        if number := finds(query):
            found.append(Suggestion(query=query, change=change, total=number))
        if len(found) == MOST or time.thread_time() > until:
            break
    return tuple(found)


def _others(node: Node, finds: Callable[[str], int]) -> Iterator[tuple[Change, Node]]:
    apart = _changed(node, _apart)
    missed = {word for word in leaves(apart) if _varies(word) and not finds(render(word))}
    alike = _changed(apart, lambda leaf: _alike(leaf) if leaf in missed else leaf)
    yield Change.APART, apart
    yield Change.ALIKE, alike
    yield Change.BEGINS, _changed(apart, lambda leaf: _begins(leaf, 1) if leaf in missed else leaf)
    yield Change.BEGINS, _changed(apart, lambda leaf: _begins(leaf, BEGINNING) if leaf in missed else leaf)
    yield Change.ANYWHERE, _changed(node, lambda leaf: replace(leaf, title=False))
    for whole in (node, apart, alike):
        yield Change.EITHER, _either(whole)


def _changed(node: Node, change: Callable[[Leaf], Node]) -> Node:
    """The tree with its leaves changed, but for what is excluded."""
    match node:
        case And(children):
            return And(tuple(_changed(child, change) for child in children))
        case Or(children):
            return Or(tuple(_changed(child, change) for child in children))
        case Not() | Everything():
            return node
    return change(node)


def _apart(leaf: Leaf) -> Node:
    """The words of a phrase anywhere in a report; runs of scripts without spaces stay whole."""
    match leaf:
        case Near(terms):
            return And(tuple(Word(term, leaf.title) for term in terms))
        case Phrase(parts, size) if 1 < size == len(parts) and not any(SEPARATOR in part.term for part in parts):
            return And(tuple((Prefix if part.open else Word)(part.term, leaf.title) for part in parts))
    return leaf


def _varies(leaf: Leaf) -> bool:
    """Whether other spellings of a leaf make sense; of a number they do not."""
    return isinstance(leaf, Word) and not any(c.isdigit() for c in leaf.term)


def _alike(leaf: Leaf) -> Leaf:
    if isinstance(leaf, Word) and len(leaf.term) >= MIN_LETTERS:
        return Fuzzy(leaf.term, 2 if len(leaf.term) >= LONG_WORD else 1, leaf.title)
    return leaf


def _begins(leaf: Leaf, part: float) -> Leaf:
    if isinstance(leaf, Word) and (letters := int(len(leaf.term) * part)) >= MIN_LETTERS:
        return Prefix(leaf.term[:letters], leaf.title)
    return leaf


def _either(node: Node) -> Node:
    """Any of what a query asks for together, without what it excludes; itself where it asks for one thing."""
    if not isinstance(node, And):
        return node
    excluded = tuple(child for child in node.children if isinstance(child, Not))
    wanted = tuple(child for child in node.children if not isinstance(child, Not))
    if len(wanted) < 2:
        return node
    return And((Or(wanted), *excluded)) if excluded else Or(wanted)
