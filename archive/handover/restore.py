"""A new home out of a backup or a bag: every digest held while copying, the catalogue taken along or made again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from archive import durable
from archive.errors import ExportError, HomeError
from archive.handover.bag import DECLARATION, read_bag
from archive.handover.held import CATALOGUE, MANIFEST_FILE, NEW, Held, parts, read_manifest
from archive.handover.output import folder_beside
from archive.handover.warc import Progress
from archive.home import Home
from archive.rebuild import rebuild_facts
from archive.records import Defect, Record
from archive.verify import verify

NAMED = 5  # broken files an error names


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreResult(Record):
    """What was restored; `problems` are what `verify` finds in the new home."""

    home: str
    source: str
    files: int
    size: int
    captures: int
    problems: tuple[Defect, ...]

    def as_text(self) -> str:
        """The result in words."""
        verdict = "all holds" if not self.problems else f"{len(self.problems)} problems: run podium verify"
        lines = [f"{self.home}: restored {self.files} files, {self.size:,} bytes, {self.captures} captures; {verdict}"]
        return "\n".join([*lines, *(f"  {d.file}: {d.problem}" for d in self.problems[:NAMED])])


def restore(source: Path, path: Path, *, who: str, progress: Progress = lambda text: None) -> RestoreResult:
    """Make a home at `path` of the backup or bag in `source`; its index is still to be built.

    ExportError, no home made, when a file is missing or is not what it was; HomeError when there is something at `path`.
    """
    files = _files(source)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise HomeError(f"{path}: is there already; restore into a new folder with --home")
    with folder_beside(path) as part:
        for number, (name, (places, held)) in enumerate(sorted(files.items()), 1):
            progress(f"restoring {name} ({number} of {len(files)})")
            _copy(places, part / name, held)
        for folder in ("warc/imports", "ledger", "index"):
            (part / folder).mkdir(parents=True, exist_ok=True)
        Home.open(part)  # before it gets its name
    return _opened(Home.open(path), source, files, who=who, progress=progress)


Places = tuple[Path, ...]


def _files(source: Path) -> dict[str, tuple[Places, Held]]:
    """The files of a backup or bag by their name in a home, where each may lie, and what each must be."""
    if (source / MANIFEST_FILE).exists():
        files: dict[str, Held] = read_manifest(source)["files"]
        return {name: ((source / name, source / f"{name}{NEW}"), held) for name, held in files.items()}
    if (source / DECLARATION).exists():
        return {name: ((source / "data" / name,), held) for name, held in read_bag(source).items()}
    raise ExportError(f"{source}: neither a backup nor a bag; give the folder that podium backup or export made")


def _copy(places: Places, target: Path, held: Held) -> None:
    """Copy as many bytes as are held of a file, from wherever they are what they must be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for place in places:
        if place.exists() and place.stat().st_size >= held.size:
            digest = hashlib.sha256()
            with place.open("rb") as file, target.open("wb", buffering=0) as copy:
                for content in parts(file, held.size):
                    digest.update(content)
                    durable.append(copy, content)
                durable.sync(copy)
            if digest.hexdigest() == held.sha256:
                return
    raise ExportError(
        f"{places[0]}: missing, or not what it was: its SHA-256 is not {held.sha256}; "
        "restore from another copy, or put a sound one in its place"
    )


def _opened(
    home: Home, source: Path, files: dict[str, tuple[Places, Held]], *, who: str, progress: Progress
) -> RestoreResult:
    """Mend what the copy of an open file may lack, make the catalogue again where none came along, and verify."""
    if CATALOGUE in files:
        with home.lock(what="restore"):
            pass  # records behind the last row of the open file get theirs
    else:
        rebuild_facts(home, progress=progress)
    after = {"files": len(files), "bytes": sum(held.size for _, held in files.values())}
    home.ledger.append("restores", subject=str(source.resolve().name), who=who, after=after)
    found = verify(home, progress=progress)
    return RestoreResult(
        home=str(home.path),
        source=str(source),
        files=len(files),
        size=sum(held.size for _, held in files.values()),
        captures=found.captures,
        problems=found.problems,
    )
