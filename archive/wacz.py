"""WACZ 1.1.1, read: the WARC files of a zip package, held against the digests its datapackage states."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import MaterialError
from archive.rewrite import readable

PACKAGE = "datapackage.json"
PACKAGED = "a WACZ; its WARC files are kept beside it: "  # begins the note of one that was taken in
IMPORTING = "importing-"  # begins the folder in a home that a package is taken out into
WARCS = re.compile(r"archive/[^/]+\.w?arc(\.gz|\.zst)?", re.IGNORECASE)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Wacz:
    """An opened package: its WARC files by name, and what its datapackage says of its members."""

    archive: zipfile.ZipFile
    package: Mapping[str, Any]
    warcs: tuple[str, ...]

    def extract(self, name: str, folder: Path) -> tuple[Path, str | None]:
        """A member as a file in `folder`, and what is wrong with it; MaterialError when it cannot be read."""
        target = folder / Path(name).name
        try:
            with self.archive.open(name) as member, target.open("wb") as file:
                shutil.copyfileobj(member, file, 1 << 20)
        except BROKEN as exc:
            raise MaterialError(f"{name}: cannot be taken out of the WACZ: {exc}") from exc
        return target, self._problem(name, target)

    def lists(self) -> Iterator[bytes]:
        """The content of the members that list pages and captures."""
        for name in self.archive.namelist():
            if name.startswith(("pages/", "indexes/")):
                with contextlib.suppress(*BROKEN):
                    yield readable(self.archive.read(name))

    def _problem(self, name: str, target: Path) -> str | None:
        resources = self.package.get("resources")
        listed = [r for r in resources if isinstance(r, dict)] if isinstance(resources, list) else []
        stated = next((str(r.get("hash", "")) for r in listed if r.get("path") == name), None)
        if stated is None:
            return f"{name}: {PACKAGE} does not list it" if listed else None
        algorithm, _, digest = stated.rpartition(":")
        if (algorithm or "sha256") != "sha256" or not digest:
            return None
        with target.open("rb") as file:
            holds = hashlib.file_digest(file, "sha256").hexdigest() == digest.lower()
        return None if holds else f"{name}: is not the file that {PACKAGE} lists: its SHA-256 differs"


@contextlib.contextmanager
def open_wacz(path: Path) -> Iterator[Wacz]:
    """A WACZ, opened; MaterialError when it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            warcs = tuple(name for name in sorted(archive.namelist()) if WARCS.fullmatch(name))
            if not warcs:
                raise MaterialError(
                    f"{path.name}: a zip file without WARC files in archive/, so no WACZ; nothing to import"
                )
            yield Wacz(archive, _package(archive), warcs)
    except zipfile.BadZipFile as exc:
        raise MaterialError(f"{path.name}: begins like a zip file but cannot be read as one: {exc}") from exc


def _package(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    try:
        package = json.loads(archive.read(PACKAGE))
    except (KeyError, ValueError, *BROKEN):
        return {}
    return package if isinstance(package, dict) else {}
