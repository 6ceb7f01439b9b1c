from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from pathlib import Path
from typing import Any

import pytest

from archive import Home, MaterialError, Via, read_payload, verify
from archive.imports import ImportResult, import_document, import_file
from tests.archive.making import NOON, URL, add

BROKEN = {"bad.arc", "example-wrong-chunks.warc.gz", "example-trunc.warc", "example-digest.warc"}
STREAMED = {"example-bad-non-chunked.warc.gz", "example-bad.warc.gz.bad", "example-wrong-chunks.warc.gz"}


def take(home: Home, path: Path) -> ImportResult:
    with home.lock(what="import") as writer:
        return import_file(path, writer=writer, ledger=home.ledger, who="test")


@pytest.fixture
def made_elsewhere(tmp_path: Path, collection_file: Path) -> Path:
    other = Home.init(tmp_path / "other", collection=collection_file)
    with other.lock(what="test") as writer:
        add(writer)
        add(writer, "http://example.org/two", b"<p>two</p>")
        add(writer, fetched=NOON + dt.timedelta(days=1))
    return next(other.warc.glob("[0-9]*.warc.gz"))


def test_a_file_is_kept_byte_for_byte_and_its_captures_are_read_back(home: Home, made_elsewhere: Path) -> None:
    result = take(home, made_elsewhere)
    assert (home.warc / result.kept).read_bytes() == made_elsewhere.read_bytes()
    assert result.sha256 == hashlib.sha256(made_elsewhere.read_bytes()).hexdigest()
    assert (result.captures, result.defects, result.already) == (3, (), False)
    with home.catalogue() as catalogue:
        captures = list(catalogue.captures(urlkey="org,example)/report?id=1"))
        assert [(c.record_type, c.via) for c in captures] == [("response", Via.IMPORT), ("revisit", Via.IMPORT)]
        assert read_payload(home, captures[1], catalogue=catalogue).body == b"<p>one</p>"
    assert verify(home).holds


def test_importing_a_file_again_changes_nothing(home: Home, made_elsewhere: Path, tmp_path: Path) -> None:
    take(home, made_elsewhere)
    before = contents(home)
    renamed = tmp_path / "renamed.warc.gz"
    renamed.write_bytes(made_elsewhere.read_bytes())
    assert take(home, renamed).already
    assert contents(home) == before


def test_a_plain_and_a_compressed_file_give_the_same_captures(home: Home, made_elsewhere: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.warc"
    plain.write_bytes(gzip.decompress(made_elsewhere.read_bytes()))
    one, other = take(home, made_elsewhere), take(home, plain)
    with home.catalogue() as catalogue:
        facts = [[(c.url, c.timestamp, c.payload_sha1) for c in catalogue.captures_in(r.kept)] for r in (one, other)]
    assert facts[0] == facts[1]


def test_one_compressed_stream_is_recompressed_beside_the_file(
    home: Home, made_elsewhere: Path, tmp_path: Path
) -> None:
    stream = tmp_path / "stream.warc.gz"
    stream.write_bytes(gzip.compress(gzip.decompress(made_elsewhere.read_bytes())))
    result = take(home, stream)
    assert result.note
    assert (result.captures, result.defects) == (3, ())
    with home.catalogue() as catalogue:
        for capture in catalogue.captures():
            assert read_payload(home, capture, catalogue=catalogue).body in (b"<p>one</p>", b"<p>two</p>")
    assert verify(home).holds


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_what_lies_around_a_broken_record_is_kept(
    home: Home, made_elsewhere: Path, tmp_path: Path, damage: str
) -> None:
    content = bytearray(made_elsewhere.read_bytes())
    offsets = [at for at in range(len(content)) if content[at : at + 3] == b"\x1f\x8b\x08"]
    first_response = offsets[1]
    if damage == "flip":
        content[first_response + 40] ^= 0xFF
    else:
        del content[first_response + 40 : first_response + 80]
    broken = tmp_path / "broken.warc.gz"
    broken.write_bytes(content)
    result = take(home, broken)
    assert [defect.offset for defect in result.defects] == [first_response]
    with home.catalogue() as catalogue:
        assert "http://example.org/two" in {capture.url for capture in catalogue.captures()}
    found = verify(home)
    assert found.holds
    assert [defect.offset for defect in found.known] == [first_response]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.warc", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500)),
        ("photo.warc.gz", gzip.compress(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500))),
        ("empty.warc", b""),
        ("noise.warc.gz", b"\x1f\x8b\x08" + bytes(range(200))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_archive_file_is_refused_and_leaves_no_trace(
    home: Home, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    before = contents(home)
    with pytest.raises(MaterialError, match=name):
        take(home, path)
    assert contents(home) == before


def test_a_supplied_document_is_a_resource_with_what_was_said_of_it(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text("Kata-kata", "utf-8")
    given: dict[str, Any] = {"url": URL, "published": "2025-07-16", "publisher": "A paper", "supplied": NOON}
    with home.lock(what="import") as writer:
        capture, already = import_document(path, writer=writer, **given)
        again, already_again = import_document(path, writer=writer, **given)
    assert (capture.record_type, capture.via, capture.publisher) == ("resource", Via.SUPPLIED, "A paper")
    assert (capture.published, capture.mime, already) == ("2025-07-16", "text/plain", False)
    assert (again, already_again) == (capture, True)
    assert verify(home).holds


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("scan.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "unlike a PDF"),
        ("photo.txt", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), "no text"),
        ("page.html", b"\x1f\x8b" + bytes(range(20)), "no text"),
        ("page.txt", b"", "empty"),
    ],
)
def test_a_document_that_is_not_what_its_name_says_is_refused(
    home: Home, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    before = contents(home)
    with home.lock(what="import") as writer, pytest.raises(MaterialError, match=said):
        import_document(tmp_path / name, writer=writer, url=URL, published=None, supplied=NOON)
    assert contents(home) == before


@pytest.mark.parametrize("url", ["page.txt", "ftp://host.example/a", "file:///etc/passwd"])
def test_a_document_of_no_web_address_is_refused(home: Home, tmp_path: Path, url: str) -> None:
    (tmp_path / "page.txt").write_text("words", "utf-8")
    with home.lock(what="import") as writer, pytest.raises(MaterialError, match="no web address"):
        import_document(tmp_path / "page.txt", writer=writer, url=url, published=None, supplied=NOON)


def test_a_document_in_utf_16_is_a_text(home: Home, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("เวทีสตรี words", "utf-16")
    with home.lock(what="import") as writer:
        capture, _ = import_document(tmp_path / "page.txt", writer=writer, url=URL, published=None, supplied=NOON)
    assert capture.via is Via.SUPPLIED


def test_the_field_s_own_files_are_taken_in_and_the_broken_ones_named(home: Home, shared_warcs: Path) -> None:
    results = {path.name: take(home, path) for path in sorted(shared_warcs.iterdir())}
    for path in shared_warcs.iterdir():
        assert (home.warc / results[path.name].kept).read_bytes() == path.read_bytes()
    assert {name for name, result in results.items() if result.defects} == BROKEN
    assert {name for name, result in results.items() if result.note} == STREAMED
    assert all(defect.offset is not None for result in results.values() for defect in result.defects)
    found = verify(home)
    assert found.holds
    assert found.known
    with home.catalogue() as catalogue:
        bodies = [read_payload(home, c, catalogue=catalogue).body for c in catalogue.captures() if c.status == 200]
    assert sum(b"Example Domain" in body for body in bodies) >= 12


def contents(home: Home) -> dict[str, bytes]:
    """Every file of the archive proper, with its bytes, and every row."""
    files = {
        str(path): path.read_bytes() for path in home.path.rglob("*") if path.is_file() and "sqlite" not in path.name
    }
    with home.catalogue() as catalogue:
        files["rows"] = "\n".join(catalogue.connection.iterdump()).encode()
    files.pop(str(home.path / "lock"), None)
    return files
