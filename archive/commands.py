"""What every command shares: the home it works on, --json, progress on stderr, results on stdout."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.home import Home
from archive.records import Published, Record, plain

DEFAULT_HOME = Path("data")
F = TypeVar("F", bound=Callable[..., Any])


class Context:
    """The object commands get by `@click.pass_obj`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.json = False

    def home(self, **flags: Any) -> Home:
        """The home, opened; `flags` come over its settings."""
        return Home.open(self.path, **flags)

    def say(self, text: str) -> None:
        """Talk to whoever runs the command, on stderr."""
        click.echo(text, err=True)

    def progress(self, text: str) -> None:
        """Say how far long work is: in place on a terminal, nothing elsewhere."""
        if sys.stderr.isatty():
            width = 78
            click.echo(f"\r{text[:width]:<{width}}", err=True, nl=False)

    def clear(self) -> None:
        """Take the last progress away."""
        self.progress("")
        if sys.stderr.isatty():
            click.echo("\r", err=True, nl=False)

    def emit(self, value: Record | dict[str, Any], text: str | None = None) -> None:
        """Give a result on stdout: one JSON object on a line with --json, else `text`."""
        if self.json:
            click.echo(json.dumps(plain(value), ensure_ascii=False))
        elif text is not None:
            click.echo(text)


class PublishedType(click.ParamType[str]):
    """A date as far as it is known: a day, a month or a year."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The date as it was given, once it is one."""
        try:
            Published.read(value, how="")
        except ValueError:
            self.fail(f"{value!r} is no date; write it as 2025-07-16, 2025-07 or 2025", param, ctx)
        return value


def json_option(command: F) -> F:
    """Give a command `--json`."""

    def keep(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        ctx.obj.json = ctx.obj.json or value

    return click.option(
        "--json", is_flag=True, expose_value=False, callback=keep, help="Print results as JSON, one object a line."
    )(command)


def by_option(command: F) -> F:
    """Give a command `--by`: who decides, kept in the ledger."""
    return click.option("--by", "who", default=_login_name, help="Who does this; by default the login name.")(command)


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as containers have them
        return "unknown"


def wait_option(command: F) -> F:
    """Give a command `--wait`: how long to wait for the archive lock."""
    return click.option("--wait", default=0.0, metavar="SECONDS", help="Wait this long for another writer to end.")(
        command
    )
