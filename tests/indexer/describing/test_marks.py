import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.describing.quotes.frame import make_frame
from indexer.describing.quotes.marks import find_marked


def held(paragraph: str) -> list[str]:
    return [paragraph[marked.first : marked.last] for marked in find_marked(paragraph)]


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        pytest.param("a “one two” b “three”", ["one two", "three"], id="curly"),
        pytest.param('a "one two" b "three"', ["one two", "three"], id="straight"),
        pytest.param("a « one two » b", ["one two"], id="with spaces inside"),
        pytest.param("他说：「一『二』三」。", ["一『二』三"], id="the outermost of nested ones"),
        pytest.param("“one “two” three” four", ["one “two” three"], id="nested of one kind"),
        pytest.param("He said: “one\ttwo", ["one\ttwo"], id="never closed"),
        pytest.param("'Babies do not wait,' she said. 'So it sails.'", ["Babies do not wait,", "So it sails."], id="single"),
        pytest.param("the girls' school and the boys' school", [], id="genitives"),
        pytest.param("don't, can't, it's", [], id="apostrophes"),
        pytest.param("5 ' 3 \" tall", [], id="feet and inches"),
        pytest.param("“one's own”", ["one's own"], id="an apostrophe within"),
        pytest.param("“” “x”", [], id="nothing to speak of"),
    ],
)  # fmt: skip
def test_marks_hold(paragraph: str, expected: list[str]) -> None:
    assert held(paragraph) == expected


@given(st.text(alphabet="ab “”‘’\"'«»「」『』.,s", max_size=120))
def test_stretches_in_marks_follow_each_other_and_lie_in_the_paragraph(paragraph: str) -> None:
    end = 0
    for marked in find_marked(paragraph):
        assert end <= marked.start < marked.first < marked.last <= marked.end <= len(paragraph)
        end = marked.end


@given(st.text(alphabet="ab “”‘’\"'«»「」『』.,s", max_size=120))
def test_a_frame_leads_back_to_its_paragraph(paragraph: str) -> None:
    frame = make_frame(paragraph)
    assert len(frame.origin) == len(frame.text) + 1
    assert frame.back(0, len(frame.text)) == (0, len(paragraph))
    for number, place in enumerate(frame.places):
        assert frame.back(place, place + 1) == (frame.held[number].start, frame.held[number].end)
