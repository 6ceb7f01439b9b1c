"""What is withdrawn does not come in again: not by WARC, not by ARC, not as a document."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from pathlib import Path

import pytest

from archive import Home, Level, MaterialError, Reason, decide, find_target, verify
from archive.imports import import_document, import_file
from tests.archive.making import add

GONE, KEPT = "http://example.org/gone", "http://example.org/kept"


def withdraw(home: Home, target: str = GONE) -> None:
    with home.lock(what="withdraw") as writer:
        found = find_target(writer.catalogue, target)
        decide(writer.catalogue, home.ledger, found, level=Level.HIDE, reason=Reason.ERROR, why="", who="test")


@pytest.fixture
def made_elsewhere(tmp_path: Path, collection_file: Path) -> Path:
    other = Home.init(tmp_path / "other", collection=collection_file)
    with other.lock(what="test") as writer:
        add(writer, GONE, b"<p>one</p>")
        add(writer, KEPT, b"<p>two</p>")
        add(writer, GONE, b"<p>one</p>", outlinks=["http://example.org/else"])
    return next(other.warc.glob("[0-9]*.warc.gz"))


def shaped(path: Path, shape: str) -> Path:
    """The file compressed by record, not at all, or as one stream."""
    plain = gzip.decompress(path.read_bytes())
    made = path.with_name(f"{shape}.warc" + ("" if shape == "plain" else ".gz"))
    made.write_bytes({"members": path.read_bytes(), "plain": plain, "stream": gzip.compress(plain)}[shape])
    return made


@pytest.mark.parametrize("shape", ["members", "plain", "stream"])
def test_records_of_withdrawn_pages_are_left_out_of_an_import(home: Home, made_elsewhere: Path, shape: str) -> None:
    withdraw(home)
    source = shaped(made_elsewhere, shape)
    with home.lock(what="import") as writer:
        result = import_file(source, writer=writer, ledger=home.ledger, who="test")
        again = import_file(source, writer=writer, ledger=home.ledger, who="test")
        assert [capture.url for capture in writer.catalogue.captures_in(result.kept)] == [KEPT]
    assert (result.refused, result.captures) == (5, 1)
    assert (again.already, again.refused, again.kept) == (True, 5, result.kept)
    stored = (home.warc / result.kept).read_bytes()
    plain = stored if shape == "plain" else gzip.decompress(stored)
    assert GONE.encode() not in plain
    assert re.findall(rb"^WARC-Target-URI: (\S+)", plain, re.MULTILINE) == [KEPT.encode()] * 3
    assert verify(home).holds


def test_what_is_left_of_a_file_is_byte_for_byte_as_it_came(home: Home, made_elsewhere: Path) -> None:
    withdraw(home, "http://example.org/never-held")
    with home.lock(what="import") as writer:
        result = import_file(made_elsewhere, writer=writer, ledger=home.ledger, who="test")
    assert (home.warc / result.kept).read_bytes() == made_elsewhere.read_bytes()
    assert result.refused == 0


def test_a_file_of_withdrawn_pages_alone_is_refused(home: Home, made_elsewhere: Path) -> None:
    withdraw(home, "http://example.org/*")
    with home.lock(what="import") as writer, pytest.raises(MaterialError, match="every page in it is withdrawn"):
        import_file(made_elsewhere, writer=writer, ledger=home.ledger, who="test")
    assert [path.name for path in (home.warc / "imports").iterdir()] == []


def test_an_arc_file_loses_its_withdrawn_pages(home: Home, tmp_path: Path) -> None:
    pages = {GONE: b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nherons", KEPT: b"HTTP/1.1 200 OK\r\n\r\nboats"}
    head = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
    lines = [b"filedesc://old.arc 0.0.0.0 20060101000000 text/plain %d\n%s\n" % (len(head), head)]
    lines += [b"%s 192.0.2.1 20060101000000 text/html %d\n%s\n" % (u.encode(), len(b), b) for u, b in pages.items()]
    path = tmp_path / "old.arc"
    path.write_bytes(b"".join(lines))
    withdraw(home)
    with home.lock(what="import") as writer:
        result = import_file(path, writer=writer, ledger=home.ledger, who="test")
    assert (result.refused, result.captures, result.defects) == (1, 1, ())
    assert b"herons" not in (home.warc / result.kept).read_bytes()
    assert verify(home).holds


def test_a_document_for_a_withdrawn_address_is_refused(home: Home, tmp_path: Path) -> None:
    withdraw(home)
    path = tmp_path / "page.txt"
    path.write_text("herons")
    with home.lock(what="import") as writer, pytest.raises(MaterialError, match="withdrawn on"):
        import_document(
            path, writer=writer, url=f"{GONE}?utm_source=x", published=None, supplied=dt.datetime.now(dt.UTC)
        )
