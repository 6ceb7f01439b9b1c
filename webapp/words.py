"""Languages, dates and closed sets in the words a reader sees; the strings of the pages that are not in templates."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Any

from archive import Field, Precision, Published, QuoteKind, Relation, Trust, Via
from indexer import Change, SearchRequest, Size
from webapp.text import cut

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
VIA = {
    Via.LIVE: "fetched from the publisher",
    Via.WAYBACK: "from a web archive",
    Via.IMPORT: "from an imported archive file",
    Via.SUPPLIED: "supplied by the owner of this archive",
}
RELATION = {
    Relation.EDITION: "about an edition of the forum",
    Relation.RELATED: "related to the forum",
    Relation.OTHER: "not about the forum",
}
TRUST = {
    Trust.OFFICIAL: "official source",
    Trust.AGENCY: "news agency",
    Trust.NEWSPAPER: "newspaper",
    Trust.UNKNOWN: "source not classified",
    Trust.MIRROR: "mirror of another site",
}
QUOTE = {
    QuoteKind.DIRECT: "direct quote",
    QuoteKind.INDIRECT: "told, not quoted",
    QuoteKind.DOCUMENT: "words of a document",
}
CORRECTED = {
    Field.DATE: "Date",
    Field.EDITION: "Edition",
    Field.TITLE: "Title",
    Field.SPEAKER: "Speaker",
    Field.NOT_A_QUOTE: "Not a quote",
}
EDIT = {
    Size.FORM: "the same words, otherwise set",
    Size.SMALL: "a small edit",
    Size.LARGE: "a large edit",
}
CHANGE = {
    Change.APART: "the same words, not side by side",
    Change.ALIKE: "with words spelled much like it",
    Change.BEGINS: "with words that begin so",
    Change.EITHER: "any of these instead of all",
    Change.ANYWHERE: "in the text too, not in the title alone",
}
SETS: tuple[Mapping[Any, str], ...] = (VIA, RELATION, TRUST, QUOTE, CORRECTED, EDIT, CHANGE)


VERDICT = {
    "verbatim": ("Found word for word", "A report in this archive prints these words."),
    "near": (
        "Found with differences",
        "A report prints words that differ from these. What differs there is underlined.",
    ),
    "not_found": (
        "Not found in this archive",
        "No report here prints these words or words near them. The archive is not complete: they may have been said.",
    ),
    "too_short": ("Too short to check", "So few words occur by chance. Give a longer passage."),
}


@functools.cache
def languages() -> Mapping[str, Mapping[str, Any]]:
    """Names of languages by code."""
    return tomllib.loads((resources.files("webapp") / "languages.toml").read_text("utf-8"))


def _entry(code: str) -> Mapping[str, Any]:
    known = languages()
    return known.get(code) or known.get(code.partition("-")[0]) or {"name": code, "own": code}


def language_name(code: str) -> str:
    """The English name of a language, or its code."""
    return str(_entry(code)["name"])


def language_own(code: str) -> str:
    """What a language calls itself, or its code."""
    return str(_entry(code)["own"])


def direction(code: str | None) -> str:
    """`rtl` or `ltr`; `auto` for a language that is not known here."""
    if not code or code not in languages():
        return "auto"
    return "rtl" if _entry(code).get("rtl") else "ltr"


def day_words(day: dt.date, precision: Precision = Precision.DAY) -> str:
    """A date in words, as far as it is known: `16 July 2025`, `July 2025`, `2025`."""
    if precision is Precision.YEAR:
        return str(day.year)
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return month if precision is Precision.MONTH else f"{day.day} {month}"


def day_iso(published: Published) -> str:
    """The date as the datetime attribute takes it, as far as it is known."""
    digits = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[published.precision]
    return published.date.isoformat()[:digits]


def published_words(published: Published | None) -> str:
    """A published date in words; says so when there is none."""
    return "date unknown" if published is None else day_words(published.date, published.precision)


def span_words(window: tuple[dt.date, dt.date] | None) -> str:
    """The days of an edition in words; "" when none is claimed."""
    if window is None:
        return ""
    first, last = window
    if first == last:
        return day_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last)}"
    return f"{day_words(first)} – {day_words(last)}"


def instant_words(timestamp: str) -> str:
    """A 14-digit timestamp as `2025-07-16 03:04:05 UTC`."""
    if len(timestamp) != 14:
        return timestamp
    t = timestamp
    return f"{t[:4]}-{t[4:6]}-{t[6:8]} {t[8:10]}:{t[10:12]}:{t[12:14]} UTC"


def ordinal_words(number: int | str | None) -> str:
    """`1st`, `2nd`, `13th`; "" for None."""
    if number is None:
        return ""
    if not isinstance(number, int):
        return str(number)
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def count_words(number: int, one: str, many: str | None = None) -> str:
    """`1 report`, `2,310 reports`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def search_words(request: SearchRequest) -> str:
    """What tells a page of results from others: query, filters, order and page."""
    dates = [f"from {day_words(request.date_from)}"] if request.date_from else []
    dates += [f"to {day_words(request.date_to)}"] if request.date_to else []
    relation = "of any kind" if request.relation == "any" else request.relation and set_words(request.relation)
    parts = [
        request.query,
        *(f"edition {key}" if key else "no edition" for key in request.editions),
        *map(language_name, request.languages),
        *request.publishers,
        *request.trusts,
        " ".join(dates),
        relation,
        "" if request.sort == "relevance" else f"{request.sort} first",
        f"page {request.page}" if request.page > 1 else "",
    ]
    return ", ".join(part for part in parts if part)


def set_words(member: Any) -> str:
    """The words for a member of a closed set."""
    return next((words[member] for words in SETS if type(member) is type(next(iter(words)))), str(member))


def trust_words(kind: str) -> str:
    """The words for a kind of publisher as a filter has it; another word as it is."""
    return next((words for trust, words in TRUST.items() if trust == kind), kind)


def verdict_words(verdict: str) -> str:
    """The title of a verdict."""
    return VERDICT[verdict][0]


def verdict_help(verdict: str) -> str:
    """What a verdict means."""
    return VERDICT[verdict][1]


def year_start(year: int) -> dt.date:
    """The first day of a year."""
    return dt.date(year, 1, 1)


def year_end(year: int) -> dt.date:
    """The last day of a year."""
    return dt.date(year, 12, 31)


def labelled_years(years: Sequence[int]) -> frozenset[int]:
    """The years that have room for a label under their bars: both ends, and round ones well away from them.

    A label is a bit wider than a tenth of the narrowest chart; a bar is at most a sixth of it.
    """
    number = len(years)
    if number <= 6:
        return frozenset(years)
    step, room = 5 if number <= 24 else 10, (number + 2) // 5
    return frozenset({years[0], years[-1], *(year for year in years[room:-room] if year % step == 0)})


@functools.cache
def examples() -> Mapping[str, list[dict[str, str]]]:
    """Words to try and the query language by examples."""
    return tomllib.loads((resources.files("webapp") / "examples.toml").read_text("utf-8"))


def address_words(url: str) -> str:
    """An address without its scheme, cut in the middle when it is long."""
    short = url.partition("://")[2] or url
    return short if len(short) <= 70 else f"{short[:44]}…{short[-24:]}"


def is_web(url: str) -> bool:
    """Whether an address may be a link."""
    return url.lower().startswith(("http://", "https://"))


FILTERS: dict[str, Callable[..., Any]] = {
    "address": address_words,
    "counted": count_words,
    "cut": cut,
    "day": day_words,
    "day_iso": day_iso,
    "dir": direction,
    "from_iso": dt.date.fromisoformat,
    "instant": instant_words,
    "language": language_name,
    "language_own": language_own,
    "ordinal": ordinal_words,
    "published": published_words,
    "searched": search_words,
    "span": span_words,
    "trust": trust_words,
    "verdict": verdict_words,
    "verdict_help": verdict_help,
    "words": set_words,
}
GLOBALS: dict[str, Callable[..., Any]] = {
    "examples": examples,
    "labelled_years": labelled_years,
    "year_end": year_end,
    "year_start": year_start,
}
