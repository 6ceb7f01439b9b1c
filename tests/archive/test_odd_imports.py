"""What other tools write, well and badly, is taken in as far as it can be read, and what is wrong is named."""

from __future__ import annotations

import base64
import hashlib
import io
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive import Capture, Home, MaterialError, read_payload, verify
from archive.coding import decode, unchunk
from archive.imports import ImportResult, import_file
from archive.record import parse_record
from archive.scan import Framed, scan
from tests.archive import odd
from tests.archive.odd import PAGE, record

PAGES = ("response", "revisit", "metadata")


def take(home: Home, name: str, content: bytes) -> ImportResult:
    path = home.path / name
    path.write_bytes(content)
    with home.lock(what="import") as writer:
        return import_file(path, writer=writer, ledger=home.ledger, who="test")


def bodies(home: Home) -> dict[str, tuple[Capture, bytes]]:
    with home.catalogue() as catalogue:
        return {c.url: (c, read_payload(home, c, catalogue=catalogue).body) for c in catalogue.captures()}


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in odd.WHOLE.items()])
def test_a_page_is_read_whole(home: Home, content: bytes) -> None:
    result = take(home, "odd.warc", content)
    assert (result.defects, result.note) == ((), None)
    capture, body = bodies(home)[odd.URL.decode()]
    assert body == PAGE
    assert capture.status == (200 if b"HTTP" in content or capture.record_type == "response" else 0)
    assert verify(home).holds


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in odd.STREAMED.items()])
def test_what_cannot_be_addressed_is_kept_and_recompressed(home: Home, content: bytes) -> None:
    result = take(home, "odd.warc.gz", content)
    assert result.note
    assert not result.defects
    assert (home.warc / result.kept).read_bytes() == content
    assert bodies(home)[odd.URL.decode()][1] == PAGE
    assert verify(home).holds


@pytest.mark.parametrize(("content", "named"), [pytest.param(*pair, id=name) for name, pair in odd.DEFECTS.items()])
def test_a_defect_is_named_and_known_and_the_rest_is_read(home: Home, content: bytes, named: str) -> None:
    result = take(home, "odd.warc", content)
    assert [named in defect.problem for defect in result.defects] == [True]
    assert bodies(home)[odd.URL.decode()][1] == PAGE
    assert [entry["subject"] for entry in home.ledger.entries("defects")] == [result.kept]
    found = verify(home)
    assert found.holds
    assert len(found.known) == 1


@pytest.mark.parametrize("where", ["one file", "payload first", "revisit first"])
@pytest.mark.parametrize(
    "said",
    [
        pytest.param([b"WARC-Payload-Digest: sha1:" + base64.b32encode(hashlib.sha1(PAGE).digest())], id="sha1"),
        pytest.param([b"WARC-Payload-Digest: sha1:" + hashlib.sha1(PAGE).hexdigest().encode()], id="sha1 in hex"),
        pytest.param([b"WARC-Payload-Digest: sha256:" + hashlib.sha256(PAGE).hexdigest().encode()], id="sha256"),
        pytest.param([b"WARC-Refers-To: <urn:uuid:7>"], id="record id"),
        pytest.param(
            [b"WARC-Refers-To-Target-URI: " + odd.URL, b"WARC-Refers-To-Date: 2020-01-02T03:04:05Z"], id="date"
        ),
    ],
)
def test_a_revisit_leads_to_its_payload(home: Home, said: list[bytes], where: str) -> None:
    chunks = odd.http(
        odd.chunked(PAGE), odd.HTML, odd.CHUNKED, sized=False
    )  # the digests are those of the page without
    carrier = record(chunks, b"WARC-Record-ID: <urn:uuid:7>")
    revisit = record(b"", *said, type=b"revisit", date=b"2021-01-02T03:04:05Z")
    files = {"one file": [carrier + revisit], "payload first": [carrier, revisit], "revisit first": [revisit, carrier]}
    for number, content in enumerate(files[where]):
        take(home, f"{number}.warc", content)
    capture, body = bodies(home)[odd.URL.decode()]
    assert (capture.record_type, capture.status, capture.mime, body) == ("revisit", 200, "text/html", PAGE)
    assert verify(home).holds


def test_an_empty_file_is_refused_with_its_name(home: Home) -> None:
    with pytest.raises(MaterialError, match=r"odd\.warc: empty"):
        take(home, "odd.warc", b"")


def test_records_are_what_warcio_reads_in_the_field_s_good_files(shared_warcs: Path) -> None:
    for path in shared_warcs.glob("example*.*arc*"):
        if {"bad", "trunc", "chunks", "digest", "resource", "space"} & set(path.name.replace(".", "-").split("-")):
            continue
        with path.open("rb") as file:
            theirs = [(r.rec_type, r.content_stream().read()) for r in ArchiveIterator(file) if r.rec_type in PAGES]
        ours = [item.record for item in scan(path) if isinstance(item, Framed)]
        assert [(r.type, r.payload) for r in ours if r.type in PAGES] == theirs, path.name


@given(st.binary(max_size=2000), st.integers(1, 300))
def test_chunks_are_joined_to_what_was_cut(body: bytes, size: int) -> None:
    assert unchunk(odd.chunked(body, size)) == body


@given(st.binary(max_size=500), st.sampled_from(["gzip", "deflate", "br", "zstd", "x-gzip", "gzip, br"]))
def test_any_bytes_under_any_coding_are_read_without_an_error(body: bytes, coding: str) -> None:
    assert isinstance(decode(body, coding), bytes)
    parsed = parse_record(record(odd.coded(coding.encode(), body)))
    assert parsed.body == body


@given(st.binary(max_size=400))
def test_any_block_is_kept_byte_for_byte(block: bytes) -> None:
    parsed = parse_record(record(block))
    assert parsed.block == block
    assert next(iter(ArchiveIterator(io.BytesIO(record(block)), no_record_parse=True))).raw_stream.read() == block


def test_a_body_that_would_fill_the_memory_is_cut() -> None:
    assert len(decode(zlib.compress(bytes(10_000_000)), "deflate", limit=1000)) == 1000
