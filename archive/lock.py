"""The archive lock: one process at a time writes to a home."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from archive.errors import HomeError, LockedError

POLL = 0.2


@contextlib.contextmanager
def archive_lock(path: Path, *, what: str, wait: float = 0) -> Iterator[None]:
    """Hold the lock file at `path` while the block runs.

    Waits up to `wait` seconds; LockedError says who holds it and since when. The kernel drops the lock with
    its process, so a crash leaves nothing to clean up.
    """
    file = _open(path)
    try:
        _take(file, path, wait)
        holder = {"pid": os.getpid(), "what": what, "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(holder).encode(), 0)
        yield
        os.ftruncate(file, 0)
    finally:
        os.close(file)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as exc:
        raise HomeError(
            f"{path}: cannot be written to ({exc.strerror}); mend its permissions or choose another --home"
        ) from exc


def _take(file: int, path: Path, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            if time.monotonic() >= deadline:
                raise LockedError(
                    f"{path.parent}: {_holder(file)}; wait for it to end, or pass --wait SECONDS"
                ) from exc
            time.sleep(POLL)


def _holder(file: int) -> str:
    try:
        holder = json.loads(os.pread(file, 4096, 0))
        return f"'podium {holder['what']}' (process {holder['pid']}) has been writing since {holder['since']}"
    except (ValueError, KeyError):
        return "another process is writing"
