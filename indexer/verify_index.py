"""The index against its own checksums and against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive import Catalogue, Defect, Home
from indexer.documents import document_of
from indexer.errors import IndexerError
from indexer.generations import CURRENT, current, read_stamp
from indexer.segments import Segment, read_contents

REBUILD = "podium index --rebuild"
UPDATE = "podium index"
MOST = 20  # reports named at most


def verify_index(home: Home) -> tuple[Defect, ...]:
    """What is wrong with the files of the index, or where it says otherwise than the catalogue; none without an index."""
    if not (home.index / CURRENT).exists():
        return ()
    try:
        folder = current(home.index)
        stamp = read_stamp(folder)
        held, problems = _read(folder)
    except IndexerError as exc:
        return (_defect(home.index, str(exc).partition("; run:")[0], REBUILD),)
    with home.catalogue() as catalogue:
        sequence, changed, gone = catalogue.changed_since(stamp.sequence)
        if sequence < stamp.sequence:
            problems.append(_defect(folder, "is ahead of the catalogue, which was rebuilt", REBUILD))
        elif not problems:
            problems += _compared(folder, catalogue, held, pending={*changed, *gone})
        if changed or gone:
            waiting = f"{len(changed) + len(gone)} reports changed since it was brought up to date"
            problems.append(_defect(folder, waiting, UPDATE))
    return tuple(problems)


def _read(folder: Path) -> tuple[dict[str, str], list[Defect]]:
    """What is stored for each report that is not deleted, every array of every file read; and what does not hold."""
    contents = read_contents(folder)
    problems = [_defect(folder, contents.problem.partition("; run:")[0], REBUILD)] if contents.problem else []
    held: dict[str, str] = {}
    for part in contents.segments:
        segment = Segment(part.file(folder))
        segment.file.verify()
        deleted = part.deleted
        held |= {
            segment.id[document].decode(): segment.stored(document)
            for document in range(segment.count)
            if document not in deleted
        }
    return held, problems


def _compared(folder: Path, catalogue: Catalogue, held: dict[str, str], *, pending: set[str]) -> Iterator[Defect]:
    wrong: list[str] = []
    ids = set()
    for report in list(catalogue.reports()):
        version = catalogue.version(report.version, report.id)
        ids.add(report.id)
        if version and report.id not in pending and held.get(report.id) != document_of(report, version).stored:
            wrong.append(report.id)
    wrong += sorted(held.keys() - ids - pending)
    if wrong:
        named = ", ".join(wrong[:MOST])
        yield _defect(folder, f"says otherwise than the catalogue of {len(wrong)} reports ({named})", REBUILD)


def _defect(path: Path, problem: str, mend: str) -> Defect:
    return Defect(
        file=f"index/{path.name}" if path.name != "index" else "index", offset=None, problem=problem, mend=mend
    )
