"""The field's own tools read what Podium wrote, and Podium what they wrote; all of it on loopback."""

from __future__ import annotations

import functools
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import ExportFormat, Home, Quote, QuoteKind, Selection, Show, export_archive, read_payload, verify
from archive.imports import import_file
from tests.archive.making import add
from tests.archive.test_export import described, with_rights
from tests.project.tree import ROOT

TOOLS = ROOT / ".venv-tools" / "bin"
WGET = shutil.which("wget")
PAGE = "<html><title>{0}</title><p>Openly fictional words of page {0} about a harbour school.</p>{1}</html>"
LINK = '<a href="{0}">{0}</a>'

pytestmark = pytest.mark.tools
needs_tools = pytest.mark.skipif(not (TOOLS / "wacz").exists(), reason="py-wacz is not installed: make tools")
needs_wget = pytest.mark.skipif(WGET is None, reason="wget is not installed: make tools")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Three fictional pages on loopback, two of them alike."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE.format("one", LINK.format("two.html") + LINK.format("same.html")))
    (folder / "two.html").write_text(PAGE.format("two", ""))
    (folder / "same.html").write_text(PAGE.format("two", ""))
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.init(tmp_path / "home", contact="owner@example.org")


def run(*command: str | Path, cwd: Path) -> str:
    environment = {"no_proxy": "127.0.0.1", "PATH": "/usr/bin:/bin", "HOME": str(cwd)}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def take(home: Home, *paths: Path) -> None:
    with home.lock(what="import") as writer:
        for path in paths:
            assert import_file(path, writer=writer, ledger=home.ledger, who="test").defects == ()
    assert verify(home).holds


def pages(home: Home) -> dict[str, list[tuple[str, bytes]]]:
    """What each page of the site says, by its name, with the kind of record that says it."""
    found: dict[str, list[tuple[str, bytes]]] = {}
    with home.catalogue() as catalogue:
        for capture in catalogue.captures():
            if capture.url.startswith("http://127.0.0.1") and capture.status == 200:
                body = read_payload(home, capture, catalogue=catalogue).body
                found.setdefault(capture.url.rsplit("/", 1)[1], []).append((capture.record_type, body))
    return found


@needs_wget
@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")], ids=["in order", "revisits first"])
def test_what_wget_wrote_is_read_and_its_revisits_lead_to_payloads(
    home: Home, site: str, tmp_path: Path, order: tuple[str, str]
) -> None:
    run("wget", "-q", "-r", "--warc-file=first", "--warc-cdx", site, cwd=tmp_path)
    run("wget", "-q", "-r", "--warc-file=second", "--warc-dedup=first.cdx", site, cwd=tmp_path)
    take(home, *(tmp_path / f"{name}.warc.gz" for name in order))
    found = pages(home)
    assert set(found) == {"", "two.html", "same.html"}
    assert b"page one" in found[""][0][1]
    assert {body for _, body in found["two.html"] + found["same.html"]} == {PAGE.format("two", "").encode()}
    assert "revisit" in {type for each in found.values() for type, _ in each}


@needs_wget
def test_what_wget_wrote_plain_and_what_warcio_recompressed_say_the_same(home: Home, site: str, tmp_path: Path) -> None:
    run("wget", "-q", "-r", "--warc-file=plain", "--no-warc-compression", site, cwd=tmp_path)
    run(ROOT / ".venv" / "bin" / "warcio", "recompress", "plain.warc", "members.warc.gz", cwd=tmp_path)
    take(home, tmp_path / "plain.warc", tmp_path / "members.warc.gz")
    assert {len(found) for found in pages(home).values()} == {2}


def test_what_warcio_captured_is_read(home: Home, site: str, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom warcio.capture_http import capture_http\nimport requests\n"
        "with capture_http('captured.warc.gz'):\n    requests.get(sys.argv[1]); requests.post(sys.argv[1], data='a=1')\n"
    )
    run(ROOT / ".venv" / "bin" / "python", "-c", script, site, cwd=tmp_path)
    take(home, tmp_path / "captured.warc.gz")
    assert [type for type, _ in pages(home)[""]] == ["response"]


@needs_tools
def test_what_py_wacz_wrote_is_read(home: Home, tmp_path: Path) -> None:
    made = Home.init(tmp_path / "made")
    with made.lock(what="test") as writer:
        add(writer)
        add(writer, "http://example.org/two", b"<p>two</p>")
    warc = next(made.warc.glob("[0-9]*.warc.gz"))
    run(TOOLS / "wacz", "create", "-o", "made.wacz", "--detect-pages", warc, cwd=tmp_path)
    take(home, tmp_path / "made.wacz")
    with home.catalogue() as catalogue:
        assert len(list(catalogue.captures())) == 2


@pytest.fixture
def filled(home: Home) -> Home:
    """A home with a page twice, so that one is a revisit, and an import of an ARC."""
    with home.lock(what="test") as writer:
        add(writer)
        add(writer, headers=[("Content-Type", "text/html"), ("ETag", '"1"')])
        add(writer, "http://example.org/two", b"<p>two</p>")
    return home


@needs_tools
def test_py_wacz_validates_ours(filled: Home, tmp_path: Path) -> None:
    export_archive(filled, ExportFormat.WACZ, tmp_path / "ours.wacz", selection=Selection())
    assert "is valid" in run(TOOLS / "wacz", "validate", "-f", "ours.wacz", cwd=tmp_path)


@needs_tools
def test_warcio_s_check_is_silent_on_ours(filled: Home, tmp_path: Path) -> None:
    export_archive(filled, ExportFormat.WARC, tmp_path / "ours.warc.gz", selection=Selection())
    own = next(filled.warc.glob("[0-9]*.warc.gz"))
    assert run(TOOLS / "warcio", "check", own, tmp_path / "ours.warc.gz", cwd=tmp_path) == ""


@needs_tools
def test_cdxj_indexer_gives_the_keys_and_places_of_our_index(filled: Home, tmp_path: Path) -> None:
    export_archive(filled, ExportFormat.CDXJ, tmp_path / "ours.cdxj", selection=Selection())
    own = next(filled.warc.glob("[0-9]*.warc.gz"))
    theirs = run(TOOLS / "cdxj-indexer", "--sort", own, cwd=tmp_path).splitlines()
    ours = (tmp_path / "ours.cdxj").read_text("utf-8").splitlines()
    assert [line.replace('"sha1:', '"') for line in theirs] == ours


def test_warcio_reads_every_record_of_an_own_file(filled: Home) -> None:
    with next(filled.warc.glob("[0-9]*.warc.gz")).open("rb") as file:
        kinds = [
            record.rec_type
            for record in ArchiveIterator(file, check_digests="raise")
            if record.content_stream().read() is not None
        ]
    assert kinds.count("response") == 2
    assert kinds.count("revisit") == 1


@needs_tools
def test_bagit_validates_our_bag(filled: Home, tmp_path: Path) -> None:
    export_archive(filled, ExportFormat.BAG, tmp_path / "bag", selection=Selection())
    run(TOOLS / "python", TOOLS / "bagit.py", "--validate", "--quiet", "bag", cwd=tmp_path)
    (tmp_path / "bag" / "data" / "stray").write_text("")
    with pytest.raises(AssertionError):
        run(TOOLS / "python", TOOLS / "bagit.py", "--validate", "--quiet", "bag", cwd=tmp_path)


@needs_tools
def test_frictionless_validates_our_dump(filled: Home, tmp_path: Path) -> None:
    with filled.catalogue() as catalogue:
        capture = next(catalogue.captures())
        report, version = described(capture.url, capture.id, source="open")
        quote = Quote(
            id="q", report=report.id, version="v", text=version.text[:9], start=0, end=9, kind=QuoteKind.DIRECT,
            cue=None, speaker="Somebody Fictional", role=None, language="en", rule="test", confidence=1.0,
        )  # fmt: skip
        catalogue.replace_reports([report], [version], [quote])
    home = replace(filled, collection=with_rights(filled.collection, Show.FULL))
    export_archive(home, ExportFormat.DUMP, tmp_path / "dump", selection=Selection())
    said = run(TOOLS / "frictionless", "validate", "dump/datapackage.json", cwd=tmp_path)
    assert said.count(" VALID ") == 7
