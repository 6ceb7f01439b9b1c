"""Commands that the kills are tried on: how each is run, and the functions that make its stages.

To add one: a function that runs it on a home, and a `Command` in COMMANDS naming what it goes through.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Home

# Every write of the archive's own files goes through these.
DISK = {
    "create a file": "archive.durable:create",
    "write to a file": "archive.durable:append",
    "sync a file": "archive.durable:sync",
    "name a file": "archive.durable:rename",
    "sync a folder": "archive.durable:fsync_folder",
}
Report = Callable[[str], None]


@dataclass(frozen=True)
class Command:
    """How to run a command, what it reports as done, and its stages: a name and the function that is it."""

    run: Callable[[Home, Path, Report], None]
    stages: Mapping[str, str]


def take_in(home: Home, material: Path, report: Report) -> None:
    """Import every file of the material, and report each that was taken in."""
    from archive.imports import import_file

    with home.lock(what="import") as writer:
        for path in sorted(material.iterdir()):
            result = import_file(path, writer=writer, ledger=home.ledger, who="owner")
            report(result.kept)


def describe(home: Home, material: Path, report: Report) -> None:
    """Describe in this process, so that each moment of it can be hit, and report the state reached."""
    from indexer import describe

    report(str(describe(home, workers=1).reports))


def rebuild(home: Home, material: Path, report: Report) -> None:
    """Make the facts again, and report how many there are."""
    from archive import rebuild_facts

    report(str(rebuild_facts(home).captures))


COMMANDS = {
    "import": Command(
        run=take_in,
        stages={
            "read the file": "archive.intake:WarcIntake.captures",
            "copy the file": "archive.intake:copy_durably",
            "write its records anew": "archive.intake:WarcIntake.recompress",
            "enter its captures": "archive.catalogue:Catalogue.add_captures",
            "point its revisits": "archive.intake:resolve_revisits",
            "note it in the ledger": "archive.ledger:Ledger.append_all",
            "note its defects": "archive.catalogue:Catalogue.add_defects",
            "close the file": "archive.catalogue:Catalogue.add_file",
            "write the manifest": "archive.writer:write_manifest",
            **DISK,
        },
    ),
    "describe": Command(
        run=describe,
        stages={
            "read a page": "indexer.describe:read_payload",
            "keep what was found": "archive.catalogue:Catalogue.keep_description",
            "pass over the archive": "indexer.describe:describe_archive",
            "apply the corrections": "indexer.describe:apply_decisions",
            "mint aliases": "archive.ledger:Ledger.append_all",
            "replace the reports": "archive.catalogue:Catalogue.replace_reports",
            "replace one report": "archive.catalogue:Catalogue._replace_report",
            "note a change": "archive.catalogue:Catalogue._note_change",
        },
    ),
    "rebuild": Command(
        run=rebuild,
        stages={
            "set a damaged catalogue aside": "archive.rebuild:_set_aside_damaged",
            "note closed files": "archive.rebuild:_note_closed",
            "end an import": "archive.rebuild:finish_import",
            "read a file": "archive.rebuild:_Found._read",
            "enter the facts": "archive.rebuild:_Found.enter",
            "point revisits": "archive.rebuild:point_revisits",
            "write the manifest": "archive.rebuild:write_manifest",
            **DISK,
        },
    ),
}


def make_material(folder: Path) -> Path:
    """Three archive files, of made-up pages: one as it should be, one compressed as a whole, one torn."""
    folder.mkdir()
    records = [_record(n) for n in range(6)]
    (folder / "a-good.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    (folder / "b-stream.warc.gz").write_bytes(gzip.compress(b"".join(records[:4]).replace(b"/page/", b"/other/")))
    (folder / "c-torn.warc").write_bytes(b"".join(records).replace(b"/page/", b"/third/")[:-40])
    return folder


def _record(n: int) -> bytes:
    text = f"The lantern of harbour {n} was lit at dusk, and the keeper wrote it down in the book of the light. " * 3
    body = (
        f"<html><head><title>Harbour {n}</title></head><body><h1>Harbour {n}</h1><p>{text}</p></body></html>".encode()
    )
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    url, when = f"http://harbour.example/page/{n}", {"WARC-Date": f"2025-07-1{n}T08:00:00Z"}
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=when
    )
    writer.write_record(record)
    return buffer.getvalue()
