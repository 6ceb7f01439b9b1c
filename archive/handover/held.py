"""What a backup holds: its list of files, with the size and digest of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from archive.errors import ExportError
from archive.records import Record

MANIFEST_FILE = "backup.json"
SUMS = "SHA256SUMS"
CATALOGUE = "catalogue.sqlite"
NEW = ".new"  # behind the name of a file that waits for the list to be written
FORMAT = 1
STEP = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Record):
    """What a backup holds of a file: this many bytes from its beginning, and their digest."""

    size: int
    sha256: str


def read_manifest(folder: Path) -> dict[str, Any]:
    """What is counted as the backup; ExportError when it cannot be read."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
        files = {name: Held(**held) for name, held in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        raise ExportError(
            f"{folder}: no backup ({MANIFEST_FILE} cannot be read: {exc}); give the folder of a backup or a bag"
        ) from exc
    if manifest.get("podium_backup") != FORMAT:
        raise ExportError(f"{folder}: a backup of another version of Podium; update this one")
    return {**manifest, "files": files}


def begins_as(path: Path, held: Held) -> bool:
    """Whether a file begins with what is held of it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for content in parts(file, held.size):
            digest.update(content)
    return digest.hexdigest() == held.sha256


def parts(file: BinaryIO, end: int) -> Iterator[bytes]:
    """A file's bytes from where it stands up to `end`, in parts."""
    while (left := end - file.tell()) > 0 and (content := file.read(min(STEP, left))):
        yield content
