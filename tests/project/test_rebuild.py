"""The sample forum's archive, made again from its WARC files and its ledger: everything is as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive import Home
from indexer import verify_index
from podium import main
from tests.rows import rows


@pytest.fixture
def home(demo_home: Home, tmp_path: Path) -> Home:
    shutil.copytree(demo_home.path, tmp_path / "home")
    return Home.open(tmp_path / "home")


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home.path), *arguments, "--json"])


def found(home: Home) -> list[dict[str, Any]]:
    """What searches answer, but for the name of the index."""
    answers = []
    for query in ("", "women", "女", "perempuan", "phụ nữ"):
        answer = json.loads(run(home, "search", query, "--relation", "any", "--size", "100").stdout)
        del answer["generation"]
        answers.append(answer)
    return answers


def test_catalogue_and_index_are_as_they_were(home: Home) -> None:
    with home.catalogue() as catalogue:
        report = next(catalogue.reports())
        quote = next(catalogue.quotes())
    for id, field, value in ((report.id, "title", "A corrected title"), (quote.id, "speaker", "Someone Sample")):
        assert run(home, "correct", id, field, value, "--reason", "as a test").exit_code == 0
    before, answers = rows(home), found(home)
    for path in [*home.path.glob("catalogue.sqlite*"), home.index / "CURRENT", home.warc / "MANIFEST-sha256"]:
        path.unlink(missing_ok=True)
    rebuilt = run(home, "rebuild")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert rows(home) == before
    assert found(home) == answers
    verified = run(home, "verify")
    assert verified.exit_code == 0, verified.output
    assert json.loads(verified.stdout)["problems"] == []


def test_what_is_wrong_with_derived_rows_and_index_is_found_and_mended_by_the_command_named(home: Home) -> None:
    before = rows(home)
    harms = (
        ("UPDATE quotes SET speaker = 'Somebody Else' WHERE rowid = (SELECT min(rowid) FROM quotes)", "rebuild"),
        ("UPDATE reports SET published = '1999-01-01' WHERE rowid = (SELECT min(rowid) FROM reports)", "rebuild"),
        ("UPDATE descriptions SET description = CAST(replace(CAST(description AS TEXT), 'e', 'f') AS BLOB)", "rebuild"),
    )
    for sql, _ in harms:
        with home.catalogue() as catalogue:
            assert catalogue.connection.execute(sql).rowcount
        problems = json.loads(run(home, "verify").stdout)["problems"]
        assert {problem["mend"] for problem in problems if problem["file"] == "catalogue.sqlite"} == {"podium rebuild"}
    assert run(home, "rebuild").exit_code == 0
    assert rows(home) == before
    events = [json.loads(line) for line in run(home, "history", "--kind", "fixity").stdout.splitlines()]
    assert len(events) == len(harms)
    assert all(event["after"]["problems"] for event in events)


def test_a_bit_flipped_in_the_index_is_found(home: Home) -> None:
    assert verify_index(home) == ()
    folder = home.index / (home.index / "CURRENT").read_text().strip()
    files = [path for path in folder.iterdir() if path.suffix not in (".sha256", "")]
    assert files
    for path in files:
        whole = path.read_bytes()
        at = len(whole) * 2 // 3
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :])
        (problem, *_) = verify_index(home)
        assert (problem.mend, problem.file.startswith("index")) == ("podium index --rebuild", True)
        path.write_bytes(whole)


def test_an_index_of_another_state_than_the_catalogue_is_found(home: Home) -> None:
    with home.catalogue() as catalogue:
        report = next(catalogue.reports())
        catalogue.connection.execute("UPDATE reports SET title = 'another' WHERE id = ?", (report.id,))
    (problem,) = verify_index(home)
    assert report.id in problem.problem
