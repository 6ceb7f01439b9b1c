"""Collection files: TOML to `Collection`. `docs/add-a-forum.md` explains the format to its writers."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from archive.collection_parser import read_collection
from archive.errors import CollectionError
from archive.records import Collection
from archive.tables import Table


def shipped_collections() -> tuple[str, ...]:
    """Keys of the collections that come with Podium."""
    folder = resources.files("archive") / "collections"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def collection_text(name: str | Path) -> str:
    """The text of a collection: a shipped one by its key, or any by its path."""
    if str(name) in shipped_collections():
        return (resources.files("archive") / "collections" / f"{name}.toml").read_text("utf-8")
    try:
        return Path(name).read_text("utf-8")
    except (OSError, ValueError) as exc:  # ValueError: not UTF-8, or a NUL in the name
        shipped = ", ".join(shipped_collections())
        raise CollectionError(f"{name}: no collection file that can be read ({exc}); shipped are: {shipped}") from exc


def parse_collection(text: str, *, where: str) -> Collection:
    """The collection a TOML text states; CollectionError names the file, the table and what it takes."""
    try:
        root = tomllib.loads(text)
    except (ValueError, RecursionError) as exc:  # numbers of 4,300 digits and deep nesting are no TOMLDecodeError
        raise CollectionError(f"{where}: not valid TOML: {exc}; see docs/add-a-forum.md") from exc
    return read_collection(Table(root, where, "the file"))
