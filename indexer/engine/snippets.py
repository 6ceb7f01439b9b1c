"""Snippets: the parts of texts that show best why they were found, with exact offsets.

The places of a query's leaves in one text are int64 [3, places]: start, end and the leaf's number, in the order of the
starts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import regex
from numpy.typing import NDArray

from archive import Record
from indexer.segments import Text

SIZE = 200  # characters of a fragment, about; half of it where they are twice as wide
FRAGMENTS = 2
BESIDE = 4  # places before another that may go on beyond it: leaves that share words
HEAD = 64  # places of a text that are looked at first, and are mostly enough

# One set of characters first: what begins with alternatives is tried at every place.
_SENTENCE_END = re.compile(r"[.!?။។៕།。！？\n](?:(?<=[。！？])['\"”’»」』]*|(?<=\n)\n*|['\"”’»」』]*\s+)")
_TAIL = 4  # characters that an end of a sentence may take up before a place
_CLUSTER: re.Pattern[str] = regex.compile(r"\X")
_BOUND = 32  # characters within which a cluster is almost sure to begin
_ROUND = 4  # times as far is looked back where none does
_JOINED = "\u0e33\u0eb3"  # vowels that are letters and belong to the cluster before
_MARKED = "\u0600"  # the first character that joins with what is behind
# Hangul, ideographs, kana, full-width forms: the blocks that Unicode's East Asian Width has as wide.
_WIDE = re.compile("[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff]")
_SAMPLE = 12  # characters on either side of a place among which a wide one tells that the text is of such
_SURE: re.Pattern[str] = regex.compile(r"\p{GCB=XX}{2}")  # between two that join with nothing one ends

Int64 = NDArray[np.int64]
Numbers = Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment(Record):
    """A part of a text: `text` begins at `start` of it; `marks` are offsets in `text`; `more` says that the text goes on."""

    text: str
    start: int
    more: bool = False
    marks: tuple[tuple[int, int], ...] = ()


class _Room(NamedTuple):
    """Characters of a fragment: about so many, so many `before` the first mark, and so many for the marks to span."""

    size: int
    before: int
    span: int


_NARROW = _Room(SIZE, 60, 140)
_HALF = _Room(SIZE // 2, 30, 70)


class _Window(NamedTuple):
    """Where a run of places begins and ends, and how many of the missing leaves it shows."""

    start: int
    end: int
    seen: int


class _Cut(NamedTuple):
    """A part of a text, and whether that goes on behind it."""

    start: int
    end: int
    text: str
    more: bool


class _Places(NamedTuple):
    """The places of a text as plain numbers: most texts have few."""

    starts: Numbers
    ends: Numbers
    leaves: Numbers

    @classmethod
    def of(cls, places: Int64) -> _Places:
        return cls(*places.tolist())

    def within(self, start: int, end: int) -> list[int]:
        """Those that lie in a part of the text."""
        ends = self.ends
        return [n for n in range(bisect_left(self.starts, start), bisect_left(self.starts, end)) if ends[n] <= end]

    def apart(self, start: int, end: int) -> _Places:
        """Those that lie outside of it."""
        left = [
            n
            for n, (first, last) in enumerate(zip(self.starts, self.ends, strict=True))
            if first >= end or last <= start
        ]
        return _Places(*([numbers[n] for n in left] for numbers in self))

    def across(self, at: int) -> tuple[int, int] | None:
        """The first of the last few that `at` would part, from its start to its end."""
        for n in range(max(0, bisect_left(self.starts, at) - BESIDE), bisect_left(self.starts, at)):
            if self.ends[n] > at:
                return self.starts[n], self.ends[n]
        return None

    def marks(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The marks in a part of the text, counted from its start; those that overlap are one."""
        marks: list[tuple[int, int]] = []
        reached = -1
        for n in self.within(start, end):
            first, last = self.starts[n], self.ends[n]
            if first < reached:
                reached = max(last, reached)
                marks[-1] = (marks[-1][0], reached - start)
            else:
                reached = last
                marks.append((first - start, last - start))
        return tuple(marks)


def title_fragment(title: str, places: Int64) -> Fragment:
    """The whole title, with its marks."""
    if not places.size:
        return Fragment(text=title, start=0)
    return Fragment(text=title, start=0, marks=_Places.of(places).marks(0, len(title)))


def snippets(text: Text, places: Int64) -> tuple[Fragment, ...]:
    """The fragments that show most leaves of the query, in the order of the text; its beginning when none is in it."""
    found = _Places.of(places[:, :HEAD])
    missing = set(found.leaves if places.shape[1] <= HEAD else places[2].tolist())
    room = _room(text, found.starts[0] if found.starts else 0)
    window = _best(found, missing, room.span)
    cuts = [_cut(text, window, (), room, found)]
    if places.shape[1] > HEAD and (window.seen < len(missing) or cuts[0].end > found.starts[-1]):
        found = _Places.of(places)
        window = _best(found, missing, room.span)
        cuts = [_cut(text, window, (), room, found)]
    while window.seen < len(missing) and len(cuts) < FRAGMENTS:
        start, end, _, _ = cuts[-1]
        missing -= {found.leaves[n] for n in found.within(start, end)}
        left = found.apart(start, end)
        window = _best(left, missing, room.span)
        if not window.seen:
            break
        cuts.append(_cut(text, window, cuts, room, found))
    if len(cuts) > 1:
        cuts.sort()
    return tuple(
        [
            Fragment(text=shown, start=start, more=more, marks=found.marks(start, end))
            for start, end, shown, more in cuts
            if shown
        ]
    )


def _room(text: Text, at: int) -> _Room:
    """As many characters as take up the same room in every script."""
    if text.width == 1 or not _WIDE.search(text.part(max(0, at - _SAMPLE), min(at + _SAMPLE, text.length))):
        return _NARROW
    return _HALF


def _best(places: _Places, missing: Collection[int], span: int) -> _Window:
    """The run of places within a span that shows most of the missing leaves, then most places; with none the
    beginning.
    """
    starts, ends, leaves = places
    if len(missing) == 1 and leaves and all(leaf in missing for leaf in leaves):
        return _densest(starts, ends, span)
    held = dict.fromkeys(missing, 0)
    best = _Window(0, 0, 0)
    most = seen = first = 0
    for last, end in enumerate(ends):
        leaf = leaves[last]
        if leaf in held:
            if not held[leaf]:
                seen += 1
            held[leaf] += 1
        while end - starts[first] > span and first < last:
            gone = leaves[first]
            if gone in held:
                held[gone] -= 1
                if not held[gone]:
                    seen -= 1
            first += 1
        if seen:
            worth = seen * len(ends) + last - first
            if worth > most:
                most, best = worth, _Window(starts[first], end, seen)
    return best


def _densest(starts: Numbers, ends: Numbers, span: int) -> _Window:
    """The run of most places within a span."""
    begin, finish, most = starts[0], ends[0], 1
    for last, end in enumerate(ends):
        # One more than the most so far, ending here: no run grows by two at once.
        if last >= most and end - starts[last - most] <= span:
            begin, finish = starts[last - most], end
            most += 1
    return _Window(begin, finish, 1)


def _cut(text: Text, window: _Window, taken: Sequence[_Cut], room: _Room, places: _Places) -> _Cut:
    """A part of about that room round a window: from a sentence's start where one is near, never within a cluster, nor
    within a place if it can be helped.
    """
    first, last, _ = window
    lower, upper = 0, text.length
    for other in taken:
        if other.end <= first:
            lower = max(lower, other.end)
        elif other.start >= last:
            upper = min(upper, other.start)
    if lower or last > room.span:  # else the text's beginning fits in
        lower = max(lower, first - room.before)
    # Of the text only what is looked at is read.
    base = max(0, lower - _TAIL)
    top = min(text.length, max(last, first + room.size) + _BOUND)
    read = text.part(base, top)
    start = 0
    if lower:
        at = _begin(read, lower - base, first - base)
        start = base + at if at >= 0 else min(first, _cluster(text, lower))
        if across := places.across(start):
            start = across[0] if across[0] >= lower else min(first, across[1])
    while read[start - base : start - base + 1].isspace():
        start += 1
    if start < first and not _sure(read, start - base):
        start = min(first, _cluster(text, start))
    wanted = max(last, start + room.size)
    end = upper
    if wanted < upper:
        at = _finish(read, last - base, wanted - base, upper - base)
        end = base + at if at >= 0 and _sure(read, at) else _cluster(text, base + at if at >= 0 else wanted)
        if across := places.across(end):
            end = across[0] if across[0] >= last else across[1]
        end = max(last, min(upper, end))
        if end > top:
            read, top = read + text.part(top, end), end
    shown = read[start - base : end - base].rstrip()
    more = bool(read[end - base :].strip() or text.part(top, text.length).strip())
    return _Cut(start, start + len(shown), shown, more)


def _begin(read: str, lower: int, first: int) -> int:
    """Where to begin between two places: behind a sentence, or else a word; -1 where neither ends."""
    sentences = [m.end() for m in _SENTENCE_END.finditer(read, max(0, lower - _TAIL), first) if m.end() >= lower]
    return sentences[-1] if sentences else read.find(" ", lower, min(first, lower + 25)) + 1 or -1


def _finish(read: str, last: int, wanted: int, upper: int) -> int:
    """Where to end near `wanted`, between two places: behind a sentence, or else before a space; -1 without any."""
    sentences = [m.end() for m in _SENTENCE_END.finditer(read, max(last, wanted - 60), min(upper, wanted + 20))]
    return sentences[-1] if sentences else read.rfind(" ", max(last, wanted - 25), wanted)


def _sure(read: str, at: int) -> bool:
    """Whether a cluster is sure to begin behind a space or sentence: with a letter or digit, or a space of its own."""
    after = read[at : at + 1]
    return (after.isalnum() and after not in _JOINED) or (after.isspace() and read[at - 1 : at] < _MARKED) or not after


def _cluster(text: Text, wanted: int) -> int:
    """The first start of a grapheme cluster at or after `wanted`; the text's end at the latest."""
    begin, back = 0, _BOUND
    while begin == 0 and back < _ROUND * wanted:
        first = max(0, wanted - back)
        near = text.part(first, min(wanted + 1, text.length))
        sure = next((at for at in range(wanted - first, 0, -1) if _SURE.match(near, at - 1)), 0)
        begin, back = first + sure if sure else 0, back * _ROUND
    if begin == wanted:
        return wanted
    for stop in (min(wanted + _BOUND, text.length), text.length):
        for match in _CLUSTER.finditer(text.part(begin, stop)):
            if (at := begin + match.start()) >= wanted:
                return at
    return text.length
