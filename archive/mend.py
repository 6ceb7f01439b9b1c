"""Mend the newest WARC file after a crash: rows for whole records, quarantine for a torn tail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from archive import durable, facts
from archive.catalogue import Catalogue, transaction
from archive.errors import MaterialError
from archive.records import Defect
from archive.revisits import resolve_revisits
from archive.scan import Framed, scan


def mend_tail(path: Path, *, catalogue: Catalogue, quarantine: Path) -> Iterator[Defect]:
    """Cut what is torn off the end of a file, and enter what is whole; say what was cut.

    A record appended behind a torn one would be lost to every reader, so this comes before any writing.
    """
    end = max((capture.offset + capture.length for capture in catalogue.captures_in(path.name)), default=0)
    whole: list[Framed] = []
    torn: Defect | None = None
    try:
        # What has a row was on disk before that: a record that is bad there was not torn, and is `verify`'s to name.
        for item in scan(path, start=end) if path.stat().st_size > end else ():
            if isinstance(item, Framed):
                whole.append(item)
                end = item.offset + item.length
            elif not whole or whole[-1].offset != item.offset:
                torn = item
                break
    except MaterialError as exc:
        torn = Defect(file=path.name, offset=end, problem=str(exc))
    if torn:
        yield _cut(path, end, quarantine, torn.problem)
    found = facts.captures_of(whole, file=path.name, imported=False)
    new = [capture for capture in found if catalogue.capture(capture.id) is None]
    if new:
        with transaction(catalogue.connection):
            catalogue.add_captures(new)
        resolve_revisits(catalogue, path.parent, added=new)


def sweep_unfinished(home: Path) -> None:
    """Remove files that a crash kept from being finished: they never had their name. For the holder of the lock."""
    for folder in (home / "warc", home / "warc" / "imports"):
        for path in folder.glob("*.part"):
            durable.remove(path)
    for path in home.glob("importing-*"):
        shutil.rmtree(path, ignore_errors=True)


def _cut(path: Path, end: int, quarantine: Path, problem: str) -> Defect:
    """Keep the tail beside the archive, then cut it off the file."""
    quarantine.mkdir(exist_ok=True)
    with path.open("rb") as file:
        file.seek(end)
        durable.write_durably(quarantine / f"{path.name}-{end}", file.read())
    durable.truncate(path, end)
    return Defect(file=path.name, offset=end, problem=problem, mend=f"cut off and kept as quarantine/{path.name}-{end}")
