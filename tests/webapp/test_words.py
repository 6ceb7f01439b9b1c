"""Dates, languages and labels in words."""

from __future__ import annotations

import datetime as dt
import itertools
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from archive import Precision, Published, QuoteKind, Relation, Trust, Via
from indexer import SearchRequest
from webapp import words
from webapp.arguments import SORTS, read_search, search_arguments

DAY = dt.date(2025, 7, 16)


@pytest.mark.parametrize(
    ("precision", "shown", "machine"),
    [
        (Precision.DAY, "16 July 2025", "2025-07-16"),
        (Precision.MONTH, "July 2025", "2025-07"),
        (Precision.YEAR, "2025", "2025"),
    ],
)
def test_a_date_is_shown_only_as_far_as_it_is_known(precision: Precision, shown: str, machine: str) -> None:
    published = Published(date=DAY, precision=precision)
    assert (words.published_words(published), words.day_iso(published)) == (shown, machine)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2025-07-16", "2025-07-16", "16 July 2025"),
        ("2025-07-16", "2025-07-17", "16–17 July 2025"),
        ("2006-10-31", "2006-11-01", "31 October 2006 – 1 November 2006"),
    ],
)
def test_the_days_of_an_edition_are_one_phrase(first: str, last: str, shown: str) -> None:
    assert words.span_words((dt.date.fromisoformat(first), dt.date.fromisoformat(last))) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (9, "9th"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_ordinals_have_their_ending(number: int, shown: str) -> None:
    assert words.ordinal_words(number) == shown


@pytest.mark.parametrize("kind", [Via, Relation, Trust, QuoteKind])
def test_every_member_of_a_closed_set_has_its_own_words(kind: type[StrEnum]) -> None:
    shown = [words.set_words(member) for member in kind]
    assert len(set(shown)) == len(list(kind))
    assert not set(shown) & {str(member) for member in kind} - {"newspaper"}


def test_a_language_that_is_not_known_keeps_its_code() -> None:
    assert words.language_name("xx") == "xx"
    assert words.language_name("zh-Hans-CN") == "Chinese"
    assert (words.direction("ar"), words.direction("th"), words.direction("xx")) == ("rtl", "ltr", "auto")


DATES = st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
VALUES = st.lists(st.text(min_size=1, max_size=8).filter(str.strip), max_size=3, unique=True).map(tuple)
REQUESTS = st.builds(
    SearchRequest,
    query=st.text(max_size=20).map(str.strip),
    editions=st.lists(st.sampled_from(["", "2008", "2025", "2025-2"]), unique=True).map(tuple),
    languages=VALUES,
    publishers=VALUES,
    trusts=st.lists(st.sampled_from(list(map(str, Trust))), unique=True).map(tuple),
    relation=st.sampled_from([None, "any", *Relation]),
    date_from=DATES,
    date_to=DATES,
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 99),
)


@given(REQUESTS)
def test_a_request_survives_its_address(request: SearchRequest) -> None:
    arguments = search_arguments(request, page=request.page)
    assert read_search(MultiDict(arguments), size=10) == request


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2008", "2008-01-01", "2008-12-31"),
        ("2008-02", "2008-02-01", "2008-02-29"),
        ("2008-2-3", "2008-02-03", "2008-02-03"),
    ],
)
def test_a_part_of_a_date_is_a_span(text: str, first: str, last: str) -> None:
    request = read_search(MultiDict({"from": text, "to": text}), size=10)
    assert (request.date_from, request.date_to) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize("number", range(1, 41))
def test_labels_of_years_never_touch(number: int) -> None:
    narrow, label = 240, 30  # pixels, on a desk
    years = range(2025 - number, 2025)
    bar = min(narrow / number, 40)
    spans = []
    for year in sorted(words.labelled_years(years)):
        middle = (year - years[0] + 0.5) * bar
        start = 0 if number > 6 and year == years[0] else middle - label / 2
        spans.append(bar * number - label if number > 6 and year == years[-1] else start)
    assert len(spans) >= min(number, 2)
    assert all(first + label < second for first, second in itertools.pairwise(spans))
