"""Query strings to requests, and requests back to the arguments of an address."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from archive import Home, Relation
from indexer import QueryError, SearchRequest, check_request
from webapp.errors import ArgumentError

Arguments = MultiDict[str, str]
RELATIONS: Mapping[str, Relation | Literal["any"]] = {
    "any": "any",
    **{relation.value: relation for relation in Relation},
}
SORTS = ("relevance", "newest", "oldest")
FIELDS = {
    "edition": "editions",
    "language": "languages",
    "publisher": "publishers",
    "trust": "trusts",
}  # argument: field of the request
NO_EDITION = ("edition", "none")  # reports of no edition, which are filed under ""
MAX_VALUE = 500  # characters of a filter's value
MAX_CHECK = 5_000
MAX_PAGE = 1_000
MAX_VALUES = 50


def read_search(args: Arguments, *, size: int) -> SearchRequest:
    """The search an address asks for; ArgumentError says which argument is wrong and what it takes."""
    filters = {name: _values(args, argument) for argument, name in FIELDS.items()}
    return SearchRequest(
        query=read_text(args, "q"),
        relation=_one_of(args, "relation", RELATIONS),
        date_from=_date(args, "from", last=False),
        date_to=_date(args, "to", last=True),
        sort=_one_of(args, "sort", {sort: sort for sort in SORTS}) or "relevance",
        page=read_number(args, "page", default=1, least=1, most=MAX_PAGE),
        size=read_number(args, "size", default=size, least=1, most=100),
        **filters,
    )


def search_arguments(request: SearchRequest, **changes: Any) -> dict[str, Any]:
    """The arguments of the address of a search, with changes: page 1 unless one is given; defaults left out."""
    request = replace(request, **{"page": 1, **changes})
    relation = request.relation.value if isinstance(request.relation, Relation) else request.relation
    given = {
        "q": request.query,
        **{argument: [_spelled(argument, v) for v in getattr(request, name)] for argument, name in FIELDS.items()},
        "relation": relation,
        "from": request.date_from and request.date_from.isoformat(),
        "to": request.date_to and request.date_to.isoformat(),
        "sort": None if request.sort == "relevance" else request.sort,
        "page": None if request.page == 1 else str(request.page),
    }
    return {name: value for name, value in given.items() if value}


def sound_arguments(args: Arguments, home: Home) -> dict[str, list[str]]:
    """The filters and order of an address that can stand, as they were given; two dates only where they fit."""
    given = {name: args.getlist(name) for name in (*FIELDS, "relation", "from", "to", "sort") if args.get(name)}
    dates: dict[str, list[str]] = {name: given.pop(name) for name in ("from", "to") if name in given}
    sound = {name: values for name, values in given.items() if _stands({name: values}, home)}
    return sound | dates if _stands(dates, home) else sound


def _stands(given: Mapping[str, list[str]], home: Home) -> bool:
    try:
        check_request(read_search(MultiDict(given), size=1), home)
    except (ArgumentError, QueryError):
        return False
    return True


def way_back(request: SearchRequest) -> str | None:
    """The arguments of a search but its query, as one value; None when the query says it all."""
    given = search_arguments(request, page=request.page)
    query = given.pop("q", None)
    return urlencode(given, doseq=True) if given or query is None else None


def read_way_back(args: Arguments) -> dict[str, Any] | None:
    """The arguments of the search that led here, by `q` and what `way_back` made; None when none did."""
    query = read_text(args, "q")
    if not query and "results" not in args:
        return None
    try:
        request = read_search(MultiDict(parse_qsl(args.get("results", ""))), size=1)
    except ArgumentError:
        request = SearchRequest()
    return search_arguments(replace(request, query=query), page=request.page)


def toggled(request: SearchRequest, argument: str, value: str) -> dict[str, Any]:
    """The changes that add a facet's value to a search, or take it away."""
    chosen: tuple[str, ...] = getattr(request, FIELDS[argument])
    kept = tuple(one for one in chosen if one != value)
    return {FIELDS[argument]: kept if value in chosen else (*chosen, value)}


def read_text(args: Arguments, name: str, *, most: int | None = None) -> str:
    """A text argument, trimmed; "" when absent. ArgumentError when it has more than `most` characters."""
    text = args.get(name, "").strip()
    if most is not None and len(text) > most:
        raise ArgumentError(f"“{name}” is {len(text):,} characters long; it takes {most:,} at most. Shorten it.")
    return text


def read_number(args: Arguments, name: str, *, default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = args.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12 and least <= int(text) <= most):
        raise ArgumentError(f"“{name}” takes a whole number from {least} to {most:,}, not “{text[:40]}”.")
    return int(text)


def _values(args: Arguments, name: str) -> tuple[str, ...]:
    given = ("" if (name, value) == NO_EDITION else value for value in args.getlist(name) if value)
    values = tuple(dict.fromkeys(given))
    if len(values) > MAX_VALUES or any(len(value) > MAX_VALUE for value in values):
        raise ArgumentError(f"“{name}” takes {MAX_VALUES} values at most, of {MAX_VALUE} characters each.")
    return values


def _spelled(argument: str, value: str) -> str:
    """A filter's value as the address has it."""
    return NO_EDITION[1] if (argument, value) == (NO_EDITION[0], "") else value


def _one_of(args: Arguments, name: str, known: Mapping[str, Any]) -> Any:
    text = args.get(name, "")
    if text and text not in known:
        raise ArgumentError(f"“{name}” takes {', '.join(known)}, not “{text[:40]}”.")
    return known.get(text)


def _date(args: Arguments, name: str, *, last: bool) -> dt.date | None:
    """A day; of a year or a month its first day, or its last one."""
    text = args.get(name, "").strip()
    if not text:
        return None
    try:
        match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2}))?(?:-([0-9]{1,2}))?", text)
        if match is None:
            raise ValueError(text)
        year = int(match[1])
        month = int(match[2] or (12 if last else 1))
        return dt.date(year, month, int(match[3] or (calendar.monthrange(year, month)[1] if last else 1)))
    except (ValueError, calendar.IllegalMonthError) as exc:
        raise ArgumentError(f"“{name}” takes a date as 2025-07-16, 2025-07 or 2025, not “{text[:40]}”.") from exc
