"""The command that serves the pages."""

from __future__ import annotations

import click

from archive import Context, json_option
from webapp.errors import PortError
from webapp.server import serve


@click.command("serve")
@click.option("--host", help="The address to listen on; by default the setting `host`.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port; 0 takes a free one; by default the setting `port`."
)
@json_option
@click.pass_obj
def serve_(context: Context, host: str | None, port: int | None) -> None:
    """Serve the pages and the JSON API until interrupted.

    Example: podium serve --port 8460
    """
    try:
        serve(context.home(), context=context, host=host, port=port)
    except PortError as exc:
        raise click.ClickException(str(exc)) from exc


commands: tuple[click.Command, ...] = (serve_,)
