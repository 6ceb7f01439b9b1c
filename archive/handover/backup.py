"""A copy of a home in a folder of its own, consistent while others write, that grows by what changed.

The order is what makes it consistent: first the catalogue, as one snapshot; then the WARC files that snapshot knows,
each up to its last whole record; then the ledger. Every row's record was on disk before the row, so that it is copied.

    DIR/warc, ledger, catalogue.sqlite, collection.toml, podium.toml, README.txt    as in the home; never its index
    DIR/backup.json     size and SHA-256 of each file; written last, and what counts as the backup
    DIR/SHA256SUMS      the same for `sha256sum -c`

Files that grow (the open WARC, the ledger) are appended to: what an interrupted run added lies behind what
backup.json counts. Files that are replaced wait as NAME.new until it is written.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive import durable
from archive.catalogue import Catalogue
from archive.closed import MANIFEST, manifest
from archive.errors import ExportError, MaterialError
from archive.handover.held import CATALOGUE, FORMAT, MANIFEST_FILE, NEW, SUMS, Held, begins_as, parts, read_manifest
from archive.handover.warc import Progress
from archive.home import COLLECTION_FILE, Home
from archive.lock import archive_lock
from archive.records import Defect, Record
from archive.scan import scan
from archive.settings import FILE as SETTINGS_FILE
from archive.writer import own_files

SMALL = (COLLECTION_FILE, SETTINGS_FILE, "README.txt")
TRIES = 3
OF_FILES = ("files", "imports", "defects")  # kinds of the ledger whose lines stand for rows of the catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupResult(Record):
    """What a backup holds now, and what this run did for it: bytes copied, files that were there and files removed."""

    folder: str
    files: int
    size: int
    captures: int
    copied: int
    bytes_copied: int
    unchanged: int
    removed: int

    def as_text(self) -> str:
        """The result in a line."""
        gone = f", {self.removed} removed that the archive no longer has" if self.removed else ""
        return (
            f"{self.folder}: {self.files} files, {self.size:,} bytes, {self.captures} captures; "
            f"{self.copied} files copied or grown ({self.bytes_copied:,} bytes), {self.unchanged} unchanged{gone}"
        )


def backup(home: Home, folder: Path, *, progress: Progress = lambda text: None) -> BackupResult:
    """Bring the backup in a folder up to what the home holds, or begin one; others may write to the home meanwhile."""
    before = _begin(home, folder)
    with archive_lock(folder / "lock", what="backup"):
        for _ in range(TRIES):
            run = _Run(home, folder, before, progress)
            if run.copy():
                return run.finish()
        raise ExportError(
            f"{home.path}: its files changed {TRIES} times while they were copied, or are not what they were closed as; "
            "run: podium verify, then podium backup again"
        )


def _begin(home: Home, folder: Path) -> Mapping[str, Held]:
    """What the folder holds already; ExportError when it is no place for a backup of this home."""
    inside = folder.resolve()
    if inside == home.path.resolve() or home.path.resolve() in inside.parents:
        raise ExportError(f"{folder}: lies in the home it is to keep; give a folder elsewhere, best on another disk")
    if (folder / MANIFEST_FILE).exists():
        manifest = read_manifest(folder)
        if manifest["collection"] != home.collection.key:
            raise ExportError(
                f"{folder}: the backup of another collection, {manifest['collection']}; give another folder"
            )
        return dict(manifest["files"])
    begun = {"lock", "warc", "ledger", f"{CATALOGUE}{NEW}"}  # by a run that was interrupted
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = {path.name for path in folder.iterdir()} - begun
    except OSError as exc:
        raise ExportError(f"{folder}: cannot be written to: {exc.strerror}; give another folder") from exc
    if others - {f"{name}{NEW}" for name in SMALL}:
        raise ExportError(f"{folder}: not empty and no backup; give another folder")
    return {}


class _Changed(Exception):  # noqa: N818  (no error: the copying begins anew)
    """A file is not what the snapshot says."""


@dataclass(slots=True)
class _Run:
    """One try at copying everything."""

    home: Home
    folder: Path
    before: Mapping[str, Held]
    progress: Progress
    held: dict[str, Held] = field(default_factory=dict)
    copied: int = 0
    bytes_copied: int = 0
    captures: int = 0
    generation: int = 0

    def copy(self) -> bool:
        """Copy what changed; False when a file was rewritten meanwhile, which needs a new snapshot."""
        try:
            self.progress("copying the catalogue")
            ends = {path: _lines_end(path) for path in self._ledger()}
            with self._snapshot() as snapshot:
                closed = {file["name"]: file["sha256"] for file in snapshot.files() if file["sha256"]}
                self._warcs(snapshot, closed)
            for path in self._ledger():
                self._grown(f"ledger/{path.name}", path, _known_end(path, ends.get(path, 0), closed, self.home.warc))
            for name in SMALL:
                if (self.home.path / name).exists():
                    self._replaced(name, (self.home.path / name).read_bytes())
        except (_Changed, FileNotFoundError):
            return False
        return True

    def _ledger(self) -> list[Path]:
        return sorted(self.home.ledger.folder.glob("*.jsonl"))

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[Catalogue]:
        """The catalogue as it is now, copied in one go by SQLite; closed and counted afterwards."""
        path = self.folder / f"{CATALOGUE}{NEW}"
        path.unlink(missing_ok=True)
        with self.home.catalogue() as catalogue, contextlib.closing(sqlite3.connect(path)) as copy:
            catalogue.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        with Catalogue(path) as snapshot:
            self.captures = snapshot.connection.execute("SELECT count(*) FROM captures").fetchone()[0]
            self.generation = snapshot.sequence()
            yield snapshot
            snapshot.connection.execute("PRAGMA journal_mode=DELETE")
        self._count(CATALOGUE, Held(size=path.stat().st_size, sha256=_digest(path)), path.stat().st_size)

    def _warcs(self, snapshot: Catalogue, closed: Mapping[str, str]) -> None:
        warc = self.home.warc
        rows = snapshot.connection.execute("SELECT DISTINCT file FROM captures WHERE file LIKE 'imports/%'")
        imports = {row[0] for row in rows}  # one may be on its way in: there whole, but not yet noted as closed
        for number, name in enumerate(names := sorted(closed.keys() | imports), 1):
            self.progress(f"copying {name} ({number} of {len(names)})")
            self._grown(f"warc/{name}", warc / name, (warc / name).stat().st_size, sha256=closed.get(name))
        for path in _open_files(warc, snapshot, closed):
            self.progress(f"copying {path.name}, which is open")
            self._grown(f"warc/{path.name}", path, _records_end(path, snapshot))
        self._replaced(f"warc/{MANIFEST}", manifest(snapshot))

    def _grown(self, name: str, source: Path, end: int, *, sha256: str | None = None) -> None:
        """Copy a file that only grows, up to `end`: nothing where it is there, what is new where it has grown."""
        target, held = self.folder / name, self.before.get(name)
        there = target.stat().st_size if target.exists() else 0
        if held and there >= held.size == end and sha256 in (None, held.sha256) and begins_as(source, held):
            if there > end:
                durable.truncate(target, end)
            self.held[name] = held
            return
        digest = hashlib.sha256()
        start = held.size if held and there >= held.size <= end and begins_as(source, held) else 0
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target if start else target.with_name(target.name + ".part")
        with source.open("rb") as original, part.open("r+b" if start else "wb", buffering=0) as copy:
            copy.seek(start)
            for content in parts(original, end):
                digest.update(content)
                fresh = content[max(0, start - original.tell() + len(content)) :]
                if fresh:
                    durable.append(copy, fresh)
            copy.truncate(end)
            durable.sync(copy)
        if sha256 and digest.hexdigest() != sha256:
            raise _Changed
        if not start:
            durable.rename(part, target)
        self._count(name, Held(size=end, sha256=digest.hexdigest()), end - start)

    def _replaced(self, name: str, content: bytes) -> None:
        """Copy a small file that is written anew when it changes."""
        held = Held(size=len(content), sha256=hashlib.sha256(content).hexdigest())
        if self.before.get(name) == held and (self.folder / name).exists():
            self.held[name] = held
            return
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        durable.write_durably(self.folder / f"{name}{NEW}", content)
        self._count(name, held, len(content))

    def _count(self, name: str, held: Held, size: int) -> None:
        self.held[name] = held
        self.copied += 1
        self.bytes_copied += size

    def finish(self) -> BackupResult:
        """Make what was copied the backup."""
        listed = {
            "podium_backup": FORMAT,
            "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "collection": self.home.collection.key,
            "captures": self.captures,
            "generation": self.generation,
            "files": {name: held.to_json() for name, held in sorted(self.held.items())},
        }
        durable.write_durably(self.folder / MANIFEST_FILE, json.dumps(listed, indent=1).encode())
        for name in (CATALOGUE, f"warc/{MANIFEST}", *SMALL):
            if (self.folder / f"{name}{NEW}").exists():
                durable.rename(self.folder / f"{name}{NEW}", self.folder / name)
        sums = "".join(f"{held.sha256}  {name}\n" for name, held in sorted(self.held.items()))
        durable.write_durably(self.folder / SUMS, sums.encode())
        gone = [name for name in self.before if name not in self.held]
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        return BackupResult(
            folder=str(self.folder),
            files=len(self.held),
            size=sum(held.size for held in self.held.values()),
            captures=self.captures,
            copied=self.copied,
            bytes_copied=self.bytes_copied,
            unchanged=len(self.held) - self.copied,
            removed=len(gone),
        )


def _open_files(warc: Path, snapshot: Catalogue, closed: Mapping[str, str]) -> list[Path]:
    """The files that were open when the snapshot was taken: what was begun since belongs to the next backup."""
    unclosed = [path for path in own_files(warc) if path.name not in closed]
    known = [path for path in unclosed if next(snapshot.captures_in(path.name), None)]
    return known or unclosed[:1]


def _records_end(path: Path, snapshot: Catalogue) -> int:
    """Where the last whole record of an open file ends."""
    end = max((capture.offset for capture in snapshot.captures_in(path.name)), default=0)
    try:
        for item in scan(path, start=end):
            if isinstance(item, Defect):
                break
            end = item.offset + item.length
    except MaterialError:
        pass  # empty as yet, or its first record is being written
    return end


def _lines_end(path: Path) -> int:
    """Where the last whole line of a file ends."""
    return path.read_bytes().rfind(b"\n") + 1


def _known_end(path: Path, end: int, closed: Mapping[str, str], warc: Path) -> int:
    """Where a ledger file ends for a snapshot that was taken when it had `end` bytes.

    A line on a file comes before its row, so that the last one and what followed may speak of a file that the snapshot
    does not know as closed: these are left for the next backup.
    """
    content = path.read_bytes()[: _lines_end(path)]
    if path.stem not in OF_FILES:
        return len(content)
    end = content.rfind(b"\n", 0, max(end - 1, 0)) + 1
    for line in content[end:].splitlines(keepends=True):
        subject = json.loads(line)["subject"]
        if subject not in closed and (warc / subject).exists():  # one that is gone was erased
            break
        end += len(line)
    return end


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
