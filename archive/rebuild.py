"""Make the catalogue's facts again, row for row, from WARC files and ledger."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import durable, facts
from archive.catalogue import Catalogue, transaction
from archive.closed import KIND, MANIFEST, closed_files, listed, write_manifest
from archive.errors import ArchiveError, CatalogueError, RebuildError
from archive.home import Home
from archive.imports import finish_import
from archive.intake import RECOMPRESSED, recompressed_name
from archive.lock import archive_lock
from archive.mend import sweep_unfinished
from archive.records import Capture, Defect, Record
from archive.revisits import point_revisits
from archive.scan import NotAddressableError, scan
from archive.unfinished import drop_replaced
from archive.verify import IMPORTS, file_names, is_package

FACTS = ("captures", "files", "defects", "aliases")
OPERATIONAL = ("frontier", "runs")
DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")
NAMED = 5  # damaged places an error names

Progress = Callable[[str], None]
Rows = dict[str, set[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt(Record):
    """What became of the facts: how many there are, and how many rows were missing from the catalogue or wrong in it."""

    files: int
    captures: int
    missing: int
    wrong: int
    finished: tuple[str, ...]  # imports that a crash had cut short
    set_aside: str | None  # where a damaged catalogue was put
    unreadable: tuple[Defect, ...]  # records that are lost to it, with `force`

    def as_text(self) -> str:
        """The result in a few lines."""
        lines = [
            f"{self.captures} captures in {self.files} files: {self.missing} rows were missing, {self.wrong} wrong"
        ]
        if self.set_aside:
            lines.append(f"the damaged catalogue is kept as {self.set_aside}")
        lines += [f"  taken in whole: {name}" for name in self.finished]
        lines += [f"  left out: {d.file}{_at(d)}: {d.problem}" for d in self.unreadable]
        return "\n".join(lines)


def rebuild_facts(
    home: Home, *, wait: float = 0, force: bool = False, progress: Progress = lambda text: None
) -> Rebuilt:
    """Replace the facts of the catalogue by what files and ledger say, at once: readers see the old or the new ones.

    A damaged catalogue is set aside, never removed. Raises RebuildError, nothing changed, when records cannot be read
    that the catalogue may know: with `force` they are left out.
    """
    with archive_lock(home.path / "lock", what="rebuild", wait=wait):
        sweep_unfinished(home.path)
        home.ledger.mend()
        drop_replaced(home.warc, home.ledger)
        set_aside = _set_aside_damaged(home, force=force)
        with home.catalogue() as catalogue:
            if set_aside:
                _salvage(home.path / set_aside, catalogue)
            before, lost = _rows(catalogue), _lost(home, catalogue)
            if lost and not force:
                raise _refusal(home, lost)
            for defect in lost:
                home.ledger.append(KIND, subject=defect.file, who="rebuild", why="it is gone, and rebuilt without it")
            _note_closed(home, catalogue)
            with contextlib.closing(home.writer(catalogue)) as writer:
                finished = [
                    finish_import(name, writer=writer, ledger=home.ledger) for name in _unfinished(home, catalogue)
                ]
            found = _Found(home, catalogue, progress)
            unreadable = found.unreadable()
            if unreadable and not force:
                raise _refusal(home, unreadable)
            unreadable += lost
            found.enter()
            write_manifest(home.warc, catalogue)
            after = _rows(catalogue)
            return Rebuilt(
                files=len(found.names),
                captures=len(after["captures"]),
                missing=sum(len(after[table] - before[table]) for table in FACTS),
                wrong=sum(len(before[table] - after[table]) for table in FACTS),
                finished=tuple(finished),
                set_aside=set_aside,
                unreadable=tuple(unreadable),
            )


class _Found:
    """What the files hold."""

    def __init__(self, home: Home, catalogue: Catalogue, progress: Progress) -> None:
        self.home = home
        self.catalogue = catalogue
        self.names = file_names(home.warc)
        self.captures: list[Capture] = []
        self.defects: list[Defect] = []
        for name in self.names:
            progress(f"reading {name}")
            self.captures += self._read(name)

    def _read(self, name: str) -> list[Capture]:
        path = self.home.warc / name
        if is_package(path) or not path.stat().st_size:
            return []
        try:
            whole = self._whole(name, path)
            return list(facts.captures_of(whole, file=name, imported=name.startswith(IMPORTS)))
        except NotAddressableError:
            return []  # its records lie in the recompressed file beside it
        except (ArchiveError, OSError) as exc:
            self.defects.append(Defect(file=name, offset=None, problem=str(exc)))
            return []

    def _whole(self, name: str, path: Path) -> Iterator[Any]:
        for item in scan(path):
            if isinstance(item, Defect):
                self.defects.append(Defect(file=name, offset=item.offset, problem=item.problem))
            else:
                yield item

    def unreadable(self) -> list[Defect]:
        """What is wrong with the files beyond what is known of imports."""
        known = {(d.file, d.offset, d.problem) for d in (*_defects(self.home), *self.catalogue.defects())}
        return [
            d for d in self.defects if (d.file, d.offset, d.problem) not in known and ".recompressed." not in d.file
        ]

    def enter(self) -> None:
        """Put all of it into the catalogue, in one transaction."""
        recompressed = [d for d in self.defects if ".recompressed." in d.file]
        with transaction(self.catalogue.connection):
            for table in ("captures", "defects", "aliases"):
                self.catalogue.connection.execute(f"DELETE FROM {table}")
            self.catalogue.add_captures(self.captures)
            known = (
                defect for defect in _defects(self.home) if defect.file in self.names
            )  # files go when pages are erased
            self.catalogue.add_defects([*known, *recompressed])
            self.catalogue.add_aliases(
                (entry["subject"], entry["after"]) for entry in self.home.ledger.entries("aliases")
            )
            point_revisits(self.catalogue, self.home.warc)


def _defects(home: Home) -> list[Defect]:
    entries = home.ledger.entries("defects")
    return [Defect(file=e["subject"], offset=e["after"]["offset"], problem=e["after"]["problem"]) for e in entries]


def _note_closed(home: Home, catalogue: Catalogue) -> None:
    """The rows of closed files: from the ledger; what its first versions did not note, from manifest and catalogue."""
    said = closed_files(home.ledger)
    noted = {file["name"]: file for file in catalogue.files()}
    manifest = listed(home.warc / MANIFEST)
    notes = {entry["subject"]: entry["after"].get("note") for entry in home.ledger.entries("imports")}
    names = [name for name in file_names(home.warc) if {name} & (said.keys() | noted.keys() | manifest.keys())]
    with transaction(catalogue.connection):
        catalogue.connection.execute("DELETE FROM files")
        for name in names:
            digest = manifest.get(name) or (noted.get(name) or {}).get("sha256")
            size = (home.warc / name).stat().st_size
            records = sum(1 for _ in catalogue.captures_in(name))
            early = {"kind": _kind(name), "size": size, "records": records, "sha256": digest, "note": notes.get(name)}
            row = said.get(name) or {**early, **{k: v for k, v in (noted.get(name) or {}).items() if k != "name"}}
            catalogue.add_file(name, **row)


def _kind(name: str) -> str:
    if not name.startswith(IMPORTS):
        return "own"
    return "recompressed" if ".recompressed." in name else "import"


def _unfinished(home: Home, catalogue: Catalogue) -> list[str]:
    """Imports that were cut short, and those whose recompressed file is gone."""
    noted = {file["name"]: file for file in catalogue.files()}
    names = file_names(home.warc)
    there = set(names)
    imports = [name for name in names if name.startswith(IMPORTS) and ".recompressed." not in name]
    return [
        name
        for name in imports
        if name not in noted or (noted[name]["note"] == RECOMPRESSED and recompressed_name(name) not in there)
    ]


def _lost(home: Home, catalogue: Catalogue) -> list[Defect]:
    """Closed files that are gone and cannot be made again."""
    closed = {*closed_files(home.ledger), *(file["name"] for file in catalogue.files()), *listed(home.warc / MANIFEST)}
    gone = sorted(closed - set(file_names(home.warc)))
    return [Defect(file=name, offset=None, problem="is missing") for name in gone if _kind(name) != "recompressed"]


def _refusal(home: Home, unreadable: Sequence[Defect]) -> RebuildError:
    places = "; ".join(f"{home.warc / d.file}{_at(d)}: {d.problem}" for d in unreadable[:NAMED])
    return RebuildError(
        f"what {len(unreadable)} places held cannot be read ({places}): restore these files from a backup first, "
        "or leave out what is lost with: podium rebuild --force"
    )


def _at(defect: Defect) -> str:
    return "" if defect.offset is None else f" at {defect.offset}"


def _rows(catalogue: Catalogue) -> Rows:
    return {table: set(map(tuple, catalogue.connection.execute(f"SELECT * FROM {table}"))) for table in FACTS}


def _set_aside_damaged(home: Home, *, force: bool) -> str | None:
    """Move a catalogue that cannot be used into quarantine; give its name there, or None where it is sound."""
    if not home.catalogue_path.exists():
        return None
    try:
        with home.catalogue() as catalogue:
            if catalogue.connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok":
                return None
    except CatalogueError as exc:
        name = getattr(exc.__cause__, "sqlite_errorname", "")
        if not name.startswith(DAMAGED) and not force:
            raise  # locked, full, newer: not damaged
    (home.path / "quarantine").mkdir(exist_ok=True)
    kept = f"quarantine/catalogue-{dt.datetime.now(dt.UTC):%Y%m%d%H%M%S%f}.sqlite"
    for ending in ("-wal", "-shm", ""):  # the file itself last: without it the rest is never taken for another's
        path = home.path / f"{home.catalogue_path.name}{ending}"
        if path.exists():
            durable.rename(path, home.path / f"{kept}{ending}")
    durable.fsync_folder(home.path)
    return kept


def _salvage(path: Path, catalogue: Catalogue) -> None:
    """Take over what the crawler had yet to do and the list of runs, as far as they can be read: nothing else has them."""
    old = sqlite3.connect(path)
    try:
        for table in OPERATIONAL:
            with contextlib.suppress(sqlite3.DatabaseError):
                columns = {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
                named = [
                    row[1] for row in catalogue.connection.execute(f"PRAGMA table_info({table})") if row[1] in columns
                ]
                rows = old.execute(f"SELECT {', '.join(named)} FROM {table}")
                marks = ", ".join("?" * len(named))
                for row in rows:
                    catalogue.connection.execute(
                        f"INSERT OR IGNORE INTO {table} ({', '.join(named)}) VALUES ({marks})", tuple(row)
                    )
    finally:
        old.close()
