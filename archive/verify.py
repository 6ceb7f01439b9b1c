"""Recompute what the archive claims of itself: digests, rows, files, manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive import facts
from archive.catalogue import Catalogue
from archive.errors import MaterialError, RecordError
from archive.home import Home
from archive.reading import read_capture
from archive.records import Capture, Defect, Record
from archive.scan import Framed, NotAddressableError, scan

RESTORE = "restore the file from a backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification(Record):
    """What `verify` looked at and what it found; `known` defects came with imports and are no failure."""

    files: int
    records: int
    captures: int
    problems: tuple[Defect, ...]
    known: tuple[Defect, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing new is wrong."""
        return not self.problems


def verify(home: Home, *, progress: Callable[[str], None] = lambda text: None) -> Verification:
    """Read every file of the archive and hold it against catalogue and manifest; changes nothing."""
    with home.catalogue() as catalogue:
        known = catalogue.defects()
        noted = {file["name"]: file for file in catalogue.files()}
        names = sorted(
            str(path.relative_to(home.warc))
            for path in home.warc.rglob("*")
            if path.is_file() and path.name != "MANIFEST-sha256" and path.suffix != ".part"
        )
        problems: list[Defect] = []
        records = captures = 0
        for name in names:
            progress(name)
            check = _FileCheck(home, catalogue, name)
            problems += check.problems(noted.get(name), known)
            records += check.records
            captures += check.captures
        problems += _missing(names, noted, catalogue)
        return Verification(files=len(names), records=records, captures=captures, problems=tuple(problems), known=known)


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
        for defect in self.scanned():
            if (defect.offset, defect.problem) not in expected:
                yield defect

    def scanned(self) -> Iterator[Defect]:
        found: dict[int, Capture] = {}
        defects: list[Defect] = []
        try:
            framed = self.framed(defects)
            imported = self.name.startswith("imports/")
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
                yield self.defect(offset, "a whole record that the catalogue does not know", "podium rebuild")
            elif capture is None:
                yield self.defect(offset, "the catalogue knows a record here that cannot be read", RESTORE)
            elif not _agree(row, capture):
                yield self.defect(offset, "the catalogue says otherwise than the record", "podium rebuild")

    def defect(self, offset: int | None, problem: str, mend: str) -> Defect:
        return Defect(file=self.name, offset=offset, problem=problem, mend=mend)


def _agree(row: Capture, capture: Capture) -> bool:
    """Whether row and record say the same; what a revisit refers to is resolved in the row alone."""
    names = ["url", "timestamp", "status", "record_type", "length", "source_uri", "payload_sha1"]
    if row.record_type != "revisit":
        names += ["sha256", "mime"]
    elif not capture.status:  # a revisit may leave out HTTP's head: its status is then that of what it refers to
        names.remove("status")
    return all(getattr(row, name) == getattr(capture, name) for name in names)


def _missing(names: list[str], noted: dict[str, dict[str, object]], catalogue: Catalogue) -> Iterator[Defect]:
    used = {row[0] for row in catalogue.connection.execute("SELECT DISTINCT file FROM captures")}
    for name in sorted((used | noted.keys()) - set(names)):
        yield Defect(file=name, offset=None, problem="is missing", mend=RESTORE)
