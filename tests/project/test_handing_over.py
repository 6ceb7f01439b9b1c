"""The archive handed over by the command: out as every format, and back as a home that answers the same."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive import Home
from podium import main
from tests.withdrawing import make_home

ASKED = ("search", "", "--relation", "any", "--json")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("handing") / "home")


def podium(home: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *map(str, arguments)])


def answer(home: Path) -> list[tuple[str, str, str]]:
    """The reports a search for all gives, in order, without what depends on the machine's clock."""
    found = json.loads(podium(home, *ASKED).stdout)
    return [(hit["report"]["id"], hit["report"]["version"], hit["title"]["text"]) for hit in found["hits"]]


@pytest.mark.parametrize("way", ["backup", "bag"])
def test_a_restored_home_answers_the_same(home: Home, tmp_path: Path, way: str) -> None:
    if way == "backup":
        made = podium(home.path, "backup", tmp_path / way)
    else:
        made = podium(home.path, "export", "--format", "bag", "-o", tmp_path / way)
    assert made.exit_code == 0, made.output
    restored = podium(tmp_path / "restored", "restore", tmp_path / way)
    assert restored.exit_code == 0, restored.output
    assert answer(tmp_path / "restored") == answer(home.path) != []
    assert "all holds" in podium(tmp_path / "restored", "verify").output


def test_a_wacz_of_an_archive_is_an_archive_again(home: Home, tmp_path: Path) -> None:
    assert podium(home.path, "export", "--format", "wacz", "-o", tmp_path / "all.wacz").exit_code == 0
    other = tmp_path / "other"
    assert podium(other, "init", "--collection", home.path / "collection.toml").exit_code == 0
    taken = podium(other, "import", tmp_path / "all.wacz")
    assert taken.exit_code == 0, taken.output
    assert {id for id, _, _ in answer(other)} == {id for id, _, _ in answer(home.path)}


def test_a_query_chooses_and_the_order_is_that_of_the_hits(home: Home) -> None:
    hits = [id for id, _, _ in answer(home.path)]
    rows = csv.DictReader(io.StringIO(podium(home.path, "export", "--format", "csv", "--relation", "any").stdout))
    assert {row["id"] for row in rows} == set(hits)
    found = json.loads(podium(home.path, "search", "herons", "--relation", "any", "--json").stdout)
    out = podium(home.path, "export", "herons", "--format", "jsonl", "--relation", "any")
    assert out.exit_code == 0
    assert [json.loads(line)["id"] for line in out.stdout.splitlines()] == [
        hit["report"]["id"] for hit in found["hits"]
    ]
    assert found["hits"]
    assert '("herons", relation any)' in out.stderr


@pytest.mark.parametrize("query", ["", "herons", "herons OR marsh"])
@pytest.mark.parametrize("trust", ["official", "newspaper"])
def test_filters_choose_as_in_a_search(home: Home, query: str, trust: str) -> None:
    chosen = ["--relation", "any", "--trust", trust]
    found = json.loads(podium(home.path, "search", query, *chosen, "--size", "100", "--json").stdout)
    out = podium(home.path, "export", query, "--format", "jsonl", *chosen)
    assert {json.loads(line)["id"] for line in out.stdout.splitlines()} == {
        hit["report"]["id"] for hit in found["hits"]
    }
    assert bool(found["total"]) == (trust == "newspaper")


def test_the_summary_of_an_export_is_json_where_that_is_asked_for(home: Home, tmp_path: Path) -> None:
    out = podium(home.path, "export", "--format", "warc", "-o", tmp_path / "all.warc.gz", "--json")
    summary = json.loads(out.stdout)
    assert (summary["format"], summary["captures"] > 0, len(summary["sha256"])) == ("warc", True, 64)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "--format", "wacz"], "-o"),
        (["export", "--format", "csv", "-o", "/nowhere/a.csv"], "no such folder"),
        (["export", "--format", "csv", "--edition", "1850", "x"], "no edition '1850'"),
        (["export", "--format", "csv", "--edition", "1850"], "no edition '1850'"),
        (["export", "x", "--format", "bag", "-o", "bag"], "whole archive"),
        (["restore", "/nowhere"], "neither a backup nor a bag"),
    ],
    ids=["no file", "no folder", "no edition", "no edition without a query", "bag of a query", "no backup"],
)
def test_what_cannot_be_is_one_clear_line(home: Home, arguments: list[str], said: str) -> None:
    result = podium(home.path, *arguments)
    assert result.exit_code == (2 if "edition" in said else 1)
    assert [said in line for line in result.stderr.splitlines() if line.startswith("Error: ")] == [True]
