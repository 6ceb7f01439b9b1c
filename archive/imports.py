"""Take in archive files made elsewhere, byte for byte, and single documents the owner supplies."""

from __future__ import annotations

import datetime as dt
import hashlib
import mimetypes
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.documents import check_document
from archive.durable import copy_durably
from archive.errors import MaterialError
from archive.intake import Taken, WarcIntake
from archive.ledger import Ledger
from archive.records import Capture, Defect, Record
from archive.refusals import admitted, refuse_known, refuse_page
from archive.scan import ZIP
from archive.urlkey import urlkey
from archive.wacz import IMPORTING, PACKAGED, open_wacz
from archive.writer import ArchiveWriter

FINISHED = "rebuild"  # who takes in what a crash cut short
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
    """Keep a WARC, ARC or WACZ file under `imports/` and enter its captures; a file that is there already changes nothing.

    Records of withdrawn pages are left out, and counted as refused. Raises MaterialError, the archive untouched, when
    the file is none of these, or holds nothing else.
    """
    refuse_known(path, digest=_sha256(path), ledger=ledger)
    if _is_zip(path):  # its WARC files come here one by one
        return _take_in(_Package(path, writer, ledger, who))
    with admitted(path, writer=writer) as (source, refused):
        return replace(_take_in(WarcIntake(path, writer, ledger, who, source=source)), refused=refused)


def finish_import(name: str, *, writer: ArchiveWriter, ledger: Ledger) -> str:
    """Take in a file that lies below `warc/` already, since a crash cut its import short; give its name."""
    path = writer.folder / name
    taker = (
        _Package(path, writer, ledger, FINISHED)
        if _is_zip(path)
        else WarcIntake(path, writer, ledger, FINISHED, source=path)
    )
    taken = taker.take(name)
    if taken.kept:
        _note(taken, taken.kept, taker)
    return name


def _take_in(taker: _Package | WarcIntake) -> ImportResult:
    """Keep a file, enter what it holds, and note both."""
    writer, path = taker.writer, taker.path
    digest = _sha256(taker.source)
    known = next((file for file in writer.catalogue.files() if file["sha256"] == digest), None)
    if known:
        return ImportResult(
            file=str(path), sha256=digest, kept=known["name"], already=True, records=0, captures=0, note=known["note"]
        )
    taken = taker.take(f"imports/{digest}-{_safe(path.name)}")
    if taken.kept:
        _note(taken, taken.kept, taker)
    return ImportResult(
        file=str(path),
        sha256=digest,
        kept=taken.kept or ", ".join(taken.holding),
        already=False,
        records=taken.records,
        captures=taken.captures,
        refused=taken.refused,
        holding=taken.holding,
        note=taken.note,
        defects=(*taken.defects, *taken.inside),
    )


def _note(taken: Taken, kept: str, taker: _Package | WarcIntake) -> None:
    """Put a file that was taken in, and what is known to be wrong with it, into ledger and catalogue."""
    after = {"records": taken.records, "captures": taken.captures, "note": taken.note}
    taker.ledger.append("imports", subject=kept, who=taker.who, after=after)
    known = {(defect.file, defect.offset, defect.problem) for defect in taker.writer.catalogue.defects()}
    met = (*taken.defects, *taken.beside)
    new = [defect for defect in met if (defect.file, defect.offset, defect.problem) not in known]
    lines = [{"subject": d.file, "after": {"offset": d.offset, "problem": d.problem}} for d in new]
    taker.ledger.append_all("defects", lines, who="import")
    taker.writer.catalogue.add_defects(new)
    for beside in taken.beside_files:
        taker.writer.note_closed(
            taker.writer.folder / beside, kind="recompressed", note=f"records of {Path(kept).name}"
        )
    taker.writer.note_closed(taker.writer.folder / kept, kind="import", note=taken.note)  # last: now it is taken in


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


@dataclass(slots=True)
class _Package:
    """A WACZ on its way in: kept as it came, and each of its WARC files as a file of its own."""

    path: Path
    writer: ArchiveWriter
    ledger: Ledger
    who: str

    @property
    def source(self) -> Path:
        return self.path

    def take(self, kept: str) -> Taken:
        results: list[ImportResult] = []
        problems: list[str] = []
        for warc, problem in self._warcs():
            problems += [problem] if problem else []
            try:
                results.append(import_file(warc, writer=self.writer, ledger=self.ledger, who=self.who))
            except MaterialError as exc:
                problems.append(str(exc))
        if not results:
            raise MaterialError(f"{self.path.name}: {problems[0]}; nothing to import")
        # What of it is withdrawn must not lie in the archive within the package.
        is_whole = not any(result.refused for result in results) and not any("refused" in text for text in problems)
        if is_whole:
            copy_durably(self.path, self.writer.folder / kept)
        beside = ", ".join(result.kept for result in results)
        return Taken(
            kept=kept if is_whole else None,
            records=sum(result.records for result in results),
            captures=sum(result.captures for result in results),
            refused=sum(result.refused for result in results),
            holding=tuple(file for result in results for file in result.holding),
            note=f"{PACKAGED}{beside}"
            if is_whole
            else f"withdrawn pages are in this WACZ: only {beside} was kept of it",
            defects=tuple(Defect(file=kept, offset=None, problem=problem) for problem in problems),
            inside=tuple(defect for result in results for defect in result.defects),
        )

    def _warcs(self) -> Iterator[tuple[Path, str | None]]:
        """The WARC files of the package, one after the other, and what is wrong with each."""
        home = self.writer.folder.parent
        with open_wacz(self.path) as wacz, tempfile.TemporaryDirectory(prefix=IMPORTING, dir=home) as folder:
            for name in wacz.warcs:
                yield wacz.extract(name, Path(folder))


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(ZIP)) == ZIP


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
