"""The command `podium`: the four packages' commands under one name, and the few that need them all."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from archive import (
    DEFAULT_HOME,
    Context,
    Home,
    HomeError,
    PublishedType,
    RefreshReport,
    Relation,
    archive_lock,
    by_option,
    conclude,
    disk_problem,
    json_option,
    wait_option,
)

DEMO_HOME = Path("demo-data")
DEMO_PORT = 8471
# Where each command lives: a command's packages are loaded when it is called, since trafilatura, numpy and
# Flask together take longer to import than most commands take to run.
HOMES_OF_COMMANDS = {
    "archive.cli": ("doctor", "init", "schedule", "status"),
    "crawler.cli": ("crawl", "sources"),
    "indexer.cli_decisions": ("correct", "history"),
    "indexer.cli_keep": ("rebuild", "verify"),
    "indexer.cli": ("check", "describe", "editions", "index", "reinstate", "search", "withdraw"),
    "indexer.cli_handover": ("backup", "export", "restore"),
    "webapp.cli": ("serve",),
}
FAILURES = (
    "archive:ArchiveError",
    "crawler:CrawlError",
    "indexer:IndexerError",
    "webapp:WebappError",
    "samples:SampleError",
)


class _WrongCall(click.ClickException):
    """A failure of what was asked for."""

    exit_code = 2


class Podium(click.Group):
    """A group that loads commands when they are asked for, and turns known errors into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted([*self.commands, *(name for names in HOMES_OF_COMMANDS.values() for name in names)])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, or None."""
        for module, names in HOMES_OF_COMMANDS.items():
            if name in names:
                commands = importlib.import_module(module).commands
                return next((command for command in commands if command.name == name), None)
        return self.commands.get(name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error the packages name ends it with one line and exit code 1, or 2 for a wrong call."""
        try:
            return super().invoke(ctx)
        except Exception as exc:
            told = disk_problem(exc) if isinstance(exc, OSError) else None
            if told is None and not isinstance(exc, _known_errors()):
                raise
            failure = _WrongCall if getattr(exc, "wrong_call", False) else click.ClickException
            raise failure(told or str(exc)) from exc


def _known_errors() -> tuple[type[Exception], ...]:
    """The root errors of the packages that are loaded; one that is not cannot have raised any."""
    roots = (root.split(":") for root in FAILURES)
    return tuple(getattr(sys.modules[package], name) for package, name in roots if package in sys.modules)


@click.group(cls=Podium, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home", type=click.Path(path_type=Path), default=DEFAULT_HOME, envvar="PODIUM_HOME", show_default=True,
    help="The folder of the archive.",
)  # fmt: skip
@click.version_option(package_name="podium")
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """An archive and search engine for what was reported and said at a recurring forum.

    Example: podium init, then podium refresh, then podium serve
    """
    ctx.obj = Context(home)


@main.command()
@click.option("--edition", "editions", multiple=True, help="Only sources' pages of this edition.")
@click.option("--source", "sources", multiple=True, help="Only this source.")
@click.option("--dry-run", is_flag=True, help="Say what would be fetched; fetch nothing.")
@wait_option
@json_option
@click.pass_obj
def refresh(context: Context, editions: tuple[str, ...], sources: tuple[str, ...], dry_run: bool, wait: float) -> None:
    """Crawl, describe and index: what a schedule runs.

    Example: podium refresh --source gov-cn
    """
    home = context.home()
    if dry_run:
        _tell_crawled(context, _crawl(context, home, editions=editions, sources=sources, dry_run=True))
        return
    with _ending_on_sigterm():
        report = _refresh(context, home, editions=editions, sources=sources, wait=wait)
    if not report.ok:
        raise click.exceptions.Exit(1)


def _refresh(
    context: Context, home: Home, *, editions: tuple[str, ...] = (), sources: tuple[str, ...] = (), wait: float = 0.0
) -> RefreshReport:
    """Run the three steps on a home, one refresh at a time, and report on them together."""
    started = dt.datetime.now(dt.UTC)
    parts: dict[str, Any] = {}

    def concluded(error: str | None = None) -> RefreshReport:
        ended, partial = dt.datetime.now(dt.UTC), bool(editions or sources)
        report = conclude(home, started=started, ended=ended, partial=partial, error=error, **parts)
        context.clear()
        for warning in report.warnings:
            context.say(f"Warning: {warning}")
        context.emit(report, report.as_text())
        return report

    with archive_lock(home.path / "refreshing", what="refresh", wait=wait):
        try:
            parts["crawled"] = _crawl(context, home, editions=editions, sources=sources, wait=wait)
            parts["described"] = importlib.import_module("indexer").describe(home, progress=context.progress, wait=wait)
            parts["indexed"] = importlib.import_module("indexer").index(home, progress=context.progress, wait=wait)
        except click.UsageError:
            raise
        except Exception as exc:
            concluded(str(exc) or type(exc).__name__)
            raise
        return concluded()


def _crawl(context: Context, home: Home, **chosen: Any) -> Any:
    """Crawl what is chosen; what the collection does not have is a wrong call."""
    crawler = importlib.import_module("crawler")
    try:
        return crawler.crawl(home, progress=context.progress, **chosen)
    except crawler.UnknownSourceError as exc:
        raise click.UsageError(str(exc)) from exc


@contextlib.contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the block as an exception, so that what was fetched is put on disk."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell_crawled(context: Context, crawled: Any) -> None:
    context.clear()
    for warning in crawled.warnings:
        context.say(f"Warning: {warning}")
    context.emit(crawled, crawled.as_text())


def _describe_and_index(context: Context, home: Home, *, wait: float) -> bool:
    """Describe and index what is new; whether any page could not be described."""
    indexer = importlib.import_module("indexer")
    described = indexer.describe(home, progress=context.progress, wait=wait)
    context.clear()
    context.emit(described, described.as_text())
    indexed = indexer.index(home, progress=context.progress, wait=wait)
    context.clear()
    context.emit(indexed, indexed.as_text())
    return bool(described.failed)


@main.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@click.option("--edition", metavar="Y", help="The edition they report on, where they do not say so well.")
@click.option("--note", metavar="TEXT", help="Why they are added, and what is odd about them.")
@by_option
@wait_option
@json_option
@click.pass_obj
def add(context: Context, /, urls: tuple[str, ...], wait: float, **said: Any) -> None:
    """Fetch, archive, describe and index these pages now.

    Example: podium add https://example.org/report.html --edition 2025
    """
    home, crawler = context.home(), importlib.import_module("crawler")
    try:
        crawled = crawler.add(home, urls, progress=context.progress, wait=wait, **said)
    except crawler.UnknownSourceError as exc:
        raise click.UsageError(str(exc)) from exc
    context.clear()
    for warning in crawled.warnings:
        context.say(f"Warning: {warning}")
    context.emit(crawled, "\n".join(one.as_text() for one in crawled.added))
    failed = _describe_and_index(context, home, wait=wait)
    _tell_reports(context, home, [one.report for one in crawled.added if one.report])
    if failed or not all(one.ok for one in crawled.added):
        raise click.exceptions.Exit(1)


def _tell_reports(context: Context, home: Home, ids: list[str]) -> None:
    """Say what was found in pages that were added."""
    with home.catalogue() as catalogue:
        for id in ids:
            report = catalogue.report(id)
            if report is None:
                context.emit({"report": id, "found": False}, f"{id}: no text was found in it")
            else:
                place = f"edition {report.edition}" if report.edition else str(report.relation)
                context.emit(report, f"{id}: {report.title} ({place}: {report.reason})")


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", help="The address a html, pdf or txt file is of.")
@click.option("--published", type=PublishedType(), help="The date printed on it, as 2025-07-16, 2025-07 or 2025.")
@click.option("--publisher", help="Who published it.")
@click.option("--language", help="The language it is in.")
@by_option
@wait_option
@json_option
@click.pass_obj
def import_(context: Context, /, files: tuple[Path, ...], wait: float, **said: Any) -> None:
    """Take in WARC, ARC and WACZ files, or one html, pdf or txt file; describe and index what they hold.

    Example: podium import old-crawl.warc.gz crawl.wacz
    Example: podium import page.txt --url https://example.org/a --published 2025-07-16 --publisher Example
    """
    home = context.home()
    taken = importlib.import_module("archive.cli").import_all(context, home, files, wait=wait, **said)
    if taken.holding:
        _describe_and_index(context, home, wait=wait)
        _tell_searchable(context, home, set(taken.holding))
    if taken.failed:
        raise click.exceptions.Exit(1)


def _tell_searchable(context: Context, home: Home, files: set[str]) -> None:
    """Say how many reports files brought, and how many of these belong to no edition."""
    with home.catalogue() as catalogue:
        captures = {capture.id for file in files for capture in catalogue.captures_in(file)}
        held = {report.id: report for report in catalogue.reports()}
        brought = {v.report for id in held for v in catalogue.versions(id) if captures & set(v.captures)}
    without = sum(held[id].relation is not Relation.EDITION for id in brought)
    hint = "; podium search --relation any shows them all" if without else ""
    context.emit(
        {"reports": len(brought), "of_no_edition": without},
        f"{len(brought)} reports are searchable, {without} of them of no edition{hint}",
    )


@main.command()
@click.option("--no-serve", is_flag=True, help="End after indexing.")
@click.option("--port", type=int, help="The port the pages are served on.")
@json_option
@click.pass_context
def demo(ctx: click.Context, no_serve: bool, port: int | None) -> None:
    """Crawl, archive, describe, index and serve the sample forum, all on this machine.

    Example: podium demo --no-serve
    """
    context: Context = ctx.obj
    if ctx.parent and ctx.parent.get_parameter_source("home") == click.core.ParameterSource.DEFAULT:
        context.path = DEMO_HOME
    samples = _samples()
    with contextlib.ExitStack() as stack:
        server, home = _demo_home(context.path, samples, stack)
        context.say(f"The sample forum (fictional) is served on port {server.port}; crawling it into {home.path}")
        _renew_index(home)
        if not _refresh(context, home).ok:
            raise click.exceptions.Exit(1)
        if not no_serve:
            importlib.import_module("webapp").serve(home, context=context, port=port)


def _renew_index(home: Home) -> None:
    """Build the demo's index anew where an older Podium made it: elsewhere its owner decides when."""
    indexer = importlib.import_module("indexer")
    if indexer.is_of_another_version(home):
        indexer.index(home, rebuild=True)


def _samples() -> Any:
    """The package of the sample forum, which stands in the checkout and not in the wheel."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    try:
        return importlib.import_module("samples")
    except ModuleNotFoundError as exc:
        raise click.ClickException("the demo needs Podium's checkout: git clone it and run make demo") from exc


def _demo_home(path: Path, samples: Any, stack: contextlib.ExitStack) -> tuple[Any, Home]:
    """The sample server, and the demo's home bound to its port: the port a home was made with stays its own."""
    server = _sample_server(path, samples, stack)
    collection = path.with_name(path.name + ".collection.toml")
    collection.write_text(samples.collection_text(server.port), "utf-8")
    try:
        settings = {"test_hosts": samples.HOSTS, "delay": 0.0, "wayback_delay": 0.0}
        return server, Home.init(path, collection=collection, contact="demo@podium.invalid", settings=settings)
    finally:
        collection.unlink()


def _sample_server(path: Path, samples: Any, stack: contextlib.ExitStack) -> Any:
    try:
        port = samples.port_of(Home.open(path).collection)
    except HomeError:  # a new home takes any port
        with contextlib.suppress(samples.SampleError):
            return stack.enter_context(samples.SampleServer(port=DEMO_PORT))
        port = 0
    return stack.enter_context(samples.SampleServer(port=port))


if __name__ == "__main__":
    main()
