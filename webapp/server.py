"""The application behind waitress."""

from __future__ import annotations

import errno
import socket

from flask import Flask
from waitress.server import TcpWSGIServer, create_server

from archive import Context, Home
from webapp.app import close_app, create_app
from webapp.errors import PortError


def serve(home: Home, *, context: Context, host: str | None = None, port: int | None = None) -> None:
    """Serve a home until interrupted; host and port are its settings' where they are not given."""
    host = home.settings.host if host is None else host
    app = create_app(home)
    port = home.settings.port if port is None else port
    server = open_server(app, host=host, port=port, threads=home.settings.threads)
    try:
        make_ready(app)
        address = address_of(server, host=host)
        context.say(f"Serving {home.path} at {address} (Ctrl-C ends it)")
        context.emit({"address": address, "home": str(home.path)})
        server.run()
    finally:
        server.close()
        close_app(app)


def make_ready(app: Flask) -> None:
    """Do what the first reader would wait for: the index is opened, templates and tables of characters are loaded."""
    app.test_client().get("/search", query_string={"q": "女"})


def open_server(app: Flask, *, host: str, port: int, threads: int) -> TcpWSGIServer:
    """A server that listens already; `run()` serves until it is closed. PortError when it cannot listen.

    Port 0 takes a free one: see `address_of`.
    """
    listening = _listen(host, port)
    return create_server(
        app,
        sockets=[listening],
        threads=threads,
        ident=None,
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,
    )


def address_of(server: TcpWSGIServer, *, host: str) -> str:
    """The address of the home page."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{server.effective_port}/"


def _listen(host: str, port: int) -> socket.socket:
    # Our own socket: waitress leaves its one open when it cannot bind it.
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except (OSError, UnicodeError, OverflowError) as exc:
        raise PortError(_refusal(exc, host, port)) from exc


def _refusal(exc: Exception, host: str, port: int) -> str:
    number = getattr(exc, "errno", None)
    if isinstance(exc, socket.gaierror | UnicodeError) or number == errno.EADDRNOTAVAIL:
        return f"{host}: no address of this machine; choose another with --host (127.0.0.1 is always there)"
    if number == errno.EADDRINUSE:
        return f"{host}:{port}: the port is in use; choose another with --port (0 takes a free one)"
    if number == errno.EACCES:
        return f"{host}:{port}: this port is not yours to listen on; choose one above 1023 with --port"
    return f"{host}:{port}: cannot be listened on: {exc}; choose another with --host and --port"
