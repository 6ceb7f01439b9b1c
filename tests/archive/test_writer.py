from __future__ import annotations

import datetime as dt
import gzip
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive import Home, Via, read_payload, verify, verify_capture
from archive.facts import captures_of
from archive.scan import Framed, scan
from tests.archive.making import NOON, URL, add


def own_files(home: Home) -> list[Path]:
    return sorted(home.warc.glob("[0-9]*.warc.gz"))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_back(home: Home, bodies: list[bytes]) -> None:
    with home.lock(what="test") as writer:
        captures = [add(writer, f"http://example.org/{n}-{len(body)}", body) for n, body in enumerate(bodies)]
    with home.catalogue() as catalogue:
        for capture, body in zip(captures, bodies, strict=True):
            kept = catalogue.capture(capture.id)
            assert kept == capture
            assert read_payload(home, capture, catalogue=catalogue).body == body
            assert verify_capture(home, capture) == ()


ODD = (
    "",
    "é",
    "女",
    " a ",
    "a\u2028b",
    "\x85",
    "a: b",
    "\xa0",
    "\u3000x\u3000",
    "text/html; charset=gbk",
    ";",
    "\ufeff",
    "a\r\nB: c",
)


def test_rows_are_those_that_reading_the_files_back_gives(home: Home) -> None:
    names = ("Content-Type", "content-type ", "X-A", "Content-Encoding", "Location")
    with home.lock(what="test") as writer:
        for n, (text, name) in enumerate(itertools.product(ODD, names)):
            for status, body in ((200, b"\0"), (304, b""), (404, b"a")):
                said: dict[str, Any] = {"headers": [(name, text)], "reason": text, "how": text}
                add(writer, f"http://example.org/{n}", status=status, body=body, **said)
    (file,) = own_files(home)
    with home.catalogue() as catalogue:
        rows = {capture.id: capture for capture in catalogue.captures_in(file.name)}
    framed = (item for item in scan(file) if isinstance(item, Framed))
    for read in captures_of(framed, file=file.name, imported=False):
        row = rows.pop(read.id)
        # To what a revisit refers, and what it inherits from there, is found among all captures.
        open_: dict[str, Any] = {"refers_to": None, "sha256": "", "mime": ""} if row.record_type == "revisit" else {}
        assert replace(row, **open_) == replace(read, **open_)
    assert rows == {}


def test_links_stand_beside_the_capture_that_carries_the_payload_alone(home: Home) -> None:
    with home.lock(what="test") as writer:
        for days in (0, 1):
            add(writer, fetched=NOON + dt.timedelta(days=days), outlinks=["http://example.org/next"])
    metadata = [block for kind, _, block in iterate(own_files(home)[0]) if kind == "metadata"]
    assert [b"outlink: http://example.org/next" in block for block in metadata] == [True]


def test_an_equal_payload_becomes_a_revisit_of_the_first_capture(home: Home) -> None:
    with home.lock(what="test") as writer:
        first = add(writer)
        again = add(writer, fetched=NOON + dt.timedelta(days=1))
        other_page = add(writer, "http://example.org/other")
    assert (first.record_type, again.record_type, other_page.record_type) == ("response", "revisit", "response")
    assert again.refers_to == first.id
    assert again.sha256 == first.sha256
    assert read_payload(home, again).body == b"<p>one</p>"


def test_a_page_that_changed_back_refers_to_the_capture_with_that_text(home: Home) -> None:
    with home.lock(what="test") as writer:
        first = add(writer, body=b"one")
        add(writer, body=b"two", fetched=NOON + dt.timedelta(days=1))
        back = add(writer, body=b"one", fetched=NOON + dt.timedelta(days=2))
    assert back.refers_to == first.id


def test_not_modified_is_a_revisit_with_the_field_s_profile(home: Home) -> None:
    with home.lock(what="test") as writer:
        first = add(writer)
        same = add(writer, body=b"", status=304, reason="Not Modified", fetched=NOON + dt.timedelta(days=1))
    assert (same.status, same.refers_to, same.payload_sha1) == (304, first.id, first.payload_sha1)
    records = list(iterate(own_files(home)[0]))
    revisit = next(headers for type, headers, _ in records if type == "revisit")
    assert revisit.get_header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.get_header("WARC-Refers-To-Target-URI") == URL
    assert revisit.get_header("WARC-Refers-To-Date") == "2025-07-16T12:00:00Z"


def test_a_memento_is_dated_by_its_archive_and_says_where_it_came_from(home: Home) -> None:
    replay = f"http://archive.example/web/20081021000000id_/{URL}"
    with home.lock(what="test") as writer:
        capture = add(writer, via=Via.WAYBACK, source_uri=replay, memento=dt.datetime(2008, 10, 21, tzinfo=dt.UTC))
    assert (capture.timestamp, capture.via, capture.source_uri) == ("20081021000000", Via.WAYBACK, replay)
    response = next(headers for type, headers, _ in iterate(own_files(home)[0]) if type == "response")
    assert response.get_header("WARC-Source-URI") == replay
    assert response.get_header("WARC-Creation-Date") == "2025-07-16T12:00:00Z"
    assert response.get_header("WARC-Target-URI") == URL


def test_transfer_coding_is_dropped_and_content_coding_kept(home: Home) -> None:
    body = gzip.compress(b"<p>packed</p>")
    headers = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
    with home.lock(what="test") as writer:
        capture = add(writer, body=body, headers=headers)
    record = next(content for type, _, content in iterate(own_files(home)[0]) if type == "response")
    assert record == b"<p>packed</p>"
    payload = read_payload(home, capture)
    assert payload.body == b"<p>packed</p>"
    assert "transfer-encoding" not in {name.lower() for name, _ in payload.headers}


def test_request_and_metadata_stand_beside_the_response(home: Home) -> None:
    with home.lock(what="test") as writer:
        add(writer, outlinks=["http://example.org/next"])
    records = list(iterate(own_files(home)[0]))
    assert [type for type, _, _ in records] == ["warcinfo", "response", "request", "metadata"]
    response, request, metadata = (headers for _, headers, _ in records[1:])
    for headers in (request, metadata):
        assert headers.get_header("WARC-Concurrent-To") == response.get_header("WARC-Record-ID")
    assert b"outlink: http://example.org/next" in records[3][2]
    assert response.get_header("WARC-IP-Address") == "127.0.0.1"


def test_nothing_is_in_the_catalogue_before_it_is_flushed(home: Home) -> None:
    with home.lock(what="test") as writer:
        add(writer)
        assert count(home) == 0
        writer.flush()
        assert count(home) == 1


def test_a_full_file_is_closed_into_the_manifest_and_a_new_one_begun(home: Home) -> None:
    small = replace(home, settings=replace(home.settings, warc_size=1500))
    for n in range(6):
        with small.lock(what="test") as writer:
            add(writer, f"http://example.org/{n}")
    files = own_files(home)
    assert len(files) > 1
    lines = (home.warc / "MANIFEST-sha256").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == [path.name for path in files[: len(lines)]]
    assert len(lines) >= len(files) - 1
    assert verify(home).holds


@pytest.mark.parametrize("torn", [1, 20, 200], ids=lambda n: f"{n} bytes")
def test_a_torn_tail_goes_to_quarantine_and_the_next_record_is_found(home: Home, torn: int) -> None:
    with home.lock(what="test") as writer:
        add(writer)
    path = own_files(home)[0]
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:torn])
    with home.lock(what="test") as writer:
        assert [defect.offset for defect in writer.mended] == [len(whole)]
        add(writer, "http://example.org/after")
    assert (home.path / "quarantine" / f"{path.name}-{len(whole)}").read_bytes() == whole[:torn]
    assert verify(home).holds
    assert [type for type, _, _ in iterate(path)].count("response") == 2


def test_a_whole_record_without_its_row_gets_it_from_the_next_writer(home: Home) -> None:
    with home.lock(what="test") as writer:
        add(writer)
        add(writer, "http://example.org/two")
    with home.catalogue() as catalogue:
        before = list(catalogue.captures())
        catalogue.connection.execute("DELETE FROM captures WHERE url LIKE '%two'")
    with home.lock(what="test"):
        pass
    with home.catalogue() as catalogue:
        assert list(catalogue.captures()) == before


def test_revisits_found_after_a_crash_refer_to_their_payload_again(home: Home) -> None:
    with home.lock(what="test") as writer:
        add(writer)
        add(writer, fetched=NOON + dt.timedelta(days=1))
    with home.catalogue() as catalogue:
        before = list(catalogue.captures())
        catalogue.connection.execute("DELETE FROM captures")
    with home.lock(what="test"):
        pass
    with home.catalogue() as catalogue:
        assert list(catalogue.captures()) == before


def iterate(path: Path) -> list[tuple[str, Any, bytes]]:
    """The records of a file as warcio, the field's own reader, sees them."""
    with path.open("rb") as file:
        return [(r.rec_type, r.rec_headers, r.content_stream().read()) for r in ArchiveIterator(file)]


def count(home: Home) -> int:
    with home.catalogue() as catalogue:
        return len(list(catalogue.captures()))
