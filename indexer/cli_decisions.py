"""Commands on what people decide against the rules: correct, history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from archive import (
    Context,
    Correction,
    Field,
    Home,
    by_option,
    correct,
    history_of,
    json_option,
    wait_option,
)
from indexer.describe import describe
from indexer.index import index


@click.command("correct")
@click.argument("id")
@click.argument("field", type=click.Choice([field.value for field in Field]))
@click.argument("value", required=False)
@click.option("--reason", "why", required=True, help="Why; kept in the ledger and shown beside the correction.")
@click.option("--undo", is_flag=True, help="Take the correction back: what the rules say holds again.")
@by_option
@wait_option
@json_option
@click.pass_obj
def correct_(context: Context, /, id: str, field: str, value: str | None, wait: float, **said: Any) -> None:
    """Decide what a report's or a quote's FIELD is, whatever the rules say.

    Example: podium correct 4f0c2a91b7de date 2025-07-16 --reason "printed on the scan"
    Example: podium correct 4f0c2a91b7de edition 2025 --reason "names the host city"
    Example: podium correct 9d1e0c7a55b04f12 not-a-quote --reason "a slogan"
    """
    home = context.home()
    entry = correct(home, id, Field(field), value, **said)
    described = describe(home, wait=wait, progress=context.progress)
    context.clear()
    if (home.index / "CURRENT").exists():
        index(home, wait=wait, progress=context.progress)
        context.clear()
    now = _applied(home, entry)
    context.emit({"entry": entry, "correction": now}, _told(entry, now))
    if described.failed:
        context.say(described.as_text())


def _applied(home: Home, entry: dict[str, Any]) -> Correction | None:
    with home.catalogue() as catalogue:
        return next((one for one in catalogue.corrections() if one.id == entry["id"]), None)


def _told(entry: dict[str, Any], now: Correction | None) -> str:
    field = entry["before"]["field"]
    if now is None:
        return f"{entry['subject']}: {field} is again what the rules say"
    return f"{entry['subject']}: {_correction(now)}"


def _correction(one: Correction) -> str:
    agree = "; the rules agree by now" if one.agrees else f"; the rules say {one.rules or 'none'}"
    return f"{one.field} is {one.value or 'none'}{agree}"


@click.command()
@click.argument("id", required=False)
@click.option("--kind", help="Only entries of this kind, such as corrections or imports.")
@json_option
@click.pass_obj
def history(context: Context, id: str | None, kind: str | None) -> None:
    """Show every decision and event of the ledger, or those on one ID, oldest first.

    Example: podium history
    Example: podium history 4f0c2a91b7de
    """
    home = context.home()
    with home.catalogue() as catalogue:
        entries = [(k, entry) for k, entry in history_of(home.ledger, catalogue, id) if kind in (None, k)]
        standing = {one.id: one for one in catalogue.corrections()}
    for k, entry in entries:
        now = standing.get(entry["id"])
        context.emit({"kind": k, **entry, "now": now}, "\n".join(_entry(k, entry, now)))
    if not entries:
        context.say(f"The ledger says nothing of {id}." if id else "The ledger is empty.")


def _entry(kind: str, entry: dict[str, Any], now: Correction | None) -> Iterator[str]:
    yield f"{entry['time']}  {kind}  {entry['subject']}  by {entry['who']}" + (
        f": {entry['why']}" if entry["why"] else ""
    )
    for name in ("before", "after"):
        if entry[name] is not None:
            yield f"    {name}: {json.dumps(entry[name], ensure_ascii=False)}"
    if now:
        yield f"    now: {_correction(now)}"


commands: tuple[click.Command, ...] = (correct_, history)
