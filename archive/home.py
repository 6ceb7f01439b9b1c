"""A home: one folder that holds one archive, bound to one collection."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.catalogue import Catalogue, catalogue_error
from archive.collection import collection_text, parse_collection
from archive.errors import HomeError
from archive.ledger import Ledger
from archive.lock import archive_lock
from archive.mend import sweep_unfinished
from archive.records import Collection
from archive.settings import FILE, Settings, read_settings, settings_file
from archive.unfinished import drop_superseded
from archive.withdrawals import Withdrawals, read_withdrawals
from archive.writer import ArchiveWriter

COLLECTION_FILE = "collection.toml"
DEFAULT_COLLECTION = "china-asean-women"
README = """\
This folder is a Podium archive: what was reported and said at a recurring forum.

warc/             what was fetched, as WARC files (ISO 28500). Read them with any WARC tool, or with zcat.
warc/imports/     archive files made elsewhere, byte for byte as they came; the name begins with their SHA-256.
ledger/           decisions and events, one JSON object a line, only ever appended.
catalogue.sqlite  what the WARC files hold and what was found in it; open it with sqlite3.
collection.toml   the forum: its editions, names and sources. Yours to edit.
podium.toml       settings. Yours to edit.
index/            the search index. May be deleted; `podium index --rebuild` makes it again.

warc/, ledger/, collection.toml and podium.toml are the archive: keep copies of these.
The rest can be made again from them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An opened home."""

    path: Path
    settings: Settings
    collection: Collection

    @classmethod
    def init(
        cls,
        path: Path | str,
        *,
        collection: str | Path = DEFAULT_COLLECTION,
        contact: str = "",
        settings: Mapping[str, Any] | None = None,
    ) -> Home:
        """Make a home for a collection (a shipped one's key, or a file) and open it.

        Making it again for the same collection changes nothing; HomeError for another one.
        """
        path = Path(path)
        text = collection_text(collection)
        wanted = parse_collection(text, where=str(collection))
        if (path / COLLECTION_FILE).exists():
            return _same(cls.open(path), wanted)
        if path.is_dir() and any(path.iterdir()):
            raise HomeError(f"{path}: not empty and no home; choose another folder with --home")
        try:
            _make(path, text, {"contact": contact, **(settings or {})})
        except OSError as exc:
            raise HomeError(f"{path}: cannot be made a home: {exc.strerror}; choose a folder you can write to") from exc
        return cls.open(path)

    @classmethod
    def open(cls, path: Path | str, **flags: Any) -> Home:
        """Open a home; `flags` come over its settings. HomeError when there is none."""
        path = Path(path)
        try:
            text = (path / COLLECTION_FILE).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise HomeError(
                f"{path}: no home here ({COLLECTION_FILE} cannot be read); run: podium --home {path} init"
            ) from exc
        collection = parse_collection(text, where=str(path / COLLECTION_FILE))
        return cls(path=path, settings=read_settings(path, **flags), collection=collection)

    @property
    def warc(self) -> Path:
        """The folder of WARC files."""
        return self.path / "warc"

    @property
    def index(self) -> Path:
        """The folder of the search index."""
        return self.path / "index"

    @property
    def ledger(self) -> Ledger:
        """What was decided."""
        return Ledger(self.path / "ledger")

    def withdrawals(self) -> Withdrawals:
        """The pages that are withdrawn, as decided by now."""
        return read_withdrawals(self.ledger)

    @property
    def catalogue_path(self) -> Path:
        """The catalogue's file."""
        return self.path / "catalogue.sqlite"

    @contextlib.contextmanager
    def catalogue(self) -> Iterator[Catalogue]:
        """The catalogue, for the thread that asks: what is withdrawn is not in its answers.

        Raises CatalogueError when SQLite cannot go on with it.
        """
        with Catalogue(self.catalogue_path, withdrawn=self.withdrawals()) as catalogue:
            try:
                yield catalogue
            except sqlite3.DatabaseError as exc:
                if isinstance(exc, sqlite3.ProgrammingError | sqlite3.IntegrityError):
                    raise  # a fault of this program's, not of the file
                raise catalogue_error(self.catalogue_path, exc) from exc

    @contextlib.contextmanager
    def lock(self, *, what: str, wait: float = 0) -> Iterator[ArchiveWriter]:
        """Hold the archive lock, mend what a crash left, and write; LockedError when another process writes."""
        if not os.access(self.path, os.W_OK):
            raise HomeError(f"{self.path}: cannot be written to; mend its permissions or choose another --home")
        with archive_lock(self.path / "lock", what=what, wait=wait), self.catalogue() as catalogue:
            sweep_unfinished(self.path)
            self.ledger.mend()
            drop_superseded(self.warc, catalogue=catalogue, ledger=self.ledger)
            with contextlib.closing(self.writer(catalogue)) as writer:
                yield writer

    def writer(self, catalogue: Catalogue) -> ArchiveWriter:
        """The writer, which mends what a crash left; for the holder of the lock."""
        return ArchiveWriter(
            self.warc,
            catalogue=catalogue,
            ledger=self.ledger,
            settings=self.settings,
            collection=self.collection,
        )


def _same(home: Home, wanted: Collection) -> Home:
    if home.collection.key != wanted.key:
        raise HomeError(
            f"{home.path}: belongs to the collection {home.collection.key!r}, not {wanted.key!r}; choose another --home"
        )
    return home


def _make(path: Path, collection: str, settings: Mapping[str, Any]) -> None:
    """Write the files of a home; the collection last, since it is what makes the folder one."""
    for folder in ("warc/imports", "ledger", "index"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    given = "".join(f"{name} = {_toml(value)}\n" for name, value in settings.items() if value not in ("", None))
    (path / FILE).write_text(settings_file() + ("\n" + given if given else ""), "utf-8")
    (path / "README.txt").write_text(README, "utf-8")
    (path / COLLECTION_FILE).write_text(collection, "utf-8")


def _toml(value: Any) -> str:
    """A setting's value as TOML writes it: a JSON text, number or list of these is TOML too."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
