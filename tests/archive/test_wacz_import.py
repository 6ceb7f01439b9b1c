"""A WACZ is kept as it came, its WARC files beside it as files of their own."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from archive import Home, MaterialError, read_payload, verify
from archive.imports import ImportResult, import_file
from archive.withdraw import decide, find_target
from archive.withdrawals import Level, Reason
from tests.archive.odd import OTHER, PAGE, URL, record

MEMBERS = {"archive/one.warc.gz": gzip.compress(record()), "archive/two.warc": record(url=OTHER)}


def take(home: Home, path: Path) -> ImportResult:
    with home.lock(what="import") as writer:
        return import_file(path, writer=writer, ledger=home.ledger, who="test")


def make(path: Path, members: Mapping[str, bytes] = MEMBERS, *, stated: Mapping[str, bytes] | None = None) -> Path:
    """A WACZ with these members; its datapackage states the digests of `stated`."""
    resources = [
        {"name": Path(name).name, "path": name, "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        for name, content in (members if stated is None else stated).items()
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr("datapackage.json", json.dumps({"profile": "data-package", "resources": resources}))
        archive.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
    return path


def test_its_pages_are_read_and_its_bytes_kept(home: Home, tmp_path: Path) -> None:
    path = make(tmp_path / "crawl.wacz")
    result = take(home, path)
    assert (result.records, result.captures, result.defects) == (2, 2, ())
    assert (home.warc / result.kept).read_bytes() == path.read_bytes()
    assert sorted((home.warc / name).read_bytes() for name in result.holding) == sorted(MEMBERS.values())
    with home.catalogue() as catalogue:
        found = {c.url: read_payload(home, c, catalogue=catalogue).body for c in catalogue.captures()}
    assert found == {URL.decode(): PAGE, OTHER.decode(): PAGE}
    assert verify(home).holds


def test_it_and_its_warc_files_are_taken_in_once(home: Home, tmp_path: Path) -> None:
    take(home, make(tmp_path / "crawl.wacz"))
    warc = tmp_path / "one.warc.gz"
    warc.write_bytes(MEMBERS["archive/one.warc.gz"])
    assert take(home, warc).already
    assert take(home, tmp_path / "crawl.wacz").already
    other = take(home, make(tmp_path / "other.wacz", {"archive/one.warc.gz": MEMBERS["archive/one.warc.gz"]}))
    assert (other.already, other.captures) == (False, 0)


def test_a_member_that_is_not_as_stated_is_a_known_defect(home: Home, tmp_path: Path) -> None:
    result = take(home, make(tmp_path / "crawl.wacz", stated={**MEMBERS, "archive/two.warc": b"other"}))
    assert [defect.problem.split(":")[0] for defect in result.defects] == ["archive/two.warc"]
    assert result.captures == 2
    assert verify(home).holds
    assert len(verify(home).known) == 1


def test_a_broken_warc_within_is_named_with_its_own_file(home: Home, tmp_path: Path) -> None:
    torn = {**MEMBERS, "archive/one.warc.gz": MEMBERS["archive/one.warc.gz"] + b"rubbish"}
    result = take(home, make(tmp_path / "crawl.wacz", torn))
    assert ["one.warc.gz" in defect.file for defect in result.defects] == [True]
    assert len(list(home.ledger.entries("defects"))) == 1
    assert verify(home).holds


@pytest.mark.parametrize(
    ("name", "members"),
    [("nothing.wacz", {}), ("elsewhere.wacz", {"one.warc": record()}), ("noise.wacz", {"archive/one.warc": b"noise"})],
    ids=["no member", "no archive folder", "no WARC"],
)
def test_a_zip_that_is_no_wacz_is_refused(home: Home, tmp_path: Path, name: str, members: dict[str, bytes]) -> None:
    with pytest.raises(MaterialError, match=name):
        take(home, make(tmp_path / name, members))
    assert [path for path in home.warc.rglob("*") if path.is_file()] == []


def test_a_torn_zip_is_refused(home: Home, tmp_path: Path) -> None:
    path = make(tmp_path / "torn.wacz")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(MaterialError, match="cannot be read as one"):
        take(home, path)
    assert list((home.warc / "imports").iterdir()) == []


def test_a_wacz_with_a_withdrawn_page_is_not_kept_whole(home: Home, tmp_path: Path) -> None:
    with home.catalogue() as catalogue:
        target = find_target(catalogue, OTHER.decode())
        decide(catalogue, home.ledger, target, level=Level.HIDE, reason=Reason.PRIVACY, why="a test", who="test")
    both = {"archive/both.warc": record() + record(url=OTHER)}
    result = take(home, make(tmp_path / "crawl.wacz", both))
    assert (result.captures, result.refused) == (1, 1)
    kept = [path for path in home.warc.rglob("*") if path.is_file()]
    assert all(OTHER not in path.read_bytes() for path in kept)
    assert not [path for path in kept if path.suffix == ".wacz"]
    assert verify(home).holds
