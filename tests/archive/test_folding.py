"""Folding: one form, and a true alignment."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.folding import fold, fold_plain, simplified, strip_marks

SCRIPTS = (
    string.ascii_letters + "éĐữİßǰ ﬁ…㎡①９Ａｶﾞｱか\u3099\u0301\u0323\u0307\u031b\u0338="
    "女東协裏\u200b\u00ad\ufeff“”«-–—กิ้ำ\u0e4d\u0e49\u0e32\u0e48๙ແມ່\u0ecd\u0ec8\u0eb2ໜສ្ត្រី\u17d2မျိုး한\u1112\u1161\u11ab｢｣´¨"
)
texts = st.text() | st.text(alphabet=SCRIPTS, max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Phụ nữ", "PHU\u0323 NU\u031b\u0303", id="composed and decomposed"),
        pytest.param("ＡＳＥＡＮ　２０２５", "asean 2025", id="width"),
        pytest.param("婦女論壇與東協", "妇女论坛与东协", id="traditional and simplified"),
        pytest.param("看著衞生", "看着卫生", id="regional forms"),
        pytest.param("น้ำ", "น\u0e49\u0e4d\u0e32", id="SARA AM in two, tone first"),
        pytest.param("น้ำ", "น\u0e4d\u0e49\u0e32", id="SARA AM in two, tone between"),
        pytest.param("ຄໍ່າ", "ຄ\u0ec8\u0eb3", id="Lao SARA AM in two"),
        pytest.param("ស្ត្រី", "ស\u17d2\u178a្រី", id="Khmer DA and TA below a letter"),
        pytest.param("“women’s” – «rights»", '"women\'s" - "rights"', id="quotes and dashes"),
        pytest.param("ແມ່\u200bຍິງ\ufeff", "ແມ່ຍິງ", id="zero width"),
        pytest.param("pe\u00adrem\u00adpuan", "perempuan", id="soft hyphen"),
        pytest.param("ｼﾞｪﾝﾀﾞｰ", "ジェンダー", id="half-width kana"),
        pytest.param("ครั้งที่ ๙", "ครั้งที่ 9", id="Thai digits"),
        pytest.param("STRASSE", "straße", id="sharp s"),
    ],
)
def test_one_text_written_in_two_ways_folds_to_one(one: str, other: str) -> None:
    assert fold_plain(one) == fold_plain(other)


def test_sara_am_stays_whole() -> None:
    assert fold_plain("น้ำ ຄຳ") == "น้ำ ຄຳ"


def test_a_spacing_accent_marks_no_letter() -> None:
    assert fold_plain("a¨b") == "a b"


def test_without_marks_only_latin_letters_change() -> None:
    assert strip_marks(fold_plain("Đại hội Phụ nữ น้ำ が")) == "dai hoi phu nu น้ำ が"


def test_no_simplified_character_is_changed_again() -> None:
    table = simplified()
    assert len(table) > 4000
    assert not set(table) & set(table.values())


def test_a_span_takes_in_whole_characters() -> None:
    folded = fold("a ﬁne nu\u031b\u0303 x")
    assert folded.text == "a fine nữ x"
    assert folded.span(2, 3) == (2, 3)  # the f of the ligature is the whole ligature
    assert folded.span(7, 9) == (6, 10)


def test_characters_that_show_nothing_leave_the_alignment_true() -> None:
    folded = fold("ab\u200bc女")
    assert (folded.text, tuple(folded.starts)) == ("abc女", (0, 1, 3, 4, 5))


@given(texts)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold_plain(text)
    assert fold_plain(once) == once


@given(texts)
def test_the_alignment_rises_and_ends_with_the_text(text: str) -> None:
    folded = fold(text)
    starts = list(folded.starts)
    assert len(starts) == len(folded.text) + 1
    assert starts == sorted(starts)
    assert starts[-1] == len(text)
    assert all(0 <= start < len(text) for start in starts[:-1])


@given(texts)
def test_without_marks_twice_is_without_marks_once(text: str) -> None:
    bare = strip_marks(fold_plain(text))
    assert strip_marks(bare) == bare
