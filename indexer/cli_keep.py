"""Commands that keep the archive whole: verify, rebuild."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from archive import (
    ArchiveError,
    Context,
    Defect,
    Home,
    Verification,
    by_option,
    json_option,
    note_fixity,
    rebuild_facts,
    verify,
    verify_capture,
    wait_option,
)
from indexer.describe import describe
from indexer.index import index
from indexer.verify_index import verify_index


@click.command("verify")
@click.argument("report", required=False)
@by_option
@json_option
@click.pass_obj
def verify_(context: Context, report: str | None, who: str) -> None:
    """Recompute every digest, or those behind one report.

    Example: podium verify
    Example: podium verify 4f0c2a91b7de
    """
    home = context.home()
    if report is not None:
        _verify_report(context, home, report)
    else:
        _verify_all(context, home, who)


def _verify_all(context: Context, home: Home, who: str) -> None:
    result = verify(home, progress=context.progress)
    context.progress("verifying the index")
    if result.readable:
        result = replace(result, problems=(*result.problems, *verify_index(home)))
    context.clear()
    counts = {"files": result.files, "captures": result.captures, "problems": len(result.problems)}
    note_fixity(home, counts, who=who)
    context.emit({**result.to_json(), "holds": result.holds}, _verified(result))
    if not result.holds:
        raise click.exceptions.Exit(1)


def _verify_report(context: Context, home: Home, id: str) -> None:
    with home.catalogue() as catalogue:
        versions = catalogue.versions(catalogue.resolve(id))
        if not versions:
            raise ArchiveError(f"{id}: no such report; podium search --json gives the ids")
        captures = [capture for v in versions for n in v.captures if (capture := catalogue.capture(n))]
    failed = False
    for capture in captures:
        problems = verify_capture(home, capture)
        failed |= bool(problems)
        context.emit(
            {"report": id, "capture": capture, "holds": not problems, "problems": problems},
            f"{capture.file} at {capture.offset}: {'; '.join(problems) or 'holds'} (sha256 {capture.sha256})",
        )
    if failed:
        raise click.exceptions.Exit(1)


def _verified(result: Verification) -> str:
    verdict = "all holds" if result.holds else "NOT all holds"
    lines = [f"{result.files} files, {result.records} records, {result.captures} captures: {verdict}"]
    if result.known:
        lines += ["known since import:", *map(_line, result.known)]
    if result.problems:
        lines += ["new:", *map(_line, result.problems)]
    return "\n".join(lines)


def _line(defect: Defect) -> str:
    where = defect.file if defect.offset is None else f"{defect.file} at {defect.offset}"
    return f"  {where}: {defect.problem}" + (f"; to mend it: {defect.mend}" if defect.mend else "")


@click.command()
@click.option("--force", is_flag=True, help="Go on where records cannot be read, and leave them out.")
@click.option("--workers", type=click.IntRange(1), help="Processes that describe; default: the setting workers.")
@wait_option
@json_option
@click.pass_obj
def rebuild(context: Context, /, force: bool, wait: float, **given: Any) -> None:
    """Make the catalogue and the index again from WARC files and ledger.

    Example: podium rebuild
    """
    home = context.home()
    facts = rebuild_facts(home, wait=wait, force=force, progress=context.progress)
    context.clear()
    context.emit(facts, facts.as_text())
    described = describe(home, wait=wait, anew=True, progress=context.progress, **given)
    context.clear()
    context.emit(described, described.as_text())
    indexed = index(home, rebuild=True, wait=wait, progress=context.progress)
    context.clear()
    context.emit(indexed, indexed.as_text())
    if described.failed or facts.unreadable:
        raise click.exceptions.Exit(1)


commands: tuple[click.Command, ...] = (rebuild, verify_)
