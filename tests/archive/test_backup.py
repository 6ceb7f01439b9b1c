"""A backup is consistent while others write, grows by what changed, and gives the same archive back or none."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from archive import ExportError, Home, HomeError, back_up, restore, verify
from archive import durable as real
from archive.handover import backup as module
from archive.handover.held import MANIFEST_FILE, read_manifest
from archive.imports import import_file
from tests.archive import odd
from tests.archive.making import NOON, add

WRITER = """
import datetime as dt, itertools, os, sys
from archive import Home
from archive.imports import import_file
home = Home.open(sys.argv[1], warc_size=60_000)
with home.lock(what="test") as writer:
    for n in itertools.count():
        for k in range(5):
            writer.add_response(url=f"http://example.org/{n}-{k}", status=200, reason="OK", body=os.urandom(2000),
                                headers=[("Content-Type", "text/html")], fetched=dt.datetime.now(dt.UTC))
        writer.flush()
        print(n, flush=True)
"""


def facts(home: Home) -> list[str]:
    """The rows that come from files and ledger."""
    with home.catalogue() as catalogue:
        tables = ("captures", "files", "defects")
        return [repr(tuple(row)) for name in tables for row in catalogue.connection.execute(f"SELECT * FROM {name}")]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    """A home with an open file, a closed one, an import with a defect, and one recompressed."""
    with home.lock(what="test") as writer:
        for number in range(20):
            add(writer, f"http://example.org/{number}", f"<p>{number}</p>".encode())
        writer.flush()
    for name, content in {"a.warc": odd.DEFECTS["no date"][0], "b.warc.gz": odd.STREAMED["one member"]}.items():
        (tmp_path / name).write_bytes(content)
        with home.lock(what="import") as writer:
            import_file(tmp_path / name, writer=writer, ledger=home.ledger, who="test")
    (home.index / "0001").mkdir()
    (home.index / "0001" / "pickle").write_bytes(b"not to be carried")
    return home


def test_what_is_restored_is_the_same_archive_without_an_index(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    result = restore(tmp_path / "backup", tmp_path / "restored", who="test")
    assert result.problems == ()
    restored = Home.open(tmp_path / "restored")
    assert facts(restored) == facts(filled)
    assert contents(restored.warc) == contents(filled.warc)
    assert list(restored.index.iterdir()) == []
    assert not (tmp_path / "backup" / "index").exists()
    assert verify(restored).holds
    assert [entry["who"] for entry in restored.ledger.entries("restores")] == ["test"]
    with restored.lock(what="test") as writer:
        add(writer, "http://example.org/later")
    assert verify(restored).holds


def test_its_sums_are_those_sha256sum_makes(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    lines = (tmp_path / "backup" / "SHA256SUMS").read_text().splitlines()
    assert len(lines) >= 8
    for digest, name in (line.split("  ") for line in lines):
        assert hashlib.sha256((tmp_path / "backup" / name).read_bytes()).hexdigest() == digest


def test_a_second_run_copies_what_is_new_only(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    own = next(filled.warc.glob("[0-9]*.warc.gz"))
    before = own.stat().st_size
    with filled.lock(what="test") as writer:
        add(writer, "http://example.org/later")
    result = back_up(filled, tmp_path / "backup")
    catalogue = (tmp_path / "backup" / "catalogue.sqlite").stat().st_size
    assert (result.copied, result.bytes_copied) == (2, catalogue + own.stat().st_size - before)
    assert restore(tmp_path / "backup", tmp_path / "restored", who="test").problems == ()
    assert facts(Home.open(tmp_path / "restored")) == facts(filled)


def test_a_file_that_is_closed_since_and_one_that_is_gone_are_followed(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    small = Home.open(filled.path, warc_size=100)
    with small.lock(what="test") as writer:
        add(writer, "http://example.org/later", b"<p>later</p>" * 100)
        writer.flush()
    (filled.path / "README.txt").unlink()
    result = back_up(small, tmp_path / "backup")
    assert result.removed == 1
    assert not (tmp_path / "backup" / "README.txt").exists()
    assert restore(tmp_path / "backup", tmp_path / "restored", who="test").problems == ()


def test_backups_while_another_process_writes_are_whole(home: Home, tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(home.path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout
    counts = []
    try:
        for number in range(4):
            reported = int(writer.stdout.readline())
            back_up(home, tmp_path / "backup")
            result = restore(tmp_path / "backup", tmp_path / f"restored-{number}", who="test")
            assert result.problems == ()
            assert result.captures >= 5 * (reported + 1)
            counts.append(result.captures)
    finally:
        writer.kill()
        writer.communicate()
    assert counts == sorted(counts)


@pytest.mark.parametrize("step", ["manifest", "rename"])
def test_an_interrupted_run_leaves_a_backup_that_can_be_restored(
    filled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    back_up(filled, tmp_path / "backup")
    before = facts(filled)
    with filled.lock(what="test") as writer:
        add(writer, "http://example.org/later")
    after = facts(filled)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    class Crashing:
        def __getattr__(self, name: str) -> object:
            return crash if name == "rename" else getattr(real, name)

    if step == "manifest":
        monkeypatch.setattr(module._Run, "finish", crash)
    else:
        monkeypatch.setattr(module, "durable", Crashing())
    with pytest.raises(KeyboardInterrupt):
        back_up(filled, tmp_path / "backup")
    monkeypatch.undo()
    assert restore(tmp_path / "backup", tmp_path / "restored", who="test").problems == ()
    assert facts(Home.open(tmp_path / "restored")) == (before if step == "manifest" else after)
    back_up(filled, tmp_path / "backup")
    assert restore(tmp_path / "backup", tmp_path / "again", who="test").problems == ()
    assert facts(Home.open(tmp_path / "again")) == after


@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
@pytest.mark.parametrize(
    "pattern", ["warc/[0-9]*.warc.gz", "warc/imports/*a.warc", "ledger/imports.jsonl", "catalogue.sqlite"]
)
def test_a_damaged_backup_gives_no_home_and_names_the_file(
    filled: Home, tmp_path: Path, damage: str, pattern: str
) -> None:
    back_up(filled, tmp_path / "backup")
    path = next((tmp_path / "backup").glob(pattern))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "remove":
        path.unlink()
    else:
        path.write_bytes(content if damage == "flip" else content[:-1])
    with pytest.raises(ExportError, match=path.name):
        restore(tmp_path / "backup", tmp_path / "restored", who="test")
    assert not (tmp_path / "restored").exists()


def test_a_damaged_file_of_the_home_does_not_replace_the_sound_copy(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    kept = contents(tmp_path / "backup")
    path = next(filled.warc.glob("imports/*a.warc"))
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(ExportError, match="podium verify"):
        back_up(filled, tmp_path / "backup")
    assert {name: kept[name] for name in kept if name.startswith("warc/imports")} == {
        name: content for name, content in contents(tmp_path / "backup").items()
        if name.startswith("warc/imports") and not name.endswith(".part")
    }  # fmt: skip


def test_places_that_will_not_do_are_refused(filled: Home, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(ExportError, match="lies in the home"):
        back_up(filled, filled.path / "backup")
    with pytest.raises(ExportError, match="not empty and no backup"):
        back_up(filled, tmp_path / "full")
    with pytest.raises(ExportError, match="neither a backup nor a bag"):
        restore(tmp_path / "full", tmp_path / "restored", who="test")
    back_up(filled, tmp_path / "backup")
    with pytest.raises(HomeError, match="is there already"):
        restore(tmp_path / "backup", filled.path, who="test")
    assert (tmp_path / "backup" / MANIFEST_FILE).exists()


def test_an_empty_home_comes_back(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backup")
    assert restore(tmp_path / "backup", tmp_path / "restored", who="test").problems == ()


def test_time_of_the_last_backup_is_noted(filled: Home, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "backup")
    made = dt.datetime.fromisoformat(read_manifest(tmp_path / "backup")["made"])
    assert made > NOON
