"""Homes made by earlier versions open, and what they hold is still there. Their pages are made up."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from pathlib import Path

import pytest

from archive import Catalogue, CatalogueError, Home, urlkey, verify
from archive.migrations import steps
from tests.archive.earlier import HOMES, unpack

# The steps that were published: a home somewhere has had them, so that they can never be another text.
PUBLISHED = {
    1: "40644b755147e139",
    2: "6c71abf5dfb7e64a",
    3: "31f102874c5b5611",
}
PAGE = "http://gazette.example/lanterns"


def schema(path: Path) -> list[tuple[str, str, list[object]]]:
    """The tables of a catalogue with their columns, and its indexes, as SQLite knows them."""
    connection = sqlite3.connect(path)
    try:
        named = connection.execute(
            "SELECT type, name FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ).fetchall()
        return [(kind, name, connection.execute(f"PRAGMA {kind}_xinfo({name})").fetchall()) for kind, name in named]
    finally:
        connection.close()


@pytest.mark.parametrize("name", HOMES)
def test_a_home_of_an_earlier_version_opens_with_all_it_held(tmp_path: Path, name: str) -> None:
    home = Home.open(unpack(name, tmp_path))
    with home.catalogue() as catalogue:
        assert len(list(catalogue.captures())) == 6
        report = next(report for report in catalogue.reports() if report.url == PAGE)
        assert [len(version.captures) for version in catalogue.versions(report.id)] == [2, 1]
        assert {quote.speaker for quote in catalogue.quotes(report.id)} == {"Tilda Brask", "Orla Venn"}
        assert [defect.offset for defect in catalogue.defects()] == [569]
    assert verify(home).holds
    with home.lock(what="test"):
        pass


@pytest.mark.parametrize("name", HOMES)
def test_a_catalogue_brought_up_is_like_a_new_one(tmp_path: Path, name: str) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
    old, new = unpack(name, tmp_path / "old") / "catalogue.sqlite", tmp_path / "new" / "catalogue.sqlite"
    for path in (old, new):
        Catalogue(path).close()
    assert schema(old) == schema(new)


def test_steps_are_numbered_without_gaps_and_there_are_homes_of_earlier_ones() -> None:
    numbers = [number for number, _ in steps()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert HOMES
    assert {int(name) for name in HOMES} <= set(numbers)


def test_a_published_step_never_changes() -> None:
    found = {number: hashlib.sha256(sql.encode()).hexdigest()[:16] for number, sql in steps()}
    assert {number: found[number] for number in PUBLISHED} == PUBLISHED


def test_a_catalogue_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    Catalogue(path).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=999")
    connection.close()
    with pytest.raises(CatalogueError, match="newer Podium"):
        Catalogue(path)


def test_processes_that_open_a_new_catalogue_at_once_make_it_once(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def opened() -> None:
        try:
            Catalogue(tmp_path / "catalogue.sqlite").close()
        except CatalogueError as exc:
            failures.append(exc)

    threads = [threading.Thread(target=opened) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_step_that_fails_leaves_the_catalogue_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = unpack("0001", tmp_path) / "catalogue.sqlite"
    broken = [(1, ""), (2, "CREATE TABLE other (a TEXT);\nCREATE TABLE captures (b TEXT);\n")]
    monkeypatch.setattr("archive.migrations.steps", lambda: iter(broken))
    before = schema(path)
    with pytest.raises(CatalogueError):
        Catalogue(path)
    assert schema(path) == before


def test_keys_made_by_earlier_rules_are_brought_up(tmp_path: Path) -> None:
    path = unpack("0001", tmp_path) / "catalogue.sqlite"
    connection = sqlite3.connect(path)
    mobile = "https://m.gazette.example/lanterns/amp"
    connection.execute(
        "UPDATE captures SET url = ?, urlkey = 'example,gazette,m)/lanterns/amp' WHERE url LIKE '%evening'", (mobile,)
    )
    rows = [
        ("example,gazette,m)/lanterns/amp", mobile, "s"),
        ("prefix http://old.example/", "http://old.example/", "(wayback)"),
    ]
    connection.executemany("INSERT INTO frontier (urlkey, url, source, how, due) VALUES (?, ?, ?, '', '')", rows)
    connection.commit()
    connection.close()
    with Catalogue(path) as catalogue:
        assert {c.url for c in catalogue.captures(urlkey=urlkey(PAGE))} == {PAGE, mobile}
        keys = [row[0] for row in catalogue.connection.execute("SELECT urlkey FROM frontier ORDER BY urlkey")]
        assert keys == ["example,gazette)/lanterns", "prefix http://old.example/"]
