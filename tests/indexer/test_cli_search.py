"""The commands index, search and check: what they print."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from archive import Context, Home
from indexer.cli_search import check, index, search
from tests.indexer.reports import languages_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return languages_home(tmp_path)


def run(home: Home, command: click.Command, *args: str) -> Result:
    return CliRunner().invoke(command, args, obj=Context(home.path), catch_exceptions=False)


def test_index_says_what_was_done(home: Home) -> None:
    assert run(home, index).output == "index 0001.1 built anew: 11 reports written, 0 removed\n"
    assert run(home, index).output == "index 0001.1 brought up to date: 0 reports written, 0 removed\n"
    assert json.loads(run(home, index, "--rebuild", "--json").output)["generation"] == "0002.1"


def test_search_prints_hits_with_their_marks(home: Home) -> None:
    run(home, index)
    output = run(home, search, "ស្ត្រី").output
    assert "1-1 of 1 reports" in output
    assert "វេទិកា«ស្ត្រី»គំរូ" in output
    assert "The Made-up Post · 2025-07-03 · km · edition 2025" in output
    assert "searched: 10 reports" in output


def test_search_says_how_many_others_there_are(home: Home) -> None:
    run(home, index)
    assert "1 more of another relation to the forum" in run(home, search, "leader").output


def test_search_takes_filters(home: Home) -> None:
    run(home, index)
    args = (
        "--language",
        "vi",
        "--language",
        "km",
        "--from",
        "2025-07-02",
        "--to",
        "2025-07-31",
        "--sort",
        "oldest",
        "--json",
    )
    page = json.loads(run(home, search, "", *args).output)
    assert [hit["report"]["id"] for hit in page["hits"]] == ["km", "vi"]
    assert page["request"]["date_from"] == "2025-07-02"
    assert json.loads(run(home, search, "--relation", "other", "--json").output)["total"] == 1


def test_nothing_found_is_no_failure(home: Home) -> None:
    run(home, index)
    result = run(home, search, "zzz")
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "0 reports for zzz")


def test_where_nothing_is_found_other_queries_are_named(home: Home) -> None:
    run(home, index)
    assert "leadres~2 finds" in run(home, search, "leadres").output


def test_check_says_where_the_words_stand(home: Home) -> None:
    output = run(home, check, "leaders of the model forum met").output
    assert output.startswith("verbatim: word for word in 1 text\n")
    assert "“leaders of the model forum met”" in output
    assert "Not found in 11 texts of 11 reports." in run(home, check, "nothing of this kind was said").output
    assert "Too short" in run(home, check, "no").output


def test_check_as_json_has_the_verdict(home: Home) -> None:
    found = json.loads(run(home, check, "各地代表出席", "--json").output)
    assert (found["verdict"], found["matches"][0]["report"]["id"]) == ("verbatim", "zh")
