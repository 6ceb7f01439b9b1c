"""Addresses that lead nowhere: endlessly many of a kind, calendars, files that are no pages."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from urllib.parse import urlsplit

MAX_URL = 2000
REMEMBERED = 20_000  # addresses: those of a site's navigation are on every page
MAX_FOLDERS = 16
MAX_PAIRS = 8
# A path that goes round in circles (/a/b/a/b/a/b): relative links under a page that answers to anything.
CIRCLE = re.compile(r"(/[^/?#]+(?:/[^/?#]+)*?)\1{2,}(?=/|$)")
REPEATED = 4  # times one folder may stand in a path, wherever
NO_PAGE = re.compile(
    r"\.(jpe?g|jfif|png|gif|webp|avif|bmp|tiff?|svg|ico|css|js|mjs|json|woff2?|ttf|eot|mp[34]|m4[av]|ogg|wav|webm|avi|mov|wmv|flv"
    r"|zip|rar|7z|t?gz|tar|bz2|exe|msi|dmg|apk|ics|vcf|docx?|xlsx?|pptx?|rss|atom)$",
    re.IGNORECASE,
)
# Pages of a calendar lead from month to month for ever; reports do not stand in them.
CALENDAR = re.compile(
    r"(^|[/_.-])(calendar|calendrier|kalender|kalendaryo|event-?calendar|rili)([/_.-]|$)", re.IGNORECASE
)
CALENDAR_NAMES = frozenset(("month", "year", "day", "date", "cal", "week", "yr", "mon"))
# Another order or view of the same list, a form to fill in, or something done to the page.
ACTION = re.compile(
    r"(sort|sortby|order|orderby|order_by|dir|replytocom|share|action=(edit|history|login|raw)|do=(edit|login)"
    r"|redirect_to|returnurl|return_to|add-to-cart|oldid|diff|filter\[.*\])(=|$)",
    re.IGNORECASE,
)


@lru_cache(maxsize=REMEMBERED)
def is_endless(url: str) -> bool:
    """Whether an address looks like one of endlessly many: too long, too deep, in circles."""
    parts = urlsplit(url)
    folders = [folder for folder in parts.path.split("/") if folder]
    if len(url) > MAX_URL or len(folders) > MAX_FOLDERS or parts.query.count("&") >= MAX_PAIRS:
        return True
    return CIRCLE.search(parts.path) is not None or max(Counter(folders).values(), default=0) >= REPEATED


@lru_cache(maxsize=REMEMBERED)
def is_trap(url: str) -> bool:
    """Whether an address found on a page is better not followed: endless, a calendar's, another order of a list, an action."""
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair]
    return is_endless(url) or _is_calendar(parts.path, pairs) or any(ACTION.match(pair) for pair in pairs)


@lru_cache(maxsize=REMEMBERED)
def is_page(url: str) -> bool:
    """Whether an address can be that of a page, by its ending."""
    return NO_PAGE.search(url.partition("?")[0]) is None


def _is_calendar(path: str, pairs: list[str]) -> bool:
    """Whether an address asks a calendar for a time: by a folder of that name and a number, or by year and month."""
    names = {pair.partition("=")[0].lower() for pair in pairs}
    if CALENDAR.search(path):
        return bool(names & CALENDAR_NAMES) or re.search(r"\d", path) is not None
    return {"year", "month"} <= names or {"y", "m", "d"} <= names
