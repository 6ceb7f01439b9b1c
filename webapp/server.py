"""The application behind waitress."""

from __future__ import annotations

import errno
import socket

from flask import Flask
from waitress.server import MultiSocketServer, TcpWSGIServer, create_server

from webapp.errors import PortError


def open_server(app: Flask, *, host: str, port: int, threads: int) -> TcpWSGIServer | MultiSocketServer:
    """A server that listens already; `run()` serves until it is closed. PortError when it cannot listen.

    Port 0 takes a free one: see `address_of`.
    """
    try:
        return create_server(app, host=host, port=port, threads=threads, ident=None, clear_untrusted_proxy_headers=True)
    except (OSError, ValueError, OverflowError) as exc:
        raise PortError(_refusal(exc, host, port)) from exc


def address_of(server: TcpWSGIServer | MultiSocketServer, *, host: str) -> str:
    """The address of the home page."""
    port = getattr(server, "effective_port", None) or server.effective_listen[0][1]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _refusal(exc: Exception, host: str, port: int) -> str:
    number = getattr(exc, "errno", None)
    if number == errno.EADDRINUSE:
        return f"{host}:{port}: the port is in use; choose another with --port (0 takes a free one)"
    if number == errno.EACCES:
        return f"{host}:{port}: this port is not yours to listen on; choose one above 1023 with --port"
    if isinstance(exc, socket.gaierror | ValueError) or number == errno.EADDRNOTAVAIL:
        return f"{host}: no address of this machine; choose another with --host (127.0.0.1 is always there)"
    return f"{host}:{port}: cannot be listened on: {exc}; choose another with --host and --port"
