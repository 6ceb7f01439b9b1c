"""The ledger: what people decided or this program minted, one JSON object a line, appended and never changed."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import io
import json
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import durable
from archive.errors import LedgerError
from archive.records import Defect

KEYS = ("id", "time", "who", "subject", "why", "before", "after")
DIGEST = "digest"
DIGITS = 32  # of a line's SHA-256
TORN = "podium rebuild cuts it off, as the next entry does: it was never reported as kept"
RESTORE = "restore the file from a backup, or take the line out"

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ledger file: its entry, or what is wrong with it; `torn` when a crash cut it off."""

    number: int
    entry: Entry | None
    problem: str | None = None
    torn: bool = False


class Ledger:
    """The files of one ledger folder, a file a kind."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def path(self, kind: str) -> Path:
        """The file of a kind."""
        return self.folder / f"{kind}.jsonl"

    def append(
        self, kind: str, *, subject: str, who: str, why: str = "", before: Any = None, after: Any = None
    ) -> Entry:
        """Add an entry and give it back; on disk when this returns."""
        (entry,) = self.append_all(kind, [{"subject": subject, "why": why, "before": before, "after": after}], who=who)
        return entry

    def append_all(self, kind: str, given: Iterable[Mapping[str, Any]], *, who: str) -> list[Entry]:
        """Add entries of `subject`, `why`, `before` and `after` in one write; on disk when this returns."""
        time = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        entries = [_entry(one, time=time, who=who) for one in given]
        if not entries:
            return []
        self.folder.mkdir(exist_ok=True)
        path = self.path(kind)
        if not path.exists():
            _create(path)
        with _locked(path) as file:
            _mend_tail(file, path, quarantine=self.folder.parent / "quarantine")
            file.seek(0, os.SEEK_END)
            durable.append(file, "".join(_line(entry) for entry in entries).encode())
            durable.sync(file)
        return entries

    def rewrite(self, kind: str, change: Callable[[Entry], Entry]) -> int:
        """Put every entry through `change`, and write the file anew where any came out differently; give how many did.

        For erasing alone: what was decided is never changed.
        """
        with _locked(self.path(kind)):
            before = list(self.entries(kind))
            after = [change(entry) for entry in before]
            changed = sum(one != other for one, other in zip(before, after, strict=True))
            if changed:
                lines = "".join(_line(seal(entry)) for entry in after)
                durable.write_durably(self.path(kind), lines.encode())
        return changed

    def mend(self) -> None:
        """Cut off lines that a crash tore."""
        for kind in self.kinds():
            if not _ends(self.path(kind)):
                with self.path(kind).open("r+b", buffering=0) as file:
                    fcntl.flock(file, fcntl.LOCK_EX)
                    _mend_tail(file, self.path(kind), quarantine=self.folder.parent / "quarantine")

    def entries(self, kind: str) -> Iterator[Entry]:
        """The entries of a kind, oldest first; LedgerError names a line that cannot be believed.

        A last line that a crash cut off was never reported as kept, and is passed over.
        """
        for line in self.lines(kind):
            if line.entry is not None:
                yield line.entry
            elif not line.torn:
                raise LedgerError(f"{self.path(kind)}: line {line.number} {line.problem}; {RESTORE}")

    def lines(self, kind: str) -> Iterator[Line]:
        """Every line of a kind, the bad ones too."""
        path = self.path(kind)
        if path.exists():
            content = path.read_bytes()
            parts = content.split(b"\n")
            for number, part in enumerate(parts[:-1], 1):
                yield _read(number, part)
            if parts[-1]:
                last = _read(len(parts), parts[-1])
                yield last if last.entry else Line(last.number, None, "was cut off by a crash", torn=True)

    def kinds(self) -> list[str]:
        """The kinds there are entries of."""
        return sorted(path.stem for path in self.folder.glob("*.jsonl"))

    def history(self, subjects: Iterable[str] | None = None) -> list[tuple[str, Entry]]:
        """Entries of every kind with their kind, oldest first: all, or those on any of some subjects."""
        wanted = None if subjects is None else set(subjects)
        found = [
            (kind, entry)
            for kind in self.kinds()
            for entry in self.entries(kind)
            if wanted is None or entry["subject"] in wanted
        ]
        return sorted(found, key=lambda pair: pair[1]["time"])

    def problems(self) -> Iterator[Defect]:
        """Every line that cannot be believed, with its place and what to do."""
        for kind in self.kinds():
            seen: set[str] = set()
            for line in self.lines(kind):
                problem = line.problem
                if line.entry and line.entry["id"] in seen:
                    problem = "has the id of a line before it"
                if line.entry:
                    seen.add(line.entry["id"])
                if problem:
                    mend = TORN if line.torn else RESTORE
                    yield Defect(
                        file=f"ledger/{kind}.jsonl", offset=None, problem=f"line {line.number} {problem}", mend=mend
                    )

    def heads(self) -> dict[str, list[Any]]:
        """For each kind the number of its entries and the id of the last: what a later verify must find again."""
        heads: dict[str, list[Any]] = {}
        for kind in self.kinds():
            ids = [line.entry["id"] for line in self.lines(kind) if line.entry]
            if ids:
                heads[kind] = [len(ids), ids[-1]]
        return heads


def seal(entry: Mapping[str, Any]) -> Entry:
    """The entry with the digest of all its other keys, by which a changed line is found."""
    content = {key: value for key, value in entry.items() if key != DIGEST}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
    return {**content, DIGEST: digest}


def _entry(given: Mapping[str, Any], *, time: str, who: str) -> Entry:
    values = {"why": "", "before": None, "after": None, **given, "id": uuid.uuid4().hex, "time": time, "who": who}
    return seal({key: values[key] for key in KEYS})


def _line(entry: Entry) -> str:
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _read(number: int, content: bytes) -> Line:
    try:
        entry = json.loads(content)
    except ValueError as exc:
        return Line(number, None, f"cannot be read ({exc})")
    if not isinstance(entry, dict) or entry.keys() - {DIGEST} != set(KEYS):
        return Line(number, None, "has not the keys of an entry")
    # Lines of the first versions have no digest.
    if DIGEST in entry and seal(entry)[DIGEST] != entry[DIGEST]:
        return Line(number, None, "was changed: its digest does not hold")
    return Line(number, entry)


def _create(path: Path) -> None:
    try:
        durable.create(path).close()
    except FileExistsError:
        return  # another process was first


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[io.FileIO]:
    """The file of a kind, which processes that hold different locks may append to, or put a new one in its place."""
    while True:
        with path.open("r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                yield file
                return


def _ends(path: Path) -> bool:
    """Whether a file ends with the end of a line, or is empty."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 1, 0))
        return file.read() in (b"", b"\n")


def _mend_tail(file: io.FileIO, path: Path, *, quarantine: Path) -> None:
    """Cut off a line that a crash tore, which would swallow the next; what is whole but for its end stays."""
    if _ends(path):
        return
    content = path.read_bytes()
    end = content.rfind(b"\n") + 1
    if _read(0, content[end:]).entry is not None:
        file.seek(0, os.SEEK_END)
        durable.append(file, b"\n")
        return
    quarantine.mkdir(exist_ok=True)
    durable.write_durably(quarantine / f"{path.name}-{end}", content[end:])
    durable.truncate(path, end)
