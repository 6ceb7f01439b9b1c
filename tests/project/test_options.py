"""Options do what their help says, given as people give them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive import Home
from podium import main
from tests.withdrawing import COPY, OTHER, PAGE, PLANTED, UNLIKE, id_of, make_home

EVERY = {id_of(url) for url in (PAGE, COPY, UNLIKE)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("options") / "home")


def podium(home: Home, *arguments: str) -> Result:
    result = CliRunner().invoke(main, ["--home", str(home.path), *arguments])
    assert result.exit_code == 0, result.output
    return result


def told(home: Home, *arguments: str) -> Any:
    return json.loads(podium(home, *arguments, "--json").stdout)


def found(home: Home, *arguments: str) -> list[str]:
    return [hit["report"]["id"] for hit in told(home, "search", "--relation", "any", *arguments)["hits"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], EVERY),
        (["--edition", "2025"], {id_of(PAGE), id_of(COPY)}),
        (["--language", "en"], EVERY),
        (["--language", "vi"], set()),
        (["--publisher", "Heron Daily"], EVERY),
        (["--publisher", "Other"], set()),
        (["--trust", "newspaper"], EVERY),
        (["--trust", "official", "--trust", "agency"], set()),
        (["--relation", "edition"], {id_of(PAGE), id_of(COPY)}),
        (["--from", "2100-01-01"], set()),
        (["--to", "1999-12-31"], set()),
        (["lanterns", "--sort", "oldest"], {id_of(PAGE), id_of(COPY)}),
    ],
    ids=lambda value: " ".join(sorted(value)) or "none",
)
def test_a_search_is_narrowed(home: Home, arguments: list[str], expected: set[str]) -> None:
    assert set(found(home, *arguments)) == expected


def test_pages_of_a_search_follow_one_another(home: Home) -> None:
    pages = [found(home, "herons OR forum", "--size", "1", "--page", str(n)) for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [1, 1, 1, 0]
    assert [id for page in pages for id in page] == found(home, "herons OR forum")


def test_a_quote_is_checked_in_a_language(home: Home) -> None:
    quote = "Every heron deserves a dry place to stand"
    assert told(home, "check", quote, "--language", "en")["matches"]
    assert not told(home, "check", quote, "--language", "vi")["matches"]


def test_a_correction_is_taken_back(home: Home) -> None:
    def title() -> str:
        hits = told(home, "search", "--relation", "any")["hits"]
        return str(next(hit["report"]["title"] for hit in hits if hit["report"]["id"] == id_of(UNLIKE)))

    before = title()
    podium(home, "correct", id_of(UNLIKE), "title", "Herons again", "--reason", "a slip", "--by", "Ada Sample")
    assert title() == "Herons again"
    podium(home, "correct", id_of(UNLIKE), "title", "--undo", "--reason", "no slip", "--wait", "1")
    assert title() == before


def test_describing_and_rebuilding_take_the_processes_they_are_given(home: Home) -> None:
    before = found(home)
    podium(home, "describe", "--workers", "1", "--wait", "1")
    podium(home, "rebuild", "--force", "--workers", "1", "--wait", "1")
    podium(home, "index", "--rebuild", "--wait", "1")
    assert found(home) == before


def test_history_tells_of_one_kind(home: Home) -> None:
    podium(home, "correct", id_of(COPY), "edition", "2025", "--reason", "says so")
    assert kinds(home) >= {"corrections"} == kinds(home, "--kind", "corrections")
    assert kinds(home, "--kind", "withdrawals") == set()


def kinds(home: Home, *arguments: str) -> set[str]:
    return {json.loads(line)["kind"] for line in podium(home, "history", *arguments, "--json").stdout.splitlines()}


def test_an_erasure_is_not_asked_about_when_told_so(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    arguments = ["--level", "erase", "--reason", "privacy", "--ref", "letter 7", "--by", "Bo Example", "--yes"]
    podium(home, "withdraw", PAGE, *arguments)
    assert found(home, f'"{PLANTED}"') == []
    assert found(home, f'"{OTHER[:37]}"') == [id_of(UNLIKE)]
