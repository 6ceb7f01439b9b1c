"""Erasing with everything that was made of a page: no byte of it is left below the home."""

from __future__ import annotations

import contextlib
import gzip
import shutil
import sqlite3
from pathlib import Path

import pytest

from archive import CatalogueError, Field, Home, Level, Reason, WithdrawalError, correct, verify
from archive import catalogue as catalogue_module
from archive.imports import import_file
from indexer import describe, index, reinstate, withdraw
from tests.withdrawing import COPY, OTHER, PAGE, PLANTED, UNLIKE, files_with, html, id_of, make_home

WORDS = "queued politely behind the violet lighthouse"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which the planted words stand wherever they can."""
    folder = tmp_path_factory.mktemp("erase")
    home = make_home(folder / "home")
    with home.lock(what="test") as writer:
        source = shutil.copy(next(home.warc.glob("*.warc.gz")), folder / "elsewhere.warc.gz")
        stream = folder / "stream.warc.gz"
        stream.write_bytes(gzip.compress(gzip.decompress(Path(source).read_bytes())))
        for path in (Path(source), stream):
            import_file(path, writer=writer, ledger=home.ledger, who="test")
    decide(home, id_of(PAGE), Field.TITLE, PLANTED, f"it says “{PLANTED}”")
    decide(home, id_of(PAGE), Field.EDITION, "2025", "a slip")
    decide(home, id_of(UNLIKE), Field.TITLE, OTHER, "the Heron Forum")
    with home.catalogue() as catalogue:
        (quote, *_) = catalogue.quotes(id_of(PAGE))
    decide(home, quote.id, Field.SPEAKER, "Ada Sample", "so the page has it")
    home.ledger.append("notes", subject="desk", who="x", why=f"somebody wrote: {PLANTED} Imagine!")
    describe(home, workers=1)
    index(home)
    index(home, rebuild=True)
    (home.path / "quarantine").mkdir()
    torn = gzip.compress(f"WARC/1.1\r\nWARC-Target-URI: {PAGE}\r\n\r\n".encode() + html(PLANTED))[:-8]
    (home.path / "quarantine" / "torn").write_bytes(torn)
    return home


def decide(home: Home, id: str, field: Field, value: str, why: str) -> None:
    correct(home, id, field, value, why=why, who="test")


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    return Home.open(shutil.copytree(made.path, tmp_path / "home"))


def erase(home: Home, target: str = PAGE) -> None:
    withdraw(home, target, level=Level.ERASE, reason=Reason.PRIVACY, why="asked", who="test", ref="file 7")


def everywhere(home: Home) -> set[str]:
    """The kinds of places in which the planted words stand."""
    return {name.partition("/")[0] for name in files_with(home.path, WORDS)}


def test_no_byte_of_it_is_left_below_the_home(home: Home) -> None:
    assert {"warc", "index", "ledger", "quarantine"} <= everywhere(home)
    assert {"catalogue.sqlite", "catalogue.sqlite-wal"} & everywhere(home)
    erase(home)
    assert everywhere(home) == set()
    assert files_with(home.path, "xylographic") == []
    assert verify(home).holds
    with home.catalogue() as catalogue:
        assert {report.url for report in catalogue.reports()} == {COPY, UNLIKE}


def test_a_reader_that_holds_the_words_in_the_log_is_named_and_the_command_completes_later(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_module, "PATIENCE", 0.05)
    with contextlib.closing(sqlite3.connect(home.catalogue_path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM reports").fetchone()
        with pytest.raises(CatalogueError, match="another program is reading it"):
            erase(home)
    erase(home)
    assert everywhere(home) == set()


def test_what_was_hidden_first_is_erased_as_wholly(home: Home) -> None:
    withdraw(home, PAGE, level=Level.HIDE, reason=Reason.RIGHTS, why="", who="test")
    assert {"warc", "ledger"} <= everywhere(home)
    erase(home)
    assert everywhere(home) == set()
    assert verify(home).holds


def test_the_rest_describes_as_before(home: Home) -> None:
    with home.catalogue() as catalogue:
        before = [(r.id, [(v.id, v.text) for v in catalogue.versions(r.id)]) for r in catalogue.reports()]
    erase(home)
    result = describe(home, workers=1)
    index(home)
    assert result.described == 0
    assert result.changed == 0
    with home.catalogue() as catalogue:
        after = [(r.id, [(v.id, v.text) for v in catalogue.versions(r.id)]) for r in catalogue.reports()]
    assert after == [(id, versions) for id, versions in before if id != id_of(PAGE)]


def test_quotations_in_the_ledger_become_digests_and_decisions_stay(home: Home) -> None:
    erase(home)
    title, edition, unlike, speaker = home.ledger.entries("corrections")
    assert title["why"].startswith("sha256:")
    assert title["before"]["value"].startswith("sha256:")
    assert title["after"]["value"].startswith("sha256:")
    assert (edition["why"], edition["after"]["value"]) == ("a slip", "2025")
    assert (unlike["why"], unlike["after"]["value"]) == ("the Heron Forum", OTHER.strip())
    assert speaker["after"]["value"].startswith("sha256:")
    assert speaker["after"]["field"] == "speaker"
    (note,) = home.ledger.entries("notes")
    assert (note["why"][:7], note["subject"]) == ("sha256:", "desk")
    assert list(home.ledger.problems()) == []


def test_what_is_erased_cannot_be_reinstated_or_hidden(home: Home) -> None:
    erase(home, id_of(PAGE))
    with pytest.raises(WithdrawalError, match="erased on"):
        reinstate(home, id_of(PAGE), why="", who="test")
    with pytest.raises(WithdrawalError, match="nothing left to hide"):
        withdraw(home, PAGE, level=Level.HIDE, reason=Reason.RIGHTS, why="", who="test")


def test_a_beginning_erases_all_pages_that_begin_so(home: Home) -> None:
    erase(home, "http://daily.test/*")
    assert files_with(home.path, "Samplemouth") == files_with(home.path, "no such thing")
    assert list(home.warc.rglob("*.warc*")) == []
    assert verify(home).holds
