"""The commands on a collection's sources."""

from __future__ import annotations

from dataclasses import dataclass

import click

from archive import Context, Home, Record, Source, json_option, shipped_differences
from crawler.frontier import Frontier


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

    def as_text(self) -> str:
        """The source in one line."""
        ways = ", ".join(f"{name} {count}" for name, count in self.ways.items() if count) or "nothing to begin with"
        short = f", fewer than the {self.minimum} expected" if self.found < self.minimum else ""
        return f"{self.key}: {self.publisher} ({self.language}, {self.trust}); {ways}; {self.found} pages held{short}"


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
    with home.catalogue() as catalogue:
        frontier = Frontier(catalogue.connection)
        for source in home.collection.sources:
            line = _line(source, frontier.found(source.key))
            context.emit(line, line.as_text())


def _line(source: Source, found: int) -> SourceLine:
    ways = {"seeds": source.seeds, "sitemaps": source.sitemaps, "feeds": source.feeds, "listings": source.listings}
    return SourceLine(
        key=source.key, publisher=source.publisher, language=source.language, trust=source.trust, found=found,
        minimum=source.minimum, ways={name: len(entries) for name, entries in ways.items()},
    )  # fmt: skip


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
