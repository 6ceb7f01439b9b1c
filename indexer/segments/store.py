"""The folder of one index: commits, and what remains readable after a crash or a flipped bit.

A commit is a Whoosh table of contents. Beside each stands its SHA-256, on disk before the table is renamed into
place: a table holds pickles and the deletions, so it is read only when its digest holds. Else the commit before it
is taken, and `Contents.problem` says so.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from archive import fsync_folder, write_durably
from indexer.errors import DamagedIndexError, NoIndexError
from indexer.segments.codec import SUFFIX, ArraySegment, index_schema

NAME = "MAIN"  # Whoosh's default name of an index
DIGEST = ".sha256"
GRACE = 60.0  # seconds a file stays after the last commit that names it, for readers still on that commit
TABLE = re.compile(rf"_{NAME}_(\d+)\.toc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """One commit: its number and segments, and what is wrong with a later one, if anything is."""

    commit: int
    segments: tuple[ArraySegment, ...]
    problem: str | None = None


class DurableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's storage, with the table of contents and its digest on disk before the rename that commits."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Make a file and its digest durable, then give it its name."""
        folder = Path(self.folder)
        content = (folder / oldname).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        write_durably(folder / f"{newname}{DIGEST}", f"{digest}  {newname}\n".encode())
        write_durably(folder / newname, content)
        (folder / oldname).unlink()


def commits(folder: Path) -> list[int]:
    """The numbers of the commits whose tables are there, newest first."""
    names = (TABLE.fullmatch(path.name) for path in folder.iterdir())
    return sorted((int(match[1]) for match in names if match), reverse=True)


def read_contents(folder: Path) -> Contents:
    """The newest commit whose table holds; NoIndexError when there is none, DamagedIndexError when none holds."""
    problem: str | None = None
    numbers = commits(folder)
    for number in numbers:
        path = folder / f"_{NAME}_{number}.toc"
        try:
            expected = path.with_name(path.name + DIGEST).read_text("ascii").split()[0]
            holds = hashlib.sha256(path.read_bytes()).hexdigest() == expected
        except (OSError, UnicodeDecodeError, IndexError):
            holds = False
        if holds:
            table = TOC.read(FileStorage(str(folder)), NAME, gen=number)
            return Contents(commit=number, segments=tuple(table.segments), problem=problem)
        problem = problem or f"{path}: does not hold; the commit before it is searched; run: podium index --rebuild"
    if problem:
        raise DamagedIndexError(f"{folder}: no commit holds; run: podium index --rebuild")
    raise NoIndexError(f"{folder}: nothing is committed; run: podium index --rebuild")


def commit(folder: Path, segments: Sequence[ArraySegment]) -> int:
    """Commit segments whose files are on disk; give the commit's number. Old files go after a grace period."""
    number = max(commits(folder), default=0) + 1
    fsync_folder(folder)
    TOC(index_schema(), list(segments), number).write(DurableStorage(str(folder)), NAME)
    return number


def sweep(folder: Path, *, now: float | None = None, grace: float = GRACE) -> None:
    """Remove tables and segments that no commit of the last `grace` seconds names."""
    now = time.time() if now is None else now
    tables = commits(folder)
    kept = (
        [n for n in tables if n == tables[0] or n == tables[1] or _age(folder, n, now) < grace]
        if len(tables) > 1
        else tables
    )
    named = set(_segment_files(folder, kept))
    for path in folder.iterdir():
        match = TABLE.fullmatch(path.name.removesuffix(DIGEST))
        superseded = match and int(match[1]) not in kept
        orphan = path.suffix == SUFFIX and path.name not in named and now - path.stat().st_mtime >= grace
        if superseded or orphan:
            path.unlink(missing_ok=True)


def sweep_at_once(folder: Path, number: int) -> None:
    """Remove every table and segment but those of one commit, with no grace for readers."""
    named = {f"_{NAME}_{number}.toc", *_segment_files(folder, [number])}
    for path in folder.iterdir():
        ours = TABLE.fullmatch(path.name.removesuffix(DIGEST)) or path.suffix in (SUFFIX, ".part")
        if ours and path.name.removesuffix(DIGEST) not in named:
            path.unlink(missing_ok=True)
    fsync_folder(folder)


def _age(folder: Path, number: int, now: float) -> float:
    """Seconds since the commit after `number` replaced it."""
    try:
        return now - (folder / f"_{NAME}_{number + 1}.toc").stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _segment_files(folder: Path, numbers: Iterable[int]) -> Iterable[str]:
    for number in numbers:
        try:
            table = TOC.read(FileStorage(str(folder)), NAME, gen=number)
        except Exception:  # noqa: BLE001, S112 - unpickling a damaged table raises anything; it names nothing to keep
            continue
        yield from (segment.make_filename(SUFFIX) for segment in table.segments)
