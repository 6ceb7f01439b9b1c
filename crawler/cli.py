"""The crawler's commands."""

from __future__ import annotations

from collections.abc import Iterator

import click

from archive import Context, json_option, wait_option
from crawler.crawl import add, crawl
from crawler.errors import UnknownSourceError
from crawler.report import CrawlReport, SourceReport

SHOWN = 20  # problems listed in words; --json gives all


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


@click.command("add")
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@wait_option
@json_option
@click.pass_obj
def add_(context: Context, urls: tuple[str, ...], wait: float) -> None:
    """Fetch these pages into the archive now; `podium describe` and `podium index` make them searchable.

    Example: podium add https://example.org/report.html
    """
    _tell(context, add(context.home(), urls, progress=context.progress, wait=wait))


def _tell(context: Context, report: CrawlReport) -> None:
    context.clear()
    for warning in report.warnings:
        context.say(f"Warning: {warning}")
    context.emit(report, summary(report))
    if not report.ok:
        raise click.exceptions.Exit(1)


def summary(report: CrawlReport) -> str:
    """A report in words."""
    if report.dry_run:
        return "\n".join([f"{len(report.planned)} addresses would be asked for:", *report.planned])
    return "\n".join(_lines(report))


def _lines(report: CrawlReport) -> Iterator[str]:
    if report.offline:
        yield "Offline: no host answered. Nothing is counted as gone, and no Wayback server was asked."
    yield (
        f"fetched {report.fetched} (new {report.new}, unchanged {report.unchanged}), gone {report.gone}, "
        f"from Wayback {report.from_wayback}, refused by robots.txt {report.refused}, failed {len(report.failed)}, "
        f"left for the next run {report.left}"
    )
    yield from (f"  {_source_line(source)}" for source in report.sources)
    for problem in report.failed[:SHOWN]:
        yield f"  failed: {problem.url}: {problem.reason}"
    if len(report.failed) > SHOWN:
        yield f"  and {len(report.failed) - SHOWN} more; podium crawl --json lists all"


def _source_line(source: SourceReport) -> str:
    if not source.answered:
        return f"{source.key}: no answer; the archive holds {source.found} of at least {source.minimum} pages"
    short = f", FEWER than the {source.minimum} expected" if source.short else ""
    return f"{source.key}: {source.found} pages held{short}; fetched {source.fetched}, new {source.new}, failed {source.failed}"


commands: tuple[click.Command, ...] = (crawl_, add_)
