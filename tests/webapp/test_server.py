"""Serving over a real socket, and the command that does so."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask
from waitress.server import BaseWSGIServer

from archive import Context, Home
from tests.webapp.shelf import address, id_of
from webapp import PortError, address_of, open_server
from webapp.cli import commands
from webapp.server import make_ready

SERVE = commands[0]


@contextmanager
def served(app: Flask) -> Iterator[HTTPConnection]:
    """A connection to the application on a free port."""
    server = open_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    place = urlsplit(address_of(server, host="127.0.0.1"))
    with closing(HTTPConnection(str(place.hostname), place.port, timeout=10)) as connection:
        yield connection
    server.close()
    thread.join(10)


def get(connection: HTTPConnection, path: str) -> tuple[int, str]:
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read().decode()


def test_pages_are_served_over_a_socket(app: Flask) -> None:
    with served(app) as connection:
        status, page = get(connection, f"/search?q={quote('妇女')}")
        assert status == 200
        assert "<mark>妇女</mark>" in page


def test_the_first_reader_waits_for_nothing_that_could_be_done_before(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready(app)
    searcher = app.extensions["podium"].searcher
    monkeypatch.setattr(searcher, "fresh", 3600.0)
    for place, name in ((searcher, "_newest"), (app.jinja_env, "compile")):
        monkeypatch.setattr(place, name, lambda *_, **__: pytest.fail("the reader waits"))
    assert app.test_client().get("/search?q=women").status_code == 200


def test_an_address_with_a_query_reaches_its_capture_over_a_socket(app: Flask) -> None:
    name = "mirror?p=16&q=%E4%BA%BA"
    with served(app) as connection:
        for spelled in (quote(address(name), safe=""), address(name)):
            status, answer = get(connection, f"/api/v1/captures/20250720080000/{spelled}")
            assert (status, json.loads(answer)["capture"]["url"]) == (200, address(name))


def test_a_query_of_100_kb_is_answered_with_a_sentence_over_a_socket(app: Flask) -> None:
    with served(app) as connection:
        status, page = get(connection, "/search?q=" + "a" * 100_000)
        assert status == 400
        assert "Shorten it" in page


def test_archived_markup_is_never_served_as_markup(app: Flask) -> None:
    with served(app) as connection:
        for page in (f"/reports/{id_of('en')}", f"/captures/20250720080000/{address('en')}"):
            assert "<script" not in get(connection, page)[1]


def test_a_port_in_use_is_one_clear_line(shelf: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(SERVE, ["--port", str(port)], obj=Context(shelf.path))
    assert result.exit_code == 1
    assert (
        result.stderr
        == f"Error: 127.0.0.1:{port}: the port is in use; choose another with --port (0 takes a free one)\n"
    )


@pytest.mark.parametrize("host", ["203.0.113.9", "not a host"])
def test_an_address_that_is_not_ours_is_one_clear_line(app: Flask, host: str) -> None:
    with pytest.raises(PortError, match="no address of this machine"):
        open_server(app, host=host, port=0, threads=1)


def test_the_command_says_the_address_on_both_channels(shelf: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BaseWSGIServer, "run", lambda self: None)
    result = CliRunner().invoke(SERVE, ["--port", "0", "--json"], obj=Context(shelf.path))
    assert result.exit_code == 0, result.output
    address = json.loads(result.stdout)["address"]
    assert urlsplit(address).port
    assert address in result.stderr
