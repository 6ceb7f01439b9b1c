"""What two versions of a text differ in: what appeared, what vanished, and whether the edit is small."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import regex
from rapidfuzz.distance import Indel

from archive import Record, Version, fold
from indexer.wording import CHARACTER

TOKEN = regex.compile(rf"{CHARACTER}|[\p{{L}}\p{{N}}\p{{M}}]+|\s+|.")
LETTERS = regex.compile(r"[\p{L}\p{N}\p{M}]+")
SMALL_SHARE = 0.05  # of the letters of both texts that a small edit changes at most
SMALL_RUN = 80  # letters that a small edit adds or takes at one place at most
MOST_LINES = 4_000_000  # pairs of paragraphs compared, and
MOST = 25_000_000  # pairs of tokens; what is longer is shown as replaced whole


class Size(StrEnum):
    """How large an edit is: the same words otherwise set, a few words, or more."""

    FORM = "form"
    SMALL = "small"
    LARGE = "large"


class Kind(StrEnum):
    """What became of a passage."""

    SAME = "same"
    APPEARED = "appeared"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(Record):
    """A passage and what became of it; `start` is its offset in the later text, or the earlier where it vanished."""

    kind: Kind
    text: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDifference(Record):
    """The passages of two versions in order, and how many letters appeared and vanished."""

    before: str
    after: str
    size: Size
    appeared: int
    vanished: int
    passages: tuple[Passage, ...]


def difference(before: Version, after: Version) -> TextDifference:
    """What was changed from one version to another."""
    return differing(before.text, after.text, names=(before.id, after.id))


def differing(before: str, after: str, *, names: tuple[str, str] = ("", "")) -> TextDifference:
    """What was changed from one text to another: joined, what is not vanished is the later, what has not appeared the
    earlier."""
    passages = tuple(_joined(_passages(before, after)))
    appeared = [_letters(passage.text) for passage in passages if passage.kind is Kind.APPEARED]
    vanished = [_letters(passage.text) for passage in passages if passage.kind is Kind.VANISHED]
    longest = max([*appeared, *vanished], default=0)
    share = (sum(appeared) + sum(vanished)) / max(_letters(before) + _letters(after), 1)
    if _bare(before) == _bare(after):
        size = Size.FORM
    else:
        size = Size.SMALL if share <= SMALL_SHARE and longest <= SMALL_RUN else Size.LARGE
    return TextDifference(
        before=names[0],
        after=names[1],
        size=size,
        appeared=sum(appeared),
        vanished=sum(vanished),
        passages=passages,
    )


def _letters(text: str) -> int:
    return sum(map(len, LETTERS.findall(text)))


def _bare(text: str) -> str:
    return "".join(LETTERS.findall(fold(text).text))


def _passages(before: str, after: str) -> Iterator[Passage]:
    """Paragraphs first, since most are the same; then the words of those that are not."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    old_at, new_at = _offsets(old), _offsets(new)
    if len(old) * len(new) > MOST_LINES:
        yield from _replaced(before, after, 0, 0)
        return
    for tag, first, last, start, end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[first:last]), "".join(new[start:end])
        if tag == "equal":
            yield Passage(kind=Kind.SAME, text=come, start=new_at[start])
        else:
            yield from _words(gone, come, old_at[first], new_at[start])


def _words(gone: str, come: str, old_start: int, new_start: int) -> Iterator[Passage]:
    old, new = TOKEN.findall(gone), TOKEN.findall(come)
    if not old or not new or len(old) * len(new) > MOST:
        yield from _replaced(gone, come, old_start, new_start)
        return
    old_at, new_at = _offsets(old), _offsets(new)
    for op in Indel.opcodes(old, new):
        was, now = "".join(old[op.src_start : op.src_end]), "".join(new[op.dest_start : op.dest_end])
        if op.tag == "equal":
            yield Passage(kind=Kind.SAME, text=now, start=new_start + new_at[op.dest_start])
        else:
            yield from _replaced(was, now, old_start + old_at[op.src_start], new_start + new_at[op.dest_start])


def _replaced(gone: str, come: str, old_start: int, new_start: int) -> Iterator[Passage]:
    if gone:
        yield Passage(kind=Kind.VANISHED, text=gone, start=old_start)
    if come:
        yield Passage(kind=Kind.APPEARED, text=come, start=new_start)


def _offsets(parts: Sequence[str]) -> list[int]:
    """Where each part begins, and where the last ends."""
    at = [0]
    for part in parts:
        at.append(at[-1] + len(part))
    return at


def _joined(passages: Iterable[Passage]) -> Iterator[Passage]:
    """The passages with each change in one piece: what stands between two as mere space belongs to both."""
    gone: list[Passage] = []
    come: list[Passage] = []
    for passage in passages:
        if passage.kind is Kind.SAME:
            yield from (*_merged(gone), *_merged(come), passage)
            gone, come = [], []
        else:
            (gone if passage.kind is Kind.VANISHED else come).append(passage)
    yield from (*_merged(gone), *_merged(come))


def _merged(passages: Sequence[Passage]) -> Iterator[Passage]:
    if passages:
        text = "".join(passage.text for passage in passages)
        yield Passage(kind=passages[0].kind, text=text, start=passages[0].start)
