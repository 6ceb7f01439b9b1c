"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from archive.durable import fsync_folder
from archive.errors import ExportError


@contextlib.contextmanager
def file_beside(target: Path) -> Iterator[Path]:
    """A name to write to, which becomes `target` when the block ends well and goes away when it does not."""
    if target.is_dir():
        raise ExportError(f"{target}: a folder; give the name of a file with -o")
    if not target.parent.is_dir():
        raise ExportError(f"{target.parent}: no such folder; make it, or give another -o")
    part = target.with_name(target.name + ".part")
    try:
        yield part
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
        fsync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def folder_beside(target: Path) -> Iterator[Path]:
    """A folder to write into, which becomes `target` when the block ends well and goes away when it does not."""
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ExportError(f"{target}: is there already; give the name of a new folder with -o")
    part = target.with_name(target.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
    except OSError as exc:
        raise ExportError(f"{part}: cannot be made: {exc.strerror}; give another -o") from exc
    try:
        yield part
        part.replace(target)
        fsync_folder(target.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
