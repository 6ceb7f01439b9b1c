from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator

import brotli
import pytest

from archive import Settings
from crawler.fetch import Cause, Failure, Fetcher, FetchResult, user_agent
from tests.crawler.servers import Answer, Site, raw_server, site

HOST = "127.0.0.1"


@pytest.fixture
def pages() -> Iterator[Site]:
    with site(HOST) as server:
        yield server


@pytest.fixture
def make() -> Iterator[Callable[..., Fetcher]]:
    made: list[Fetcher] = []

    def make_one(**settings: object) -> Fetcher:
        made.append(Fetcher(Settings(**{"test_hosts": (HOST,), "fetch_timeout": 1.0, **settings})))  # type: ignore[arg-type]
        return made[-1]

    yield make_one
    for fetcher in made:
        fetcher.close()


def result(answer: FetchResult | Failure) -> FetchResult:
    assert isinstance(answer, FetchResult), answer
    return answer


def failure(answer: FetchResult | Failure) -> Failure:
    assert isinstance(answer, Failure), answer.status
    return answer


def test_body_is_kept_as_received_and_decoded_on_demand(pages: Site, make: Callable[..., Fetcher]) -> None:
    packed = gzip.compress(b"<p>hello")
    pages.pages["/"] = Answer(packed, headers={"Content-Encoding": "gzip"})
    answer = result(make().fetch(pages.url()))
    assert answer.body == packed
    assert answer.content(limit=1000) == b"<p>hello"
    assert (answer.status, answer.ip, answer.content_type) == (200, HOST, "text/html; charset=utf-8")


def test_transfer_coding_is_undone(make: Callable[..., Fetcher]) -> None:
    def chunked(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nX-A: 2\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )

    with raw_server(chunked) as url:
        answer = result(make().fetch(url))
    assert answer.body == b"abcde"
    assert [value for name, value in answer.headers if name == "X-A"] == ["1", "2"]


def test_user_agent_is_honest_and_says_how_to_reach_its_owner(pages: Site, make: Callable[..., Fetcher]) -> None:
    pages.pages["/"] = Answer("x")
    make(contact="mailto:a@example.org\r\nX-Evil: (1)").fetch(pages.url())
    agent = pages.log[0][1]["User-Agent"]
    assert agent.startswith("Podium/")
    assert agent.endswith("(+mailto:a@example.orgX-Evil: 1)")
    assert user_agent(Settings()).count("+") == 0


def test_address_is_asked_for_byte_for_byte(pages: Site, make: Callable[..., Fetcher]) -> None:
    pages.pages["*"] = Answer("x")
    path = "/2007/10/27/2@58497%e4%bb%a5~%7E%E2%80%8B%EF%BF%BD/100%?p=1610&q=%zz"
    answer = result(make().fetch(pages.url(path)))
    assert pages.paths == [path]
    assert answer.request_headers[0] == (f"GET {path}", "HTTP/1.1")


def test_conditional_request_gets_304(pages: Site, make: Callable[..., Fetcher]) -> None:
    pages.pages["/"] = Answer("x", etag='"1"')
    fetcher = make()
    assert result(fetcher.fetch(pages.url())).status == 200
    assert result(fetcher.fetch(pages.url(), etag='"1"', last_modified="Mon, 01 Jan 2024 00:00:00 GMT")).status == 304
    assert pages.log[1][1]["If-Modified-Since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_redirect_is_an_answer_and_not_followed(pages: Site, make: Callable[..., Fetcher]) -> None:
    pages.pages["/a"] = Answer(status=302, headers={"Location": "b?x=1"})
    answer = result(make().fetch(pages.url("/a")))
    assert answer.location == pages.url("/b?x=1")
    assert pages.paths == ["/a"]


def test_redirect_to_another_scheme_leads_nowhere(pages: Site, make: Callable[..., Fetcher]) -> None:
    pages.pages["/a"] = Answer(status=302, headers={"Location": "file:///etc/passwd"})
    assert result(make().fetch(pages.url("/a"))).location is None


def drip(head: bytes) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="body without length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Long: ", id="header"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", id="chunk size"),
        pytest.param(b"", id="status line"),
    ],
)
def test_deadline_ends_an_answer_that_never_stops_trickling(make: Callable[..., Fetcher], head: bytes) -> None:
    with raw_server(drip(head)) as url:
        started = time.monotonic()
        answer = failure(make(fetch_timeout=0.5).fetch(url))
        assert time.monotonic() - started < 2
    assert answer.cause is Cause.DEADLINE


def test_silent_server_ends_with_the_deadline(make: Callable[..., Fetcher]) -> None:
    with raw_server(lambda connection: time.sleep(2)) as url:
        assert failure(make(fetch_timeout=0.3).fetch(url)).cause is Cause.DEADLINE


def test_closed_port_is_no_connection(make: Callable[..., Fetcher]) -> None:
    with raw_server(lambda connection: None) as url:
        pass
    answer = failure(make().fetch(url))
    assert answer.cause is Cause.CONNECTION
    assert answer.cause.silent


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="without length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", id="with length"),
    ],
)
def test_body_over_the_limit_is_refused_while_it_comes(make: Callable[..., Fetcher], head: bytes) -> None:
    def endless(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"x" * 65536)

    with raw_server(endless) as url:
        assert failure(make(max_body=500_000).fetch(url)).cause is Cause.SIZE


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(bytes(50_000_000))),
        ("br", brotli.compress(bytes(50_000_000))),
        ("gzip, gzip", gzip.compress(gzip.compress(bytes(50_000_000)))),
    ],
)
def test_body_that_explodes_when_decompressed_is_refused(
    pages: Site, make: Callable[..., Fetcher], coding: str, bomb: bytes
) -> None:
    pages.pages["/"] = Answer(bomb, headers={"Content-Encoding": coding})
    assert failure(make(max_body=1_000_000).fetch(pages.url())).cause is Cause.SIZE


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff\xfe garbage\r\n\r\n", id="garbage"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", id="body cut short"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="wrong chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", id="500 headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n", id="header of 100 kB"),
    ],
)
def test_broken_answer_is_a_failure_with_a_reason(make: Callable[..., Fetcher], sent: bytes) -> None:
    with raw_server(lambda connection: connection.sendall(sent)) as url:
        answer = failure(make().fetch(url))
    assert answer.cause is Cause.PROTOCOL
    assert answer.detail


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd"])
def test_body_that_is_not_what_its_coding_says_survives(pages: Site, make: Callable[..., Fetcher], coding: str) -> None:
    pages.pages["/"] = Answer(b"plain", headers={"Content-Encoding": coding})
    assert result(make().fetch(pages.url())).content(limit=100) == b"plain"


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.", "0", "0.0.0.0", "[::1]",
     "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "①27.0.0.1", "user@127.0.0.2"],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_connected_to(make: Callable[..., Fetcher], host: str) -> None:
    with site("127.0.0.1") as server:
        fetcher = make(test_hosts=("127.0.0.3",))
        answer = failure(fetcher.fetch(f"http://{host}:{server.port}/"))
        assert answer.cause in (Cause.ADDRESS, Cause.NAME)
        assert server.log == []


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://127.0.0.1:99999/", "gopher://x"]
)
def test_what_is_no_web_address_is_not_fetched(make: Callable[..., Fetcher], url: str) -> None:
    assert failure(make().fetch(url)).cause is Cause.ADDRESS


def test_kept_connection_that_the_server_closed_is_made_again(make: Callable[..., Fetcher]) -> None:
    def once(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok")
        time.sleep(0.05)

    fetcher = make()
    with raw_server(once) as url:
        assert result(fetcher.fetch(url)).body == b"ok"
        assert result(fetcher.fetch(url)).body == b"ok"
        time.sleep(0.1)
        assert result(fetcher.fetch(url)).body == b"ok"


def test_header_in_utf8_is_read_as_such(make: Callable[..., Fetcher]) -> None:
    def moved(connection: socket.socket) -> None:
        connection.sendall(
            "HTTP/1.1 302 Tạm\r\nLocation: /phụ-nữ\r\nContent-Length: 0\r\nX-Old: caf\xe9\r\n\r\n".encode()
        )

    with raw_server(moved) as url:
        answer = result(make().fetch(url))
    assert (answer.header("Location"), answer.reason) == ("/phụ-nữ", "Tạm")
    assert answer.location == f"{url}ph%E1%BB%A5-n%E1%BB%AF"
