"""Analysis: a text to tokens, the one chain for documents, queries and checks.

A text is folded and split by script. A word of a script that parts its words is one token. Han, kana and hangul, and
Thai, Lao, Khmer and Burmese, which do not, are cut into units (characters; grapheme clusters by UAX #29), and each unit
makes a token: with its right neighbour a pair, at a run's end alone. So a run of units in a query is a phrase of pairs,
and a single unit is the range of tokens that begin with it. The separator keeps ก from finding กิ.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
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
    tokens = Tokens([], [], [], [])
    terms, kinds, starts, ends = tokens.terms, tokens.kinds, tokens.starts, tokens.ends
    straight = isinstance(folded.starts, range)
    for match in _RUN.finditer(folded.text):
        if match.lastgroup == "word":
            terms.append(match[0])
            kinds.append(Kind.WORD)
            start, end = match.span() if straight else folded.span(*match.span())
            starts.append(start)
            ends.append(end)
            continue
        units = [unit.span() for unit in _units(folded, match)]
        texts = [folded.text[start:end] for start, end in units]
        terms += [f"{one}{SEPARATOR}{after}" for one, after in zip(texts, [*texts[1:], ""], strict=True)]
        kinds += [Kind.PAIR] * (len(units) - 1)
        kinds.append(Kind.LAST)
        spans = units if straight else [folded.span(*unit) for unit in units]
        starts += [start for start, _ in spans]
        ends += [end for _, end in spans]
    return tokens


def _units(folded: Folded, run: regex.Match[str]) -> Iterator[regex.Match[str]]:
    pattern = _CHARACTER if run.lastgroup == "cjk" else _CLUSTER
    return pattern.finditer(folded.text, *run.span())  # type: ignore[no-any-return]


@cache
def analysis_stamp() -> str:
    """The versions of everything tokens depend on; an index of another stamp must be built anew."""
    packages = ("regex", "OpenCC", "snowballstemmer")
    return " ".join(["analysis-2", f"unicode-{unicodedata.unidata_version}", *(f"{p}-{version(p)}" for p in packages)])
