"""Analysis: tokens of every script, with true offsets."""

import unicodedata

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from archive import fold_plain
from indexer.analysis import SEPARATOR, Kind, analyse, analysis_stamp
from indexer.stemming import stems
from tests.indexer.reports import SENTENCES

alphabet = (
    "".join(SENTENCES.values())
    + "aé e\u0301 ữ u\u031b\u0303 ﬁ ß 中国—东盟·\u200b\u00ad か\u3099 ｶﾞ ๙ \u0e4d\u0e32 한국 1st 2025年7月 '’“”-"
)
texts = st.text(alphabet=alphabet, max_size=80) | st.text(max_size=40)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        pytest.param("Women's ASEAN-China, 9th", ["women", "s", "asean", "china", "9th"], id="Latin"),
        pytest.param("PHU\u0323 NU\u031b\u0303", ["phụ", "nữ"], id="decomposed Vietnamese"),
        pytest.param("婦女論壇", ["妇~女", "女~论", "论~坛", "坛~"], id="Han"),
        pytest.param("女", ["女~"], id="one character"),
        pytest.param("中国—东盟", ["中~国", "国~东", "东~盟", "盟~"], id="a dash between characters"),
        pytest.param("第18届", ["第~", "18", "届~"], id="digits among characters"),
        pytest.param("ผู้หญิง", ["ผู้~ห", "ห~ญิ", "ญิ~ง", "ง~"], id="Thai"),
        pytest.param("ກິນ", ["ກິ~ນ", "ນ~"], id="Lao"),
        pytest.param("သမီး", ["သ~မီ", "မီ~း", "း~"], id="Burmese"),
        pytest.param("女性フォーラム", ["女~性", "性~フ", "フ~ォ", "ォ~ー", "ー~ラ", "ラ~ム", "ム~"], id="Japanese"),
        pytest.param("… — !", [], id="nothing"),
    ],
)
def test_tokens_of_each_script(text: str, terms: list[str]) -> None:
    assert [term.replace(SEPARATOR, "~") for term in analyse(text).terms] == terms


def test_khmer_women_is_one_unit() -> None:
    tokens = analyse("ស្ត្រី")
    assert len(tokens) == 1
    assert tokens.alone(0)


def test_a_unit_is_alone_only_without_a_neighbour() -> None:
    tokens = analyse("妇女 女")
    assert [tokens.alone(i) for i in range(len(tokens))] == [False, False, True]


def test_a_plain_letter_does_not_begin_the_token_of_a_marked_one() -> None:
    assert not analyse("กิน").terms[0].startswith(analyse("ก").terms[0])


def test_stems_join_the_forms_of_a_word_in_its_language() -> None:
    assert stems(["leaders"], "en") == stems(["leader"], "en")
    assert stems(["pekerja"], "ms") == stems(["bekerja"], "id")
    assert stems(["leaders"], "en") != stems(["leaders"], "fr")
    assert stems(["phụ"], "vi") == []


def test_the_stamp_names_the_packages_tokens_depend_on() -> None:
    assert all(name in analysis_stamp() for name in ("regex-", "OpenCC-", "snowballstemmer-", "unicode-"))


def letters(text: str) -> str:
    return "".join(regex.findall(r"[\p{L}\p{N}\p{M}]", text))


@given(texts)
def test_every_token_lies_in_the_text_and_is_what_stands_there(text: str) -> None:
    in_order = "".join(unicodedata.normalize("NFD", character) for character in text)
    assume(unicodedata.normalize("NFD", text) == in_order)  # marks that change places are true to their letter only
    tokens = analyse(text)
    for i, term in enumerate(tokens.terms):
        start, end = tokens.starts[i], tokens.ends[i + tokens.width(i) - 1]
        assert 0 <= start < end <= len(text)
        shown, there = letters(term), letters(fold_plain(text[start:end]))
        expands = any(len(fold_plain(character)) > 1 for character in text[start:end])
        assert shown in there if expands else shown == there


@given(texts)
def test_tokens_stand_in_the_order_of_the_text(text: str) -> None:
    tokens = analyse(text)
    assert tokens.starts == sorted(tokens.starts)
    assert tokens.ends == sorted(tokens.ends)
    assert len(tokens.terms) == len(tokens.kinds) == len(tokens.starts) == len(tokens.ends)


@given(texts)
def test_folded_text_has_the_tokens_of_the_text(text: str) -> None:
    assert analyse(fold_plain(text)).terms == analyse(text).terms


@given(texts)
def test_a_pair_is_followed_by_a_unit(text: str) -> None:
    kinds = analyse(text).kinds
    assert all(kinds[i + 1] is not Kind.WORD for i, kind in enumerate(kinds) if kind is Kind.PAIR)
