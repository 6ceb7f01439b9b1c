"""Snippets: the parts of texts that show best why they were found, with exact offsets.

Texts, marks and places are gone through in plain numbers: most texts have few places, and ten are shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from archive import Record
from indexer.segments import Text

SIZE = 200  # characters of a fragment, about; half of it where they are twice as wide
FRAGMENTS = 2
ENOUGH = 64  # places of a text after which the first run that shows all will do

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


class Matches(NamedTuple):
    """Where the leaves of a query stand in a text: starts, which rise, ends, and the leaves' numbers."""

    starts: Numbers
    ends: Numbers
    leaves: Numbers

    def within(self, start: int, end: int) -> list[int]:
        """Those that lie in a part of the text."""
        ends = self.ends
        return [n for n in range(bisect_left(self.starts, start), bisect_left(self.starts, end)) if ends[n] <= end]

    def apart(self, start: int, end: int) -> Matches:
        """Those that lie outside of it."""
        left = [
            n
            for n, (first, last) in enumerate(zip(self.starts, self.ends, strict=True))
            if first >= end or last <= start
        ]
        return Matches(*([numbers[n] for n in left] for numbers in self))

    def across(self, at: int) -> int:
        """The number of the place before `at` if it goes on beyond, else -1."""
        before = bisect_left(self.starts, at) - 1
        return before if before >= 0 and self.ends[before] > at else -1

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


def title_fragment(title: str, places: Matches) -> Fragment:
    """The whole title, with its marks."""
    return Fragment(text=title, start=0, marks=places.marks(0, len(title)) if places.starts else ())


def snippets(text: Text, places: Matches) -> tuple[Fragment, ...]:
    """The fragments that show most leaves of the query, in the order of the text; its beginning when none is in it."""
    missing = set(places.leaves)
    room = _room(text, places.starts[0] if missing else 0)
    window = _best(places, missing, room.span)
    cuts = [_cut(text, window, (), room, places)]
    while window.seen < len(missing) and len(cuts) < FRAGMENTS:
        start, end, _, _ = cuts[-1]
        missing -= {places.leaves[n] for n in places.within(start, end)}
        window = _best(places.apart(start, end), missing, room.span)
        if not window.seen:
            break
        cuts.append(_cut(text, window, cuts, room, places))
    if len(cuts) > 1:
        cuts.sort()
    return tuple(
        [
            Fragment(text=shown, start=start, more=more, marks=places.marks(start, end))
            for start, end, shown, more in cuts
            if shown
        ]
    )


def _room(text: Text, at: int) -> _Room:
    """As many characters as take up the same room in every script."""
    if text.width == 1 or not _WIDE.search(text.part(max(0, at - _SAMPLE), min(at + _SAMPLE, text.length))):
        return _NARROW
    return _HALF


def _best(places: Matches, missing: set[int], span: int) -> _Window:
    """The run of places within a span that shows most of the missing leaves, then most places; with none the beginning."""
    starts, ends, leaves = places
    if len(missing) == 1 and missing.issuperset(leaves) and leaves:
        return _densest(starts, ends, span)
    held = dict.fromkeys(missing, 0)
    best = (0, 0, 0)
    most = seen = first = 0
    start = starts[0] if starts else 0
    for last, (end, leaf) in enumerate(zip(ends, leaves, strict=True)):
        if leaf in held:
            held[leaf] += 1
            if held[leaf] == 1:
                seen += 1
        while end - start > span and first < last:
            gone = leaves[first]
            if gone in held:
                held[gone] -= 1
                if not held[gone]:
                    seen -= 1
            first += 1
            start = starts[first]
        if seen and seen * len(ends) + last - first > most:
            most, best = seen * len(ends) + last - first, (start, end, seen)
            if last >= ENOUGH and seen == len(held):
                break
    return _Window(*best)


def _densest(starts: Numbers, ends: Numbers, span: int) -> _Window:
    """The run of most places within a span."""
    begin, finish, most = starts[0], ends[0], 1
    for last, end in enumerate(ends):
        # One more than the most so far, ending here: no run grows by two at once.
        if last >= most and end - starts[last - most] <= span:
            begin, finish = starts[last - most], end
            most += 1
            if last >= ENOUGH:
                break
    return _Window(begin, finish, 1)


def _cut(text: Text, window: _Window, taken: Sequence[_Cut], room: _Room, places: Matches) -> _Cut:
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
    if (lower or last > room.span) and first - room.before > lower:  # else the text's beginning fits in
        lower = first - room.before
    near = _Around(text, lower - _TAIL if lower > _TAIL else 0, max(last, first + room.size) + _BOUND, places)
    start = near.start(lower, first)
    wanted = start + room.size if start + room.size > last else last
    return near.cut(start, upper if wanted >= upper else near.end(last, wanted, upper))


class _Around:
    """What stands round a window, all of a text that is read for a fragment; offsets are those of the whole text."""

    __slots__ = ("_base", "_places", "_read", "_text", "_top")

    def __init__(self, text: Text, base: int, top: int, places: Matches) -> None:
        self._text = text
        self._base = base
        self._top = top if top < text.length else text.length
        self._read = text.part(base, self._top)
        self._places = places

    def start(self, lower: int, first: int) -> int:
        """Where to begin between two places: behind a sentence, or a word, or at a cluster; at the beginning for 0."""
        base, read, places = self._base, self._read, self._places
        start = lower
        if not lower and not read[:1].isspace():
            return 0
        if lower:
            low, high = lower - base, first - base
            sentences = [m.end() for m in _SENTENCE_END.finditer(read, max(0, low - _TAIL), high) if m.end() >= low]
            at = sentences[-1] if sentences else read.find(" ", low, min(high, low + 25)) + 1
            start = base + at if sentences or at else min(first, _cluster(self._text, lower))
            if (parted := places.across(start)) >= 0:
                start = places.starts[parted] if places.starts[parted] >= lower else min(first, places.ends[parted])
        while read[start - base : start - base + 1].isspace():
            start += 1
        if start < first and not _sure(read, start - base):
            start = min(first, _cluster(self._text, start))
        return start

    def end(self, last: int, wanted: int, upper: int) -> int:
        """Where to end near `wanted`, between two places: behind a sentence, before a space, or at a cluster."""
        base, read, places = self._base, self._read, self._places
        low, high = last - base, wanted - base
        most = upper - base if upper < wanted + 20 else high + 20
        sentences = [m.end() for m in _SENTENCE_END.finditer(read, max(low, high - 60), most)]
        at = sentences[-1] if sentences else read.rfind(" ", max(low, high - 25), high)
        end = base + at if at >= 0 and _sure(read, at) else _cluster(self._text, base + at if at >= 0 else wanted)
        if (parted := places.across(end)) >= 0:
            end = places.starts[parted] if places.starts[parted] >= last else places.ends[parted]
        return max(last, min(upper, end))

    def cut(self, start: int, end: int) -> _Cut:
        """The part between two places."""
        if end > self._top:
            self._read += self._text.part(self._top, end)
            self._top = end
        shown = self._read[start - self._base : end - self._base].rstrip()
        more = self._read[end - self._base :].strip() or self._text.part(self._top, self._text.length).strip()
        return _Cut(start, start + len(shown), shown, bool(more))


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
