"""Commands on the archive itself: init, status; and importing, told as it goes."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from archive.cli_doctor import doctor
from archive.cli_schedule import schedule
from archive.commands import Context, json_option
from archive.errors import MaterialError
from archive.home import DEFAULT_COLLECTION, Home
from archive.imports import DOCUMENTS, ImportResult, import_document, import_file
from archive.runs import RefreshReport
from archive.status import Status, archive_status
from archive.writer import ArchiveWriter

ARCHIVE_FILE = re.compile(r"\.(w?arc(\.gz|\.zst)?|wacz)$", re.IGNORECASE)


@click.command()
@click.option("--collection", default=DEFAULT_COLLECTION, help="A shipped collection's key, or a collection file.")
@click.option("--contact", help="An address for the User-Agent, so that a host's owner can reach you.")
@json_option
@click.pass_obj
def init(context: Context, collection: str, contact: str | None) -> None:
    """Make a new home for one collection.

    Example: podium --home data init --contact you@example.org
    """
    if contact is None and sys.stdin.isatty():
        contact = click.prompt(
            "Contact address for the User-Agent (empty for none)", default="", show_default=False, err=True
        )
    home = Home.init(context.path, collection=collection, contact=contact or "")
    if not home.settings.contact:
        context.say("No contact is set: hosts you crawl cannot reach you. Set `contact` in podium.toml.")
    context.emit(
        {"home": str(home.path), "collection": home.collection.key, "contact": home.settings.contact},
        f"{home.path}: a home for {home.collection.key}; next: podium --home {home.path} refresh",
    )


def import_all(
    context: Context, home: Home, files: tuple[Path, ...], *, who: str, wait: float, **said: Any
) -> ImportedAll:
    """Take files in, telling of each; `said` is what the owner says of a single document."""
    kept: list[str] = []
    failed = False
    with home.lock(what="import", wait=wait) as writer:
        for path in _each(files):
            context.progress(f"importing {path.name}")
            try:
                result = _import_one(home, writer, path, who=who, alone=len(files) == 1, **said)
            except (MaterialError, OSError) as exc:
                problem = str(exc) if isinstance(exc, MaterialError) else f"{path}: cannot be read: {exc.strerror}"
                context.clear()
                context.emit({"file": str(path), "error": problem})
                context.say(f"Error: {problem}")
                failed = True
                continue
            context.clear()
            context.emit(result, _imported(result))
            kept += result.holding
            failed |= bool(result.defects)
    return ImportedAll(holding=tuple(kept), failed=failed)


def _each(files: tuple[Path, ...]) -> Iterator[Path]:
    """The files given, and of folders the archive files in them."""
    for path in files:
        if path.is_dir():
            found = sorted(file for file in path.rglob("*") if file.is_file() and ARCHIVE_FILE.search(file.name))
            yield from found or (path,)  # an empty one is refused by its name
        else:
            yield path


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedAll:
    """The files below `warc/` that hold what was taken in, and whether any file was refused or is broken."""

    holding: tuple[str, ...]
    failed: bool


def _import_one(
    home: Home,
    writer: ArchiveWriter,
    path: Path,
    *,
    who: str,
    alone: bool,
    url: str | None,
    published: str | None,
    **said: str | None,
) -> ImportResult:
    if path.suffix.lower() not in DOCUMENTS:
        if url is not None:
            raise MaterialError(
                f"{path}: --url is for a html, pdf or txt file; an archive file names its own addresses"
            )
        return import_file(path, writer=writer, ledger=home.ledger, who=who)
    if not alone or url is None:
        raise MaterialError(f"{path}: a single document needs --url (and is imported alone)")
    now = dt.datetime.now(dt.UTC)
    capture, already = import_document(path, writer=writer, url=url, published=published, supplied=now, **said)
    return ImportResult(
        file=str(path),
        sha256=capture.sha256,
        kept=capture.file,
        already=already,
        records=int(not already),
        captures=int(not already),
        holding=() if already else (capture.file,),
        note=f"supplied by the owner as {capture.url}",
    )


def _imported(result: ImportResult) -> str:
    refused = f", {result.refused} records of withdrawn pages refused" if result.refused else ""
    if result.already:
        return f"{result.file}: there already ({result.kept}){refused}"
    lines = [f"{result.file}: {result.records} records, {result.captures} captures{refused}"]
    if result.note:
        lines.append(f"  note: {result.note}")
    lines += [f"  broken{'' if d.offset is None else f' at {d.offset}'}: {d.problem}" for d in result.defects]
    return "\n".join(lines)


@click.command("status")
@json_option
@click.pass_obj
def status_(context: Context) -> None:
    """Say what the archive holds and what was last done.

    Example: podium status --json
    """
    home = context.home()
    status = archive_status(home)
    context.emit(status, _status(status))


def _status(status: Status) -> str:
    editions = ", ".join(f"{key} {count}" for key, count in status.editions) or "none"
    return "\n".join(
        [
            f"{status.home}: {status.collection}",
            f"captures {status.captures} in {status.files} files, {status.size:,} bytes",
            f"reports {status.reports} (of editions: {editions}; related {status.related}, other {status.other})",
            f"quotes {status.quotes}, known defects {status.defects}",
            f"last run: {status.last_run or 'none'}; index: {status.index or 'none'}",
            *_refreshed(status.last_refresh),
        ]
    )


def _refreshed(report: RefreshReport | None) -> list[str]:
    """The last refresh and the alarms that stand, in lines."""
    if report is None:
        return ["last refresh: none"]
    outcome = f"failed: {report.error}" if report.error else "offline: no host answered" if report.offline else "done"
    pages = (
        f"fetched {report.fetched} (new {report.new}), failed {len(report.failed)}, to be tried again {report.again}"
    )
    standing = [alarm.as_text() for alarm in report.alarms]
    return [f"last refresh: {report.started:%Y-%m-%d %H:%M} UTC, {outcome}; {pages}; alarms {len(standing)}", *standing]


commands: tuple[click.Command, ...] = (doctor, init, schedule, status_)
