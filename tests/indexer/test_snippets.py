"""Snippets: exact offsets, whole clusters, the best part of the text."""

import itertools

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.snippets import FRAGMENTS, SIZE, Fragment, Matches, snippets, title_fragment
from indexer.query import parse_query
from indexer.segments import Text, encode_text
from indexer.standing import find
from indexer.tree import leaves
from tests.indexer.reports import SENTENCES


def places(query: str, text: str, language: str = "en") -> Matches:
    """Where a query stands in a text."""
    found = find(text, list(leaves(parse_query(query))), language)
    return Matches([one.start for one in found], [one.end for one in found], [one.leaf for one in found])


def kept(text: str) -> Text:
    """The text as a segment keeps it."""
    content = b"before" + encode_text(text)
    return Text(memoryview(content + b"after"), 6, len(content))


def cut(text: str, query: str, language: str = "en") -> tuple[Fragment, ...]:
    return snippets(kept(text), places(query, text, language))


def marked(fragments: tuple[Fragment, ...]) -> list[str]:
    return [f.text[start:end] for f in fragments for start, end in f.marks]


FILLER = "Nothing of note was said here at all. " * 20


def test_a_short_text_is_shown_from_its_beginning() -> None:
    (fragment,) = cut("One two three women four.", "women")
    assert (fragment.start, fragment.text) == (0, "One two three women four.")


def test_a_fragment_begins_at_the_sentence_of_its_mark() -> None:
    (fragment,) = cut(f"{FILLER}At the end the women spoke. {FILLER}", "women")
    assert fragment.text.startswith("At the end the women spoke.")
    assert marked((fragment,)) == ["women"]


def test_the_part_with_most_words_is_chosen() -> None:
    text = f"{FILLER}women alone. {FILLER}women and leaders together. {FILLER}"
    (fragment,) = cut(text, "women leaders")
    assert marked((fragment,)) == ["women", "leaders"]


def test_words_far_apart_get_a_fragment_each_in_the_order_of_the_text() -> None:
    fragments = cut(f"{FILLER}The leaders came. {FILLER}The women spoke. {FILLER}", "women leaders")
    assert marked(fragments) == ["leaders", "women"]
    assert fragments[0].start < fragments[1].start


def test_without_a_match_the_beginning_is_shown() -> None:
    (fragment,) = cut(FILLER, "women")
    assert fragment.start == 0
    assert 0 < len(fragment.text) <= SIZE + 20
    assert fragment.marks == ()


@pytest.mark.parametrize(
    ("sentence", "query", "language", "most"),
    [
        pytest.param("The women spoke of boats. ", "women", "en", SIZE + 20, id="English"),
        pytest.param("Các phụ nữ nói về thuyền. ", "phụ", "vi", SIZE + 20, id="Vietnamese"),
        pytest.param("妇女们在论坛上谈论船只。", "妇女", "zh", SIZE // 2 + 20, id="Chinese"),
        pytest.param("フォーラムで女性たちが船について話した。", "女性", "ja", SIZE // 2 + 20, id="Japanese"),
        pytest.param(
            "2025年AI论坛在南宁举行，妇女们谈论船只。", "AI", "zh", SIZE // 2 + 20, id="Latin letters within Chinese"
        ),
    ],
)
def test_a_fragment_takes_up_the_same_room_in_every_script(sentence: str, query: str, language: str, most: int) -> None:
    (fragment,) = cut(sentence * 30, query, language)
    assert most - 80 <= len(fragment.text) <= most


def test_a_fragment_says_whether_the_text_goes_on() -> None:
    long = "Women met. " + "They spoke of boats and nets. " * 20
    assert [fragment.more for fragment in cut(long, "women")] == [True]
    assert [fragment.more for fragment in cut("Women met. ", "women")] == [False]


def test_an_empty_text_has_no_fragment() -> None:
    assert cut("", "women") == ()


def test_an_excluded_word_is_not_marked() -> None:
    assert marked(cut("women and leaders", "women -leaders")) == ["women"]


def test_a_phrase_is_one_mark() -> None:
    assert marked(cut("the women leaders met women", '"women leaders"')) == ["women leaders"]


def test_overlapping_marks_are_one() -> None:
    assert marked(cut("妇女论坛开幕", "妇女 女论坛", "zh")) == ["妇女论坛"]


def test_a_mark_covers_a_decomposed_word_whole() -> None:
    assert marked(cut("hội phu\u0323 nu\u031b\u0303 mới", "phu", "vi")) == ["phu\u0323"]


def test_a_title_is_shown_whole() -> None:
    title = "Women of the model forum"
    fragment = title_fragment(title, places("title:forum", title))
    assert (fragment.start, fragment.text) == (0, "Women of the model forum")
    assert marked((fragment,)) == ["forum"]


@pytest.mark.parametrize("code", ["km", "th", "lo", "my"])
def test_no_fragment_cuts_a_cluster(code: str) -> None:
    sentence = SENTENCES[code].replace(" ", "")
    text = sentence * 20
    (fragment,) = cut(text, sentence[8:40].strip(), code)[:1]
    borders = {m.start() for m in regex.finditer(r"\X", text)} | {len(text)}
    assert fragment.start in borders
    assert fragment.start + len(fragment.text) in borders


@pytest.mark.parametrize("mark", ["\ufe00", "\u0301", "\u200d"])
@pytest.mark.parametrize("before", ["。", " ", ". "])
def test_what_joins_with_a_sentence_or_space_stays_with_it(before: str, mark: str) -> None:
    text = "字" * 300 + "word " * 30 + before + mark + "abc women " + "word " * 20 + before + mark + "字" * 300
    borders = {m.start() for m in regex.finditer(r"\X", text)} | {len(text)}
    for fragment in cut(text, "women"):
        assert {fragment.start, fragment.start + len(fragment.text)} <= borders


@pytest.mark.parametrize("before", ["", "x", "xx"])
def test_flags_stay_whole(before: str) -> None:
    text = f"women {before}" + "\U0001f1e9\U0001f1ea" * 300
    (fragment,) = cut(text, "women")
    assert (len(fragment.text) - len(f"women {before}")) % 2 == 0


def test_no_match_is_parted_by_the_end_of_a_fragment() -> None:
    for pad in range(150, 215):
        text = "alpha " + ("nothing of note " * 20)[:pad].rsplit(" ", 1)[0] + " women leaders met" + " and zz" * 60
        assert "women leaders" in marked(cut(text, 'alpha "women leaders"'))


def test_every_match_in_a_fragment_is_marked_however_many_there_are() -> None:
    far = "z" * 145 + " "
    text = ("a " + far) * 60 + ". a b " + "w" * 196 + " a a b a a a. " + "q" * 10 + " more words follow here" * 30
    for fragment in cut(text, "a b"):
        found = [match.span() for match in regex.finditer(r"\b[ab]\b", fragment.text)]
        assert list(fragment.marks) == found


words = st.sampled_from(
    [*"abc", "women", "leaders", "女性", "论坛", "ผู้หญิง", "ស្ត្រី", "phụ", "e\u0301", ".", "。", "\n", "\u200b", "x" * 90]
)
spaced = st.lists(words, max_size=120).flatmap(lambda parts: st.sampled_from([" ".join(parts), "".join(parts)]))


@given(spaced, st.sampled_from(["women", "女", "女性论坛", "ผู้หญิง", "ស្ត្រី", "phu", "a b", '"a b"', "lead*", "xx*"]))
def test_fragments_are_parts_of_the_text_and_marks_lie_in_them(text: str, query: str) -> None:
    fragments = cut(text, query)
    assert len(fragments) <= FRAGMENTS
    for fragment in fragments:
        assert text[fragment.start : fragment.start + len(fragment.text)] == fragment.text
        assert fragment.text
        ends = [0, *(at for mark in fragment.marks for at in mark), len(fragment.text)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in fragment.marks)
    for one, after in itertools.pairwise(fragments):
        assert one.start + len(one.text) <= after.start
