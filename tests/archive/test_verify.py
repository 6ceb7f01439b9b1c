"""Whatever is changed behind the archive's back is found, with its file and the command that mends it."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Defect, Home, note_fixity, verify
from archive.imports import import_file
from tests.archive.making import add
from tests.rows import rows


@pytest.fixture
def filled(home: Home) -> Home:
    with home.lock(what="test") as writer:
        for n in range(5):
            add(writer, f"http://example.org/{n}", b"<p>%d</p>" % n * 20)
    return home


@pytest.fixture
def closed(home: Home, tmp_path: Path) -> Home:
    """A home with a file that was closed, one that is open, and two imports, one of them of broken records."""
    small = replace(home, settings=replace(home.settings, warc_size=1500))
    with small.lock(what="test") as writer:
        for n in range(4):
            add(writer, f"http://example.org/{n}", b"<p>%d</p>" % n * 20)
            writer.flush()
    source = next(path for path in sorted(home.warc.glob("[0-9]*.warc.gz")))
    whole = source.read_bytes()
    with home.lock(what="test") as writer:
        for name, content in (("copy.warc.gz", whole), ("torn.warc.gz", whole[:-30])):
            (tmp_path / name).write_bytes(content)
            import_file(tmp_path / name, writer=writer, ledger=home.ledger, who="owner")
    return home


def closed_paths(home: Home) -> list[Path]:
    with home.catalogue() as catalogue:
        return [home.warc / file["name"] for file in catalogue.files() if file["sha256"]]


def test_an_untouched_archive_holds(filled: Home) -> None:
    found = verify(filled)
    assert found.holds
    assert (found.files, found.captures) == (1, 5)


def test_known_defects_of_imports_are_listed_apart_and_are_no_failure(closed: Home) -> None:
    found = verify(closed)
    assert found.holds
    assert [defect.file.endswith("torn.warc.gz") for defect in found.known] == [True]


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_bit_flipped_anywhere_in_a_closed_file_is_found(closed: Home, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(closed_paths(closed)))
    whole = path.read_bytes()
    region = data.draw(st.sampled_from(["gzip head", "gzip tail", "anywhere"]))
    member = data.draw(st.sampled_from([at for at in range(len(whole)) if whole.startswith(b"\x1f\x8b\x08", at)]))
    places = {
        "gzip head": st.integers(member, min(member + 9, len(whole) - 1)),
        "gzip tail": st.integers(len(whole) - 8, len(whole) - 1),
        "anywhere": st.integers(0, len(whole) - 1),
    }
    at, bit = data.draw(places[region]), data.draw(st.integers(0, 7))
    path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << bit)]) + whole[at + 1 :])
    try:
        problems = verify(closed).problems
    finally:
        path.write_bytes(whole)
    name = str(path.relative_to(closed.warc))
    assert (name, "restore the file from a backup") in {(problem.file, problem.mend) for problem in problems}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_manifest_is_read_by_sha256sum(closed: Home) -> None:
    def check() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sha256sum", "-c", "MANIFEST-sha256"], cwd=closed.warc, capture_output=True, text=True, check=False
        )

    assert check().returncode == 0
    assert check().stdout.count(": OK") == len(closed_paths(closed)) >= 3
    path = closed_paths(closed)[0]
    path.write_bytes(path.read_bytes() + b"\0")
    assert f"{path.name}: FAILED" in check().stdout


def test_a_flipped_byte_of_the_open_file_is_found_with_its_offset(filled: Home) -> None:
    path = next(filled.warc.glob("[0-9]*.warc.gz"))
    whole = path.read_bytes()
    with filled.catalogue() as catalogue:
        spans = [(c.offset, c.length) for c in catalogue.captures()]
    rng = random.Random(7)
    for _ in range(30):
        offset, length = rng.choice(spans)
        at = offset + rng.randrange(10, length)  # the gzip header's own first bytes carry no content
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :])
        problems = verify(filled).problems
        assert problems, at
        assert all(problem.file == path.name and problem.mend for problem in problems)
        assert offset in {problem.offset for problem in problems}


def test_a_missing_file_is_found(filled: Home) -> None:
    next(filled.warc.glob("[0-9]*.warc.gz")).unlink()
    assert [problem.problem for problem in verify(filled).problems] == ["is missing"]


def run_sql(sql: str) -> Callable[[Home], None]:
    def change(home: Home) -> None:
        with home.catalogue() as catalogue:
            assert catalogue.connection.execute(sql).rowcount > 0

    return change


def drop_from_manifest(home: Home) -> None:
    path = home.warc / "MANIFEST-sha256"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))


def cut_import_short(home: Home) -> None:
    shutil.copy(closed_paths(home)[0], home.warc / "imports" / ("0" * 64 + "-cut.warc.gz"))


CHANGES = {
    "a digest": run_sql("UPDATE captures SET sha256 = 'no' WHERE url LIKE '%/3'"),
    "an address": run_sql("UPDATE captures SET urlkey = 'org,example)/x' WHERE url LIKE '%/3'"),
    "how it was found": run_sql("UPDATE captures SET how = 'otherwise' WHERE url LIKE '%/3'"),
    "a row that is gone": run_sql("DELETE FROM captures WHERE url LIKE '%/3'"),
    "a digest of a file": run_sql("UPDATE files SET sha256 = 'no' WHERE kind = 'own'"),
    "a line of the manifest": drop_from_manifest,
    "a known defect": run_sql("UPDATE defects SET problem = 'none at all'"),
    "an import that was cut short": cut_import_short,
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_the_catalogue_says_otherwise_is_found_and_rebuild_mends_it(closed: Home, what: str) -> None:
    from archive import rebuild_facts

    before = rows(closed)
    CHANGES[what](closed)
    problems = verify(closed).problems
    assert problems
    assert any("podium rebuild" in (problem.mend or "") for problem in problems)
    rebuild_facts(closed)
    assert verify(closed).problems == ()
    if what != "an import that was cut short":
        assert rows(closed) == before


def test_entries_taken_out_of_the_ledger_are_found_after_a_verify(closed: Home) -> None:
    note_fixity(closed, {}, who="owner")
    path = closed.ledger.path("imports")
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    (problem,) = verify(closed).problems
    assert (problem.file, problem.mend) == ("ledger/imports.jsonl", "restore the file from a backup")


def test_a_changed_line_of_the_ledger_is_found(closed: Home) -> None:
    path = closed.ledger.path("imports")
    path.write_bytes(path.read_bytes().replace(b"owner", b"other", 1))
    assert [(p.file, p.problem[:17]) for p in verify(closed).problems] == [
        ("ledger/imports.jsonl", "line 1 was change")
    ]


def test_a_bit_flipped_in_the_catalogue_is_found_or_changes_nothing(closed: Home) -> None:
    before = rows(closed)
    with closed.catalogue() as catalogue:
        catalogue.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole = closed.catalogue_path.read_bytes()
    rng = random.Random(5)
    found = 0
    for _ in range(60):
        at = rng.randrange(len(whole))
        closed.catalogue_path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :])
        for ending in ("-wal", "-shm"):
            closed.catalogue_path.with_name(closed.catalogue_path.name + ending).unlink(missing_ok=True)
        problems = _problems(closed)
        found += bool(problems)
        assert problems or rows(closed) == before, at
    assert found


def _problems(home: Home) -> list[str] | tuple[Defect, ...]:
    from archive import CatalogueError

    try:
        return verify(home).problems
    except CatalogueError as exc:
        return [str(exc)]
