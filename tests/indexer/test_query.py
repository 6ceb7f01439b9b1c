"""The query language: what is understood, and what is refused with one sentence."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import fold_plain
from indexer.errors import QueryError
from indexer.query import _WILD, MAX_LENGTH, parse_query
from indexer.tree import And, Everything, Fuzzy, Near, Not, Or, Phrase, Prefix, Wildcard, Word, leaves, render, wildcard


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        pytest.param("women leaders", "women AND leaders", id="and"),
        pytest.param("women AND leaders", "women AND leaders", id="written and"),
        pytest.param("a OR b c", "a OR (b AND c)", id="or binds less"),
        pytest.param("women -leaders", "women AND NOT leaders", id="minus"),
        pytest.param("NOT (a b)", "NOT (a AND b)", id="not"),
        pytest.param('"women leaders"', '"women leaders"', id="phrase"),
        pytest.param("“women leaders”", '"women leaders"', id="typographic marks"),
        pytest.param("「婦女論壇」", '"妇女论坛"', id="corner marks"),
        pytest.param('"never closed', '"never closed"', id="an open mark"),
        pytest.param('"women lead*"', '"women lead*"', id="a phrase that goes on"),
        pytest.param("women-lead*", '"women lead*"', id="a compound that goes on"),
        pytest.param('"a b"~5', '"a b"~5', id="near"),
        pytest.param('"a b a b"~5', '"a b"~5', id="near, each word once"),
        pytest.param('"a a"~5', '"a"', id="near itself"),
        pytest.param("第18届妇女论坛", '"第 18 届妇女论坛"', id="characters and digits"),
        pytest.param("ASEAN-China", '"asean china"', id="a dash within a word"),
        pytest.param("perempuan-perempuan", "perempuan", id="a doubled word"),
        pytest.param('"perempuan-perempuan"', '"perempuan perempuan"', id="a doubled word as it is written"),
        pytest.param("sana-sini", '"sana sini"', id="a word half doubled"),
        pytest.param("lead*", "lead*", id="prefix"),
        pytest.param("l*d?r", "l*d?r", id="wildcard"),
        pytest.param("leeder~", "leeder~2", id="fuzzy, long"),
        pytest.param("leed~2", "leed~1", id="fuzzy, short"),
        pytest.param("women?", "women", id="a question"),
        pytest.param("妇女*", '"妇女"', id="characters with a star"),
        pytest.param("title:women", "title:women", id="title"),
        pytest.param("title:(a OR b) c", "(title:a OR title:b) AND c", id="title of a group"),
        pytest.param("（a OR b）", "a OR b", id="wide parentheses"),
        pytest.param("http://a.test/b", '"http a test b"', id="an address"),
        pytest.param("a - b", "a AND b", id="a dash on its own"),
        pytest.param("OR a AND", "a", id="stray operators"),
        pytest.param("", "*", id="nothing"),
        pytest.param("  ", "*", id="spaces"),
        pytest.param("*", "*", id="a star"),
    ],
)
def test_a_query_is_understood(text: str, understood: str) -> None:
    assert render(parse_query(text)) == understood


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("x" * 100_000, "100,000 characters; 512 are allowed", id="100 kB"),
        pytest.param("(" * 400, "deeper than 16 parentheses", id="deep"),
        pytest.param("(a OR b", "never closed", id="open"),
        pytest.param("a)", "never opened", id="closed"),
        pytest.param("*men", "begins with a wildcard", id="leading star"),
        pytest.param("?men", "begins with a wildcard", id="leading question mark"),
        pytest.param("a-b*c", "outside a single word", id="wildcard over words"),
        pytest.param('"妇女 论坛"~3', "scripts that part their words", id="near in characters"),
        pytest.param('"a b"~999', "up to 50 apart", id="far"),
        pytest.param('"a b c d e f g h i j k"~9', "at most 10 different words", id="many words near"),
        pytest.param("妇女~", "no single word", id="fuzzy characters"),
        pytest.param("!!!", "no letter or digit", id="punctuation"),
        pytest.param("a\x00b", "control characters", id="control"),
    ],
)
def test_a_query_is_refused_with_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(QueryError, match=sentence) as caught:
        parse_query(text)
    assert "\n" not in str(caught.value)


def test_the_tree_has_a_class_for_each_operator() -> None:
    node = parse_query('word "two words" pre* w?ld fuzzy~ "n m"~2 (a OR b) -c')
    assert isinstance(node, And)
    kinds = [type(child) for child in node.children]
    assert kinds == [Word, Phrase, Prefix, Wildcard, Fuzzy, Near, Or, Not]


def test_what_is_excluded_is_no_leaf_to_show() -> None:
    assert [render(leaf) for leaf in leaves(parse_query("a -b (c OR d)"))] == ["a", "c", "d"]


def test_the_empty_query_is_everything() -> None:
    assert parse_query("") == Everything()


def test_every_way_of_writing_a_wildcard_is_known() -> None:
    written = "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]))
    wild = {c for c in written if any(sign in fold_plain(c) for sign in "*?~")}
    assert wild == set(_WILD.findall(written))
    assert parse_query("lead＊") == parse_query("lead*") == Prefix("lead")


@given(st.text("ab*?", min_size=1, max_size=12).map(lambda text: "a" + text), st.text("ab", max_size=14))
def test_a_wildcard_means_what_it_says(pattern: str, word: str) -> None:
    meant = re.compile("".join({"*": ".*", "?": "."}.get(c, c) for c in pattern))
    assert bool(wildcard(pattern).fullmatch(word)) == bool(meant.fullmatch(word))


@given(st.text(max_size=MAX_LENGTH) | st.text(alphabet='ab女ก"()*?~- ORANDNT:title1', max_size=80))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        node = parse_query(text)
    except QueryError:
        return
    assert render(node)


@given(st.text(alphabet='ab女性ก "()*~-OR', max_size=40))
def test_what_was_understood_is_understood_the_same_again(text: str) -> None:
    try:
        shown = render(parse_query(text))
    except QueryError:
        return
    assert render(parse_query(shown)) == shown
