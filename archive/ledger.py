"""The ledger: what people decided or this program minted, one JSON object a line, appended and never changed."""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError


class Ledger:
    """The files of one ledger folder, a file a kind."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def path(self, kind: str) -> Path:
        """The file of a kind."""
        return self.folder / f"{kind}.jsonl"

    def append(
        self, kind: str, *, subject: str, who: str, why: str = "", before: Any = None, after: Any = None
    ) -> dict[str, Any]:
        """Add an entry and give it back; on disk when this returns."""
        entry = {
            "id": uuid.uuid4().hex,
            "time": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "who": who,
            "subject": subject,
            "why": why,
            "before": before,
            "after": after,
        }
        self.folder.mkdir(exist_ok=True)
        path = self.path(kind)
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        with path.open("a+b") as file:
            # A torn line of an earlier crash must not swallow this one.
            if file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n":
                line = "\n" + line
            file.write(line.encode())
            file.flush()
            os.fsync(file.fileno())
        return entry

    def entries(self, kind: str) -> Iterator[dict[str, Any]]:
        """The entries of a kind, oldest first; ArchiveError names a line that cannot be read."""
        path = self.path(kind)
        if not path.exists():
            return
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                entry = json.loads(line)
            except ValueError as exc:
                raise ArchiveError(f"{path}: line {number} cannot be read ({exc}); restore it from a backup") from exc
            yield entry
