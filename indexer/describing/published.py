"""The calendar date a page was published on, as it prints it: stated for machines, printed by the title, or in the address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from htmldate import find_date

from archive import Precision, Published, fold_plain
from indexer.describing.dates import OLDEST, PrintedDate, printed_dates
from indexer.describing.tree import Block, Tree, linked_data, metas, squeezed

STATED = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "article:published",
    "publishdate", "publish_date", "publish-date", "publication_date", "published_date", "publishedtime", "published",
    "pubdate", "publicationdate", "pub_date", "date_published", "datecreated", "dc.date.issued", "dcterms.issued",
    "dc.date", "dcterms.date", "dc.date.created", "dcterms.created", "sailthru.date", "parsely-pub-date",
    "cxenseparse:recs:publishtime", "originalpublicationdate", "article_date_original", "citation_publication_date",
    "weibo:article:create_at", "dateissued", "date.issued", "displaydate", "date", "firstpublished", "created",
)  # fmt: skip
NEAR = 12  # blocks after the title in which its date stands, and three before it
BEFORE = 3
LINE = 140  # characters of a line that prints a date beside little else
DATELINE = 90  # characters at a text's beginning in which a dateline stands
AWAY = 45  # days between a dateline and the capture or address that gives its year
_ISO = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_UTC = re.compile(r"(?:Z|[+-]00:?00)\s*$")
_ADDRESS = (
    re.compile(r"(?<!\d)(?P<y>19\d\d|20\d\d)[/_.-](?P<m>0[1-9]|1[0-2]|[1-9])[/_.-](?P<d>0[1-9]|[12]\d|3[01]|[1-9])(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>19\d\d|20\d\d)[/_-]?(?P<m>0[1-9]|1[0-2])[/_-]?(?P<d>0[1-9]|[12]\d|3[01])(?!\d{0,1}(?:\D|$))?"),
)
_ADDRESS_MONTH = re.compile(r"(?<!\d)(?P<y>19\d\d|20\d\d)[/_-](?P<m>0[1-9]|1[0-2])(?![\d-])")


def published_date(
    tree: Tree | None,
    seen: Sequence[Block],
    *,
    url: str,
    title: str,
    text: str,
    language: str,
    latest: dt.date,
    believe_address: bool,
) -> Published | None:
    """The date, the surest first; nothing later than `latest`, which no page can be."""
    address = _in_address(url, latest)
    trusted = address if believe_address else None
    voices = (
        _stated(tree, seen, title, language, latest),
        _printed(seen, title, language, latest, trusted),
        _dateline(text, language, latest, trusted),
        _guessed(tree, latest),
        trusted,
    )
    return next((voice for voice in voices if voice), None)


def _stated(tree: Tree | None, seen: Sequence[Block], title: str, language: str, latest: dt.date) -> Published | None:
    """What the page states for machines. Where that is in UTC, a printed date a day off is what readers saw."""
    if tree is None:
        return None
    for value, how in (*_in_linked_data(tree), *_in_metas(tree), *_in_times(tree)):
        date = _iso(value) or _spelt(value, language)
        if date is None or not _possible(date, latest):
            continue
        printed = _printed(seen, title, language, latest, None) if _UTC.search(value) else None
        if printed and abs((printed.date - date).days) == 1:
            return printed
        return Published(date=date, how=how)
    return None


def _in_linked_data(tree: Tree) -> Iterator[tuple[str, str]]:
    for found in linked_data(tree):
        value = found.get("datePublished")
        if isinstance(value, str) and found.get("@type") not in ("Comment", "Review", "VideoObject", "ImageObject"):
            yield value, "stated by the page (JSON-LD datePublished)"


def _in_metas(tree: Tree) -> Iterator[tuple[str, str]]:
    found = dict(reversed(list(metas(tree))))
    yield from ((found[name], f"stated by the page (meta {name})") for name in STATED if name in found)


def _in_times(tree: Tree) -> Iterator[tuple[str, str]]:
    for element in tree.iter():
        if element.get("itemprop") == "datePublished" and element.tag != "meta":
            value = element.get("content") or element.get("datetime") or squeezed(element.text_content())
            yield value, "stated by the page (itemprop datePublished)"
    times = [element for element in tree.iter("time") if element.get("datetime")]
    first = [element for element in times if element.get("pubdate") is not None] or times[:1]
    yield from ((element.get("datetime"), "stated by the page (time datetime)") for element in first)


def _printed(
    seen: Sequence[Block], title: str, language: str, latest: dt.date, near: Published | None
) -> Published | None:
    """The date in a line by itself next to the title; failing that, in one that stands alone anywhere below."""
    place = _place(seen, title)
    around = [*seen[place : place + NEAR], *reversed(seen[max(0, place - BEFORE) : place])]
    for how, blocks in (("printed by the title", around), ("printed below the text", list(reversed(seen[place + NEAR :])))):
        for block in blocks:
            if len(block.text) > LINE or block.linked > 0.5:
                continue
            whole = [date for date in printed_dates(block.text, language=language) if date.date]
            if how == "printed below the text" and not (whole and _alone(block.text, whole[0])):
                continue
            for date in whole:
                if chosen := _chosen(date, latest, near):
                    return Published(date=chosen, precision=date.precision, how=how)
    return None


def _place(seen: Sequence[Block], title: str) -> int:
    """Where the title stands: the last heading that is it, else the first block."""
    wanted = fold_plain(title)
    places = [number for number, block in enumerate(seen) if wanted and fold_plain(block.text) == wanted]
    headings = [n for n in places if seen[n].element.tag in ("h1", "h2", "h3") or seen[n].linked < 0.5]
    return (headings or places or [0])[0]


def _alone(text: str, date: PrintedDate) -> bool:
    """Whether a line holds hardly more than a date and a word that says what it is."""
    return len(text) - (date.end - date.start) <= 25


def _chosen(date: PrintedDate, latest: dt.date, near: Published | None) -> dt.date | None:
    """The date, day and month changed over where the figures allow it and only that fits."""
    if date.date is None:
        return None
    readings = [date.date]
    if date.unsure and date.day and date.year:
        readings.append(dt.date(date.year, date.day, date.month))
    possible = [reading for reading in readings if _possible(reading, latest)]
    if near and len(possible) > 1:
        possible.sort(key=lambda reading: abs((reading - near.date).days))
    return possible[0] if possible else None


def _dateline(text: str, language: str, latest: dt.date, near: Published | None) -> Published | None:
    """Day and month at a text's beginning, with the year of the address: 9月15日電."""
    if near is None:
        return None
    for date in printed_dates(text[:DATELINE], language=language):
        if date.day and (found := date.in_year(near.date.year)) and abs((found - near.date).days) <= AWAY:
            return Published(date=near.date, precision=near.precision, how=f"{near.how}, near the day of its dateline") if (
                near.precision is Precision.DAY
            ) else Published(date=found, how="the day of its dateline, in the year of its address")
    return None


def _guessed(tree: Tree | None, latest: dt.date) -> Published | None:
    if tree is None:
        return None
    try:
        found = find_date(tree, original_date=True, extensive_search=False, max_date=latest.isoformat())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    date = _iso(found or "")
    return Published(date=date, how="found on the page by htmldate") if date and _possible(date, latest) else None


def _in_address(url: str, latest: dt.date) -> Published | None:
    parts = urlsplit(url)
    where = f"{parts.path}?{parts.query}"
    for pattern in _ADDRESS:
        for match in pattern.finditer(where):
            date = _date(int(match["y"]), int(match["m"]), int(match["d"]))
            if date and _possible(date, latest):
                return Published(date=date, how="in the address")
    month = _ADDRESS_MONTH.search(where)
    date = _date(int(month["y"]), int(month["m"]), 1) if month else None
    return Published(date=date, precision=Precision.MONTH, how="in the address") if date and _possible(date, latest) else None


def _iso(text: str) -> dt.date | None:
    match = _ISO.match(text)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _spelt(text: str, language: str) -> dt.date | None:
    return next((date.date for date in printed_dates(text[:LINE], language=language) if date.date and date.day), None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _possible(date: dt.date, latest: dt.date) -> bool:
    return date.year >= OLDEST and date <= latest
