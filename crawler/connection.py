"""Connections that keep the deadline of a request and go only to addresses that may be connected to."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Collection
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from crawler.address import resolve
from crawler.errors import DeadlineError, NoConnectionError, SizeError

MAX_HEAD = 262_144  # bytes of all the headers of an answer
NAME_SECONDS = 10.0  # of the deadline, for resolving a name: resolvers that answer at all do so sooner
CONNECT_SECONDS = 10.0  # of the deadline, for one address: a dead address must not use up those after it


class Exchange:
    """What the connections of one host share with its fetcher: deadline, exact target, address in use."""

    def __init__(self, *, test_hosts: Collection[str]) -> None:
        self.test_hosts = test_hosts
        self.deadline = 0.0
        self.target = "/"
        self.address: str | None = None
        self._left = MAX_HEAD

    def begin(self, *, target: str, seconds: float) -> None:
        """Start the clock of a request for `target`."""
        self.target = target
        self.deadline = time.monotonic() + seconds
        self._left = MAX_HEAD

    def expect(self, size: int) -> None:
        """Let so many bytes come after the head: http.client bounds a line, but not what stands between chunks."""
        self._left = size

    def count(self, received: int) -> int:
        """Take note of what was received; SizeError when it is more than was expected."""
        self._left -= received
        if self._left < 0:
            raise SizeError("the answer goes on and on: its head, or what lies between its parts, has no end")
        return received

    def remaining(self) -> float:
        """Seconds left; DeadlineError when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise DeadlineError("the answer took longer than a request may")
        return left


class TimedSocket(socket.socket):
    """A socket whose every read and write ends with the deadline: a timeout alone starts anew with each byte."""

    exchange: Exchange

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.exchange.remaining())
        return self.exchange.count(super().recv_into(*args, **kwargs))

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self.settimeout(self.exchange.remaining())
        super().sendall(*args, **kwargs)


class TimedTLSSocket(ssl.SSLSocket):
    """The same over TLS; during the handshake the timeout of the socket it wraps holds for the whole of it."""

    exchange: Exchange | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self._set_time()
        received = super().recv_into(*args, **kwargs)
        return self.exchange.count(received) if self.exchange is not None else received

    def sendall(self, *args: Any, **kwargs: Any) -> None:
        self._set_time()
        super().sendall(*args, **kwargs)

    def _set_time(self) -> None:
        if self.exchange is not None:
            self.settimeout(self.exchange.remaining())


class CheckedHTTPConnection(HTTPConnection):
    """A connection to a checked address of its host."""

    def __init__(self, *args: Any, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exchange = exchange

    def _new_conn(self) -> socket.socket:
        return connect(self.host.strip("[]"), self.port, self.exchange)

    def putrequest(self, method: str, url: str, skip_host: bool = False, skip_accept_encoding: bool = False) -> None:
        """Ask for the target as the page's link spells it: urllib3 would rewrite `%e4` and a lone `%`."""
        super().putrequest(method, self.exchange.target, skip_host, skip_accept_encoding)


class CheckedHTTPSConnection(CheckedHTTPConnection, HTTPSConnection):
    """The same over TLS; the certificate is checked against the host's name, not the address."""

    def connect(self) -> None:
        super().connect()
        if isinstance(self.sock, TimedTLSSocket):
            self.sock.exchange = self.exchange


def connect(host: str, port: int, exchange: Exchange) -> TimedSocket:
    """A socket connected to the first address of the host that answers; NoConnectionError when none does.

    The address is connected to, not the name, so that a second look-up cannot give another one.
    """
    problems = []
    addresses = resolve(host, port, test_hosts=exchange.test_hosts, seconds=min(NAME_SECONDS, exchange.remaining()))
    for address in addresses:
        try:
            sock = _connected(address, port, exchange)
        except OSError as exc:
            problems.append(f"{address} port {port}: {exc.strerror or exc}")
        else:
            exchange.address = address
            return sock
    raise NoConnectionError("; ".join(problems))


def _connected(address: str, port: int, exchange: Exchange) -> TimedSocket:
    sock = TimedSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    sock.exchange = exchange
    try:
        sock.settimeout(min(CONNECT_SECONDS, exchange.remaining()))
        sock.connect((address, port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(exchange.remaining())
    except BaseException:
        sock.close()
        raise
    return sock


def tls_context() -> ssl.SSLContext:
    """What the TLS connections of a run share: the system's certificates take 20 ms to load."""
    context = ssl.create_default_context()
    context.sslsocket_class = TimedTLSSocket
    return context


class CheckedAdapter(HTTPAdapter):
    """The requests adapter whose pools make checked connections."""

    def __init__(self, exchange: Exchange, *, tls: ssl.SSLContext) -> None:
        self.exchange = exchange
        self.tls = tls
        super().__init__(pool_connections=2, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        """Make the pools."""
        self.poolmanager = _Pools(self.exchange, num_pools=connections, maxsize=maxsize, ssl_context=self.tls, **kwargs)


class _Pools(urllib3.PoolManager):
    def __init__(self, exchange: Exchange, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exchange = exchange

    def _new_pool(self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None) -> Any:
        pool = super()._new_pool(scheme, host, port, request_context)
        pool.ConnectionCls = CheckedHTTPSConnection if scheme == "https" else CheckedHTTPConnection
        pool.conn_kw["exchange"] = self.exchange
        return pool
