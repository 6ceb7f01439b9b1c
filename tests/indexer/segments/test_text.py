"""Texts as a segment keeps them: whole and in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.segments import Text, encode_text


def kept(text: str) -> Text:
    """The text among other bytes."""
    content = encode_text(text)
    return Text(memoryview(b"\x02" + content + b"\x01a"), 1, 1 + len(content))


@given(st.text(st.characters(exclude_categories=())), st.integers(0, 40), st.integers(0, 40))
def test_a_part_is_what_a_slice_of_the_text_is(text: str, start: int, size: int) -> None:
    found = kept(text)
    assert (found.length, str(found)) == (len(text), text)
    start = min(start, len(text))
    end = min(start + size, len(text))
    assert found.part(start, end) == text[start:end]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        pytest.param("", 1, id="empty"),
        pytest.param("women", 1, id="ASCII"),
        pytest.param("fête", 1, id="Latin-1"),
        pytest.param("phụ nữ", 2, id="Vietnamese"),
        pytest.param("妇女论坛", 2, id="Chinese"),
        pytest.param("women \U00020000", 4, id="beyond the first plane"),
        pytest.param("\ud83d\ude00", 4, id="halves of a pair, which two bytes each would join"),
    ],
)
def test_characters_take_the_room_of_the_widest(text: str, width: int) -> None:
    assert len(encode_text(text)) == 1 + width * len(text)
    assert str(kept(text)) == text
