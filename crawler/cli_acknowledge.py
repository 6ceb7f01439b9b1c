"""The command by which somebody takes a source as it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from archive import Context, acknowledge, by_option, end_acknowledgement, json_option


@click.command("ack")
@click.argument("source", metavar="S")
@click.option("--reason", required=True, help="Why; kept in the ledger and shown.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day it holds; without it, until --end."
)
@click.option("--end", "ends", is_flag=True, help="Take the acknowledgement back.")
@by_option
@json_option
@click.pass_obj
def ack(context: Context, /, source: str, reason: str, who: str, **said: Any) -> None:
    """Say that a source is known to be dead or poorer: its alarms and failures are quiet from then on.

    Example: podium sources ack gov-cn --reason "the site has closed" --until 2027-01-01
    """
    until: dt.datetime | None = said["until"]
    home = context.home()
    if home.collection.source(source) is None:
        known = ", ".join(one.key for one in home.collection.sources) or "none"
        raise click.UsageError(f"no source {source!r} in the collection; it has {known}")
    if not reason.strip():
        raise click.UsageError("--reason is empty; say why, for those who come after you")
    if said["ends"]:
        if until is not None:
            raise click.UsageError("--end and --until exclude each other")
        _end(context, source, reason, who)
        return
    if until is not None and until.date() < dt.datetime.now(dt.UTC).date():
        raise click.UsageError(f"--until {until:%Y-%m-%d} is past; give a day to come, or none")
    given = acknowledge(home, source, reason=reason, who=who, until=until.date() if until else None)
    holds = f"until {given.until}" if given.until else "until it is taken back with --end"
    context.emit(given, f"{source}: acknowledged by {who}, {holds}: {reason}")


def _end(context: Context, source: str, reason: str, who: str) -> None:
    if not end_acknowledgement(context.home(), source, reason=reason, who=who):
        raise click.UsageError(f"{source} is not acknowledged; podium refresh shows the alarms that are")
    context.emit({"source": source, "acknowledged": False}, f"{source}: no longer acknowledged")
