"""Small servers on loopback: pages by path, a log of who asked for what, and raw ones that misbehave."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What a path is answered with."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"
    etag: str | None = None
    pause: float = 0.0


class Site:
    """One host with its pages; `log` has (path, headers) of every request, `most` the most at once."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.pages: dict[str, Answer | Callable[[str], Answer]] = {}
        self.log: list[tuple[str, dict[str, str]]] = []
        self.times: list[float] = []
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((host, 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a crawl that is killed hangs up
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.log]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str) -> Answer:
        found = self.pages.get(path) or self.pages.get(path.partition("?")[0]) or self.pages.get("*")
        if found is None:
            return Answer("not here", status=404)
        return found(path) if callable(found) else found

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805 (the handler has its own self)
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # a body after its headers would wait 40 ms

            def do_GET(self) -> None:
                with site._lock:
                    site.log.append((self.path, dict(self.headers)))
                    site.times.append(time.monotonic())
                    site._now += 1
                    site.most = max(site.most, site._now)
                try:
                    self._give(site.answer(self.path))
                finally:
                    with site._lock:
                        site._now -= 1

            def _give(self, answer: Answer) -> None:
                time.sleep(answer.pause)
                body = answer.body.encode() if isinstance(answer.body, str) else answer.body
                unchanged = answer.etag is not None and self.headers.get("If-None-Match") == answer.etag
                self.send_response(304 if unchanged else answer.status)
                if answer.etag:
                    self.send_header("ETag", answer.etag)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if unchanged:
                    self.end_headers()
                    return
                self.send_header("Content-Type", answer.type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        return Handler


@contextlib.contextmanager
def site(host: str) -> Iterator[Site]:
    """A site that is there while the block runs."""
    server = Site(host)
    try:
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def raw_server(
    answer: Callable[[socket.socket], None], host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A server that reads a request's head and then does as it likes with the connection; gives its address."""
    listener = socket.create_server((host, 0))
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    def one(connection: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            tls.wrap_socket(connection, server_side=True) if tls else connection as agreed,
        ):
            agreed.recv(65536)
            answer(agreed)
        connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if tls else ''}://{host}:{listener.getsockname()[1]}/"
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
