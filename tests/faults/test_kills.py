"""kill -9 at random moments of a command: what it reported is there, and running it again ends as if it had not died."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import Home, verify, verify_capture
from archive.imports import import_file
from tests.conftest import Promise
from tests.faults.commands import COMMANDS
from tests.faults.killing import KILLS, Hits, Zygote, moments
from tests.rows import rows

pytestmark = pytest.mark.torture


def clear(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)


def lost_of(home: Home, reported: list[str]) -> list[str]:
    """What was reported as archived and is not there, or not whole."""
    with home.lock(what="test"):
        pass
    known = {defect.file for defect in verify(home).known}
    lost = []
    with home.catalogue() as catalogue:
        files = {file["name"]: file for file in catalogue.files()}
        for kept in reported:
            captures = list(catalogue.captures_in(kept))
            whole = all(verify_capture(home, capture) == () for capture in captures) or kept in known
            if not (home.warc / kept).is_file() or not files.get(kept, {}).get("sha256") or not whole:
                lost.append(kept)
    return lost


def test_imports_that_were_reported_are_kept_and_others_can_be_made_again(
    forking: Zygote, material: Path, new_home: Callable[[str], Home], promise: Promise
) -> None:
    whole = new_home("whole")
    events = forking.run("import", whole, material)["events"]
    expected = rows(whole)
    hits, lost, reported = Hits("import"), [], 0
    for how in moments(events, "import", KILLS):
        home = new_home("killed")
        answer = forking.run("import", home, material, **how)
        hits.note(answer)
        reported += len(answer["reported"])
        missing = lost_of(home, answer["reported"])
        problems = verify(home).problems
        assert all(problem.mend for problem in problems), problems
        with home.lock(what="test") as writer:
            for path in sorted(material.iterdir()):
                import_file(path, writer=writer, ledger=home.ledger, who="owner")
        if missing or rows(home) != expected or not verify(home).holds:
            lost.append((how, answer["events"][-1:], missing, different(rows(home), expected), verify(home).problems))
        clear(home.path)
    report(promise, hits, lost, "import killed with kill -9: reported files are whole, another run ends the same")
    assert reported or KILLS < 20


def test_describing_that_was_killed_is_ended_by_the_next_run(
    forking: Zygote, material: Path, new_home: Callable[[str], Home], promise: Promise
) -> None:
    base = new_home("base")
    forking.run("import", base, material)
    untouched = rows(base)
    whole = Home.open(shutil.copytree(base.path, base.path.with_name("whole")))
    events = forking.run("describe", whole, material)["events"]
    expected = rows(whole)
    hits, lost = Hits("describe"), []
    for how in moments(events, "describe", KILLS):
        home = Home.open(shutil.copytree(base.path, base.path.with_name("killed")))
        answer = forking.run("describe", home, material, **how)
        hits.note(answer)
        between = rows(home, without=("descriptions",))
        # What readers see is the state before or the state after, never a part of it.
        torn = all(between[table] not in (untouched[table], expected[table]) for table in ("reports", "versions"))
        facts_kept = all(between[table] == untouched[table] for table in ("captures", "files", "defects"))
        again = forking.run("describe", home, material)
        if torn or not facts_kept or again["error"] or rows(home) != expected or not verify(home).holds:
            lost.append((how, answer["events"][-1:], again["error"], different(rows(home), expected)))
        clear(home.path)
    report(promise, hits, lost, "describe killed with kill -9: readers see before or after, another run ends the same")


def test_a_rebuild_that_was_killed_is_ended_by_the_next_one(
    forking: Zygote, material: Path, new_home: Callable[[str], Home], promise: Promise
) -> None:
    base = new_home("base")
    forking.run("import", base, material)
    expected = rows(base)
    harmed(base)
    whole = Home.open(shutil.copytree(base.path, base.path.with_name("whole")))
    events = forking.run("rebuild", whole, material)["events"]
    assert rows(whole) == expected
    hits, lost = Hits("rebuild"), []
    for how in moments(events, "rebuild", KILLS):
        home = Home.open(shutil.copytree(base.path, base.path.with_name("killed")))
        answer = forking.run("rebuild", home, material, **how)
        hits.note(answer)
        again = forking.run("rebuild", home, material)
        if again["error"] or rows(home) != expected or not verify(home).holds:
            lost.append((how, answer["events"][-1:], again["error"], different(rows(home), expected)))
        clear(home.path)
    report(promise, hits, lost, "rebuild killed with kill -9: another run ends the same")


def harmed(home: Home) -> None:
    """Take away the catalogue, the manifest, and what stands beside a file whose records cannot be read alone."""
    for path in (*home.path.glob("catalogue.sqlite*"), home.warc / "MANIFEST-sha256"):
        path.unlink()
    next((home.warc / "imports").glob("*.recompressed.*")).unlink()


def different(found: dict[str, list[str]], expected: dict[str, list[str]]) -> list[str]:
    """The rows that are in one and not in the other."""
    return [row for table in expected for row in set(found[table]) ^ set(expected[table])]


def report(promise: Promise, hits: Hits, lost: list[Any], words: str) -> None:
    """Tell the promise and the stages, and hold both."""
    promise(words, sum(hits.stages.values()), len(lost), hit=hits.stages)
    assert lost == []
    if len(COMMANDS[hits.command].stages) <= KILLS * 3 // 4:
        assert hits.missed == set()
