"""Commands that take reports out of sight and bring them back: withdraw, reinstate."""

from __future__ import annotations

import sys
from typing import Any

import click

from archive import Context, Level, Reason, by_option, json_option, wait_option
from indexer.describe import describe
from indexer.index import index
from indexer.withdraw import reinstate as take_back
from indexer.withdraw import withdraw as withdraw_from

CLASSES = ", ".join(Reason)


@click.command()
@click.argument("target", metavar="REPORT|URL|PREFIX*")
@click.option(
    "--level", type=click.Choice([level.value for level in Level]), required=True,
    help="hide keeps the records out of sight; erase destroys them.",
)  # fmt: skip
@click.option("--reason", required=True, metavar="CLASS[: WORDS]", help=f"Why: {CLASSES}; then words of your own.")
@click.option("--ref", help="Where the demand is filed, such as a letter's number.")
@click.option("--yes", is_flag=True, help="Do not ask before erasing.")
@by_option
@wait_option
@json_option
@click.pass_obj
def withdraw(context: Context, /, target: str, level: str, reason: str, yes: bool, **given: Any) -> None:
    """Take a report, an address, or all addresses that begin so out of sight, or erase them for good.

    Example: podium withdraw 4f0c2a91b7de --level hide --reason "rights: asked by the publisher" --ref 2025-17
    Example: podium withdraw "https://example.org/private/*" --level erase --reason privacy
    """
    home = context.home()
    if level == Level.ERASE and not yes and sys.stdin.isatty():
        click.confirm(f"Erase {target} from every file of {home.path}? This cannot be undone", abort=True, err=True)
    kind, why = read_reason(reason)
    result = withdraw_from(home, target, level=Level(level), reason=kind, why=why, progress=context.progress, **given)
    context.clear()
    context.emit(result, result.as_text())


@click.command()
@click.argument("target", metavar="REPORT|URL|PREFIX*")
@click.option("--reason", default="", metavar="WORDS", help="Why, kept in the ledger.")
@by_option
@wait_option
@json_option
@click.pass_obj
def reinstate(context: Context, target: str, reason: str, who: str, wait: float) -> None:
    """Bring back what was hidden; what was erased is gone.

    Example: podium reinstate 4f0c2a91b7de --reason "the demand was taken back"
    """
    home = context.home()
    decided = take_back(home, target, why=reason, who=who, wait=wait)
    context.emit(decided, f"{decided.subject}: reinstated; it had been hidden since {decided.date}")
    described = describe(home, wait=wait, progress=context.progress)
    indexed = index(home, wait=wait, progress=context.progress, rebuild=not (home.index / "CURRENT").exists())
    context.clear()
    context.emit(described, described.as_text())
    context.emit(indexed, indexed.as_text())


def read_reason(text: str) -> tuple[Reason, str]:
    """The class of a reason and the words behind it; words alone are of class other."""
    name, _, words = text.partition(":")
    if name.strip().lower() in list(Reason):
        return Reason(name.strip().lower()), words.strip()
    if not text.strip():
        raise click.UsageError(f"--reason takes one of {CLASSES}, and words behind a colon")
    return Reason.OTHER, text.strip()


commands: tuple[click.Command, ...] = (withdraw, reinstate)
