"""Names of a forum as they vary: with or without the words that many such names share, the parties in either order."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import Any

import regex

from archive import Record

DENSE = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
FILLED = 2  # words such as "exchange" or "cooperation" that tell a name without the parties from any other
PIECES = 2  # that a name must have beside the parties, or it says too little
BRACKETED = r"\([^()]{1,8}\)"
_TIE = "\0"


@dataclass(frozen=True, slots=True)
class Variants(Record):
    """How one name may vary: its `pattern`, how many words it needs, and whether the parties are among them."""

    language: str
    pattern: regex.Pattern[str]
    words: int
    tied: bool

    def is_plain(self, found: str) -> bool:
        """Whether what was found says no more than any forum of these words would."""
        return len(found.split()) < self.words + FILLED


def variants(name: str, language: str, ties: Sequence[str]) -> Variants | None:
    """The ways a comparable name may vary; None for one that has too few words of its own."""
    rules = _rules().get(language)
    if rules is None:
        return None
    tie = max((tie for tie in ties if tie in name), key=len, default="")
    pieces = _pieces(name.replace(tie, f" {_TIE} ") if tie else name, rules)
    if sum(piece != _TIE for piece in pieces) < PIECES:
        return None
    patterns = [_tied(tie, ties, rules) if piece == _TIE else _alternatives(piece, ties, rules) for piece in pieces]
    if regex.search(DENSE, name):
        between = rf"(?:{_choice(rules['fillers'])}|{BRACKETED}|\s)*"
        return Variants(language, regex.compile(between.join(patterns)), len(pieces), bool(tie))
    between = rf"(?:[\s,]*(?<!\p{{L}})(?:{_choice(rules['fillers'])})(?![\p{{L}}\p{{M}}]))*[\s,]*"
    whole = between.join(rf"(?<![\p{{L}}\p{{N}}]){pattern}(?![\p{{L}}\p{{M}}])" for pattern in patterns)
    return Variants(language, regex.compile(whole), len(pieces), bool(tie))


def _pieces(name: str, rules: dict[str, Any]) -> list[str]:
    """The words of a name that are its own; in scripts without spaces pairs of characters."""
    fillers = sorted(rules["fillers"], key=len, reverse=True)
    if not regex.search(DENSE, name):
        words = regex.sub(r"(?<=\p{L})'(?=\p{L}{3})", "' ", name).split()  # l'asean
        return [word for word in words if word not in fillers]
    parts = regex.split(rf"{_choice(fillers)}|\s+", name)
    return [pair for part in parts if part for pair in _pairs(part)]


def _pairs(part: str) -> list[str]:
    if len(part) % 2 or not regex.fullmatch(r"\p{Han}+", part):
        return [part]
    return [part[at:end] for at, end in pairwise(range(0, len(part) + 1, 2))]


def _tied(tie: str, ties: Sequence[str], rules: dict[str, Any]) -> str:
    """The parties, in any order that the collection has them, by any of their names."""
    same = [other for other in ties if sorted(_parties(other)) == sorted(_parties(tie))]
    for group in rules.get("same", ()):
        same += [text.replace(one, other) for text in same for one in group if one in text for other in group]
    return f"(?:{_choice(same)})"


def _alternatives(piece: str, ties: Sequence[str], rules: dict[str, Any]) -> str:
    """A word of a name, those that stand for it, and the parties where it is one of them."""
    words = next((group for group in rules.get("same", ()) if piece in group), [piece])
    return f"(?:{_choice([*words, *(tie for tie in ties if piece in _parties(tie))])})"


def _parties(tie: str) -> list[str]:
    return tie.split("-")


def _choice(words: Sequence[str]) -> str:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(regex.escape(word, literal_spaces=True) for word in ordered)


@functools.cache
def _rules() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files("indexer") / "data" / "names.toml").read_text("utf-8"))
