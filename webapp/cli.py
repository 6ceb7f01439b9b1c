"""The command that serves the pages."""

from __future__ import annotations

import click

from archive import Context, json_option
from webapp.app import create_app
from webapp.errors import PortError
from webapp.server import address_of, open_server


@click.command()
@click.option("--host", help="The address to listen on; by default the setting `host`.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes a free one; by default the setting `port`.")
@json_option
@click.pass_obj
def serve(context: Context, host: str | None, port: int | None) -> None:
    """Serve the pages and the JSON API until interrupted.

    Example: podium serve --port 8460
    """
    home = context.home(host=host, port=port)
    settings = home.settings
    try:
        server = open_server(create_app(home), host=settings.host, port=settings.port, threads=settings.threads)
    except PortError as exc:
        raise click.ClickException(str(exc)) from exc
    address = address_of(server, host=settings.host)
    context.say(f"Serving {home.path} at {address} (Ctrl-C ends it)")
    context.emit({"address": address, "home": str(home.path)})
    try:
        server.run()
    finally:
        server.close()


commands: tuple[click.Command, ...] = (serve,)
