"""Every write, sync and rename of the archive's own files, so that what a call reports is on disk when it returns.

SQLite sees to its own file; all else goes through here, which is also where the tests of crashes listen.
"""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

REFUSALS = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space, or have the quota raised",
    errno.EFBIG: "have the limit on the size of files raised",
    errno.EROFS: "let the folder be written to, or choose another --home",
    errno.EACCES: "mend its permissions, or choose another --home",
    errno.EPERM: "mend its permissions, or choose another --home",
    errno.EIO: "look at the health of the disk",
}


def create(path: Path) -> io.FileIO:
    """A new, empty file, its name on disk; FileExistsError when there is one."""
    file = path.open("xb", buffering=0)
    fsync_folder(path.parent)
    return file


def append(file: io.FileIO, content: bytes) -> None:
    """Add to the end of a file in one write, without waiting for the disk; OSError when it took only a part."""
    try:
        taken = file.write(content)
    except OSError as exc:
        raise OSError(exc.errno, exc.strerror, str(file.name)) from exc  # Python leaves the name out
    if taken != len(content):
        raise OSError(errno.ENOSPC, "the disk took only a part of what was written", str(file.name))


def sync(file: io.FileIO) -> None:
    """Wait until all that was written to a file is on disk."""
    try:
        os.fsync(file.fileno())
    except OSError as exc:
        raise OSError(exc.errno, exc.strerror, str(file.name)) from exc


def truncate(path: Path, size: int) -> None:
    """Cut a file, and wait until it is."""
    with path.open("r+b", buffering=0) as file:
        file.truncate(size)
        os.fsync(file.fileno())


def rename(part: Path, target: Path) -> None:
    """Give a synced file its name, in place of any file of that name, and wait until it has it."""
    part.replace(target)
    fsync_folder(target.parent)


def remove(path: Path) -> None:
    """Remove a file, and wait until it is gone."""
    path.unlink(missing_ok=True)
    fsync_folder(path.parent)


def write_durably(path: Path, content: bytes) -> None:
    """Write a whole file so that a crash leaves the old one or the new one."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with create(part) as file:
        append(file, content)
        sync(file)
    rename(part, path)


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_durably(path: Path, target: Path) -> None:
    """Copy a whole file so that a crash leaves none of it, or all, under its name."""
    part = target.with_name(target.name + ".part")
    remove(part)
    with path.open("rb") as source, create(part) as copy:
        while content := source.read(1 << 20):
            append(copy, content)
        sync(copy)
    rename(part, target)


def disk_problem(exc: OSError) -> str | None:
    """What a refusal of the disk means and what to do, or None for another error."""
    todo = REFUSALS.get(exc.errno or 0)
    where = f"{exc.filename}: " if exc.filename else ""
    return (
        f"{where}{exc.strerror}; {todo}, then run the command again: what was reported as archived is kept"
        if todo
        else None
    )
