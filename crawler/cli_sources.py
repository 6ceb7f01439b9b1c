"""The commands on a collection's sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import click

from archive import Acknowledgement, Context, Home, Record, Source, acknowledgements, json_option, shipped_differences
from crawler.cli_acknowledge import ack
from crawler.errors import UnknownSourceError
from crawler.frontier import Frontier
from crawler.trying import try_source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine(Record):
    """A source, its ways to pages in numbers, and how many pages the archive holds of it."""

    key: str
    publisher: str
    language: str
    trust: str
    found: int
    minimum: int
    ways: dict[str, int]
    acknowledged: str | None  # the reason for which somebody takes the source as it is

    def as_text(self) -> str:
        """The source in one line."""
        ways = ", ".join(f"{name} {count}" for name, count in self.ways.items() if count) or "nothing to begin with"
        short = f", fewer than the {self.minimum} expected" if self.found < self.minimum else ""
        known = f"; acknowledged: {self.acknowledged}" if self.acknowledged is not None else ""
        held = f"{self.found} pages held{short}{known}"
        return f"{self.key}: {self.publisher} ({self.language}, {self.trust}); {ways}; {held}"


@click.group("sources", invoke_without_command=True)
@json_option
@click.pass_context
def sources(ctx: click.Context) -> None:
    """List the collection's sources; the commands below it look closer.

    Example: podium sources
    """
    if ctx.invoked_subcommand is None:
        _list(ctx.obj, ctx.obj.home())


def _list(context: Context, home: Home) -> None:
    known = acknowledgements(home, dt.datetime.now(dt.UTC).date())
    with home.catalogue() as catalogue:
        frontier = Frontier(catalogue.connection)
        for source in home.collection.sources:
            line = _line(source, frontier.found(source.key), known.get(source.key))
            context.emit(line, line.as_text())


def _line(source: Source, found: int, known: Acknowledgement | None) -> SourceLine:
    ways = {
        "seeds": source.seeds,
        "sitemaps": source.sitemaps,
        "feeds": source.feeds,
        "listings": source.listings,
        "archived prefixes": source.archived,
    }
    return SourceLine(
        key=source.key, publisher=source.publisher, language=source.language, trust=source.trust, found=found,
        minimum=source.minimum, ways={name: len(entries) for name, entries in ways.items()},
        acknowledged=known.reason if known else None,
    )  # fmt: skip


@sources.command("try")
@click.argument("source")
@click.option(
    "--limit",
    default=5,
    type=click.IntRange(min=0),
    metavar="N",
    help="Show this many pages of each address; default 5.",
)
@click.option(
    "--parts",
    default=1,
    type=click.IntRange(min=0),
    metavar="N",
    help="Read this many further pages of a listing or sitemaps; default 1.",
)
@json_option
@click.pass_obj
def try_(context: Context, source: str, limit: int, parts: int) -> None:
    """Show what a source would give, archiving nothing.

    Example: podium sources try gov-cn
    """
    home = context.home()
    failed, any_tried = False, False
    try:
        for tried in try_source(home, source, parts=parts, progress=context.progress):
            context.clear()
            context.emit(tried, "\n".join(tried.lines(limit)))
            failed |= tried.problem is not None
            any_tried = True
    except UnknownSourceError as exc:
        raise click.UsageError(str(exc)) from exc
    if not any_tried:
        context.say(f"{source} states nothing to ask for; docs/add-a-forum.md says what it may state")
    if failed:
        raise click.exceptions.Exit(1)


sources.add_command(ack)


@sources.command("diff")
@json_option
@click.pass_obj
def diff(context: Context) -> None:
    """Show how the shipped collection differs from this home's copy.

    Example: podium sources diff
    """
    found = shipped_differences(context.home().collection)
    for difference in found:
        context.emit(difference, difference.as_text())
    if not found:
        context.emit({}, "no difference: this home states what the shipped collection states")
