"""Cutting texts into runs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive import Quote, QuoteKind
from webapp.text import cut, paragraphs

TEXT = st.text(alphabet="ab \n妇女ស្ត្រី<&", max_size=60)
SPANS = st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70)), max_size=6)


def quote(number: int, start: int, end: int, text: str) -> Quote:
    return Quote(
        id=f"q{number}", report="r", version="v", text=text[start:end], start=start, end=end, kind=QuoteKind.DIRECT, cue=None,
        speaker=None, role=None, language="en", rule="", confidence=1.0,
    )  # fmt: skip


@given(TEXT, SPANS)
def test_the_pieces_of_a_text_make_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    assert "".join(piece for piece, _ in cut(text, spans)) == text


@given(TEXT, SPANS)
def test_what_is_marked_is_what_the_spans_cover(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [marked for piece, marked in cut(text, spans) for _ in piece]
    assert inside == [any(start <= at < end for start, end in spans) for at in range(len(text))]


@given(TEXT, SPANS, SPANS)
def test_the_runs_of_paragraphs_are_the_lines_of_the_text(
    text: str, said: list[tuple[int, int]], hits: list[tuple[int, int]]
) -> None:
    quotes = [quote(n, start, end, text) for n, (start, end) in enumerate(said) if start < end <= len(text)]
    made = paragraphs(text, quotes=quotes, hits=hits)
    assert ["".join(run.text for run in runs) for runs in made] == [line for line in text.split("\n") if line.strip()]


@given(TEXT, SPANS)
def test_a_quote_and_a_hit_begin_once(text: str, spans: list[tuple[int, int]]) -> None:
    inside = sorted((start, end) for start, end in set(spans) if start < end <= len(text))
    quotes = [quote(n, start, end, text) for n, (start, end) in enumerate(inside)]
    runs = [run for line in paragraphs(text, quotes=quotes, hits=inside) for run in line]
    begun = [run.begins for run in runs if run.begins]
    numbered = [run.hit for run in runs if run.hit]
    assert len(begun) == len(set(begun))
    assert len(numbered) == len(set(numbered))


def test_nested_quotes_each_have_their_place() -> None:
    text = "He said: “She told me “go” and left.”"
    outer, inner = quote(1, 10, 36, text), quote(2, 23, 25, text)
    runs = [run for line in paragraphs(text, quotes=[outer, inner]) for run in line]
    assert [(run.text, run.quote) for run in runs if run.quote] == [
        ("She told me “", "q1"),
        ("go", "q2"),
        ("” and left.", "q1"),
    ]
    assert [run.begins for run in runs if run.begins] == ["q1", "q2"]
