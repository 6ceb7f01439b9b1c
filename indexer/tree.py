"""A query as a tree, once parsed; every text in it is analysed already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union

from indexer.analysis import SEPARATOR, Kind, Tokens


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a phrase: `term` at `offset` units from the phrase's start, or any term that begins with it."""

    offset: int
    term: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Everything:
    """All reports."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word on its own, found by its stem and without its marks too."""

    term: str
    title: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words or units side by side; `size` counts them."""

    parts: tuple[Part, ...]
    size: int
    title: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Words in any order with at most `distance` others among them."""

    terms: tuple[str, ...]
    distance: int
    title: bool = False


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words that begin so."""

    term: str
    title: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    """Words of a pattern: `*` any letters, `?` one; its first letter is given."""

    pattern: str
    title: bool = False


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words at most `distance` edits away that share the first letter."""

    term: str
    distance: int
    title: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All reports but these."""

    child: Node


Leaf = Union[Word, Phrase, Near, Prefix, Wildcard, Fuzzy]  # noqa: UP007 - the members are classes made above
Node = Union[Leaf, Everything, And, Or, Not]  # noqa: UP007


def phrase(tokens: Tokens, *, title: bool = False) -> Phrase:
    """The tokens of a query's text as a phrase.

    The last unit of a longer run asks for nothing, since a text may go on where the query ends; a unit alone is
    whatever begins with it.
    """
    parts = []
    for i, term in enumerate(tokens.terms):
        if tokens.kinds[i] is not Kind.LAST:
            parts.append(Part(i, term))
        elif tokens.alone(i):
            parts.append(Part(i, term, open=True))
    return Phrase(tuple(parts), len(tokens), title)


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves that a hit may show; not those that are excluded."""
    if isinstance(node, And | Or):
        for child in node.children:
            yield from leaves(child)
    elif not isinstance(node, Not | Everything):
        yield node


def render(node: Node) -> str:
    """The query as it was understood, in the query language."""
    match node:
        case Everything():
            return "*"
        case And(children):
            return " AND ".join(_nested(child) for child in children)
        case Or(children):
            return " OR ".join(_nested(child) for child in children)
        case Not(child):
            return f"NOT {_nested(child)}"
    return ("title:" if node.title else "") + _leaf(node)


def _nested(node: Node) -> str:
    return f"({render(node)})" if isinstance(node, And | Or) else render(node)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Word(term):
            return term
        case Prefix(term):
            return f"{term}*"
        case Wildcard(pattern):
            return pattern
        case Fuzzy(term, distance):
            return f"{term}~{distance}"
        case Near(terms, distance):
            return f'"{" ".join(terms)}"~{distance}'
        case Phrase(parts):
            return f'"{_spelled(parts)}"'


def _spelled(parts: tuple[Part, ...]) -> str:
    """The text of a phrase: neighbouring pairs overlap by a unit."""
    text, end = "", 0
    for part in parts:
        first, pair, second = part.term.partition(SEPARATOR)
        joined = bool(pair) and part.offset < end
        text += second if joined else (" " if text else "") + first + second
        end = part.offset + (2 if second else 1)
    return text + ("*" if parts[-1].open and SEPARATOR not in parts[-1].term else "")


def wildcard(pattern: str) -> re.Pattern[str]:
    """A wildcard pattern as a regular expression that tries each place once: between two `*` the first match will do."""
    first, *parts = ["".join("." if c == "?" else re.escape(c) for c in part) for part in pattern.split("*")]
    if not parts:
        return re.compile(first, re.DOTALL)
    return re.compile(first + "".join(f"(?>.*?{part})" for part in parts[:-1]) + ".*" + parts[-1], re.DOTALL)
