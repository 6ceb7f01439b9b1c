"""The command that looks whether Podium can work here."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import click

from archive.commands import Context, json_option
from archive.errors import ArchiveError, HomeError
from archive.verify_catalogue import clock_problems

PACKAGES = ("archive", "crawler", "indexer", "webapp")


@click.command()
@json_option
@click.pass_obj
def doctor(context: Context) -> None:
    """Look for what would keep Podium from working here.

    Example: podium doctor
    """
    failed = False
    for name, look in CHECKS.items():
        try:
            found, good = look(context), True
        except (ArchiveError, OSError, ImportError, sqlite3.Error) as exc:
            found, good = str(exc), False
        failed |= not good
        context.emit({"check": name, "good": good, "found": found}, f"{'good' if good else 'BAD '}  {name}: {found}")
    if failed:
        raise click.exceptions.Exit(1)


def _clashes(context: Context) -> str:
    """The packages' names are common words: another installed package of that name would shadow them."""
    here = Path(__file__).resolve().parents[1]
    for name in PACKAGES:
        where = Path(importlib.import_module(name).__file__ or "").resolve().parent
        if where != here / name:
            raise ImportError(f"package {name!r} comes from {where}, not from {here}; remove the other one")
    return f"{', '.join(PACKAGES)} come from {here}"


def _sqlite(context: Context) -> str:
    if sqlite3.sqlite_version_info < (3, 37):
        raise ImportError(f"SQLite {sqlite3.sqlite_version} is too old; Podium needs 3.37 (STRICT tables)")
    return sqlite3.sqlite_version


def _home(context: Context) -> str:
    home = context.home()
    return f"{home.path}: {home.collection.key}, {len(home.collection.sources)} sources"


def _contact(context: Context) -> str:
    contact = context.home().settings.contact
    if not contact:
        raise HomeError(f"none is set: hosts you crawl cannot reach you; set `contact` in {context.path}/podium.toml")
    return contact


def _catalogue(context: Context) -> str:
    with context.home().catalogue() as catalogue:
        problem = catalogue.connection.execute("PRAGMA quick_check").fetchone()[0]
        if problem != "ok":
            raise HomeError(f"{catalogue.path}: {problem}; run: podium rebuild")
        return f"{catalogue.report_count()} reports"


def _clock(context: Context) -> str:
    with context.home().catalogue() as catalogue:
        for problem in clock_problems(catalogue):
            raise HomeError(f"{problem.file} at {problem.offset}: {problem.problem}; {problem.mend}")
    return "no capture is dated after it"


CHECKS: dict[str, Callable[[Context], str]] = {
    "names of packages": _clashes,
    "sqlite": _sqlite,
    "home": _home,
    "contact": _contact,
    "catalogue": _catalogue,
    "clock": _clock,
}
