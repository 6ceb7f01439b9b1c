"""Take in archive files made elsewhere, byte for byte, and single documents the owner supplies."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import mimetypes
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive import facts
from archive.documents import check_document
from archive.durable import fsync_folder
from archive.ledger import Ledger
from archive.records import Capture, Defect, Record
from archive.refusals import admitted, refuse_known, refuse_page
from archive.revisits import resolve_revisits
from archive.scan import Framed, NotAddressableError, scan, scan_stream
from archive.urlkey import urlkey
from archive.writer import ArchiveWriter

RECOMPRESSED = "not addressable by record; its records are recompressed beside it"
DOCUMENTS = {".html", ".htm", ".xhtml", ".pdf", ".txt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult(Record):
    """What became of one file given to import."""

    file: str
    sha256: str
    kept: str  # below warc/
    already: bool
    records: int
    captures: int
    refused: int = 0  # records of withdrawn pages, left out
    holding: tuple[str, ...] = ()  # the files below warc/ whose records it added; none when it was there already
    note: str | None = None
    defects: tuple[Defect, ...] = ()


def import_file(path: Path, *, writer: ArchiveWriter, ledger: Ledger, who: str) -> ImportResult:
    """Keep a WARC or ARC file under `imports/` and enter its captures; a file that is there already changes nothing.

    Records of withdrawn pages are left out, and counted as refused. Raises MaterialError, the archive untouched, when
    the file is neither, or holds nothing else.
    """
    refuse_known(path, digest=_sha256(path), ledger=ledger)
    with admitted(path, writer=writer) as (source, refused):
        return replace(_take_in(source, path, writer=writer, ledger=ledger, who=who), refused=refused)


def _take_in(source: Path, path: Path, *, writer: ArchiveWriter, ledger: Ledger, who: str) -> ImportResult:
    """Import `source`, under the name of `path`."""
    digest = _sha256(source)
    kept = f"imports/{digest}-{_safe(path.name)}"
    known = next((file for file in writer.catalogue.files() if file["sha256"] == digest), None)
    if known:
        return ImportResult(
            file=str(path), sha256=digest, kept=known["name"], already=True, records=0, captures=0, note=known["note"]
        )
    reading = _Reading(source)
    captures = reading.captures(kept)  # before anything is written: what is no archive is refused here
    target = writer.folder / kept
    _copy_durably(source, target)
    if reading.streamed:
        captures = _recompress(reading, target, writer)
    writer.add_captures(captures)
    writer.flush()
    resolve_revisits(writer.catalogue)
    defects = tuple(Defect(file=kept, offset=d.offset, problem=d.problem) for d in reading.defects)
    writer.catalogue.add_defects(defects)
    note = RECOMPRESSED if reading.streamed else None
    ledger.append(
        "imports",
        subject=kept,
        who=who,
        after={"records": reading.records, "captures": len(captures), "note": note},
    )
    for defect in defects:
        ledger.append("defects", subject=kept, who="import", after={"offset": defect.offset, "problem": defect.problem})
    writer.note_closed(target, kind="import", note=note)  # last: from here on the file counts as taken in
    return ImportResult(
        file=str(path),
        sha256=digest,
        kept=kept,
        already=False,
        records=reading.records,
        captures=len(captures),
        holding=tuple(sorted({capture.file for capture in captures})),
        note=note,
        defects=defects,
    )


def import_document(
    path: Path,
    *,
    writer: ArchiveWriter,
    url: str,
    published: str | None,
    supplied: dt.datetime,
    publisher: str | None = None,
    language: str | None = None,
) -> tuple[Capture, bool]:
    """Archive an html, pdf or txt file as the page at `url`; give its capture, and whether it was there already.

    Raises MaterialError, the archive untouched, when the file is not what its name says.
    """
    refuse_page(url, withdrawn=writer.catalogue.withdrawn)
    body = path.read_bytes()
    check_document(path, body, url=url)
    digest = hashlib.sha256(body).hexdigest()
    for capture in writer.catalogue.captures(urlkey=urlkey(url)):
        if capture.record_type == "resource" and capture.sha256 == digest:
            return capture, True
    capture = writer.add_resource(
        url=url,
        body=body,
        content_type=_content_type(path, body),
        supplied=supplied,
        published=published,
        publisher=publisher,
        language=language,
        note=f"supplied as {path.name}",
    )
    writer.flush()
    return capture, False


class _Reading:
    """One pass over a file: its captures, counted, with the defects met."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.streamed = False
        self.records = 0
        self.defects: list[Defect] = []

    def captures(self, kept: str) -> list[Capture]:
        try:
            return self._captures(scan(self.path), kept)
        except NotAddressableError:
            self.streamed = True
            return self._captures(scan_stream(self.path), kept)

    def _captures(self, items: Iterable[Framed | Defect], kept: str) -> list[Capture]:
        self.records, self.defects = 0, []
        return list(facts.captures_of(self.framed(items), file=kept, imported=True))

    def framed(self, items: Iterable[Framed | Defect]) -> Iterator[Framed]:
        for item in items:
            if isinstance(item, Defect):
                self.defects.append(item)
            else:
                self.records += 1
                yield item


def _recompress(reading: _Reading, target: Path, writer: ArchiveWriter) -> list[Capture]:
    """Write the records of one compressed stream as a member each, beside the file; give their captures."""
    base = re.sub(r"(\.w?arc)?(\.gz)?(\.bad)?$", "", target.name)
    beside = target.with_name(f"{base}.recompressed.warc.gz")
    part = beside.with_name(beside.name + ".part")
    reading.records, reading.defects = 0, []

    def rewritten() -> Iterator[Framed]:
        with part.open("wb") as file:
            for item in reading.framed(scan_stream(reading.path)):
                offset = file.tell()
                separator = b"\n" if item.record.format == "arc" else b"\r\n\r\n"
                file.write(gzip.compress(item.stored + separator, mtime=0))
                yield Framed(offset=offset, length=file.tell() - offset, record=item.record, stored=b"")
            file.flush()
            os.fsync(file.fileno())

    name = str(beside.relative_to(writer.folder))
    captures = list(facts.captures_of(rewritten(), file=name, imported=True))
    part.replace(beside)
    fsync_folder(beside.parent)
    writer.note_closed(beside, kind="recompressed", note=f"records of {target.name}")
    # The same defects, at the offsets `verify` will meet them at.
    writer.catalogue.add_defects(
        Defect(file=name, offset=item.offset, problem=item.problem) for item in scan(beside) if isinstance(item, Defect)
    )
    return captures


def _copy_durably(path: Path, target: Path) -> None:
    part = target.with_name(target.name + ".part")
    with path.open("rb") as source, part.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())
    part.replace(target)
    fsync_folder(target.parent)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _safe(name: str) -> str:
    """A file name that every system keeps as it is, short enough behind a digest."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)[-120:]


def _content_type(path: Path, body: bytes) -> str:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if not kind.startswith("text/"):
        return kind
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return kind  # describing finds the charset
    return f"{kind}; charset=utf-8"
