"""A quote that was edited away is still found, with when it stood there. Pages and people are made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Home
from indexer import check, describe
from podium import main
from tests.indexer.test_describe import OPENED, SAID, fetch, page, supply

WORDS = "The bridge is ours and stays open"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.init(tmp_path / "home", settings={"workers": 1})
    fetch(home, page(OPENED, SAID))
    fetch(home, page(OPENED, SAID), day=1)
    fetch(home, page(OPENED, "The mayor spoke of the bridge."), day=3)
    fetch(home, page(OPENED, "The mayor spoke of the bridge, and left."), day=4)
    describe(home)
    return home


def test_it_is_found_in_the_version_that_had_it_and_gone_since(home: Home) -> None:
    result = check(home, WORDS)
    (match,) = result.matches
    assert result.verdict == "verbatim"
    assert (match.seen_first, match.seen_last) == ("20230916080000", "20230917080000")
    assert match.gone_since == "20230919080000"
    assert (match.latest, match.speaker) == (False, "Tilda Brask")


def test_the_command_says_so(home: Home) -> None:
    told = CliRunner().invoke(main, ["--home", str(home.path), "check", WORDS]).stdout
    assert "in the version of 20230917080000, gone since 20230919080000" in told


def test_words_that_came_back_are_not_gone(home: Home) -> None:
    fetch(home, page(OPENED, SAID), day=6)
    describe(home)
    (match,) = check(home, WORDS).matches
    assert (match.latest, match.gone_since, match.seen_last) == (True, None, "20230922080000")


def test_words_that_stand_in_every_version_are_one_match(home: Home) -> None:
    (match,) = check(home, "opened in Liuzhou today before many guests").matches
    assert match.latest
    assert len(match.versions) == 3


def test_words_only_of_a_later_supplied_text_are_not_gone(home: Home) -> None:
    supply(home, b"A scan of the evening paper has these words: the heron lands at dusk by the old lighthouse.", day=9)
    describe(home)
    (match,) = check(home, "the heron lands at dusk by the old lighthouse").matches
    assert (match.latest, match.gone_since) == (False, None)
