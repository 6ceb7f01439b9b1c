"""Withdrawals that a crash broke off: what is left of them, and how it is cleared away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from archive import durable
from archive.catalogue import Catalogue
from archive.ledger import Entry, Ledger
from archive.records import Defect
from archive.withdrawals import ERASURES, Level


def drop_superseded(folder: Path, *, catalogue: Catalogue, ledger: Ledger) -> None:
    """Remove files that have been written anew and are no longer of the archive."""
    for old in superseded(folder, catalogue=catalogue, ledger=ledger):
        durable.remove(folder / old)


def drop_replaced(folder: Path, ledger: Ledger) -> None:
    """Remove files of which the one written anew is whole on disk, whatever the catalogue says; for rebuilding."""
    for entry in ledger.entries(ERASURES):
        old, new = entry["before"]["file"], entry["after"].get("file")
        if _is_old(folder, entry) and all((folder / name).is_file() for name in (new or "").split(", ") if name):
            durable.remove(folder / old)


def _is_old(folder: Path, entry: Entry) -> bool:
    """Whether the file that was written anew is there: that very one, should its name have been taken again."""
    path = folder / entry["before"]["file"]
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == str(entry["before"]["sha256"])


def superseded(folder: Path, *, catalogue: Catalogue, ledger: Ledger) -> dict[str, str]:
    """Files that have been written anew and are still there, each with the subject of the decision it was for."""
    known = {file["name"] for file in catalogue.files()}
    return {
        entry["before"]["file"]: entry["why"]
        for entry in ledger.entries(ERASURES)
        if entry["before"]["file"] not in known and _is_old(folder, entry)
    }


def unfinished(folder: Path, *, catalogue: Catalogue, ledger: Ledger) -> Iterator[Defect]:
    """What is left of pages that were to be withdrawn, and the command that completes it."""
    for old, subject in superseded(folder, catalogue=catalogue, ledger=ledger).items():
        yield _left(old, None, f"was written anew without {subject}, and is still there", subject, Level.ERASE)
    for decided in catalogue.withdrawn:
        rows = catalogue.connection.execute("SELECT id, urlkey FROM reports").fetchall()
        for row in (row for row in rows if decided.covers(row["urlkey"])):
            problem = f"report {row['id']} is withdrawn, and is still in the catalogue"
            yield _left("catalogue.sqlite", None, problem, decided.subject, decided.level)
        if decided.level is Level.ERASE:
            rows = catalogue.connection.execute("SELECT file, offset, urlkey FROM captures").fetchall()
            for row in (row for row in rows if decided.covers(row["urlkey"])):
                problem = "is of a page that was to be erased"
                yield _left(row["file"], row["offset"], problem, decided.subject, decided.level)


def _left(file: str, offset: int | None, problem: str, subject: str, level: Level) -> Defect:
    mend = f"podium withdraw '{subject}' --level {level} --reason ..."
    return Defect(file=file, offset=offset, problem=problem, mend=mend)
