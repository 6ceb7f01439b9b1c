"""The commands that hand the archive over and keep it safe: export, backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from archive import Context, back_up, by_option, json_option
from archive import restore as restore_home
from indexer.cli_export import export
from indexer.describe import describe
from indexer.index import index


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@json_option
@click.pass_obj
def backup(context: Context, folder: Path) -> None:
    """Bring the backup in DIR up to what the home holds; others may write meanwhile.

    Example: podium --home data backup /mnt/backup/forum
    """
    result = back_up(context.home(), folder, progress=context.progress)
    context.clear()
    context.emit(result, result.as_text())


@click.command()
@click.argument("source", type=click.Path(path_type=Path), metavar="DIR")
@by_option
@json_option
@click.pass_obj
def restore(context: Context, source: Path, who: str) -> None:
    """Make a new home, the one that --home names, of the backup or bag in DIR; verify, describe and index it.

    Example: podium --home restored restore /mnt/backup/forum
    """
    result = restore_home(source, context.path, who=who, progress=context.progress)
    context.clear()
    context.emit(result, result.as_text())
    home = context.home()
    described = describe(home, progress=context.progress)
    context.clear()
    context.emit(described, described.as_text())
    indexed = index(home, rebuild=True, progress=context.progress)
    context.clear()
    context.emit(indexed, indexed.as_text())
    if result.problems:
        raise click.exceptions.Exit(1)


commands: tuple[click.Command, ...] = (backup, export, restore)
