"""The ledger by itself, and against manifest and catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archive.catalogue import Catalogue
from archive.closed import MANIFEST, closed_files, manifest
from archive.corrections import KIND as CORRECTIONS
from archive.home import Home
from archive.ledger import RESTORE, Entry, Ledger
from archive.records import Defect

REBUILD = "podium rebuild"
FIXITY = "fixity"


def note_fixity(home: Home, counts: Mapping[str, Any], *, who: str) -> Entry:
    """Put a run of verify into the ledger, with what the next run must find in it."""
    return home.ledger.append(FIXITY, subject=str(home.path), who=who, after={**counts, "ledger": home.ledger.heads()})


def ledger_problems(home: Home, catalogue: Catalogue) -> Iterator[Defect]:
    """Lines that cannot be believed or are gone, and where files, manifest and catalogue say otherwise."""
    broken = list(home.ledger.problems())
    yield from broken
    if any(RESTORE in (defect.mend or "") for defect in broken):
        return
    yield from _shortened(home.ledger)
    yield from _manifest(home, catalogue)
    yield from _files(home.ledger, catalogue)
    yield from _facts(home.ledger, catalogue)


def _shortened(ledger: Ledger) -> Iterator[Defect]:
    """Kinds that have lost entries since the last verify."""
    heads: dict[str, list[Any]] = next(
        (e["after"]["ledger"] for e in reversed(list(ledger.entries(FIXITY))) if "ledger" in e["after"]), {}
    )
    for kind, (count, id) in sorted(heads.items()):
        ids = [entry["id"] for entry in ledger.entries(kind)]
        if len(ids) < count or ids[count - 1] != id:
            problem = f"had {count} entries at the last verify, and has not all of them now"
            yield Defect(
                file=f"ledger/{kind}.jsonl", offset=None, problem=problem, mend="restore the file from a backup"
            )


def _manifest(home: Home, catalogue: Catalogue) -> Iterator[Defect]:
    path = home.warc / MANIFEST
    said = path.read_bytes() if path.exists() else b""
    if said != manifest(catalogue):
        yield Defect(file=MANIFEST, offset=None, problem="does not say what the catalogue says", mend=REBUILD)


def _files(ledger: Ledger, catalogue: Catalogue) -> Iterator[Defect]:
    """Closed files whose digests ledger and catalogue do not agree on."""
    noted = {file["name"]: file["sha256"] for file in catalogue.files()}
    said = closed_files(ledger)
    for name, after in sorted(said.items()):
        if noted.get(name) != after["sha256"]:
            problem = "ledger and catalogue do not agree on its SHA-256"
            yield Defect(file=name, offset=None, problem=problem, mend=REBUILD)


def _facts(ledger: Ledger, catalogue: Catalogue) -> Iterator[Defect]:
    """What the catalogue has from the ledger and the ledger does not say, or the other way round."""
    stated = {(e["subject"], e["after"]["offset"], e["after"]["problem"]) for e in ledger.entries("defects")}
    for defect in catalogue.defects():
        recompressed = ".recompressed." in defect.file  # the first versions noted these in the catalogue alone
        if (defect.file, defect.offset, defect.problem) not in stated and not recompressed:
            yield Defect(
                file=defect.file,
                offset=defect.offset,
                problem="a known defect that the ledger does not know",
                mend=REBUILD,
            )
    aliases = {entry["subject"]: entry["after"] for entry in ledger.entries("aliases")}
    if aliases != catalogue.aliases():
        yield Defect(
            file="catalogue.sqlite", offset=None, problem="ids do not lead where the ledger says", mend=REBUILD
        )
    decided = {entry["id"] for entry in ledger.entries(CORRECTIONS)}
    for correction in catalogue.corrections():
        if correction.id not in decided:
            problem = f"the catalogue has a correction of {correction.subject} that is not there"
            yield Defect(
                file=f"ledger/{CORRECTIONS}.jsonl", offset=None, problem=problem, mend="restore the file from a backup"
            )
