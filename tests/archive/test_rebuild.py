"""The facts made again are those that were, row for row. Pages are made up."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from archive import Home, RebuildError, rebuild_facts, verify
from archive.imports import import_file
from tests.archive.making import NOON, add
from tests.rows import rows


def day(n: int) -> dt.datetime:
    return NOON + dt.timedelta(days=n)


@pytest.fixture
def kept(home: Home) -> Home:
    """Captures with revisits of both kinds, two files, one closed."""
    from dataclasses import replace

    small = replace(home, settings=replace(home.settings, warc_size=3000))
    with small.lock(what="test") as writer:
        for n in range(3):
            add(writer, body=b"<p>one</p>", fetched=day(n))
            add(writer, "http://example.org/other", body=b"<p>%d</p>" % (n % 2), fetched=day(n))
            add(writer, body=b"", status=304, reason="Not Modified", fetched=day(n + 10))
            writer.flush()
    return home


def catalogue_gone(home: Home) -> None:
    for path in home.path.glob("catalogue.sqlite*"):
        path.unlink()


def catalogue_torn(home: Home) -> None:
    catalogue_whole(home)
    os.truncate(home.catalogue_path, home.catalogue_path.stat().st_size // 2)


def catalogue_noise(home: Home) -> None:
    catalogue_whole(home)
    home.catalogue_path.write_bytes(b"no catalogue" * 1000)


def catalogue_whole(home: Home) -> None:
    with home.catalogue() as catalogue:
        catalogue.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("-wal", "-shm"):
        home.catalogue_path.with_name(home.catalogue_path.name + ending).unlink(missing_ok=True)


@pytest.mark.parametrize("harm", [catalogue_whole, catalogue_gone, catalogue_torn, catalogue_noise])
def test_facts_are_the_same_row_for_row(kept: Home, harm: Any) -> None:
    before = rows(kept)
    harm(kept)
    rebuild_facts(kept)
    assert rows(kept) == before
    assert verify(kept).holds


def test_a_sound_catalogue_loses_and_gains_nothing(kept: Home) -> None:
    result = rebuild_facts(kept)
    assert (result.missing, result.wrong, result.set_aside, result.finished) == (0, 0, None, ())


def test_a_damaged_catalogue_is_set_aside_and_what_can_be_read_of_the_frontier_kept(kept: Home) -> None:
    with kept.catalogue() as catalogue:
        catalogue.connection.execute(
            "INSERT INTO frontier (urlkey, url, how, due) VALUES ('k', 'http://example.org/k', 'seed', '2025-01-01')"
        )
        page = catalogue.connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures'").fetchone()[0]
        size = catalogue.connection.execute("PRAGMA page_size").fetchone()[0]
    catalogue_whole(kept)
    content = bytearray(kept.catalogue_path.read_bytes())
    content[(page - 1) * size : page * size] = os.urandom(size)
    kept.catalogue_path.write_bytes(content)
    result = rebuild_facts(kept)
    assert result.set_aside
    assert (kept.path / result.set_aside).read_bytes() == content
    with kept.catalogue() as catalogue:
        assert [row["url"] for row in catalogue.connection.execute("SELECT url FROM frontier")] == [
            "http://example.org/k"
        ]


def test_revisits_refer_to_the_same_whatever_order_files_came_in(kept: Home, tmp_path: Path) -> None:
    files = sorted(kept.warc.glob("[0-9]*.warc.gz"))
    homes = []
    for name, order in (("there", files), ("back", files[::-1])):
        home = Home.init(tmp_path / name, collection=kept.path / "collection.toml")
        with home.lock(what="test") as writer:
            for path in order:
                import_file(path, writer=writer, ledger=home.ledger, who="owner")
        homes.append(home)
    found = [rows(home)["captures"] for home in homes]
    assert found[0] == found[1]
    for home, before in zip(homes, found, strict=True):
        rebuild_facts(home)
        assert rows(home)["captures"] == before


def test_it_refuses_while_records_cannot_be_read_and_leaves_them_out_when_told(kept: Home) -> None:
    before = rows(kept)
    path = min(kept.warc.glob("[0-9]*.warc.gz"))
    whole = path.read_bytes()
    with kept.catalogue() as catalogue:
        capture = next(iter(catalogue.captures_in(path.name)))
    path.write_bytes(whole[: capture.offset + 20] + b"\0\0\0\0" + whole[capture.offset + 24 :])
    with pytest.raises(RebuildError, match=r"warc.gz at \d+: .*restore these files"):
        rebuild_facts(kept)
    assert rows(kept) == before
    assert rebuild_facts(kept, force=True).unreadable
    path.write_bytes(whole)
    rebuild_facts(kept)
    assert rows(kept)["captures"] == before["captures"]


def test_it_refuses_while_a_closed_file_is_missing(kept: Home) -> None:
    before = rows(kept)
    path = min(kept.warc.glob("[0-9]*.warc.gz"))
    whole = path.read_bytes()
    path.unlink()
    with pytest.raises(RebuildError, match="is missing"):
        rebuild_facts(kept)
    assert rows(kept) == before
    rebuild_facts(kept, force=True)
    assert verify(kept).holds
    path.write_bytes(whole)


def test_a_catalogue_that_is_only_locked_is_not_set_aside(kept: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive import CatalogueError

    monkeypatch.setattr("archive.catalogue.PATIENCE", 0.1)
    other = sqlite3.connect(kept.catalogue_path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(CatalogueError, match="another program holds it"):
            rebuild_facts(kept)
    finally:
        other.close()
    assert not (kept.path / "quarantine").exists()
