"""Erasing: no byte of a page is left in any file, and nothing else is lost."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import (
    ArchiveError,
    Capture,
    Erased,
    Home,
    Level,
    MaterialError,
    Reason,
    decide,
    durable,
    erase,
    find_target,
    read_capture,
    read_payload,
    rebuild_facts,
    verify,
)
from archive.imports import import_file
from archive.rewrite import readable
from tests.archive.making import add

GONE, KEPT, THIRD = (f"http://example.org/{name}" for name in ("gone", "kept", "third"))
SECRET = b"<p>xylographic herons</p>"


def erasing(home: Home, target: str = GONE) -> Erased:
    with home.lock(what="withdraw") as writer:
        found = find_target(writer.catalogue, target)
        decided = decide(
            writer.catalogue, home.ledger, found, level=Level.ERASE, reason=Reason.PRIVACY, why="", who="test"
        )
        return erase(writer, home.ledger, decided, who="test", progress=lambda text: None)


def take(home: Home, path: Path) -> str:
    with home.lock(what="import") as writer:
        return import_file(path, writer=writer, ledger=home.ledger, who="test").kept


def holds(home: Home) -> bool:
    """Whether all holds, and a catalogue made again from files and ledger is the one there is."""
    rebuilt = rebuild_facts(home)
    return verify(home).holds and (rebuilt.missing, rebuilt.wrong, rebuilt.unreadable) == (0, 0, ())


def files_with(home: Home, text: bytes) -> list[str]:
    paths = (path for path in home.path.rglob("*") if path.is_file() and path.name != "catalogue.sqlite")
    return [path.name for path in paths if text in readable(path.read_bytes())]


def payloads(home: Home) -> dict[str, bytes]:
    """The payload of the newest capture of each page."""
    with home.catalogue() as catalogue:
        return {c.url: read_payload(home, c, catalogue=catalogue).body for c in catalogue.captures()}


def only(home: Home, url: str) -> Capture:
    with home.catalogue() as catalogue:
        (capture,) = (capture for capture in catalogue.captures() if capture.url == url)
    return capture


@pytest.fixture
def filled(home: Home) -> Home:
    with home.lock(what="test") as writer:
        add(writer, KEPT, b"<p>boats</p>")
        add(writer, GONE, SECRET)
        add(writer, GONE, SECRET)
        add(writer, THIRD, b"<p>lanterns</p>", outlinks=[GONE])
        add(writer, KEPT, b"<p>boats</p>")
    return home


def test_a_page_of_our_own_file_is_gone_and_the_rest_is_as_it_was(filled: Home) -> None:
    before = payloads(filled)
    assert files_with(filled, SECRET)
    result = erasing(filled)
    assert (result.files, result.records) == (1, 5)
    assert files_with(filled, SECRET) == []
    assert payloads(filled) == {url: body for url, body in before.items() if url != GONE}
    assert holds(filled)
    with filled.lock(what="test") as writer:
        assert add(writer, KEPT, b"<p>boats</p>").record_type == "revisit"
    assert holds(filled)


def test_the_ledger_and_the_manifest_hold_the_digests(filled: Home) -> None:
    with filled.lock(what="test") as writer:
        writer.rotate()
        (old,) = writer.catalogue.files()
    erasing(filled)
    (entry,) = filled.ledger.entries("erasures")
    assert (entry["before"]["file"], entry["before"]["sha256"]) == (old["name"], old["sha256"])
    new = filled.warc / entry["after"]["file"]
    assert entry["after"]["sha256"] == hashlib.sha256(new.read_bytes()).hexdigest()
    checked = subprocess.run(["sha256sum", "-c", "MANIFEST-sha256"], cwd=filled.warc, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.decode() == f"{new.name}: OK\n"


def test_records_of_other_pages_keep_their_bytes(filled: Home) -> None:
    with filled.catalogue() as catalogue:
        kept = [c for c in catalogue.captures() if c.url != GONE]
    before = {(c.url, c.timestamp, c.record_type): read_capture(filled, c) for c in kept}
    erasing(filled)
    with filled.catalogue() as catalogue:
        after = {(c.url, c.timestamp, c.record_type): read_capture(filled, c) for c in catalogue.captures()}
    assert after == before


def test_erasing_twice_changes_nothing_more(filled: Home) -> None:
    erasing(filled)
    before = {path: path.read_bytes() for path in filled.path.rglob("*.warc.gz")}
    assert erasing(filled).files == 0
    assert {path: path.read_bytes() for path in filled.path.rglob("*.warc.gz")} == before
    assert len(list(filled.ledger.entries("erasures"))) == 1


def test_verify_names_what_an_interrupted_erasing_left(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable, "remove", lambda path: None)
    old = next(filled.warc.glob("*.warc.gz")).name
    erasing(filled)
    monkeypatch.undo()
    (problem,) = verify(filled).problems
    assert (problem.file, problem.mend) == (old, f"podium withdraw '{GONE}' --level erase --reason ...")
    erasing(filled)
    assert holds(filled)
    assert files_with(filled, SECRET) == []


def test_verify_names_a_decision_that_was_not_carried_out(filled: Home) -> None:
    with filled.lock(what="withdraw") as writer:
        target = find_target(writer.catalogue, GONE)
        decide(writer.catalogue, filled.ledger, target, level=Level.ERASE, reason=Reason.PRIVACY, why="", who="test")
    problems = verify(filled).problems
    assert {problem.problem for problem in problems} == {"is of a page that was to be erased"}
    assert len(problems) == 2
    erasing(filled)
    assert holds(filled)


def test_a_file_in_which_nothing_else_is_goes_as_a_whole(home: Home) -> None:
    with home.lock(what="test") as writer:
        add(writer, GONE, SECRET)
    erasing(home)
    assert list(home.warc.glob("*.warc.gz")) == []
    with home.lock(what="test") as writer:
        add(writer, KEPT, b"<p>boats</p>")
    assert holds(home)


def shaped(home: Home, folder: Path, shape: str) -> Path:
    """The first file of a home compressed by record, not at all, or as one stream."""
    stored = next(home.warc.glob("*.warc.gz")).read_bytes()
    plain = gzip.decompress(stored)
    made = folder / (f"{shape}.warc" + ("" if shape == "plain" else ".gz"))
    made.write_bytes({"members": stored, "plain": plain, "stream": gzip.compress(plain)}[shape])
    return made


@pytest.mark.parametrize("shape", ["members", "plain", "stream"])
def test_an_import_is_written_anew_and_its_old_digest_stays_refused(
    filled: Home, tmp_path: Path, collection_file: Path, shape: str
) -> None:
    path = shaped(filled, tmp_path, shape)
    home = Home.init(tmp_path / "importing", collection=collection_file)
    old = take(home, path)
    erasing(home)
    assert files_with(home, SECRET) == []
    (new,) = (path for path in (home.warc / "imports").iterdir())
    assert new.name.startswith(hashlib.sha256(new.read_bytes()).hexdigest())
    assert old != f"imports/{new.name}"
    assert set(payloads(home)) == {KEPT, THIRD}
    assert holds(home)
    with pytest.raises(
        MaterialError, match=f"refused: pages in it were erased .* what is left of it is imports/{new.name}"
    ):
        take(home, path)


Write = Callable[[WARCWriter], None]


def elsewhere(path: Path, *writing: Write) -> Path:
    """A WARC file with records as another tool would write them."""
    with path.open("wb") as file:
        for write in writing:
            write(WARCWriter(file, gzip=True, warc_version="WARC/1.1"))
    return path


def http(**headers: str) -> StatusAndHeaders:
    return StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers.items()], protocol="HTTP/1.1")


def response(writer: WARCWriter, url: str, body: bytes, *, day: str = "01") -> None:
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), length=len(body), http_headers=http(Server="first"),
        warc_headers_dict={"WARC-Date": f"2020-01-{day}T00:00:00Z"},
    )  # fmt: skip
    writer.write_record(record)


def revisit(writer: WARCWriter, url: str, of: str, body: bytes, *, day: str) -> None:
    digest = f"sha1:{base64.b32encode(hashlib.sha1(body).digest()).decode()}"
    record = writer.create_revisit_record(
        url, digest, of, "2020-01-01T00:00:00Z",
        http_headers=http(Server="second"), warc_headers_dict={"WARC-Date": f"2020-01-{day}T00:00:00Z"},
    )  # fmt: skip
    writer.write_record(record)


@pytest.mark.parametrize("together", [True, False], ids=["one file", "a file each"])
def test_a_payload_that_others_revisit_is_carried_by_one_of_them(home: Home, tmp_path: Path, together: bool) -> None:
    writing: list[Write] = [
        lambda w: response(w, GONE, SECRET),
        lambda w: revisit(w, THIRD, GONE, SECRET, day="03"),
        lambda w: revisit(w, KEPT, GONE, SECRET, day="02"),
    ]
    if together:
        take(home, elsewhere(tmp_path / "all.warc.gz", *writing))
    else:
        for number, write in enumerate(writing):
            take(home, elsewhere(tmp_path / f"{number}.warc.gz", write))
    assert payloads(home) == dict.fromkeys((GONE, KEPT, THIRD), SECRET)
    erasing(home)
    assert payloads(home) == dict.fromkeys((KEPT, THIRD), SECRET)
    carrier, other = only(home, KEPT), only(home, THIRD)
    assert (carrier.record_type, carrier.timestamp, carrier.refers_to) == ("response", "20200102000000", None)
    record = read_capture(home, carrier)
    assert record.problems() == ()
    assert ("Server", "second") in record.http_headers
    assert (other.record_type, other.refers_to) == ("revisit", carrier.id)
    pointing = read_capture(home, other)
    assert pointing.header("WARC-Refers-To-Target-URI") == KEPT
    assert pointing.header("WARC-Refers-To-Date") == "2020-01-02T00:00:00Z"
    assert holds(home)
    assert set(files_with(home, GONE.encode())) == {"withdrawals.jsonl", "erasures.jsonl"}


def test_a_payload_that_another_record_holds_is_not_written_twice(home: Home, tmp_path: Path) -> None:
    def write(writer: WARCWriter) -> None:
        response(writer, GONE, SECRET)
        response(writer, THIRD, SECRET, day="02")
        revisit(writer, KEPT, GONE, SECRET, day="03")

    take(home, elsewhere(tmp_path / "all.warc.gz", write))
    erasing(home)
    assert only(home, KEPT).refers_to == only(home, THIRD).id
    assert read_capture(home, only(home, KEPT)).header("WARC-Refers-To-Target-URI") == THIRD
    assert payloads(home) == dict.fromkeys((KEPT, THIRD), SECRET)
    assert holds(home)


def test_records_made_from_a_page_go_with_it(home: Home, tmp_path: Path) -> None:
    def write(writer: WARCWriter) -> None:
        response(writer, GONE, SECRET)
        for url in (f"urn:text:{GONE}", f"urn:text:{KEPT}"):
            text = f"{url} herons".encode()
            record = writer.create_warc_record(
                url, "resource", payload=io.BytesIO(text), length=len(text), warc_content_type="text/plain"
            )
            writer.write_record(record)
        response(writer, KEPT, b"boats")

    take(home, elsewhere(tmp_path / "all.warc.gz", write))
    erasing(home)
    assert set(payloads(home)) == {KEPT, f"urn:text:{KEPT}"}
    assert holds(home)


def test_a_broken_stretch_that_names_the_page_goes_and_another_stays(home: Home, tmp_path: Path) -> None:
    gone = elsewhere(tmp_path / "gone.gz", lambda writer: response(writer, GONE, SECRET)).read_bytes()
    third = elsewhere(tmp_path / "third.gz", lambda writer: response(writer, THIRD, SECRET)).read_bytes()
    whole = elsewhere(tmp_path / "whole.gz", lambda writer: response(writer, KEPT, b"boats")).read_bytes()
    path = tmp_path / "broken.warc.gz"
    path.write_bytes(gone[:-9] + whole + third[:-9] + whole + gone)
    kept = home.warc / take(home, path)
    assert gone[:-9] in kept.read_bytes()
    erasing(home)
    (new,) = (home.warc / "imports").iterdir()
    assert new.read_bytes() == whole + third[:-9] + whole
    assert holds(home)


def test_a_file_that_lost_records_is_left_as_it_is(filled: Home) -> None:
    newest = next(filled.warc.glob("*.warc.gz"))
    newest.write_bytes(newest.read_bytes()[:-2500])
    with pytest.raises(ArchiveError, match="podium verify"):
        erasing(filled)
    assert [path.name for path in filled.warc.glob("*.warc.gz*")] == [newest.name]
    assert list(filled.ledger.entries("erasures")) == []


def test_a_torn_tail_in_quarantine_that_names_the_page_goes(filled: Home) -> None:
    (filled.path / "quarantine").mkdir(exist_ok=True)
    (filled.path / "quarantine" / "other").write_bytes(b"WARC-Target-URI: http://example.org/third\r\n")
    (filled.path / "quarantine" / "torn").write_bytes(gzip.compress(f"WARC-Target-URI: {GONE}\r\n".encode())[:-8])
    erasing(filled)
    assert "torn" not in {path.name for path in (filled.path / "quarantine").iterdir()}
    assert (filled.path / "quarantine" / "other").exists()


@pytest.mark.parametrize("listed", [False, True], ids=["in a WARC file", "in the list of pages alone"])
def test_a_wacz_goes_and_its_other_pages_stay(home: Home, tmp_path: Path, listed: bool) -> None:
    kept = elsewhere(tmp_path / "kept.warc.gz", lambda writer: response(writer, KEPT, b"boats"))
    gone = elsewhere(tmp_path / "gone.warc.gz", lambda writer: response(writer, GONE, SECRET))
    path = tmp_path / "crawl.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.write(kept, "archive/kept.warc.gz")
        if not listed:
            package.write(gone, "archive/gone.warc.gz")
        package.writestr("pages/pages.jsonl", json.dumps({"url": GONE if listed else KEPT, "text": SECRET.decode()}))
    take(home, path)
    erasing(home)
    assert files_with(home, SECRET) == []
    assert [found.suffix for found in (home.warc / "imports").iterdir()] == [".gz"]
    assert payloads(home) == {KEPT: b"boats"}
    assert holds(home)
    with pytest.raises(MaterialError, match=r"refused: pages in it were erased .*kept\.warc\.gz"):
        take(home, path)
