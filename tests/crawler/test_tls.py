"""The same promises over TLS. `loopback.pem` is a key and certificate for 127.0.0.1, made for these tests."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Settings
from crawler.fetch import Cause, Failure, Fetcher, FetchResult
from tests.crawler.servers import raw_server

PEM = Path(__file__).parent / "loopback.pem"
SETTINGS = Settings(test_hosts=("127.0.0.1",), fetch_timeout=0.7)


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEM)
    return context


@pytest.fixture
def fetcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetcher]:
    """A fetcher that trusts the certificate of the tests, as its adapter has it from the system."""
    made = ssl.create_default_context

    def trusting() -> ssl.SSLContext:
        context = made()
        context.load_verify_locations(PEM)
        return context

    monkeypatch.setattr(ssl, "create_default_context", trusting)
    one = Fetcher(SETTINGS)
    yield one
    one.close()


def hello(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


def trickle(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def test_page_is_fetched_over_tls(fetcher: Fetcher, tls: ssl.SSLContext) -> None:
    with raw_server(hello, tls=tls) as url:
        answer = fetcher.fetch(url)
    assert isinstance(answer, FetchResult), answer
    assert (answer.body, answer.ip) == (b"hello", "127.0.0.1")


def test_deadline_ends_a_trickle_over_tls(fetcher: Fetcher, tls: ssl.SSLContext) -> None:
    with raw_server(trickle, tls=tls) as url:
        started = time.monotonic()
        answer = fetcher.fetch(url)
        assert time.monotonic() - started < 2
    assert isinstance(answer, Failure)
    assert answer.cause is Cause.DEADLINE


def test_handshake_that_never_ends_is_ended_by_the_deadline(fetcher: Fetcher) -> None:
    with raw_server(lambda connection: time.sleep(2)) as url:
        started = time.monotonic()
        answer = fetcher.fetch(url.replace("http:", "https:"))
        assert time.monotonic() - started < 1.5
    assert isinstance(answer, Failure)
    assert answer.cause is Cause.DEADLINE


def test_certificate_that_nobody_vouches_for_is_named(tls: ssl.SSLContext) -> None:
    fetcher = Fetcher(SETTINGS)
    with raw_server(hello, tls=tls) as url:
        answer = fetcher.fetch(url)
    fetcher.close()
    assert isinstance(answer, Failure)
    assert answer.cause is Cause.CERTIFICATE
    assert not answer.cause.silent


def test_private_address_is_refused_over_tls_too(tls: ssl.SSLContext) -> None:
    fetcher = Fetcher(Settings(test_hosts=(), fetch_timeout=0.7))
    reached: list[bool] = []
    with raw_server(lambda connection: reached.append(True), tls=tls) as url:
        answer = fetcher.fetch(url)
    fetcher.close()
    assert isinstance(answer, Failure)
    assert answer.cause is Cause.ADDRESS
    assert reached == []
