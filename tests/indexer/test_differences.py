"""What two texts differ in. The texts are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.differences import Kind, differing

TEXT = st.text(alphabet="ab .,\n女性กิ—é", max_size=60)


@given(TEXT, TEXT)
def test_passages_joined_are_the_two_texts_at_their_offsets(before: str, after: str) -> None:
    found = differing(before, after)
    later = [p for p in found.passages if p.kind is not Kind.VANISHED]
    earlier = [p for p in found.passages if p.kind is not Kind.APPEARED]
    assert "".join(p.text for p in later) == after
    assert "".join(p.text for p in earlier) == before
    assert all(after[p.start : p.start + len(p.text)] == p.text for p in later)
    assert all(before[p.start : p.start + len(p.text)] == p.text for p in earlier if p.kind is Kind.VANISHED)


@given(TEXT)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    found = differing(text, text)
    assert (found.size, found.appeared, found.vanished) == ("form", 0, 0)
    assert all(passage.kind is Kind.SAME for passage in found.passages)


LONG = "The harbour of Ostwick stays open to every boat that comes, said the keeper of the light on Monday. " * 5
CASES = {
    "other marks and spaces": (LONG, LONG.replace("comes, said", "comes ,  said").replace("The", "the"), "form"),
    "a word": (LONG, LONG.replace("Monday", "Tuesday", 1), "small"),
    "a sentence": (LONG, LONG + "Nobody had expected that the lanterns would be counted again. " * 2, "large"),
    "another text": (LONG, "Something else entirely was said.", "large"),
    "a character of Chinese": (
        "东盟妇女论坛在南宁开幕。" * 8,
        "东盟妇女论坛在南宁开幕。" * 7 + "东盟妇女论坛在桂林开幕。",
        "small",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_small_edits_are_told_from_large_ones(case: str) -> None:
    before, after, size = CASES[case]
    assert differing(before, after).size == size
    assert differing(after, before).size == size


def test_what_vanished_is_shown_as_whole_words_in_its_place() -> None:
    found = differing("One.\nShe said the bridge is ours.\nEnd.", "One.\nShe said the river is ours.\nEnd.")
    changed = [(p.kind, p.text) for p in found.passages if p.kind is not Kind.SAME]
    assert changed == [(Kind.VANISHED, "bridge"), (Kind.APPEARED, "river")]


def test_very_long_texts_are_told_apart_as_wholes() -> None:
    found = differing("a " * 6000, "b " * 6000)
    assert [p.kind for p in found.passages] == [Kind.VANISHED, Kind.APPEARED]
