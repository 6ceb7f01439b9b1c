"""A dump holds what may go out, table by table, with schemas that its rows keep."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from archive import ExportError, ExportFormat, Home, Quote, QuoteKind, Selection, Show, export_archive
from archive.handover.schema import KEYS, MEANINGS, RECORDS, data_document, table_fields
from tests.archive.making import add
from tests.archive.test_export import ONE, TEXT, TWO, described, with_rights, withdraw
from tests.project.tree import ROOT

TYPES: dict[str, Any] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
}  # fmt: skip


@pytest.fixture
def filled(home: Home) -> Home:
    """A home with two reports, of which one may be exported, each with a quote."""
    with home.lock(what="test") as writer:
        captures = [add(writer, ONE), add(writer, TWO, b"<p>two</p>")]
    pairs = [described(url, captures[n].id, source=key) for n, (url, key) in enumerate([(ONE, "open"), (TWO, None)])]
    quotes = [
        Quote(
            id=report.id, report=report.id, version="v", text=TEXT[:14], start=0, end=14, kind=QuoteKind.DIRECT, cue=None,
            speaker="Somebody Fictional", role=None, language="en", rule="test", confidence=1.0,
        )
        for report, _ in pairs
    ]  # fmt: skip
    with home.catalogue() as catalogue:
        catalogue.replace_reports([r for r, _ in pairs], [v for _, v in pairs], quotes)
    return home


def dumped(home: Home, folder: Path, show: Show = Show.FULL, **selection: Any) -> dict[str, list[dict[str, Any]]]:
    changed = replace(home, collection=with_rights(home.collection, show))
    export_archive(changed, ExportFormat.DUMP, folder, selection=Selection(**selection))
    return {table: list(rows(folder / f"{table}.jsonl.gz")) for table in MEANINGS}


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def test_every_table_is_there_with_its_rows_and_digest(filled: Home, tmp_path: Path) -> None:
    tables = dumped(filled, tmp_path / "dump")
    assert {table: len(found) for table, found in tables.items()} == {
        "reports": 2, "versions": 2, "quotes": 2, "speakers": 1, "editions": 0, "sources": 1, "captures": 2,
    }  # fmt: skip
    package = json.loads((tmp_path / "dump" / "datapackage.json").read_text("utf-8"))
    assert package["generation"] == 1
    for resource in package["resources"]:
        content = (tmp_path / "dump" / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        assert resource["rows"] == len(tables[resource["name"]])


def test_every_row_keeps_to_the_schema(filled: Home, tmp_path: Path) -> None:
    for table, found in dumped(filled, tmp_path / "dump").items():
        told = {name: (TYPES[kind], null, values) for name, kind, null, values, _ in table_fields(table)}
        for row in found:
            assert row.keys() == told.keys()
            for name, value in row.items():
                kind, null, values = told[name]
                assert (value is None and null) or (isinstance(value, kind) and (not values or value in values)), name
        assert len({tuple(row[key] for key in KEYS[table]) for row in found}) == len(found)


def test_a_text_is_there_only_where_its_source_allows(filled: Home, tmp_path: Path) -> None:
    tables = dumped(filled, tmp_path / "dump")
    url = {report["id"]: report["url"] for report in tables["reports"]}
    assert {url[version["report"]]: version["text"] for version in tables["versions"]} == {ONE: TEXT, TWO: None}
    package = json.loads((tmp_path / "dump" / "datapackage.json").read_text("utf-8"))
    assert package["rights"]["texts_left_out"] == 1
    assert package["rights"]["sources"] == {"open": "Free to use."}
    assert [v["text"] for v in dumped(filled, tmp_path / "all", restricted=True)["versions"]] == [TEXT, TEXT]


def test_a_source_that_shows_no_text_gives_neither_texts_nor_quotes(filled: Home, tmp_path: Path) -> None:
    tables = dumped(filled, tmp_path / "dump", Show.METADATA)
    assert {version["text"] for version in tables["versions"]} == {None}
    assert len(tables["quotes"]) == 1


def test_what_is_withdrawn_is_in_no_table(filled: Home, tmp_path: Path) -> None:
    withdraw(filled, ONE)
    dumped(filled, tmp_path / "dump", restricted=True)
    for path in (tmp_path / "dump").glob("*.gz"):
        assert ONE.encode() not in gzip.decompress(path.read_bytes())


def test_a_folder_that_is_taken_is_refused(filled: Home, tmp_path: Path) -> None:
    dumped(filled, tmp_path / "dump")
    with pytest.raises(ExportError, match="is there already"):
        dumped(filled, tmp_path / "dump")


def test_every_field_of_a_record_has_its_meaning() -> None:
    for table, record in RECORDS.items():
        assert {field.name for field in fields(record)} <= MEANINGS[table].keys()  # type: ignore[arg-type]


def test_the_document_is_what_the_records_say() -> None:
    assert (ROOT / "docs" / "data.md").read_text("utf-8") == data_document(), "run: make data"
