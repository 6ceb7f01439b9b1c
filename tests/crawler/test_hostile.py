"""A server that misbehaves in each way: the request ends in time with a result or a reason, and the crawl goes on."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import brotli
import pytest

from archive import Settings, verify
from crawler import crawl
from crawler.fetch import Cause, Failure, Fetcher, FetchResult
from tests.crawler.forum import captured, captures, make_home, page, source
from tests.crawler.servers import Answer, raw_server, site

HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\n"
BOMB = 30_000_000


class Case(NamedTuple):
    """What a server sends, and what is made of it: the cause of a failure, or the body that is kept."""

    what: str
    sends: bytes | Callable[[socket.socket], None]
    made_of_it: Cause | bytes | tuple[Cause, ...]


def slowly(head: bytes, drop: bytes = b"x") -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(100):
            connection.sendall(drop)
            time.sleep(0.05)

    return send


def endlessly(head: bytes, part: bytes) -> Callable[[socket.socket], None]:
    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(part)

    return send


def answer(body: bytes, *fields: bytes, length: int | None = None) -> bytes:
    size = b"Content-Length: %d" % (len(body) if length is None else length)
    return OK + b"\r\n".join((size, *fields)) + b"\r\n\r\n" + body


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b"<p>" + b"word " * 1000, mtime=0)
DEFLATE = zlib.compressobj(9, zlib.DEFLATED, 31)
MEMBERS = gzip.compress(bytes(1_000_000)) * 30
CASES = (
    # --- slow ---
    Case("header that drips", slowly(OK + b"X: "), Cause.DEADLINE),
    Case("headers that drip line by line", slowly(OK, b"X: y\r\n"), Cause.DEADLINE),
    Case("interim answers that drip", slowly(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Cause.DEADLINE),
    Case("body that drips", slowly(OK + b"Content-Length: 500\r\n\r\n"), Cause.DEADLINE),
    Case("chunks that drip", slowly(CHUNKED, b"1\r\nx\r\n"), Cause.DEADLINE),
    Case("trailers that drip", slowly(CHUNKED + b"1\r\nx\r\n0\r\n", b"X: y\r\n"), Cause.DEADLINE),
    Case("body that stops halfway", slowly(answer(b"half", length=8), b""), Cause.DEADLINE),
    # --- large ---
    Case("endless body", endlessly(OK + b"\r\n", b"x" * 65536), Cause.SIZE),
    Case("endless chunks", endlessly(CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n"), Cause.SIZE),
    Case("endless status line", endlessly(b"HTTP/1.1 200 ", b"x" * 65536), Cause.PROTOCOL),
    Case("endless header", endlessly(OK + b"X: ", b"x" * 65536), Cause.PROTOCOL),
    Case("endless headers", endlessly(OK, b"X: y\r\n" * 1000), Cause.PROTOCOL),
    Case("endless interim answers", endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), (Cause.DEADLINE, Cause.SIZE)),
    Case("endless chunk size", endlessly(CHUNKED, b"0" * 65536), Cause.PROTOCOL),
    Case("endless trailers", endlessly(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000), (Cause.DEADLINE, Cause.SIZE)),
    Case("many headers", OK + b"X: y\r\n" * 500 + b"\r\n", Cause.PROTOCOL),
    Case("headers larger together than allowed", OK + b"".join(b"X%d: %s\r\n" % (n, b"y" * 60_000) for n in range(90)) + b"Content-Length: 0\r\n\r\n", Cause.SIZE),
    Case("gzip bomb", answer(gzip.compress(bytes(BOMB)), b"Content-Encoding: gzip"), Cause.SIZE),
    Case("gzip bomb in many members", answer(MEMBERS, b"Content-Encoding: gzip"), Cause.SIZE),
    Case("gzip bomb within gzip", answer(gzip.compress(gzip.compress(bytes(BOMB))), b"Content-Encoding: gzip, gzip"), Cause.SIZE),
    Case("deflate bomb", answer(zlib.compress(bytes(BOMB)), b"Content-Encoding: deflate"), Cause.SIZE),
    Case("brotli bomb", answer(brotli.compress(bytes(BOMB)), b"Content-Encoding: br"), Cause.SIZE),
    Case("more codings than anyone needs", answer(b"x", b"Content-Encoding: " + b"gzip, " * 5000 + b"gzip"), Cause.PROTOCOL),
    # --- wrong lengths and chunks ---
    Case("body shorter than its length", answer(b"short", length=500), Cause.PROTOCOL),
    Case("body longer than its length", answer(b"enough and more", length=6), b"enough"),
    Case("negative length", answer(b"all of it", length=-5), b"all of it"),
    Case("length that is no number", OK + b"Content-Length: many\r\n\r\nall of it", b"all of it"),
    Case("length beyond every number", OK + b"Content-Length: " + b"9" * 400 + b"\r\n\r\nx", Cause.SIZE),
    Case("length of more than is taken", answer(b"x", length=2_000_001), Cause.SIZE),
    Case("two lengths that differ", answer(b"ab", b"Content-Length: 1"), Cause.PROTOCOL),
    Case("chunk size that is none", CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", Cause.PROTOCOL),
    Case("negative chunk size", CHUNKED + b"-5\r\nabc\r\n0\r\n\r\n", Cause.PROTOCOL),
    Case("chunk larger than said", CHUNKED + b"2\r\nabcdef\r\n0\r\n\r\n", Cause.PROTOCOL),
    Case("chunk of absurd size", CHUNKED + b"f" * 30 + b"\r\nabc", Cause.PROTOCOL),
    Case("no last chunk", CHUNKED + b"3\r\nabc\r\n", Cause.PROTOCOL),
    Case("chunks and a length", OK + b"Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", b"abc"),
    # --- no HTTP, or half of it ---
    Case("nothing at all", b"", Cause.PROTOCOL),
    Case("end within the status line", b"HTTP/1.1 20", Cause.PROTOCOL),
    Case("another protocol", b"SSH-2.0-OpenSSH_9.6\r\n", Cause.PROTOCOL),
    Case("HTTP/0.9", b"<html>a page without a head</html>", Cause.PROTOCOL),
    Case("HTTP/3 in words", b"HTTP/3 200 OK\r\n\r\nx", Cause.PROTOCOL),
    Case("status that is no number", b"HTTP/1.1 OK 200\r\n\r\nx", Cause.PROTOCOL),
    Case("status of five digits", b"HTTP/1.1 20000 OK\r\n\r\nx", Cause.PROTOCOL),
    Case("no reason", b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", b"x"),
    Case("old answer without length", b"HTTP/1.0 200 OK\r\n\r\nto the end", b"to the end"),
    Case("header without a colon", OK + b"nonsense\r\nContent-Length: 1\r\n\r\nx", b"x"),
    Case("header without a name", OK + b": y\r\nContent-Length: 1\r\n\r\nx", b"x"),
    Case("folded header", answer(b"x", b"X: a\r\n  b"), b"x"),
    Case("NUL bytes in headers", answer(b"x", b"X: a\0b", b"Content-Type: text/\0html"), b"x"),
    Case("NUL bytes in the body", answer(b"<p>a\0b\0</p>"), b"<p>a\0b\0</p>"),
    Case("header of bytes without meaning", answer(b"x", b"X: \xff\xfe\x80"), b"x"),
    Case("lines ended by LF alone", b"HTTP/1.1 200 OK\nContent-Length: 1\n\nx", b"x"),
    Case("interim answers", b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + answer(b"x"), b"x"),
    # --- wrong codings and types ---
    Case("coding that the body is not in", answer(b"plain", b"Content-Encoding: gzip"), b"plain"),
    Case("coding nobody knows", answer(b"plain", b"Content-Encoding: zip-and-zap"), b"plain"),
    Case("coded body cut short", answer(PACKED[:200], b"Content-Encoding: gzip"), PACKED[:200]),
    Case("coded body with rubbish behind", answer(PACKED + b"rubbish", b"Content-Encoding: gzip"), PACKED + b"rubbish"),
    Case("type that is none", answer(b"x", b"Content-Type: ;;charset=\xff;;"), b"x"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_answer_is_kept_or_refused_with_a_reason_and_in_time(case: Case) -> None:
    sends = case.sends if callable(case.sends) else lambda connection: connection.sendall(case.sends)
    fetcher = Fetcher(Settings(test_hosts=(HOST,), fetch_timeout=0.5, max_body=2_000_000))
    with raw_server(sends) as url:
        started = time.monotonic()
        made = fetcher.fetch(url)
        took = time.monotonic() - started
    fetcher.close()
    assert took < 5  # far from the minutes that some of these would take
    if isinstance(case.made_of_it, bytes):
        assert isinstance(made, FetchResult), made
        assert made.body == case.made_of_it
        assert len(made.content(limit=2_000_000)) <= 2_000_000
    else:
        assert isinstance(made, Failure), made
        assert made.cause in (case.made_of_it if isinstance(case.made_of_it, tuple) else (case.made_of_it,)), (
            made.reason
        )
        assert made.detail


def to(target: bytes, status: bytes = b"302 Found") -> Callable[[socket.socket], None]:
    head = b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nLocation: " + target + b"\r\n\r\n"
    return lambda connection: connection.sendall(head)


NOWHERE = (
    "file:///etc/passwd", "ftp://127.0.0.2/", "gopher://127.0.0.2:70/_x", "javascript:alert(1)", "data:text/html,x",
    "ws://127.0.0.2/", "http://", "http:///", "//", "http://127.0.0.2:99999/", "http://[::1", "mailto:a@example.org", "",
)  # fmt: skip


@pytest.mark.parametrize("target", NOWHERE)
def test_redirect_that_leads_to_no_web_address_is_not_followed(target: str) -> None:
    fetcher = Fetcher(Settings(test_hosts=(HOST,), fetch_timeout=1.0))
    with raw_server(to(target.encode())) as url:
        made = fetcher.fetch(url)
    fetcher.close()
    assert isinstance(made, FetchResult)
    assert made.location in (None, url)


SPELLINGS = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
    "0", "0.0.0.0", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "localhost", "LOCALHOST.",
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "[::ffff:169.254.169.254]", "[fd00:ec2::254]",
    "10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]", "255.255.255.255",
    "224.0.0.1", "user:secret@127.0.0.1",
)  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_redirect_reaches_a_private_address_in_any_spelling(host: str) -> None:
    reached: list[bool] = []
    settings = Settings(test_hosts=("127.0.0.9",), fetch_timeout=1.0)
    fetcher, inner = Fetcher(settings), Fetcher(settings)
    with raw_server(lambda _: reached.append(True), "127.0.0.1") as private:
        port = private.rpartition(":")[2]
        with raw_server(to(f"http://{host}:{port}".encode()), "127.0.0.9") as url:
            made = fetcher.fetch(url)
        assert isinstance(made, FetchResult)
        if made.location is not None:
            refused = inner.fetch(made.location)
            assert isinstance(refused, Failure)
            assert refused.cause in (Cause.ADDRESS, Cause.NAME), refused.reason
    fetcher.close()
    inner.close()
    assert reached == []


def test_name_that_leads_elsewhere_the_second_time_is_connected_to_where_it_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, asked = socket.getaddrinfo, []

    def rebinding(host: str, *args: object, **more: object) -> object:
        if host != "rebinding.example":
            return real(host, *args, **more)  # type: ignore[arg-type]
        asked.append(host)
        return real("198.51.100.7" if len(asked) == 1 else "127.0.0.1", *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    reached: list[bool] = []
    fetcher = Fetcher(Settings(fetch_timeout=0.3))
    with raw_server(lambda _: reached.append(True)) as url:
        for _ in range(2):
            made = fetcher.fetch(url.replace("127.0.0.1", "rebinding.example"))
            assert isinstance(made, Failure)
            assert made.cause is Cause.ADDRESS
    fetcher.close()
    assert reached == []


@pytest.mark.parametrize(
    "target",
    [
        b"/a\r\n Set-Cookie: x", b"/a\r\n\tb", b"/a\0b", b"/a\rX: y", b"/\xe5\xa5\xb3", b"/\xff", b"/" + b"a" * 60_000,
        b"/a b", b"?x=%0d%0aX: y", b"#only", b"//127.0.0.1/x", b"\\\\127.0.0.1\\x", b" /space ", b"/\xe2\x80\x8b",
    ],
    ids=repr,
)  # fmt: skip
def test_odd_location_becomes_an_address_of_one_line_or_none(target: bytes) -> None:
    fetcher = Fetcher(Settings(test_hosts=(HOST,), fetch_timeout=1.0))
    with raw_server(to(target)) as url:
        made = fetcher.fetch(url)
    fetcher.close()
    if isinstance(made, Failure):
        assert made.cause in (Cause.PROTOCOL, Cause.SIZE)
    elif made.location is not None:
        assert made.location.startswith("http://127.0.0.1")
        assert made.location.isascii()
        assert made.location.isprintable()
        assert " " not in made.location


def test_crawl_over_a_host_that_misbehaves_goes_on_and_archives_what_is_good(tmp_path: Path) -> None:
    """Loops, traps, lies and bombs among good pages: these are all archived, nothing else fails the run."""
    with site("127.0.0.2") as server, site("127.0.0.1") as private:
        bad = {
            "/loop": Answer(status=302, headers={"Location": "/loop"}),
            "/ping": Answer(status=301, headers={"Location": "/pong"}),
            "/pong": Answer(status=301, headers={"Location": "/ping"}),
            "/file": Answer(status=302, headers={"Location": "file:///etc/passwd"}),
            "/private": Answer(status=302, headers={"Location": private.url("/secret")}),
            "/bomb": Answer(gzip.compress(bytes(BOMB)), headers={"Content-Encoding": "gzip"}),
            "/large": Answer(b"x" * 300_000),
            "/binary": Answer(bytes(range(256)) * 10, type="text/html; charset=no-such"),
            "/picture": Answer(b"<p>no picture", type="image/png"),
            "/nul": Answer(b"<p>a\0b</p>\0", type="text/html\0"),
            "/many": Answer("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">", etag=None),
            "/deep": Answer("<div>" * 20_000 + '<a href="/deeper">x</a>'),
        }
        good = {f"/good{n}": page(f"good {n}") for n in range(5)}
        server.pages |= {**bad, **good, "/seed": page("seed", *(f"{path}?womens-forum" for path in (*bad, *good)))}
        seed = f'follow = 2\n[[sources.seeds]]\nurl = "{server.url("/seed")}"'
        home = make_home(tmp_path, source("s", server.host, seed), max_body=200_000)
        report = crawl(home)
        assert captured(home) >= {server.url(f"{path}?womens-forum") for path in good}
        assert private.log == []
    failed = {problem.url.partition("?")[0]: problem.reason for problem in report.failed}
    assert {server.url("/bomb"), server.url("/large")} <= failed.keys()
    assert len([c for c in captures(home) if c.status in (301, 302)]) <= 30
    assert verify(home).holds


@pytest.mark.parametrize(
    "next_link",
    [
        pytest.param(lambda n: f"/womens-forum/calendar?month={n + 1}", id="calendar"),
        pytest.param(lambda n: "/womens-forum" + "/a/b" * (n + 1), id="path that grows"),
        pytest.param(lambda n: f"/womens-forum/{n + 1}/" + "x" * 150 * n, id="path that swells"),
        pytest.param(lambda n: f"/womens-forum?PHPSESSID={n:032x}", id="session ids"),
        pytest.param(lambda n: f"/womens-forum?utm_source={n}", id="tracking"),
        pytest.param(lambda n: f"/womens-forum/page?sort={n}&order={n}", id="orders"),
    ],
)
def test_pages_without_end_are_bounded(tmp_path: Path, next_link: Callable[[int], str]) -> None:
    with site("127.0.0.2") as server:
        server.pages["/robots.txt"] = Answer(status=404)
        server.pages["*"] = lambda _: page(f"page {len(server.log)}", *(next_link(len(server.log) + n) for n in (0, 1)))
        seed = f'follow = 4\n[[sources.seeds]]\nurl = "{server.url("/seed")}"'
        home = make_home(tmp_path, source("s", server.host, seed))
        crawl(home)
        assert len(server.log) <= 40
