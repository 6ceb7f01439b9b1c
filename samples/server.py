"""One small server for all sample hosts: each outlet at its own loopback address, all at one port."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from samples.pages import Page
from samples.site import HOSTS, WAYBACK_HOST, build_site, build_wayback

TRIES = 20
NOT_FOUND = Page(body=b"Not found. (Fictional sample forum.)\n", content_type="text/plain; charset=utf-8", status=404)


class SampleError(Exception):
    """The sample forum cannot be served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as the server met it."""

    host: str  # the loopback address it came to
    method: str
    target: str
    status: int
    headers: tuple[tuple[str, str], ...]


class SampleServer:
    """The sample forum over HTTP while the context lasts; port 0 takes one that is free at every address."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.requests: list[Request] = []
        self._servers: list[_Server] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._servers = _bind(self.port)
        self.port = self._servers[0].server_port
        self._site, self._wayback = build_site(self.port), build_wayback(self.port)
        self._threads = [threading.Thread(target=server.serve_forever, args=(0.05,)) for server in self._servers]
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.sample = self
            thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for server in self._servers:
            server.shutdown()
        _close(self._servers)
        for thread in self._threads:
            thread.join()

    def url(self, host: str, target: str = "/") -> str:
        """The address of a page on one of the hosts."""
        return f"http://{host}:{self.port}{target}"

    def find(self, host: str, target: str) -> Page:
        """The page at a request target of a host; one that says 404 where there is none."""
        if host == WAYBACK_HOST:
            return self._wayback.answer(target) or NOT_FOUND
        return self._site[host].get(target, NOT_FOUND)


class _Server(ThreadingHTTPServer):
    """A server at one loopback address that knows which sample it is part of."""

    daemon_threads = True
    sample: SampleServer

    def server_bind(self) -> None:
        """Bind without asking DNS for the host's name, which HTTPServer would."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the pages of the address the request came to."""

    server: _Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "SampleHTTP/1.0", ""
    disable_nagle_algorithm = True  # a body after its headers would wait 40 ms for their acknowledgement
    timeout = 10

    def do_GET(self) -> None:
        """Answer with the page, or 304 where the client has it."""
        target = urlsplit(self.path)
        page = self.server.sample.find(self.server.server_name, self.path if not target.netloc else target.path)
        self._send(page, 304 if page.status == 200 and self._client_has(page) else page.status)

    def do_HEAD(self) -> None:
        """Answer as GET would, without the body."""
        self.do_GET()

    def _client_has(self, page: Page) -> bool:
        """RFC 9110, 13.2.2: If-None-Match goes before If-Modified-Since."""
        if (tags := self.headers.get("If-None-Match")) is not None:
            return tags.strip() == "*" or page.etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        since = _http_date(self.headers.get("If-Modified-Since"))
        return page.changed is not None and since is not None and page.changed <= since

    def _send(self, page: Page, status: int) -> None:
        self._note(status)
        self.send_response(status)
        for name, value in _headers(page, status):
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET" and status != 304:
            self.wfile.write(page.body)

    def _note(self, status: int) -> None:
        noted = Request(
            host=self.server.server_name, method=self.command, target=self.path, status=status,
            headers=tuple(self.headers.items()),
        )  # fmt: skip
        self.server.sample.requests.append(noted)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: what was asked stands in `requests`."""


def _headers(page: Page, status: int) -> list[tuple[str, str]]:
    headers = [("Content-Length", str(len(page.body)))] if status != 304 else []
    if status != 304:
        headers.append(("Content-Type", page.content_type))
    if page.status == 200:
        headers.append(("ETag", page.etag))
    if page.last_modified:
        headers.append(("Last-Modified", page.last_modified))
    return [*headers, *page.headers]


def _http_date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None


def _bind(port: int) -> list[_Server]:
    """A server at each of the hosts, all at one port; of port 0 one that the first host is given."""
    problem = ""
    for _ in range(TRIES if port == 0 else 1):
        servers: list[_Server] = []
        try:
            for host in HOSTS:
                servers.append(_Server((host, servers[0].server_port if servers else port), _Handler))
        except OSError as exc:
            _close(servers)
            problem = f"port {port or 'of any number'} cannot be had at {HOSTS[len(servers)]} ({exc.strerror})"
        else:
            return servers
    raise SampleError(f"{problem}; stop what listens there, or choose another port (all of 127.* must be loopback)")


def _close(servers: list[_Server]) -> None:
    for server in servers:
        server.server_close()
