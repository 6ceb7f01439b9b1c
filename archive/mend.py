"""Mend the newest WARC file after a crash: rows for whole records, quarantine for a torn tail."""

from __future__ import annotations

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
    known = max((capture.offset for capture in catalogue.captures_in(path.name)), default=0)
    whole: list[Framed] = []
    good_end = known
    torn: Defect | None = None
    try:
        for item in scan(path, start=known) if path.stat().st_size else ():
            if isinstance(item, Defect):
                torn = item
                break
            whole.append(item)
            good_end = item.offset + item.length
    except MaterialError as exc:
        torn = Defect(file=path.name, offset=good_end, problem=str(exc))
    if torn:
        yield _cut(path, good_end, quarantine, torn.problem)
    found = facts.captures_of(whole, file=path.name, imported=False)
    new = [capture for capture in found if catalogue.capture(capture.id) is None]
    if new:
        with transaction(catalogue.connection):
            catalogue.add_captures(new)
        resolve_revisits(catalogue, path.parent, added=new)


def _cut(path: Path, end: int, quarantine: Path, problem: str) -> Defect:
    """Keep the tail beside the archive, then cut it off the file."""
    quarantine.mkdir(exist_ok=True)
    with path.open("rb") as file:
        file.seek(end)
        durable.write_durably(quarantine / f"{path.name}-{end}", file.read())
    durable.truncate(path, end)
    return Defect(file=path.name, offset=end, problem=problem, mend=f"cut off and kept as quarantine/{path.name}-{end}")
