"""What may not come in again: files that were rewritten when pages were erased, and records of withdrawn pages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from archive import durable
from archive.errors import MaterialError
from archive.ledger import Ledger
from archive.rewrite import plan_without, rewrite
from archive.urlkey import urlkey
from archive.withdrawals import ERASURES, Withdrawals
from archive.writer import ArchiveWriter


def refuse_known(path: Path, *, digest: str, ledger: Ledger) -> None:
    """MaterialError for a file of which pages were erased since it was taken in."""
    for entry in ledger.entries(ERASURES):
        if (entry["before"] or {}).get("sha256") == digest:
            kept = entry["after"].get("file")
            left = f"what is left of it is {kept}" if kept else "nothing is left of it"
            raise MaterialError(f"{path.name}: refused: pages in it were erased on {entry['time'][:10]}; {left}")


def refuse_page(url: str, *, withdrawn: Withdrawals) -> None:
    """MaterialError for the address of a withdrawn page."""
    if decided := withdrawn.of(urlkey(url)):
        raise MaterialError(f"{url}: refused: withdrawn on {decided.date} ({decided.reason})")


@contextlib.contextmanager
def admitted(path: Path, *, writer: ArchiveWriter) -> Iterator[tuple[Path, int]]:
    """The file without records of withdrawn pages (the file itself where it has none), and how many were left out.

    MaterialError when nothing but these is in it.
    """
    withdrawn = writer.catalogue.withdrawn
    plan = plan_without(path, lambda key: withdrawn.of(key) is not None) if withdrawn else None
    if plan is None or not plan.dropped:
        yield path, 0
        return
    if not plan.captures_left:
        raise MaterialError(f"{path.name}: refused: every page in it is withdrawn")
    part = writer.folder / "imports" / f"{path.name[-100:]}.part"
    durable.remove(part)
    try:
        with durable.create(part) as out:
            rewrite(plan, out, gone=lambda key: withdrawn.of(key) is not None)
            durable.sync(out)
        yield part, len(plan.dropped)
    finally:
        durable.remove(part)
