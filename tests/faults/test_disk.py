"""A disk that is full, may not be written to, or a clock that is wrong: said in one line, and nothing reported is lost."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import archive.writer
from archive import Home, durable, verify
from podium import main
from tests.archive.making import NOON, add
from tests.conftest import Promise
from tests.faults.killing import KILLS, Zygote
from tests.faults.test_kills import lost_of
from tests.rows import rows

pytestmark = pytest.mark.torture


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home.path), *arguments])


@pytest.fixture(autouse=True)
def only_importing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import describes and indexes afterwards; here it is its own writes that matter."""
    monkeypatch.setattr("podium._describe_and_index", lambda *given, **named: False)


class FullAfter:
    """A disk that takes so many writes, then half of one, then none."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, writes: int) -> None:
        self.left = writes
        self.real = durable.append
        monkeypatch.setattr(durable, "append", self.append)

    def append(self, file: Any, content: bytes) -> None:
        self.left -= 1
        if self.left == 0:
            file.write(content[: len(content) // 2])
        if self.left <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file.name))
        self.real(file, content)


def test_a_full_disk_is_said_and_the_same_import_ends_once_there_is_space(
    material: Path, new_home: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch, promise: Promise
) -> None:
    files = [str(path) for path in sorted(material.iterdir())]
    whole = new_home("whole")
    run(whole, "import", *files)
    expected = rows(whole, without=("descriptions",))
    lost = tried = 0
    for writes in range(1, 200, 1 if KILLS >= 200 else 13):
        home = new_home("full")
        with monkeypatch.context() as patch:
            disk = FullAfter(patch, writes)
            result = run(home, "import", *files)
        if disk.left > 0:
            break
        tried += 1
        named = "No space left on device" in result.output
        assert result.exit_code == 1
        run(home, "import", *files)
        if not named or "Traceback" in result.output or rows(home, without=("descriptions",)) != expected:
            lost += 1
        shutil.rmtree(home.path)
    promise("disk full at any write of an import: said with its file, another run ends the same", tried, lost)
    assert (lost, tried > 1) == (0, True)


def test_a_limit_of_the_system_on_files_loses_nothing_that_was_reported(
    forking: Zygote, material: Path, new_home: Callable[[str], Home], promise: Promise
) -> None:
    lost = tried = 0
    for limit in range(600, 60_000, 1000 if KILLS >= 200 else 15000):
        home = new_home("limited")
        answer = forking.run("import", home, material, limit=limit)
        tried += 1
        assert not answer["killed"]
        if answer["error"]:
            assert "too large" in answer["error"] or "disk" in answer["error"], answer["error"]
        lost += len(lost_of(home, answer["reported"]))
        shutil.rmtree(home.path)
    promise("files limited by the system: what was reported is whole", tried, lost)
    assert lost == 0


@pytest.fixture
def closed_to_us(material: Path) -> Iterator[tuple[Home, Path]]:
    """A home that this process may read but not write to."""
    folder = Path(tempfile.mkdtemp(prefix="podium-"))
    home = Home.init(folder / "home")
    run(home, "import", str(material / "a-good.warc.gz"))
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield home, material
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)


def test_a_home_that_cannot_be_written_to_is_said(closed_to_us: tuple[Home, Path]) -> None:
    home, material = closed_to_us
    if os.geteuid() == 0:
        effective = os.geteuid()
        os.seteuid(65534)
        try:
            result = run(home, "import", str(material / "b-stream.warc.gz"))
        finally:
            os.seteuid(effective)
    else:
        result = run(home, "import", str(material / "b-stream.warc.gz"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert str(home.path) in result.stderr
    assert "permissions" in result.stderr


def test_a_catalogue_that_another_program_holds_is_said(
    material: Path, new_home: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = new_home("home")
    file = str(material / "a-good.warc.gz")
    with home.lock(what="test") as writer:
        add(writer)
    monkeypatch.setattr("archive.catalogue.PATIENCE", 0.1)
    other = sqlite3.connect(home.catalogue_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        result = run(home, "import", file)
    finally:
        other.close()
    assert result.exit_code == 1
    assert "catalogue.sqlite" in result.stderr
    assert "another program holds it" in result.stderr
    assert run(home, "import", file).exit_code == 0


class Then(dt.datetime):
    """A clock that was set back by a year."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
        return dt.datetime.now(tz) - dt.timedelta(days=365)


class ThenModule:
    """The module of dates with that clock."""

    datetime = Then
    UTC = dt.UTC
    timedelta = dt.timedelta
    date = dt.date


def test_a_clock_set_back_mixes_up_no_files(
    new_home: Callable[[str], Home], monkeypatch: pytest.MonkeyPatch, promise: Promise
) -> None:
    home = new_home("home")
    with home.lock(what="test") as writer:
        add(writer, "http://example.org/now")
        writer.rotate()
    monkeypatch.setattr(archive.writer, "dt", ThenModule)
    reported = []
    for n in range(3):
        with home.lock(what="test") as writer:
            reported.append(add(writer, f"http://example.org/then{n}", body=b"%d" % n))
        newest = max(home.warc.glob("[0-9]*.warc.gz"), key=lambda path: path.name.rpartition("-")[2])
        newest.write_bytes(newest.read_bytes() + b"\x1f\x8b\x08 torn by a crash")
    with home.lock(what="test") as writer:
        assert writer.mended
    assert verify(home).holds
    with home.catalogue() as catalogue:
        lost = [capture for capture in reported if catalogue.capture(capture.id) != capture]
    promise("clock set back between runs: torn files are still mended, nothing is lost", len(reported), len(lost))
    assert lost == []


def test_a_capture_dated_after_now_is_named_with_what_to_do(new_home: Callable[[str], Home]) -> None:
    home = new_home("home")
    with home.lock(what="test") as writer:
        ahead = dt.datetime.now(dt.UTC) + dt.timedelta(days=400)
        capture = add(writer, fetched=ahead)
    (problem,) = verify(home).problems
    assert (problem.file, problem.offset) == (capture.file, capture.offset)
    assert problem.mend == "set the clock of this machine"
    told = run(home, "doctor").output
    assert "BAD   clock" in told
    assert capture.file in told
    assert ahead > NOON


HARMS: dict[str, Callable[[Home], Path]] = {}


def harm(function: Callable[[Home], Path]) -> Callable[[Home], Path]:
    HARMS[function.__name__.replace("_", " ")] = function
    return function


def flip(path: Path) -> Path:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)
    return path


@harm
def a_flipped_import(home: Home) -> Path:
    return flip(next((home.warc / "imports").glob("*good*")))


@harm
def a_truncated_import(home: Home) -> Path:
    path = next((home.warc / "imports").glob("*good*"))
    os.truncate(path, path.stat().st_size - 20)
    return path


@harm
def a_flipped_recompressed_file(home: Home) -> Path:
    return flip(next((home.warc / "imports").glob("*recompressed*")))


@harm
def a_flipped_line_of_the_ledger(home: Home) -> Path:
    return flip(home.ledger.path("imports"))


@harm
def a_truncated_catalogue(home: Home) -> Path:
    with home.catalogue() as catalogue:
        catalogue.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.truncate(home.catalogue_path, home.catalogue_path.stat().st_size // 2)
    return home.catalogue_path


@harm
def a_catalogue_that_is_none(home: Home) -> Path:
    for path in home.path.glob("catalogue.sqlite-*"):
        path.unlink()
    home.catalogue_path.write_bytes(b"no catalogue at all " * 999)
    return home.catalogue_path


@pytest.mark.parametrize("what", sorted(HARMS))
def test_what_was_harmed_is_named_with_its_file_and_a_command(
    material: Path, new_home: Callable[[str], Home], what: str
) -> None:
    home = new_home("home")
    run(home, "import", *(str(path) for path in sorted(material.iterdir())))
    harmed = HARMS[what](home)
    result = run(home, "verify")
    assert result.exit_code == 1
    assert harmed.name in result.output
    assert any(words in result.output for words in ("podium rebuild", "restore the file from a backup"))
    assert "Traceback" not in result.output
