"""The crawler's command."""

from __future__ import annotations

import click

from archive import Context, json_option, wait_option
from crawler.cli_sources import sources
from crawler.crawl import crawl
from crawler.errors import UnknownSourceError
from crawler.report import CrawlReport


@click.command("crawl")
@click.option(
    "--edition", "editions", multiple=True, metavar="Y", help="Only seeds of this edition; may be given again."
)
@click.option("--source", "sources", multiple=True, metavar="S", help="Only this source; may be given again.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked for, and ask nobody.")
@wait_option
@json_option
@click.pass_obj
def crawl_(context: Context, editions: tuple[str, ...], sources: tuple[str, ...], dry_run: bool, wait: float) -> None:
    """Fetch what is due of the collection's sources into the archive.

    Example: podium crawl --source gov-cn
    """
    home = context.home()
    try:
        report = crawl(home, sources=sources, editions=editions, progress=context.progress, dry_run=dry_run, wait=wait)
    except UnknownSourceError as exc:
        raise click.UsageError(str(exc)) from exc
    _tell(context, report)


def _tell(context: Context, report: CrawlReport) -> None:
    context.clear()
    for warning in report.warnings:
        context.say(f"Warning: {warning}")
    context.emit(report, report.as_text())
    if not report.ok:
        raise click.exceptions.Exit(1)


commands: tuple[click.Command, ...] = (crawl_, sources)
