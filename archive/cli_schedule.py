"""The command that keeps a timetable of refreshes."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import click

from archive.commands import Context, json_option, wait_option


@click.command("schedule")
@click.argument("cron", metavar="CRON")
@click.option(
    "--timezone", metavar="ZONE", help="The zone the times are of, as Asia/Shanghai; default: this machine's."
)
@wait_option
@json_option
@click.pass_obj
def schedule(context: Context, cron: str, timezone: str | None, wait: float) -> None:
    """Refresh whenever the cron expression CRON says so, until interrupted.

    Example: podium schedule "0 6 * * *" --timezone Asia/Shanghai
    """
    from archive.runs.cron import read_cron
    from archive.runs.timetable import Timetable

    home = context.home()
    zone = _zone(timezone)
    try:
        trigger = read_cron(cron, zone)
    except ValueError as exc:
        raise click.UsageError(f'{exc}; an example: podium schedule "0 6 * * *"') from exc

    def say(text: str, said: dict[str, Any]) -> None:
        now = dt.datetime.now(zone)
        context.say(f"{now:%Y-%m-%d %H:%M:%S %Z}  {text}")
        context.emit(said)

    # -P: what lies in the folder this is called from must not take the place of Podium's modules.
    command = [sys.executable, "-P", "-m", "podium", "--home", str(home.path), "refresh", "--wait", str(wait)]
    Timetable(trigger, [*command, *(["--json"] if context.json else [])], zone=zone, say=say).keep()


def _zone(name: str | None) -> dt.tzinfo:
    from zoneinfo import ZoneInfo

    from tzlocal import get_localzone

    try:
        return ZoneInfo(name) if name else get_localzone()
    except (KeyError, ValueError, OSError) as exc:
        raise click.UsageError(
            f"no time zone {name or 'of this machine'!r} is known here; give one as Asia/Shanghai"
        ) from exc
