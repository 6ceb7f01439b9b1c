from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from archive import CatalogueError, CollectionError, Home, HomeError, LockedError, archive_lock
from archive.ledger import Ledger


def test_a_new_home_has_what_its_readme_names(home: Home) -> None:
    for name in ("warc/imports", "ledger", "index", "collection.toml", "podium.toml", "README.txt"):
        assert (home.path / name).exists()
    assert home.settings.contact == "owner@example.org"


def test_making_a_home_again_changes_nothing(home: Home, collection_file: Path) -> None:
    (home.path / "podium.toml").write_text("port = 9\n")
    assert Home.init(home.path, collection=collection_file).settings.port == 9


def test_a_home_of_another_collection_is_refused(home: Home, tmp_path: Path, collection_file: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(collection_file.read_text().replace('"tiny"', '"other"'))
    with pytest.raises(HomeError, match="belongs to the collection 'tiny'"):
        Home.init(home.path, collection=other)


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path, collection_file: Path) -> None:
    with pytest.raises(HomeError, match="not empty"):
        Home.init(tmp_path, collection=collection_file)


def test_a_folder_that_is_no_home_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="init"):
        Home.open(tmp_path / "nothing")


def test_an_unknown_collection_names_the_shipped_ones(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="shipped are"):
        Home.init(tmp_path / "h", collection="nowhere")


def test_a_damaged_catalogue_names_the_command_that_mends_it(home: Home) -> None:
    home.catalogue_path.write_bytes(b"no database at all, but long enough to be read as one" * 20)
    with pytest.raises(CatalogueError, match="podium rebuild"), home.catalogue():
        pass


def test_a_catalogue_of_a_newer_podium_is_refused(home: Home) -> None:
    with home.catalogue() as catalogue:
        catalogue.connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CatalogueError, match="newer"), home.catalogue():
        pass


def hold(path: Path, ready: object, done: object) -> None:
    with Home.open(path).lock(what="crawl"):
        ready.set()  # type: ignore[attr-defined]
        done.wait(20)  # type: ignore[attr-defined]


def test_a_second_writer_is_told_who_holds_the_lock(home: Home) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready, done = spawn.Event(), spawn.Event()
    process = spawn.Process(target=hold, args=(home.path, ready, done))
    process.start()
    try:
        assert ready.wait(20)
        with pytest.raises(LockedError, match=rf"podium crawl.*process {process.pid}"), home.lock(what="import"):
            pass
    finally:
        done.set()
        process.join()
    with home.lock(what="import"):
        pass


def test_a_home_that_is_not_writable_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root, as whom tests may run, may write anywhere
    with pytest.raises(HomeError, match="cannot be written"), home.lock(what="import"):
        pass


def test_a_lock_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()  # nobody may open a folder for writing, not even root
    with pytest.raises(HomeError, match="lock: cannot be written to"), archive_lock(tmp_path / "lock", what="index"):
        pass


def test_a_ledger_line_behind_a_torn_one_is_kept(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append("notes", subject="a", who="x")
    whole = (tmp_path / "notes.jsonl").read_bytes()
    (tmp_path / "notes.jsonl").write_bytes(whole + whole[:30])
    ledger.append("notes", subject="b", who="x")
    assert b'"subject": "b"' in (tmp_path / "notes.jsonl").read_bytes().splitlines()[-1]
