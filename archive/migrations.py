"""Bring a catalogue to the present schema, one published step after the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from archive.errors import CatalogueError
from archive.urlkey import urlkey


def steps() -> Iterator[tuple[int, str]]:
    """The number and the SQL of every step, in order; the last number is the present version."""
    folder = resources.files("archive") / "schema"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            yield int(file.name.removesuffix(".sql")), file.read_text("utf-8")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the steps a catalogue has not had; each is there whole or not at all.

    CatalogueError when the catalogue is of a newer program.
    """
    version = _version(connection)
    todo = list(steps())
    connection.create_function("urlkey", 1, urlkey, deterministic=True)
    if version > todo[-1][0]:
        raise CatalogueError(f"{path}: written by a newer Podium (catalogue {version}); update this one")
    for number, sql in todo:
        if number > version:
            _apply(connection, number, sql)


def _apply(connection: sqlite3.Connection, number: int, sql: str) -> None:
    """Run one step in a transaction, unless another process has done so in the meantime."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) < number:
            for statement in _statements(sql):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={number}")
    except BaseException:
        if connection.in_transaction:  # a full disk rolls back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _statements(sql: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit what it runs in."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
