"""Recompute what the archive claims of itself: digests, rows, files, manifest, ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import facts
from archive.catalogue import Catalogue
from archive.closed import MANIFEST
from archive.errors import CatalogueError, MaterialError, RecordError
from archive.home import Home
from archive.reading import read_capture
from archive.records import Capture, Defect, Record
from archive.scan import ZIP, Framed, NotAddressableError, scan
from archive.unfinished import superseded, unfinished
from archive.verify_catalogue import catalogue_problems
from archive.verify_ledger import ledger_problems

RESTORE = "restore the file from a backup"
REBUILD = "podium rebuild"
IMPORTS = "imports/"
# What a revisit may leave out, and has from the capture it refers to.
FROM_CARRIER = ("sha256", "mime", "refers_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification(Record):
    """What `verify` looked at and what it found; `known` defects came with imports and are no failure."""

    files: int
    records: int
    captures: int
    problems: tuple[Defect, ...]
    known: tuple[Defect, ...]
    readable: bool = True  # whether the catalogue could be asked

    @property
    def holds(self) -> bool:
        """Whether nothing new is wrong."""
        return not self.problems


def verify(home: Home, *, progress: Callable[[str], None] = lambda text: None) -> Verification:
    """Read every file of the archive and hold files, manifest, catalogue and ledger against each other; changes nothing.

    Where the catalogue is damaged, that is the problem named; CatalogueError when it is only locked, or of a newer program.
    """
    try:
        return _verify(home, progress)
    except CatalogueError as exc:
        problem, found, mend = str(exc).rpartition("; run: ")
        if not found:
            raise
        damaged = Defect(file=home.catalogue_path.name, offset=None, problem=problem, mend=mend)
        return Verification(files=0, records=0, captures=0, problems=(damaged,), known=(), readable=False)


def _verify(home: Home, progress: Callable[[str], None]) -> Verification:
    with home.catalogue() as catalogue:
        known = catalogue.defects()
        noted = {file["name"]: file for file in catalogue.files()}
        left = superseded(home.warc, catalogue=catalogue, ledger=home.ledger)
        names = [name for name in file_names(home.warc) if name not in left]
        problems: list[Defect] = []
        records = captures = 0
        for name in names:
            progress(f"verifying {name}")
            check = _FileCheck(home, catalogue, name)
            problems += check.problems(noted.get(name), known)
            records += check.records
            captures += check.captures
        problems += _missing(names, noted, catalogue)
        problems += unfinished(home.warc, catalogue=catalogue, ledger=home.ledger)
        progress("verifying the ledger")
        problems += ledger_problems(home, catalogue)
        progress("verifying the catalogue")
        problems += catalogue_problems(catalogue)
        return Verification(files=len(names), records=records, captures=captures, problems=tuple(problems), known=known)


def file_names(folder: Path) -> list[str]:
    """The names of all files of captures below `warc/`."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return sorted(str(path.relative_to(folder)) for path in paths if path.name != MANIFEST and path.suffix != ".part")


def verify_capture(home: Home, capture: Capture) -> tuple[str, ...]:
    """What does not hold of one capture: its record's digests and its row; empty when all does."""
    try:
        record = read_capture(home, capture)
    except RecordError as exc:
        return (str(exc),)
    problems = list(record.problems())
    if record.url != capture.url:
        problems.append(f"the record is of {record.url}, the catalogue says {capture.url}")
    if capture.record_type != "revisit" and (record.sha1, record.sha256) != (capture.payload_sha1, capture.sha256):
        problems.append("the payload's digests are not those of the catalogue")
    return tuple(problems)


class _FileCheck:
    """One file below `warc/` against what is known of it."""

    def __init__(self, home: Home, catalogue: Catalogue, name: str) -> None:
        self.path = home.warc / name
        self.name = name
        self.rows = {capture.offset: capture for capture in catalogue.captures_in(name)}
        self.records = self.captures = 0

    def problems(self, noted: dict[str, object] | None, known: tuple[Defect, ...]) -> Iterator[Defect]:
        expected = {(defect.offset, defect.problem) for defect in known if defect.file == self.name}
        if noted and noted["sha256"]:
            with self.path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != noted["sha256"]:
                    yield self.defect(None, "is not the file that was closed: its SHA-256 differs", RESTORE)
        elif self.name.startswith(IMPORTS):
            yield self.defect(None, "an import that was cut short", f"import the file again, or: {REBUILD}")
        for defect in self.scanned():
            if (defect.offset, defect.problem) not in expected:
                yield defect

    def scanned(self) -> Iterator[Defect]:
        found: dict[int, Capture] = {}
        defects: list[Defect] = []
        try:
            if not self.path.stat().st_size and not self.rows:
                return  # begun when a crash came; the next writer goes on with it
            if is_package(self.path):
                return  # the files in it are kept beside it; its bytes are held by its SHA-256
            framed = self.framed(defects)
            imported = self.name.startswith(IMPORTS)
            found = {c.offset: c for c in facts.captures_of(framed, file=self.name, imported=imported)}
        except NotAddressableError:
            return  # its records lie in the recompressed file beside it; its bytes are held by its SHA-256
        except (MaterialError, OSError) as exc:
            defects.append(self.defect(None, str(exc), RESTORE))
        self.captures = len(found)
        yield from defects
        yield from self.compared(found)

    def framed(self, defects: list[Defect]) -> Iterator[Framed]:
        for item in scan(self.path):
            if isinstance(item, Defect):
                defects.append(self.defect(item.offset, item.problem, RESTORE))
            else:
                self.records += 1
                yield item

    def compared(self, found: dict[int, Capture]) -> Iterator[Defect]:
        for offset in sorted(self.rows.keys() | found.keys()):
            row, capture = self.rows.get(offset), found.get(offset)
            if row is None:
                yield self.defect(offset, "a whole record that the catalogue does not know", REBUILD)
            elif capture is None:
                yield self.defect(offset, "the catalogue knows a record here that cannot be read", RESTORE)
            elif different := _different(row, capture):
                problem = f"the catalogue says otherwise than the record ({', '.join(different)})"
                yield self.defect(offset, problem, REBUILD)

    def defect(self, offset: int | None, problem: str, mend: str) -> Defect:
        return Defect(file=self.name, offset=offset, problem=problem, mend=mend)


def is_package(path: Path) -> bool:
    """Whether a file is a WACZ."""
    with path.open("rb") as file:
        return file.read(len(ZIP)) == ZIP


def _different(row: Capture, capture: Capture) -> list[str]:
    """The fields in which row and record differ; what a revisit refers to is resolved in the row alone."""
    names = set(Capture.__dataclass_fields__) - {"refers_to"}
    if row.record_type == "revisit":
        names -= set(FROM_CARRIER)
        if not capture.status:  # a revisit may leave out HTTP's head: its status is then that of what it refers to
            names.remove("status")
    return sorted(name for name in names if getattr(row, name) != getattr(capture, name))


def _missing(names: list[str], noted: dict[str, dict[str, object]], catalogue: Catalogue) -> Iterator[Defect]:
    used = {row[0] for row in catalogue.connection.execute("SELECT DISTINCT file FROM captures")}
    for name in sorted((used | noted.keys()) - set(names)):
        made_again = (noted.get(name) or {}).get("kind") == "recompressed"
        yield Defect(file=name, offset=None, problem="is missing", mend=REBUILD if made_again else RESTORE)
