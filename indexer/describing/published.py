"""The calendar date a page was published on, as it prints it: stated for machines, printed by the title, in the address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from htmldate import find_date

from archive import Precision, Published, Record
from indexer.describing.address_date import date_in_address
from indexer.describing.dates import OLDEST, PrintedDate, printed_dates
from indexer.describing.places import after_text, by_title, is_changed, is_stamp
from indexer.describing.stated import stated_dates
from indexer.describing.tree import Block, Tree

LINE = 140  # characters of a stated date at most
DATELINE = 90  # characters at a text's beginning in which a dateline stands
AWAY = 45  # days between a day that is printed without its year and the address that gives the year
_ISO = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*$")
# What follows a date that says when a story was sent: 10月27日電, July 16 (Xinhua) --
_SENT = re.compile(r".{0,3}[电電讯訊]|\s*[(（][^)）]{2,30}[)）]|\s*(?:--|[—–]|-\s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPage(Record):
    """What a page's date is read from; `tree` is None and `seen` its lines for what is no markup."""

    url: str
    title: str
    text: str
    language: str
    latest: dt.date  # no page can be later
    believe_address: bool
    seen: Sequence[Block]
    tree: Tree | None = None

    def allows(self, date: dt.date) -> bool:
        """Whether a page can have been published on that day."""
        return date.year >= OLDEST and date <= self.latest

    @property
    def address(self) -> Published | None:
        """The date in the address, if it is believed."""
        found = date_in_address(self.url) if self.believe_address else None
        return found if found and self.allows(found.date) else None


def published_date(page: DatedPage) -> Published | None:
    """The date, the surest voice first; None where no voice is sure enough."""
    address = page.address
    printed = _printed(page)
    stated = _stated(page, printed)
    if stated and printed and address and printed.date == address.date and stated.date > printed.date:
        stated = None  # a site that moved states the day it moved
    voices = (stated, printed, _dateline(page), _without_year(page, address), _guessed(page), address)
    return next((voice for voice in voices if voice), None)


def _stated(page: DatedPage, printed: Published | None) -> Published | None:
    """What the page states for machines. Where that is in UTC, a printed date a day off is what readers saw."""
    if page.tree is None:
        return None
    for value, how in stated_dates(page.tree, page.title):
        date = _iso(value) or _spelt(value, page.language)
        if date is None or not page.allows(date):
            continue
        if printed and _UTC.search(value) and abs((printed.date - date).days) == 1:
            return printed
        return Published(date=date, how=how)
    return None


def _printed(page: DatedPage) -> Published | None:
    """The date in a line of little else by the title or right after the text; that of a change if there is no other."""
    above, below = by_title(page.seen, page.title, page.text), after_text(page.seen, page.text)
    lines = [(block.text, "printed by the title") for block in above]
    lines += [(block.text, "printed below the text") for block in below]
    for text, how in sorted(lines, key=lambda line: is_changed(line[0])):
        if not is_stamp(text, page.language):
            continue
        for date in printed_dates(text, language=page.language):
            if chosen := _chosen(page, date):
                return Published(date=chosen, precision=date.precision, how=how)
    return None


def _chosen(page: DatedPage, date: PrintedDate) -> dt.date | None:
    """The date; with day and month changed over where the figures allow it and it is nearer to the address."""
    if date.date is None:
        return None
    readings = [date.date]
    if date.unsure and date.day and date.year:
        readings.append(dt.date(date.year, date.day, date.month))
    possible = [reading for reading in readings if page.allows(reading)]
    if (near := page.address) and len(possible) > 1:
        possible.sort(key=lambda reading: abs((reading - near.date).days))
    return possible[0] if possible else None


def _dateline(page: DatedPage) -> Published | None:
    """The whole date of a dateline: NANNING, July 16, 2025 (Xinhua) --"""
    text = page.text[:DATELINE]
    for date in printed_dates(text, language=page.language):
        if date.day and date.date and page.allows(date.date) and _SENT.match(text, date.end):
            return Published(date=date.date, how="the day of its dateline")
    return None


def _without_year(page: DatedPage, address: Published | None) -> Published | None:
    """Day and month by the title or in the dateline, with the year of the address: 9月15日電."""
    if address is None:
        return None
    lines = [block.text for block in by_title(page.seen, page.title, page.text) if is_stamp(block.text, page.language)]
    for text in (*lines, page.text[:DATELINE]):
        for date in printed_dates(text, language=page.language):
            found = date.in_year(address.date.year) if date.day else None
            if found and page.allows(found) and _is_near(found, address):
                return _resolved(found, address)
    return None


def _is_near(date: dt.date, address: Published) -> bool:
    return address.precision is Precision.YEAR or abs((date - address.date).days) <= AWAY


def _resolved(date: dt.date, address: Published) -> Published:
    if address.precision is Precision.DAY:  # the story may have been sent, or its event held, the day before
        return Published(date=address.date, how=f"{address.how}, near the day that is printed")
    return Published(date=date, how="the day that is printed, in the year of its address")


def _guessed(page: DatedPage) -> Published | None:
    if page.tree is None:
        return None
    try:
        found = find_date(page.tree, original_date=True, extensive_search=False, max_date=page.latest.isoformat())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    date = _iso(found or "")
    return Published(date=date, how="found on the page by htmldate") if date and page.allows(date) else None


def _iso(text: str) -> dt.date | None:
    match = _ISO.match(text)
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _spelt(text: str, language: str) -> dt.date | None:
    return next((date.date for date in printed_dates(text[:LINE], language=language) if date.date and date.day), None)
