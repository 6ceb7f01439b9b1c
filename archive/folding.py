"""Folding: one form for every way of writing the same text, and where in the original each character came from.

Folded away: composition, width and compatibility forms, case, simplified against traditional characters, the digits of
other scripts, kinds of quote mark and dash, and characters that show nothing.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

import opencc
import regex

Starts = tuple[int, ...] | range

SINGLE_QUOTES = "'‘’‚‛′‵ʹʻʼʽ`´‹›"
DOUBLE_QUOTES = '"“”„‟″‶〝〞〟«»「」『』﹁﹂﹃﹄'
DASHES = "-‐‑‒–—―⁃−⸺⸻"
# Thai and Lao SARA AM: NFKC parts it, and the parts break the words it stands in.
SARA_AM = "\u0e33\u0eb3"
# Khmer DA below a letter looks as TA does there, and is typed for it.
COENG_DA = ("\u17d2\u178a", "\u17d2\u178f")
HAN = ((0x3400, 0xA000), (0x20000, 0x2F800), (0x30000, 0x32400))  # NFKC sees to the compatibility forms
COMMON_HAN = ((0x4E00, 0xA000),)

_UNIFIED = {mark: kind[0] for kind in (SINGLE_QUOTES, DOUBLE_QUOTES, DASHES) for mark in kind}
_INVISIBLE = regex.compile(r"\p{Default_Ignorable_Code_Point}")
_PARTED_SARA_AM = regex.compile(
    "[\u0e48-\u0e4b]?\u0e4d[\u0e48-\u0e4b]?\u0e32|[\u0ec8-\u0ecb]?\u0ecd[\u0ec8-\u0ecb]?\u0eb2"
)
_CLUSTER = regex.compile(r"[^\p{M}\u1160-\u11FF]?[\p{M}\u1160-\u11FF]+")
_MARKED = regex.compile(r"([\p{Latin}\p{Greek}\p{Cyrillic}])\p{M}+")
_UNMARKED = str.maketrans({"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; its character i came from `starts[i]` of the original, and `starts[len(text)]` is its length.

    `starts` never falls; characters share a start where one became several.
    """

    text: str
    starts: Starts

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the folded characters from `start` to `end` came from, in whole characters."""
        starts = self.starts
        if end <= start:
            return starts[start], starts[start]
        while starts[end] == starts[end - 1] and end < len(self.text):
            end += 1
        return starts[start], starts[end]


def fold(text: str) -> Folded:
    """`text` in its one form, with the alignment to the original."""
    starts: Starts = range(len(text) + 1)
    if text.isascii():
        return Folded(text.lower().replace("`", "'"), starts)
    pieces = [_pieces[character] for character in text]
    folded = "".join(pieces)
    if len(folded) != len(text) or "" in pieces:
        starts = (*(i for i, piece in enumerate(pieces) for _ in piece), len(text))
    folded = folded.replace(*COENG_DA)
    if "\u0e4d" in folded or "\u0ecd" in folded:
        folded, starts = _rewrite(_PARTED_SARA_AM, _joined, folded, starts)
    if not unicodedata.is_normalized("NFC", folded):
        folded, starts = _rewrite(_CLUSTER, _composed, folded, starts)
    return Folded(folded, starts)


def fold_plain(text: str) -> str:
    """`text` in its one form."""
    return fold(text).text


def strip_marks(folded: str) -> str:
    """A folded text without the marks on Latin, Greek and Cyrillic letters: ữ is u, and đ is d."""
    return folded if folded.isascii() else _bare(folded)


@functools.lru_cache(4_096)
def _bare(folded: str) -> str:
    bare = _MARKED.sub(r"\1", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", bare).translate(_UNMARKED)


@functools.cache
def simplified() -> dict[str, str]:
    """The simplified character of each traditional one, by OpenCC: its general table, then its regional ones."""
    table = _converted("t2s", HAN)
    for region in ("tw2s", "hk2s"):
        taken = set(table.values())
        table |= {k: v for k, v in _converted(region, COMMON_HAN).items() if k not in table and k not in taken}
    return {traditional: table.get(simple, simple) for traditional, simple in table.items()}


def _converted(name: str, ranges: tuple[tuple[int, int], ...]) -> dict[str, str]:
    # One character a line: OpenCC's phrases must not see neighbours.
    characters = [chr(code) for first, end in ranges for code in range(first, end)]
    converted = opencc.OpenCC(name).convert("\n".join(characters)).split("\n")
    return {a: b for a, b in zip(characters, converted, strict=True) if a != b and len(b) == 1}


class _Pieces(dict[str, str]):
    """What one character folds to, kept once found."""

    def __missing__(self, character: str) -> str:
        piece = self[character] = _piece(character)
        return piece


_pieces = _Pieces()


def _piece(character: str) -> str:
    if character in _UNIFIED or character in SARA_AM:
        return _UNIFIED.get(character, character)
    if _INVISIBLE.match(character):
        return ""
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    return _lowered(character)


def _lowered(character: str) -> str:
    lowered = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
    if lowered[0] == " ":  # a spacing accent: NFKC would hang its mark on whatever stands before
        return " "
    if len(lowered) > 1:
        # An expansion ("ß", "㍿", "…") has parts with a folding of their own.
        return "".join(part if part == character else _pieces[part] for part in lowered)
    if any(first <= ord(lowered) < end for first, end in HAN):
        return simplified().get(lowered, lowered)
    return _UNIFIED.get(lowered, lowered)


def _joined(parts: str) -> str:
    """SARA AM for its two parts, the tone before it wherever it stood."""
    tones = "".join(part for part in parts if part not in "\u0e4d\u0ecd\u0e32\u0eb2")
    return tones + (SARA_AM[0] if "\u0e32" in parts else SARA_AM[1])


def _composed(cluster: str) -> str:
    return unicodedata.normalize("NFC", cluster)


def _rewrite(
    pattern: regex.Pattern[str], change: Callable[[str], str], text: str, starts: Starts
) -> tuple[str, Starts]:
    """`text` with each match changed; characters that stay keep their starts, and those between share what is left."""
    pieces: list[str] = []
    aligned: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        first, end = match.span()
        piece = change(match[0])
        pieces += text[done:first], piece
        aligned += starts[done:first]
        tail = _common_end(match[0], piece)
        head = len(piece) - tail
        aligned += (starts[min(first + i, max(first, end - tail - 1))] for i in range(head))
        aligned += starts[end - tail : end]
        done = end
    pieces.append(text[done:])
    aligned += starts[done:]
    return "".join(pieces), tuple(aligned)


def _common_end(one: str, other: str) -> int:
    """How many characters both end with."""
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count
