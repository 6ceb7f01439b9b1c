"""Erase pages from the files of an archive: each file that holds them is written anew without, and the old one goes.

The order makes every step whole or not at all: the new file on disk under a name of its own, a line in the ledger, the
catalogue's rows in one transaction, then the old file away. Erasing again completes what a crash broke off.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from archive import durable
from archive.carrier import carrying, pointing
from archive.closed import write_manifest
from archive.errors import ArchiveError
from archive.heirs import Heirs
from archive.ledger import Ledger
from archive.record import parse_record, read_record, read_stored
from archive.records import Capture, Record
from archive.rewrite import NAMED, Plan, plan_without, readable, rewrite
from archive.switch import Switch, note_gone
from archive.urlkey import urlkey
from archive.wacz import PACKAGED, open_wacz
from archive.withdrawals import ERASURES, Withdrawal
from archive.writer import ArchiveWriter

OWN = re.compile(r"(.+?)(?:-r(\d+))?(\.warc(?:\.gz)?)")
BESIDE = "records of "  # begins the note of a recompressed file
LISTED = re.compile(rb'"(https?://[^"\\\\]+)"')  # in JSON

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased(Record):
    """What erasing did to the files: how many were written anew, and how many records went from them."""

    files: int
    records: int


def erase(writer: ArchiveWriter, ledger: Ledger, decided: Withdrawal, *, who: str, progress: Progress) -> Erased:
    """Write every file anew that holds records of the pages a decision covers; the caller holds the archive lock."""
    erasing = _Erasing(writer, ledger, decided, who=who, progress=progress)
    erasing.close_files()
    done = [erasing.rewrite(name, plan) for name, plan in erasing.plans()]
    erasing.drop_packages()
    erasing.clear_quarantine()
    write_manifest(writer.folder, writer.catalogue)
    return Erased(files=len(done), records=sum(done))


class _Erasing:
    def __init__(
        self, writer: ArchiveWriter, ledger: Ledger, decided: Withdrawal, *, who: str, progress: Progress
    ) -> None:
        self.writer = writer
        self.catalogue = writer.catalogue
        self.ledger = ledger
        self.decided = decided
        self.who = who
        self.progress = progress
        self.heirs = Heirs(self.catalogue, decided.covers)

    @cached_property
    def known(self) -> dict[str, dict[str, Any]]:
        """The files of the archive with their digests, by name."""
        return {file["name"]: file for file in self.catalogue.files()}

    def close_files(self) -> None:
        """Close files of our own that are to be written anew, so that their digests are known."""
        closed = {file["name"] for file in self.catalogue.files()}
        for name in self._own() - closed:
            if name == self.writer.newest:
                self.writer.rotate()
            else:
                self.writer.note_closed(self.writer.folder / name, kind="own")

    def plans(self) -> Iterator[tuple[str, Plan]]:
        """The files to be written anew, those first that hold what is to carry a payload from now on."""
        first = {heir.file for heir in self.heirs.becoming()}
        for name in sorted(self._names(), key=lambda name: (name not in first, name)):
            self.progress(f"reading {name}")
            plan = plan_without(self.writer.folder / name, self.decided.covers)
            plan = replace(plan, replaced=dict(self._replacements(name, plan)))
            if plan.changes:
                yield name, plan

    def _names(self) -> set[str]:
        """Files that may hold records of the pages: of our own those with captures, of imports every one."""
        raw = {self._raw(name) for name in self.known}
        imports = {name for name, file in self.known.items() if file["kind"] != "own" and name not in raw}
        imports -= set(self._packages())
        return self._own() | imports

    def _own(self) -> set[str]:
        rows = self.catalogue.connection.execute("SELECT DISTINCT file, urlkey FROM captures")
        holding = {row["file"] for row in rows if self.decided.covers(row["urlkey"])}
        holding |= {heir.file for heir in self.heirs.becoming()}
        return {name for name in holding if not name.startswith("imports/")}

    def _raw(self, name: str) -> str | None:
        """The file as it came, of which a file holds the records recompressed."""
        note = self.known[name]["note"] or "" if name in self.known else ""
        beside = note.removeprefix(BESIDE)
        return f"imports/{beside}" if note.startswith(BESIDE) else None

    def _replacements(self, name: str, plan: Plan) -> Iterator[tuple[int, bytes]]:
        for row in self.catalogue.captures_in(name):
            if row.record_type != "revisit" or row.offset in plan.dropped:
                continue
            payload = self.heirs.payload_for(row)
            if payload is None and row.offset not in plan.orphans:
                continue
            stored = read_stored(self.writer.folder / name, row.offset, row.length)
            if payload is None:
                yield row.offset, pointing(stored, parse_record(stored), self.heirs.target_of(row))
            else:
                carrier = read_record(self.writer.folder / payload.file, payload.offset, payload.length)
                yield row.offset, carrying(stored, parse_record(stored), carrier)

    def rewrite(self, name: str, plan: Plan) -> int:
        """Write one file anew; give how many records went from it."""
        new, digest, size = self._write(name, plan)
        old = [name, *filter(None, [self._raw(name)])]
        try:
            switch = Switch(self.writer, old=old, new=new, dropped=plan.dropped, heirs=self.heirs)
        except ArchiveError:
            if new:
                durable.remove(self.writer.folder / new)
            raise
        self.progress(f"{name}: written")
        kind = "own" if self.known[name]["kind"] == "own" else "import"
        said: dict[str, Any] = {
            "sha256": digest,
            "size": size,
            "kind": kind,
            "note": f"written anew without {len(plan.dropped)} records",
        }
        for one in old:
            self._note(one, {"file": new, **said, "removed": len(plan.dropped), "changed": len(plan.replaced)})
        self.progress(f"{name}: noted")
        moved = switch.commit(**said)
        self.heirs.moved(moved)
        write_manifest(self.writer.folder, self.catalogue)
        self.progress(f"{name}: switched")
        for one in old:
            durable.remove(self.writer.folder / one)
        self.progress(f"{name}: removed")
        return len(plan.dropped)

    def _write(self, name: str, plan: Plan) -> tuple[str | None, str, int]:
        """The new file's name below `warc/`, digest and size; no name where no capture is left to be kept."""
        path = self.writer.folder / name
        part = path.with_name(f"{path.name}.part")
        durable.remove(part)
        with durable.create(part) as out:
            rewrite(plan, out, gone=self.decided.covers)
            durable.sync(out)
        if not plan.captures_left:
            durable.remove(part)
            return None, "", 0
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        target = path.with_name(_new_name(name, digest))
        durable.rename(part, target)
        return str(target.relative_to(self.writer.folder)), digest, target.stat().st_size

    def _note(self, old: str, after: dict[str, Any]) -> None:
        before = {"file": old, "sha256": self.known[old]["sha256"], "size": self.known[old]["size"]}
        if any((e["before"], e["after"]) == (before, after) for e in self.ledger.entries(ERASURES)):
            return  # a crash came between this line and the next step
        self.ledger.append(ERASURES, subject=old, who=self.who, why=self.decided.subject, before=before, after=after)

    def _packages(self) -> Iterator[str]:
        return (name for name, file in self.known.items() if (file["note"] or "").startswith(PACKAGED))

    def drop_packages(self) -> None:
        """Drop the WACZ packages the pages came in: what else was in them is kept beside them."""
        standing = {file["name"] for file in self.catalogue.files()}
        for name in list(self._packages()):
            beside = self.known[name]["note"].removeprefix(PACKAGED).split(", ")
            if set(beside) <= standing and not self._names_a_page(self.writer.folder / name):
                continue
            self._note(name, {"file": ", ".join(filter(None, map(self._successor, beside))) or None})
            note_gone(self.ledger, [name])
            self.catalogue.connection.execute("DELETE FROM files WHERE name = ?", (name,))
            self.catalogue.connection.execute("DELETE FROM defects WHERE file = ?", (name,))
            write_manifest(self.writer.folder, self.catalogue)
            durable.remove(self.writer.folder / name)
            self.progress(f"{name}: removed")

    def _names_a_page(self, path: Path) -> bool:
        """Whether the lists of pages in a package, which may hold their texts, name one of the pages."""
        with open_wacz(path) as wacz:
            urls = (url for text in wacz.lists() for url in LISTED.findall(text))
            return any(self.decided.covers(urlkey(url.decode("utf-8", "replace"))) for url in urls)

    def _successor(self, name: str) -> str | None:
        """What a file that was written anew is now; None when nothing was left of it."""
        now: str | None = name
        for entry in self.ledger.entries(ERASURES):
            if entry["before"]["file"] == now:
                now = entry["after"]["file"]
        return now

    def clear_quarantine(self) -> None:
        """Remove torn tails that name one of the pages."""
        for path in (self.writer.folder.parent / "quarantine").glob("*"):
            content = path.read_bytes()
            named = (match[1].decode("utf-8", "replace") for match in NAMED.finditer(readable(content)))
            if any(self.decided.covers(urlkey(url)) for url in named):
                before = {"file": f"quarantine/{path.name}", "sha256": hashlib.sha256(content).hexdigest()}
                self.ledger.append(
                    ERASURES, subject=before["file"], who=self.who, why=self.decided.subject,
                    before={**before, "size": len(content)}, after={"file": None},
                )  # fmt: skip
                durable.remove(path)


def _new_name(name: str, digest: str) -> str:
    """The name of what a file becomes: of an import by its digest, of our own by the next revision."""
    path = Path(name)
    if path.parent.name == "imports":
        return f"{digest}-{path.name[65:].replace('.recompressed', '')}"
    match = OWN.fullmatch(path.name)
    base, revision, suffix = match.groups() if match else (path.name, None, "")
    return f"{base}-r{int(revision or 0) + 1}{suffix}"


def covered_captures(writer: ArchiveWriter, decided: Withdrawal) -> list[Capture]:
    """The captures a decision covers that are still there, in the order of files and offsets."""
    catalogue = writer.catalogue
    rows = catalogue.connection.execute("SELECT id, urlkey FROM captures ORDER BY file, offset").fetchall()
    found = (catalogue.capture(row["id"]) for row in rows if decided.covers(row["urlkey"]))
    return [capture for capture in found if capture]
