"""Record every write, sync and rename of an archive, and make the disk as a power cut at any moment may leave it.

The model is the cruel one that file systems allow: content that was not synced may be there, be cut anywhere, or be
missing; a name that its folder was not synced for may be there or not, whatever its content. SQLite's own file is taken
as it was at that moment: what it syncs at a commit is its own promise, and tested by its makers.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from archive import durable

FATES = ("synced", "all", "torn")  # what becomes of that which was not synced


@dataclass(frozen=True)
class Step:
    """One write, sync or rename; with the catalogue as it was after it, and what had been reported by then."""

    kind: str  # create, append, sync, truncate, rename, remove, folder
    path: Path
    content: bytes = b""
    size: int = 0
    target: Path | None = None
    catalogue: tuple[tuple[str, bytes], ...] = ()
    reported: int = 0


class Recorder:
    """The steps of an archive at work, and what it reported as archived."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.steps: list[Step] = []
        self.reported: list[Any] = []
        self.before = {
            path: path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file() and not _of_sqlite(path)
        }
        self.folders = [path for path in home.rglob("*") if path.is_dir()]
        self._snapshots: dict[bytes, bytes] = {}

    def note(self, kind: str, path: Path, **more: Any) -> None:
        """Record a step."""
        self.steps.append(Step(kind, path, catalogue=self._catalogue(), reported=len(self.reported), **more))

    def _catalogue(self) -> tuple[tuple[str, bytes], ...]:
        found = ((path.name, path.read_bytes()) for path in sorted(self.home.glob("catalogue.sqlite*")))
        return tuple(
            (name, self._snapshots.setdefault(content, content)) for name, content in found if "-shm" not in name
        )


def _of_sqlite(path: Path) -> bool:
    return path.name.startswith("catalogue.sqlite")


@contextmanager
def recording(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Record what is done through the durable layer while the block runs."""
    recorder = Recorder(home)
    real = {name: getattr(durable, name) for name in ("create", "append", "sync", "truncate", "fsync_folder")}

    def create(path: Path) -> io.FileIO:
        file: io.FileIO = path.open("xb", buffering=0)
        recorder.note("create", path)
        durable.fsync_folder(path.parent)
        return file

    def append(file: io.FileIO, content: bytes) -> None:
        real["append"](file, content)
        recorder.note("append", Path(str(file.name)), content=bytes(content))

    def sync(file: io.FileIO) -> None:
        real["sync"](file)
        recorder.note("sync", Path(str(file.name)))

    def truncate(path: Path, size: int) -> None:
        real["truncate"](path, size)
        recorder.note("truncate", path, size=size)

    def rename(part: Path, target: Path) -> None:
        part.replace(target)
        recorder.note("rename", part, target=target)
        durable.fsync_folder(target.parent)

    def remove(path: Path) -> None:
        path.unlink(missing_ok=True)
        recorder.note("remove", path)
        durable.fsync_folder(path.parent)

    def fsync_folder(folder: Path) -> None:
        real["fsync_folder"](folder)
        recorder.note("folder", folder)

    with monkeypatch.context() as patch:
        for function in (create, append, sync, truncate, rename, remove, fsync_folder):
            patch.setattr(durable, function.__name__, function)
        yield recorder


@dataclass
class _Content:
    """What is on disk of a file, and what is not yet."""

    synced: bytes = b""
    waiting: list[Callable[[bytes], bytes]] = field(default_factory=list)

    def left(self, fate: str, rng: random.Random) -> bytes:
        content = self.synced
        if fate == "synced":
            return content
        waiting = self.waiting if fate == "all" else self.waiting[: rng.randint(0, len(self.waiting))]
        for change in waiting:
            content = change(content)
        if fate == "torn" and len(content) > len(self.synced):
            content = content[: rng.randint(len(self.synced), len(content))]
        return content


Names = dict[Path, _Content]


class Disk:
    """The disk after some steps."""

    def __init__(self, recorder: Recorder) -> None:
        self.now: Names = {path: _Content(content) for path, content in recorder.before.items()}
        self.synced: Names = dict(self.now)
        self.waiting: list[tuple[Path, Callable[[Names], None]]] = []  # changes of names, by folder

    def take(self, step: Step) -> None:
        """Do a step."""
        if step.kind == "folder":
            for _, change in [one for one in self.waiting if one[0] == step.path]:
                change(self.synced)
            self.waiting = [one for one in self.waiting if one[0] != step.path]
        elif step.kind in ("create", "rename", "remove"):
            change = self._naming(step)
            change(self.now)
            self.waiting.append((step.path.parent, change))
        else:
            self._write(self.now[step.path], step)

    def _naming(self, step: Step) -> Callable[[Names], None]:
        if step.kind == "create":
            content = _Content()
            return lambda names: names.update({step.path: content})
        content = self.now.get(step.path, _Content())

        def change(names: Names) -> None:
            names.pop(step.path, None)
            if step.target:
                names[step.target] = content

        return change

    def _write(self, content: _Content, step: Step) -> None:
        if step.kind == "append":
            content.waiting.append(lambda before: before + step.content)
        elif step.kind == "truncate":
            content.synced, content.waiting = content.left("all", random.Random())[: step.size], []
        else:
            content.synced, content.waiting = content.left("all", random.Random()), []

    def left(self, fate: str, rng: random.Random) -> dict[Path, bytes]:
        """The files a power cut now may leave."""
        names = dict(self.synced)
        if fate != "synced":
            some = len(self.waiting) if fate == "all" else rng.randint(0, len(self.waiting))
            for _, change in self.waiting[:some]:
                change(names)
        return {path: content.left(fate, rng) for path, content in names.items()}


def after_cut(recorder: Recorder, number: int, fate: str, seed: int, target: Path) -> int:
    """Make the home as a power cut behind that step may leave it; give how much had been reported by then."""
    disk = Disk(recorder)
    for step in recorder.steps[:number]:
        disk.take(step)
    last = recorder.steps[number - 1]
    for folder in recorder.folders:
        (target / folder.relative_to(recorder.home)).mkdir(parents=True, exist_ok=True)
    files = disk.left(fate, random.Random(seed * 100_003 + number))
    for path, content in files.items():
        place = target / path.relative_to(recorder.home)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    for name, content in last.catalogue:
        (target / name).write_bytes(content)
    return last.reported
