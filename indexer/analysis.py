"""Analysis: a text to tokens, the one chain for documents, queries and checks.

A text is folded and split by script. A word of a script that parts its words is one token. Han, kana and hangul, and
Thai, Lao, Khmer and Burmese, which do not, are cut into units (characters; grapheme clusters by UAX #29), and each unit
makes a token: with its right neighbour a pair, at a run's end alone. So a run of units in a query is a phrase of pairs,
and a single unit is the range of tokens that begin with it. The separator keeps ก from finding กิ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.metadata import version

import regex

from archive import Folded, fold

SEPARATOR = "\x1f"

_CJK = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}ー]&&[\p{L}\p{N}]]"
_UNSPACED = r"[[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]&&[\p{L}\p{N}\p{M}]]"
# A dash or dot between two characters is written or left out at will: 中国—东盟, 中国东盟.
_JOINER = r"[-·・‧•]{1,2}"
_RUN = regex.compile(
    rf"(?P<word>[[\p{{L}}\p{{N}}]--{_CJK}--{_UNSPACED}][[\p{{L}}\p{{N}}\p{{M}}]--{_CJK}--{_UNSPACED}]*)"
    rf"|(?P<cjk>{_CJK}\p{{M}}*(?:(?:{_JOINER})?{_CJK}\p{{M}}*)*)"
    rf"|(?P<unspaced>{_UNSPACED}+)",
    regex.VERSION1,
)
_UNITS = regex.compile(rf"{_CJK}|{_UNSPACED}", regex.VERSION1)
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*")
_ASCII_WORD = re.compile(r"[a-zA-Z0-9]+")
_ALONE = regex.compile(rf"{_CJK}+", regex.VERSION1)  # characters each of which is a unit
_CHARACTER = regex.compile(rf"{_CJK}\p{{M}}*", regex.VERSION1)
_CLUSTER = regex.compile(r"\X")


class Kind(IntEnum):
    """What a token is made of."""

    WORD = 0
    PAIR = 1  # a unit and its right neighbour
    LAST = 2  # the last unit of a run


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text; the index of a token is its position.

    `starts[i]` and `ends[i]` bound the word or unit of token i in the text as given, so that n tokens from i
    on are `text[starts[i]:ends[i + n - 1]]`; a pair counts for its first unit.
    """

    terms: list[str]
    kinds: list[Kind]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.terms)

    def width(self, position: int) -> int:
        """How many units the token at `position` shows: 2 for a pair."""
        return 2 if self.kinds[position] is Kind.PAIR else 1

    def alone(self, position: int) -> bool:
        """Whether that token is a run of one unit."""
        return self.kinds[position] is Kind.LAST and not (position and self.kinds[position - 1] is Kind.PAIR)


def analyse(text: str) -> Tokens:
    """The tokens of `text`, with offsets in `text` as it is given."""
    folded = fold(text)
    tokens = _words(folded) if _UNITS.search(folded.text) is None else _mixed(folded)
    if not isinstance(folded.starts, range):
        spans = [folded.span(start, end) for start, end in zip(tokens.starts, tokens.ends, strict=True)]
        tokens.starts[:], tokens.ends[:] = [start for start, _ in spans], [end for _, end in spans]
    return tokens


def _words(folded: Folded) -> Tokens:
    """The tokens of a text of nothing but words, with offsets in the folded text."""
    text = folded.text
    spans = [match.span() for match in (_ASCII_WORD if text.isascii() else _WORD).finditer(text)]
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    return Tokens([text[start:end] for start, end in spans], [Kind.WORD] * len(spans), starts, ends)


def _mixed(folded: Folded) -> Tokens:
    """The tokens of a text of words and units, with offsets in the folded text."""
    terms: list[str] = []
    kinds: list[Kind] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _RUN.finditer(folded.text):
        start, end = match.span()
        if match.lastgroup == "word":
            terms.append(match[0])
            kinds.append(Kind.WORD)
            starts.append(start)
            ends.append(end)
            continue
        units, begins, stops = _units(match)
        terms += [f"{one}{SEPARATOR}{after}" for one, after in zip(units, [*units[1:], ""], strict=True)]
        kinds += [Kind.PAIR] * (len(units) - 1)
        kinds.append(Kind.LAST)
        starts += begins
        ends += stops
    return Tokens(terms, kinds, starts, ends)


def _units(run: regex.Match[str]) -> tuple[Sequence[str], Iterable[int], Iterable[int]]:
    """The units of a run, and where each begins and ends."""
    start, end = run.span()
    if _ALONE.fullmatch(run.string, start, end):
        return run[0], range(start, end), range(start + 1, end + 1)
    pattern = _CHARACTER if run.lastgroup == "cjk" else _CLUSTER
    spans = [unit.span() for unit in pattern.finditer(run.string, start, end)]
    return [run.string[a:b] for a, b in spans], [a for a, _ in spans], [b for _, b in spans]


@cache
def analysis_stamp() -> str:
    """The versions of everything tokens depend on; an index of another stamp must be built anew."""
    packages = ("regex", "OpenCC", "snowballstemmer")
    return " ".join(["analysis-2", f"unicode-{unicodedata.unidata_version}", *(f"{p}-{version(p)}" for p in packages)])
