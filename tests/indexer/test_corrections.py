"""Corrections: kept over every describing, shown beside what the rules say. Pages, people and forums are made up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive import Correction, DecisionError, Field, Home, Quote, Relation, Report, correct
from indexer import describe
from indexer.describing import archive_pass
from podium import main
from tests.indexer.test_describe import OPENED, SAID, fetch, page

WHY = "the printed page says so"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.init(tmp_path / "home", settings={"workers": 1})
    fetch(home, page(OPENED, SAID))
    describe(home)
    return home


def report(home: Home) -> Report:
    with home.catalogue() as catalogue:
        return next(catalogue.reports())


def quotes(home: Home) -> list[Quote]:
    with home.catalogue() as catalogue:
        return list(catalogue.quotes())


def corrections(home: Home) -> tuple[Correction, ...]:
    with home.catalogue() as catalogue:
        return catalogue.corrections()


def decide(home: Home, id: str, field: str, value: str | None = None, **given: Any) -> None:
    correct(home, id, Field(field), value, **({"why": WHY, "who": "owner"} | given))
    describe(home)


CASES = [
    ("date", "2023-09", lambda r: r.published and (r.published.date.month, r.published.precision.value), (9, "month")),
    ("date", "none", lambda r: r.published, None),
    ("edition", "2023", lambda r: (r.relation, r.edition), (Relation.EDITION, "2023")),
    ("edition", "other", lambda r: (r.relation, r.edition), (Relation.OTHER, None)),
    ("title", "Women meet by the river", lambda r: r.title, "Women meet by the river"),
]


@pytest.mark.parametrize(("field", "value", "read", "expected"), CASES)
def test_a_corrected_report_stays_so_when_described_again_from_nothing(
    home: Home, field: str, value: str, read: Any, expected: Any
) -> None:
    decide(home, report(home).id, field, value)
    assert read(report(home)) == expected
    describe(home, anew=True)
    assert read(report(home)) == expected
    (correction,) = corrections(home)
    assert (correction.field, correction.why, correction.agrees) == (field, WHY, correction.rules == correction.value)


def test_a_speaker_is_corrected_in_every_version_that_has_the_words(home: Home) -> None:
    (quote,) = quotes(home)
    decide(home, quote.id, "speaker", "Orla Venn")
    fetch(home, page(OPENED, SAID, "A paragraph was added the day after."), day=1)
    describe(home)
    assert [(q.id, q.speaker) for q in quotes(home)] == [(quote.id, "Orla Venn")] * 2
    assert corrections(home)[0].rules == "Tilda Brask"


def test_what_is_no_quote_goes_and_comes_back_when_that_is_taken_back(home: Home) -> None:
    (quote,) = quotes(home)
    decide(home, quote.id, "not-a-quote")
    assert quotes(home) == []
    assert corrections(home)[0].rules == quote.text
    decide(home, quote.id, "not-a-quote", undo=True)
    assert quotes(home) == [quote]
    assert corrections(home) == ()


def test_it_is_said_when_the_rules_come_to_agree(home: Home) -> None:
    decide(home, report(home).id, "title", "Women meet anew")
    assert not corrections(home)[0].agrees
    fetch(home, page(OPENED, SAID, title="Women meet anew"), day=1)
    fetch(home, page(OPENED, SAID, "More.", title="Women meet anew"), day=2)
    describe(home)
    assert corrections(home)[0].agrees


def test_of_two_decisions_on_a_field_the_last_counts(home: Home) -> None:
    for title in ("first", "second"):
        decide(home, report(home).id, "title", title)
    assert report(home).title == "second"
    assert [correction.value for correction in corrections(home)] == ["second"]


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("date", "July", "is no date"),
        ("edition", "1955", "is no edition"),
        ("title", " ", "needs a value"),
        ("speaker", "X", "is a report"),
        ("not-a-quote", None, "is a report"),
    ],
)
def test_what_cannot_be_is_refused_and_not_kept(home: Home, field: str, value: str | None, problem: str) -> None:
    with pytest.raises(DecisionError, match=problem):
        decide(home, report(home).id, field, value)
    assert list(home.ledger.entries("corrections")) == []


def test_an_unknown_id_and_a_missing_reason_are_refused(home: Home) -> None:
    with pytest.raises(DecisionError, match="no such report or quote"):
        decide(home, "0" * 12, "title", "x")
    with pytest.raises(DecisionError, match="needs a reason"):
        decide(home, report(home).id, "title", "x", why=" ")


def shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the rules find the words of a quote without their last one, as another version of them might."""
    found = archive_pass._Page.quotes

    def shorter(self: Any) -> Sequence[Quote]:
        from dataclasses import replace
        from hashlib import sha256

        def cut(quote: Quote) -> Quote:
            text = quote.text.rsplit(" ", 1)[0]
            new = sha256(f"{quote.report} {text}".encode()).hexdigest()[:16]
            return replace(quote, id=new, text=text, end=quote.start + len(text))

        return [cut(quote) for quote in found(self)]

    monkeypatch.setattr(archive_pass._Page, "quotes", shorter)


def test_an_old_id_leads_to_the_quote_that_has_its_words_and_keeps_its_correction(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = quotes(home)
    decide(home, before.id, "speaker", "Orla Venn")
    shortened(monkeypatch)
    describe(home)
    (after,) = quotes(home)
    assert after.id != before.id
    assert after.speaker == "Orla Venn"
    with home.catalogue() as catalogue:
        assert catalogue.resolve(before.id) == after.id
    assert [(e["subject"], e["after"]) for e in home.ledger.entries("aliases")] == [(before.id, after.id)]


def test_what_is_no_quote_stays_none_when_the_rules_cut_it_otherwise(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(home, quotes(home)[0].id, "not-a-quote")
    shortened(monkeypatch)
    describe(home)
    assert quotes(home) == []


def run(home: Home, *arguments: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["--home", str(home.path), *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_command_corrects_search_follows_and_history_tells(home: Home) -> None:
    run(home, "index")
    id = report(home).id
    (told,) = run(home, "correct", id, "title", "Herons over the harbour", "--reason", WHY, "--by", "archivist")
    assert (told["correction"]["rules"], told["correction"]["value"]) == ("Women meet", "Herons over the harbour")
    (found,) = run(home, "search", "herons", "--relation", "any")
    assert [hit["report"]["id"] for hit in found["hits"]] == [id]
    (entry,) = run(home, "history", id)
    assert (entry["kind"], entry["who"], entry["why"]) == ("corrections", "archivist", WHY)
    assert (entry["before"]["value"], entry["now"]["rules"]) == ("Women meet", "Women meet")
    assert run(home, "history", "--kind", "fixity") == []


def test_the_command_refuses_in_one_line(home: Home) -> None:
    result = CliRunner().invoke(main, ["--home", str(home.path), "correct", "x", "date", "2020", "--reason", "r"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: x: no such report or quote")
