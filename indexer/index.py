"""Indexing: the catalogue's reports into the index, all of them or those that changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex

from archive import Catalogue, Home, Record
from archive.lock import archive_lock
from indexer.errors import NoIndexError
from indexer.generations import (
    DurableStorage,
    current,
    make_current,
    next_folder,
    open_whoosh,
    read_stamp,
    write_stamp,
)
from indexer.schema import document, index_schema

LOCK = "lock"

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexResult(Record):
    """What indexing did: reports written and removed, and the generation readers now use."""

    indexed: int
    deleted: int
    generation: str
    rebuilt: bool

    def as_text(self) -> str:
        """The result in one line."""
        done = "built anew" if self.rebuilt else "brought up to date"
        return f"index {self.generation} {done}: {self.indexed} reports written, {self.deleted} removed"


def index(home: Home, *, rebuild: bool = False, wait: float = 0, progress: Progress | None = None) -> IndexResult:
    """Bring the index up to the catalogue: what changed, or with `rebuild` everything anew beside the old.

    An index that is damaged or of another analysis is never replaced unasked: NoIndexError names the command. One process indexes at a time: LockedError for a second.
    """
    home.index.mkdir(exist_ok=True)
    with archive_lock(home.index / LOCK, what="index", wait=wait), home.catalogue() as catalogue:
        if rebuild or not (home.index / "CURRENT").exists():
            return _build(home.index, catalogue, progress)
        return _update(current(home.index), catalogue, progress)


def generation(folder: Path, whoosh: FileIndex) -> str:
    """The name of a state of the index: its folder and commit."""
    return f"{folder.name}.{whoosh.latest_generation()}"


def _build(index: Path, catalogue: Catalogue, progress: Progress | None) -> IndexResult:
    folder = next_folder(index)
    folder.mkdir()
    try:
        whoosh = FileIndex.create(DurableStorage(str(folder)), index_schema())
        sequence, _, _ = catalogue.changed_since(0)
        ids = [report.id for report in catalogue.reports()]
        _write(whoosh, catalogue, ids, (), progress)
        write_stamp(folder, sequence)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    make_current(folder)
    return IndexResult(indexed=len(ids), deleted=0, generation=generation(folder, whoosh), rebuilt=True)


def _update(folder: Path, catalogue: Catalogue, progress: Progress | None) -> IndexResult:
    stamp = read_stamp(folder)
    whoosh = open_whoosh(folder)
    if catalogue.sequence() < stamp.sequence:
        raise NoIndexError(f"{folder}: ahead of the catalogue, which was rebuilt; run: podium index --rebuild")
    sequence, changed, gone = catalogue.changed_since(stamp.sequence)
    if changed or gone:
        _write(whoosh, catalogue, changed, gone, progress)
        # The stamp follows the commit: after a crash between them the same changes are made again, to the same end.
        write_stamp(folder, sequence)
    return IndexResult(indexed=len(changed), deleted=len(gone), generation=generation(folder, whoosh), rebuilt=False)


def _write(
    whoosh: FileIndex, catalogue: Catalogue, changed: Iterable[str], gone: Iterable[str], progress: Progress | None
) -> None:
    changed = list(changed)
    writer: Any = whoosh.writer(limitmb=256)
    try:
        if whoosh.doc_count_all():
            for report_id in (*gone, *changed):
                writer.delete_by_term("id", report_id)
        for done, report_id in enumerate(changed, 1):
            report = catalogue.report(report_id)
            version = report and catalogue.version(report.version, report.id)
            if report and version:
                writer.add_document(**document(report, version))
            if progress:
                progress(f"indexing {done} of {len(changed)}")
        writer.commit()
    except BaseException:
        writer.cancel()
        raise
