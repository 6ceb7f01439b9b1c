"""Indexing: the catalogue's reports into the index, all of them or those that changed."""

from __future__ import annotations

import multiprocessing
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from archive import Catalogue, Home, Record, archive_lock
from indexer.documents import document_of
from indexer.errors import NoIndexError
from indexer.generations import current, generation, is_stale, make_current, next_folder, read_stamp, write_stamp
from indexer.segments import Chunk, Document, analyse_documents, write_commit

LOCK = "lock"
CHUNK = 100  # documents analysed at once
MANY = 1000  # documents from which on processes are worth their start

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

    An index that is damaged or of another analysis is never replaced unasked: NoIndexError names the command.
    One process indexes at a time: LockedError for a second.
    """
    with archive_lock(home.index / LOCK, what="index", wait=wait), home.catalogue() as catalogue:
        writing = _Writing(catalogue, workers=home.settings.workers, progress=progress or (lambda text: None))
        if rebuild or not (home.index / "CURRENT").exists():
            return _build(home.index, catalogue, writing)
        return _update(current(home.index), catalogue, writing)


def is_of_another_version(home: Home) -> bool:
    """Whether the index was built by another version of Podium and must be built anew."""
    return is_stale(home.index)


def _build(index: Path, catalogue: Catalogue, writing: _Writing) -> IndexResult:
    folder = next_folder(index)
    folder.mkdir()
    try:
        sequence, _, _ = catalogue.changed_since(0)
        ids = [report.id for report in catalogue.reports()]
        write_commit(folder, writing.chunks(ids))
        write_stamp(folder, sequence)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    make_current(folder)
    return IndexResult(indexed=len(ids), deleted=0, generation=generation(folder), rebuilt=True)


def _update(folder: Path, catalogue: Catalogue, writing: _Writing) -> IndexResult:
    stamp = read_stamp(folder)
    sequence, changed, gone = catalogue.changed_since(stamp.sequence)
    if sequence < stamp.sequence:
        raise NoIndexError(f"{folder}: ahead of the catalogue, which was rebuilt; run: podium index --rebuild")
    if changed or gone:
        write_commit(folder, writing.chunks(changed), delete=gone)
        # The stamp follows the commit: after a crash between them the same changes are made again, to the same end.
        write_stamp(folder, sequence)
    return IndexResult(indexed=len(changed), deleted=len(gone), generation=generation(folder), rebuilt=False)


class _Writing:
    """Reads reports from the catalogue and analyses them, in processes when there are many."""

    def __init__(self, catalogue: Catalogue, *, workers: int, progress: Progress) -> None:
        self.catalogue = catalogue
        self.workers = workers
        self.progress = progress

    def chunks(self, ids: list[str]) -> list[Chunk]:
        """The reports of those ids, analysed."""
        if len(ids) < MANY or self.workers < 2:
            return list(self._counted(map(analyse_documents, self._batches(ids)), len(ids)))
        with ProcessPoolExecutor(self.workers, multiprocessing.get_context("spawn")) as pool:
            return list(self._counted(pool.map(analyse_documents, self._batches(ids)), len(ids)))

    def _batches(self, ids: list[str]) -> Iterator[list[Document]]:
        documents = self._documents(ids)
        while batch := list(islice(documents, CHUNK)):
            yield batch

    def _documents(self, ids: list[str]) -> Iterator[Document]:
        for id in ids:
            report = self.catalogue.report(id)
            version = report and self.catalogue.version(report.version, report.id)
            if report and version:
                yield document_of(report, version)

    def _counted(self, chunks: Iterable[Chunk], total: int) -> Iterator[Chunk]:
        done = 0
        for chunk in chunks:
            done += len(chunk.documents)
            self.progress(f"indexing {done} of {total}")
            yield chunk
