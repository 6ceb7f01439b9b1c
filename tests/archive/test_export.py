"""What is exported: the right records, whole, indexed as they lie, and no more than may go out."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive import (
    Collection,
    ExportError,
    ExportFormat,
    ExportResult,
    Home,
    Level,
    Reason,
    Report,
    Rights,
    Selection,
    Show,
    Source,
    Trust,
    Version,
    decide,
    export_archive,
    find_target,
    report_id,
    urlkey,
)
from archive.handover.tables import guarded
from archive.imports import import_file
from archive.records import Relation, Via
from tests.archive import odd
from tests.archive.making import NOON, add

ONE, TWO, COPY = "http://example.org/one", "http://example.org/two", "http://other.example/copy"
TEXT = "Openly fictional words that nobody has said."


@pytest.fixture
def filled(home: Home) -> Home:
    """A home with a page twice, another page, and its copy elsewhere; each but the copy is a report."""
    with home.lock(what="test") as writer:
        captures = [add(writer, ONE), add(writer, TWO, b"<p>two</p>"), add(writer, ONE, fetched=NOON + dt.timedelta(1))]
    with home.catalogue() as catalogue:
        pairs = [
            described(url, captures[n].id, source=key) for n, (url, key) in enumerate([(ONE, "open"), (TWO, None)])
        ]
        catalogue.replace_reports([r for r, _ in pairs], [v for _, v in pairs], [])
    return replace(home, collection=with_rights(home.collection, Show.FULL))


def described(url: str, capture: int, *, source: str | None) -> tuple[Report, Version]:
    id = report_id(urlkey(url))
    version = Version(id="v", report=id, text=TEXT, title="=Title", extractor="test", captures=(capture,))
    report = Report(
        id=id, urlkey=urlkey(url), url=url, title="=Title", publisher="P", language="en", trust=Trust.UNKNOWN,
        via=Via.LIVE, source=source, published=None, first_seen="20250716120000", captured="20250716120000",
        relation=Relation.EDITION, edition=None, reason="", confidence=1.0, version="v",
    )  # fmt: skip
    return report, version


def with_rights(collection: Collection, show: Show) -> Collection:
    rights = Rights(statement="Free to use.", show=show, export_text=True)
    source = Source(key="open", publisher="P", language="en", trust=Trust.UNKNOWN, rights=rights)
    return replace(collection, sources=(source,))


def exported(home: Home, form: ExportFormat, target: Path | None, **selection: Any) -> ExportResult:
    return export_archive(home, form, target, selection=Selection(**selection))


def records(path: Path) -> list[tuple[str, str, bytes]]:
    with path.open("rb") as file:
        return [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI") or "", r.content_stream().read())
            for r in ArchiveIterator(file)
        ]


@pytest.mark.parametrize("name", ["all.warc.gz", "all.warc"])
def test_a_warc_of_everything_holds_every_record_with_what_speaks_of_it(
    filled: Home, tmp_path: Path, name: str
) -> None:
    result = exported(filled, ExportFormat.WARC, tmp_path / name)
    kinds = [type for type, _, _ in records(tmp_path / name)]
    assert {type: kinds.count(type) for type in set(kinds)} == {
        "warcinfo": 2, "response": 2, "revisit": 1, "request": 3, "metadata": 2,
    }  # fmt: skip
    assert (result.reports, result.captures, result.captures_left_out) == (2, 3, 0)
    assert (tmp_path / name).read_bytes()[:2] == (b"WA" if name.endswith(".warc") else b"\x1f\x8b")


def test_warcio_finds_nothing_to_complain_of(filled: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(filled, ExportFormat.WARC, tmp_path / "all.warc.gz")

    class Arguments:
        inputs = (str(tmp_path / "all.warc.gz"),)
        verbose = False

    assert Checker(Arguments()).process_all() == 0
    assert capsys.readouterr().out == ""


def test_a_subset_brings_the_payload_its_revisits_speak_of(filled: Home, tmp_path: Path) -> None:
    with filled.lock(what="test") as writer:
        carrier = next(c for c in writer.catalogue.captures() if c.url == ONE)
        add(writer, COPY)
        writer.flush()
        writer.catalogue.connection.execute(
            "UPDATE captures SET record_type = 'revisit', refers_to = ? WHERE url = ?", (carrier.id, COPY)
        )
        pair = described(COPY, carrier.id, source="open")
        writer.catalogue.replace_reports([pair[0]], [pair[1]], [])
    result = exported(filled, ExportFormat.WARC, tmp_path / "one.warc.gz", reports=(pair[0].id,))
    pages = [url for type, url, _ in records(tmp_path / "one.warc.gz") if type == "response"]
    assert sorted(pages) == [ONE, COPY]
    assert (result.reports, result.captures) == (1, 2)


def test_a_revisit_of_a_withdrawn_page_s_payload_is_written_whole(home: Home, tmp_path: Path) -> None:
    carrier = odd.record(None, b"WARC-Record-ID: <urn:uuid:1>")
    digest = b"WARC-Refers-To: <urn:uuid:1>\r\nWARC-Refers-To-Target-URI: " + odd.URL
    revisit = odd.record(odd.http(b""), digest, type=b"revisit", url=odd.OTHER, date=b"2021-01-02T03:04:05Z")
    path = tmp_path / "made.warc"
    path.write_bytes(carrier + revisit)
    with home.lock(what="import") as writer:
        import_file(path, writer=writer, ledger=home.ledger, who="test")
    withdraw(home, odd.URL.decode())
    exported(home, ExportFormat.WARC, tmp_path / "out.warc.gz")
    assert records(tmp_path / "out.warc.gz")[1:] == [("response", odd.OTHER.decode(), odd.PAGE)]


def test_arc_records_and_broken_ones_go_out_as_sound_warc(home: Home, tmp_path: Path) -> None:
    contents = {
        "made.arc": odd.arc_head() + odd.arc(),
        "wrong.warc": odd.record(length=b"80", url=odd.OTHER) + odd.record(url=b"http://odd.example/c"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        with home.lock(what="import") as writer:
            import_file(tmp_path / name, writer=writer, ledger=home.ledger, who="test")
    exported(home, ExportFormat.WARC, tmp_path / "out.warc.gz")
    found = {url: body for type, url, body in records(tmp_path / "out.warc.gz") if type == "response"}
    assert found == dict.fromkeys([odd.URL.decode(), odd.OTHER.decode(), "http://odd.example/c"], odd.PAGE)
    other = Home.init(tmp_path / "other", collection=home.path / "collection.toml")
    with other.lock(what="import") as writer:
        again = import_file(tmp_path / "out.warc.gz", writer=writer, ledger=other.ledger, who="test")
    assert (again.captures, again.defects) == (3, ())


def test_an_index_leads_to_the_records_where_they_lie(filled: Home, tmp_path: Path) -> None:
    exported(filled, ExportFormat.CDXJ, tmp_path / "index.cdxj")
    lines = (tmp_path / "index.cdxj").read_text("utf-8").splitlines()
    assert lines == sorted(lines)
    said = [json.loads(line.split(" ", 2)[2]) for line in lines]
    assert [line["mime"] for line in said] == ["text/html", "warc/revisit", "text/html"]
    for line in said:
        with (filled.warc / line["filename"]).open("rb") as file:
            file.seek(int(line["offset"]))
            member = gzip.decompress(file.read(int(line["length"])))
        assert f"WARC-Target-URI: {line['url']}".encode() in member


def test_a_wacz_holds_its_index_pages_and_digests(filled: Home, tmp_path: Path) -> None:
    exported(filled, ExportFormat.WACZ, tmp_path / "all.wacz")
    with zipfile.ZipFile(tmp_path / "all.wacz") as package:
        names = {resource["path"] for resource in json.loads(package.read("datapackage.json"))["resources"]}
        assert names | {"datapackage.json", "datapackage-digest.json"} == set(package.namelist())
        assert package.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
        block = json.loads(package.read("indexes/index.idx").splitlines()[1].split(b" ", 2)[2])
        index = package.read("indexes/index.cdx.gz")[block["offset"] :][: block["length"]]
        assert len(gzip.decompress(index).splitlines()) == 3
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
    assert [page.get("text") for page in pages[1:] if page["url"] == ONE] == [TEXT]
    assert [page.get("text") for page in pages[1:] if page["url"] == TWO] == [None]
    other = Home.init(tmp_path / "other", collection=filled.path / "collection.toml")
    with other.lock(what="import") as writer:
        assert import_file(tmp_path / "all.wacz", writer=writer, ledger=other.ledger, who="test").captures == 3


def test_a_table_has_a_row_a_report_and_no_formula(filled: Home, tmp_path: Path) -> None:
    exported(filled, ExportFormat.CSV, tmp_path / "all.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "all.csv").read_text("utf-8"))))
    assert {(row["url"], row["title"]) for row in rows} == {(ONE, "'=Title"), (TWO, "'=Title")}
    assert {row["rights"] for row in rows} == {"Free to use.", ""}


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_marked_as_text(value: str) -> None:
    assert guarded(value) == f"'{value}"


def test_a_text_goes_out_only_where_its_source_allows(filled: Home, tmp_path: Path) -> None:
    result = exported(filled, ExportFormat.JSONL, tmp_path / "all.jsonl")
    texts = {line["url"]: line["text"] for line in map(json.loads, (tmp_path / "all.jsonl").read_text().splitlines())}
    assert texts == {ONE: TEXT, TWO: None}
    assert result.texts_left_out == 1
    whole = exported(filled, ExportFormat.JSONL, tmp_path / "all.jsonl", restricted=True)
    assert whole.texts_left_out == 0
    assert (tmp_path / "all.jsonl").read_text().count(TEXT) == 2


@pytest.mark.parametrize("form", [ExportFormat.WARC, ExportFormat.WACZ, ExportFormat.JSONL])
def test_a_source_that_shows_no_text_gives_none(filled: Home, tmp_path: Path, form: ExportFormat) -> None:
    dark = replace(filled, collection=with_rights(filled.collection, Show.METADATA))
    with filled.lock(what="test") as writer:
        writer.catalogue.connection.execute("UPDATE reports SET source = 'open'")
    result = exported(dark, form, tmp_path / "out")
    assert result.captures_left_out + result.texts_left_out >= 2
    assert TEXT.encode() not in (tmp_path / "out").read_bytes()
    if form is ExportFormat.WARC:
        assert [type for type, _, _ in records(tmp_path / "out")] == ["warcinfo"]


@pytest.mark.parametrize("form", [form for form in ExportFormat if not form.is_folder])
def test_what_is_withdrawn_is_in_no_export(filled: Home, tmp_path: Path, form: ExportFormat) -> None:
    withdraw(filled, ONE)
    exported(filled, form, tmp_path / "out", restricted=True)
    content = (tmp_path / "out").read_bytes()
    if form is ExportFormat.WARC:
        content = b"".join(url.encode() + body for _, url, body in records(tmp_path / "out"))
    assert ONE.encode() not in content
    assert form is ExportFormat.WACZ or TWO.encode() in content


def withdraw(home: Home, url: str) -> None:
    with home.lock(what="withdraw") as writer:
        target = find_target(writer.catalogue, url)
        decide(writer.catalogue, home.ledger, target, level=Level.HIDE, reason=Reason.PRIVACY, why="", who="test")


def test_a_failed_export_leaves_what_was_there(filled: Home, tmp_path: Path) -> None:
    target = tmp_path / "all.warc.gz"
    target.write_bytes(b"before")
    for file in filled.warc.glob("[0-9]*.warc.gz"):
        file.unlink()
    with pytest.raises(ExportError, match="podium verify"):
        exported(filled, ExportFormat.WARC, target)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("all")] == ["all.warc.gz"]
    assert target.read_bytes() == b"before"


@pytest.mark.parametrize("form", [ExportFormat.WARC, ExportFormat.WACZ])
def test_what_is_no_text_needs_a_file(filled: Home, form: ExportFormat) -> None:
    with pytest.raises(ExportError, match="-o"):
        exported(filled, form, None)


def test_a_folder_that_is_not_there_is_said(filled: Home, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no such folder"):
        exported(filled, ExportFormat.CSV, tmp_path / "nowhere" / "all.csv")
