from __future__ import annotations

import pytest

from archive import CollectionError, Difference, shipped_differences
from archive.collection import collection_text, parse_collection
from archive.collection_diff import Kind
from archive.records import Collection

KEY = "china-asean-women"


def shipped(*changes: tuple[str, str]) -> Collection:
    """The shipped collection as an owner's copy with changes."""
    text = collection_text(KEY)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse_collection(text, where="copy")


def lines(found: list[Difference]) -> set[str]:
    return {difference.as_text() for difference in found}


def test_a_fresh_copy_differs_in_nothing() -> None:
    assert shipped_differences(shipped()) == []


def test_what_the_shipped_collection_has_gained_is_one_line_for_a_whole_table() -> None:
    text = collection_text(KEY)
    start = text.index('[[sources]]\nkey = "sportiflae"')
    end = text.index('[[sources]]\nkey = "dexun"')
    found = shipped_differences(shipped((text[start:end], ""), ('"广西", ', "")))
    gained = {(d.kind, d.where) for d in found if "claims" not in d.where}
    assert gained == {(Kind.GAINED, "sources sportiflae"), (Kind.GAINED, "words zh 广西")}


def test_what_both_state_differently_is_changed() -> None:
    note = 'note = "Report of the opening."'
    found = shipped_differences(shipped(("minimum = 4", "minimum = 9"), (note, 'title = "Own"\n' + note)))
    assert "~ sources cri-filipino minimum: here 9, there 4" in lines(found)
    assert {d.kind for d in found} == {Kind.CHANGED}


def test_order_of_tables_and_lists_is_no_difference() -> None:
    found = shipped_differences(shipped(('en = ["China-ASEAN", "ASEAN-China"', 'en = ["ASEAN-China", "China-ASEAN"')))
    assert found == []


def test_a_collection_that_is_not_shipped_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(CollectionError, match=KEY):
        shipped_differences(shipped(('key = "china-asean-women"', 'key = "another"')))
