"""A bag holds the whole archive by BagIt's rules, its ledger in PREMIS's words, and gives the archive back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from archive import ExportError, ExportFormat, Home, Selection, Show, export_archive, restore, verify
from archive.handover.premis import SPACE
from archive.imports import import_file
from archive.rewrite import readable
from tests.archive import odd
from tests.archive.making import URL, add
from tests.archive.test_backup import facts
from tests.archive.test_export import with_rights, withdraw


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    with home.lock(what="test") as writer:
        add(writer)
        add(writer)
    for name, content in {"a.warc": odd.DEFECTS["no date"][0], "b.warc.gz": odd.STREAMED["one member"]}.items():
        (tmp_path / name).write_bytes(content)
        with home.lock(what="import") as writer:
            import_file(tmp_path / name, writer=writer, ledger=home.ledger, who="An Archivist")
    return home


def bagged(home: Home, folder: Path, *, restricted: bool = False) -> Path:
    export_archive(home, ExportFormat.BAG, folder, selection=Selection(restricted=restricted))
    return folder


def test_every_file_of_the_payload_is_in_the_manifest(filled: Home, tmp_path: Path) -> None:
    bag = bagged(filled, tmp_path / "bag")
    for manifest, top in (("manifest-sha256.txt", "data"), ("tagmanifest-sha256.txt", "")):
        lines = (line.split("  ") for line in (bag / manifest).read_text().splitlines())
        listed = {name: digest for digest, name in lines}
        for name, digest in listed.items():
            assert hashlib.sha256((bag / name).read_bytes()).hexdigest() == digest
        if top:
            there = {path.relative_to(bag).as_posix() for path in (bag / top).rglob("*") if path.is_file()}
            assert there == listed.keys()
    info = dict(line.split(": ") for line in (bag / "bag-info.txt").read_text().splitlines())
    payload = [path.stat().st_size for path in (bag / "data").rglob("*") if path.is_file()]
    assert info["Payload-Oxum"] == f"{sum(payload)}.{len(payload)}"
    assert (bag / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert not [path for path in bag.rglob("*") if "index" in path.parts or path.suffix == ".sqlite"]


def test_a_home_made_of_it_holds_the_same_archive(filled: Home, tmp_path: Path) -> None:
    result = restore(bagged(filled, tmp_path / "bag"), tmp_path / "restored", who="test")
    restored = Home.open(tmp_path / "restored")
    assert result.problems == ()
    assert sorted(facts(restored)) == sorted(facts(filled))
    assert verify(restored).holds


def test_the_ledger_stands_in_it_as_events_of_premis(filled: Home, tmp_path: Path) -> None:
    bag = bagged(filled, tmp_path / "bag")
    root = ET.parse(bag / "data" / "metadata" / "premis.xml").getroot()
    space = {"p": SPACE}
    types = [event.text for event in root.findall("p:event/p:eventType", space)]
    assert types.count("ingestion") == 2
    assert types.count("validation") == 1
    assert "information package creation" in types
    ids = {entry["id"] for kind in filled.ledger.kinds() for entry in filled.ledger.entries(kind)}
    assert ids <= {value.text for value in root.findall("p:event/p:eventIdentifier/p:eventIdentifierValue", space)}
    agents = {name.text for name in root.findall("p:agent/p:agentName", space)}
    linked = {
        value.text for value in root.findall("p:event/p:linkingAgentIdentifier/p:linkingAgentIdentifierValue", space)
    }
    assert "An Archivist" in agents
    assert linked <= agents
    for file in root.findall("p:object", space):
        name = file.findtext("p:objectIdentifier/p:objectIdentifierValue", "", space)
        digest = file.findtext("p:objectCharacteristics/p:fixity/p:messageDigest", "", space)
        assert hashlib.sha256((bag / "data" / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("damage", ["flip", "remove", "add", "tag"])
def test_a_bag_that_is_not_whole_gives_no_home(filled: Home, tmp_path: Path, damage: str) -> None:
    bag = bagged(filled, tmp_path / "bag")
    path = next((bag / "data" / "warc").glob("[0-9]*.warc.gz"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "remove":
        path.unlink()
    elif damage == "flip":
        path.write_bytes(content)
    elif damage == "add":
        (bag / "data" / "stray").write_text("")
    else:
        (bag / "bag-info.txt").write_text("Contact-Email: another@example.org\n")
    with pytest.raises(ExportError, match="bag"):
        restore(bag, tmp_path / "restored", who="test")
    assert not (tmp_path / "restored").exists()


def test_a_bag_of_sources_that_are_not_shown_in_full_is_made_only_when_asked_for(filled: Home, tmp_path: Path) -> None:
    dark = replace(filled, collection=with_rights(filled.collection, Show.METADATA))
    with pytest.raises(ExportError, match="open may not be shown"):
        bagged(dark, tmp_path / "bag")
    assert not list(tmp_path.glob("bag*"))
    bagged(dark, tmp_path / "bag", restricted=True)


@pytest.mark.parametrize("url", [URL, odd.URL.decode(), odd.OTHER.decode()], ids=["own", "imported", "recompressed"])
def test_what_is_withdrawn_is_written_out_of_a_bag_that_still_verifies(filled: Home, tmp_path: Path, url: str) -> None:
    withdraw(filled, url)
    before = facts(filled)
    bag = bagged(filled, tmp_path / "bag", restricted=True)
    files = [
        path for path in bag.rglob("*") if path.is_file() and "ledger" not in path.parts and path.name != "premis.xml"
    ]
    assert not [path for path in files if f"WARC-Target-URI: {url}\r".encode() in readable(path.read_bytes())]
    assert facts(filled) == before
    result = restore(bag, tmp_path / "restored", who="test")
    assert result.problems == ()
    restored = Home.open(tmp_path / "restored")
    assert [decided.url for decided in restored.withdrawals()] == [url]
    with restored.catalogue() as catalogue:
        urls = {row[0] for row in catalogue.connection.execute("SELECT url FROM captures")}
    assert urls == {URL, odd.URL.decode(), odd.OTHER.decode()} - {url}


def test_a_bag_of_some_reports_is_refused(filled: Home, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="whole archive"):
        export_archive(filled, ExportFormat.BAG, tmp_path / "bag", selection=Selection(reports=()))
