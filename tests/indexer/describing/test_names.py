import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.describing.names import CLOSE, NameFinder, comparable

TIES = ("中国—东盟", "China-ASEAN", "Guangxi", "广西", "จีน-อาเซียน")
FINDER = NameFinder(
    {
        "zh": ("中国—东盟妇女论坛",),
        "en": ("China-ASEAN Women's Forum", "Forum on Women"),
        "fr": ("Forum des femmes de l’ASEAN",),
        "th": ("เวทีสตรีจีน-อาเซียน",),
    },
    TIES,
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("中国-东盟妇女论坛", id="a hyphen"),
        pytest.param("中国·东盟妇女论坛", id="a dot"),
        pytest.param("中国东盟妇女论坛", id="nothing between"),
        pytest.param("中國—東盟婦女論壇", id="traditional"),
        pytest.param("中國(guó)—東盟(méng)婦女論壇(tán)", id="glossed with pinyin"),
        pytest.param("中国—东盟\n妇女论坛", id="a line end"),
        pytest.param("CHINA–ASEAN WOMEN’S FORUM", id="capitals, a long dash and a curly mark"),
        pytest.param("china - asean women's forum", id="spaces around the dash"),
        pytest.param("เวทีสตรี จีน–อาเซียน", id="a space between Thai words"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert len(FINDER.find(comparable(f"x {text} x"))) == 1


def test_a_name_does_not_end_within_a_word() -> None:
    assert FINDER.find(comparable("the China-ASEAN Women's Forums")) == []


def test_a_loose_name_needs_a_word_of_the_collection_near_it() -> None:
    assert FINDER.find(comparable("The Forum on Women met in Nairobi.")) == []
    assert len(FINDER.find(comparable("The Forum on Women met in Guangxi."))) == 1
    far = "x" * CLOSE
    assert FINDER.find(comparable(f"Guangxi. {far} The Forum on Women met. {far}")) == []


def test_the_longest_of_names_that_share_a_place_is_found() -> None:
    finder = NameFinder({"zh": ("妇女论坛", "中国—东盟妇女论坛")})
    assert [named.name for named in finder.find(comparable("中国—东盟妇女论坛"))] == [comparable("中国—东盟妇女论坛")]


@given(st.text(max_size=200))
def test_a_comparable_text_stays_as_it_is(text: str) -> None:
    once = comparable(text)
    assert comparable(once) == once


@given(st.text(alphabet="ab 中国东盟—-", max_size=30), st.text(alphabet="ab 中国东盟—-。", max_size=30))
def test_what_is_found_lies_in_the_text_and_is_a_name(before: str, after: str) -> None:
    text = comparable(f"{before}。中国—东盟妇女论坛{after}")
    found = FINDER.find(text)
    assert found
    assert all(text[named.start : named.end] == named.name for named in found)
