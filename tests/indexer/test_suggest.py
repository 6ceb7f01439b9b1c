"""What is suggested for queries that found nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import QueryError
from indexer.query import parse_query
from indexer.suggest import MOST, suggest
from indexer.tree import Node, render


def suggested(text: str, *found: str) -> list[tuple[str, str]]:
    """What is suggested for a query where these queries find a report each."""
    return [(one.change, one.query) for one in suggest(parse_query(text), lambda node, _: int(render(node) in found))]


@pytest.mark.parametrize(
    ("text", "found", "change"),
    [
        pytest.param("wimen", "wimen~1", "alike", id="a word misspelled"),
        pytest.param("fisherwomen", "fisherwomen~2", "alike", id="a long word misspelled"),
        pytest.param("lead", "lead*", "begins", id="the beginning of a word"),
        pytest.param("fisherwomen", "fisher*", "begins", id="a word that goes on otherwise"),
        pytest.param('"women fishing"', "women AND fishing", "apart", id="a phrase"),
        pytest.param('"women fish*"', "women AND fish*", "apart", id="a phrase that goes on"),
        pytest.param('"women fishing"~2', "women AND fishing", "apart", id="near words"),
        pytest.param('"women fishing"', "women OR fishing", "either", id="a phrase of words never together"),
        pytest.param("women submarine", "women OR submarine", "either", id="two words"),
        pytest.param(
            "女 -trade submarine", '("女*" OR submarine) AND NOT trade', "either", id="what is excluded stays"
        ),
        pytest.param("title:submarine", "submarine", "anywhere", id="a title"),
        pytest.param('title:"women fishing"', "title:women AND title:fishing", "apart", id="a phrase of a title"),
        pytest.param("(wimen OR girlz) -trade", "(wimen~1 OR girlz~1) AND NOT trade", "alike", id="a group"),
    ],
)
def test_what_finds_something_is_suggested(text: str, found: str, change: str) -> None:
    found = render(parse_query(found))
    assert suggested(text, found) == [(change, found)]


@pytest.mark.parametrize("text", ["wimen", '"women fishing"', "a b c", "title:x", "妇女论坛", "-women", "*"])
def test_what_finds_nothing_is_not_suggested(text: str) -> None:
    assert suggested(text) == []


def test_a_word_that_is_found_stands_as_it_is() -> None:
    assert suggested("wimen forum", "forum", "wimen~1 AND forum") == [("alike", "wimen~1 AND forum")]


@pytest.mark.parametrize("text", ["妇女论坛", '"妇女论坛"'])
def test_a_run_of_characters_stays_whole(text: str) -> None:
    assert suggest(parse_query(text), lambda *_: 1) == ()


@pytest.mark.parametrize("text", ["a", "at", "2008"])
def test_short_words_and_numbers_are_not_varied(text: str) -> None:
    assert suggest(parse_query(text), lambda node, _: int(render(node) != text)) == ()


def test_what_asks_too_much_is_not_suggested() -> None:
    def total(node: Node, budget: float) -> int:
        raise QueryError("too much")

    assert suggest(parse_query("wimen submarine"), total) == ()


def test_looking_for_suggestions_ends_when_it_takes_long() -> None:
    asked = []

    def total(node: Node, budget: float) -> int:
        asked.append(budget)
        until = time.thread_time() + 0.03
        while time.thread_time() < until:
            pass
        return 0

    assert suggest(parse_query("wimen submarine fishing netz"), total) == ()
    assert asked == sorted(asked, reverse=True)
    assert sum(budget > 0 for budget in asked) <= 2


@given(st.text(alphabet='ab妇女 "()-~*:titleORANDNOT', max_size=40))
def test_a_suggestion_is_a_query_that_finds_what_it_says(text: str) -> None:
    try:
        node = parse_query(text)
    except QueryError:
        return
    found = suggest(node, lambda other, _: len(render(other)) % 3)
    assert len({one.query for one in found}) == len(found) <= MOST
    for one in found:
        assert one.total == len(render(parse_query(one.query))) % 3 > 0
        assert one.query != render(node)
