"""pywb replays what was written: a tool made elsewhere reads the archive as the field expects."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import ExportFormat, Home, Selection, export_archive
from tests.project.tree import ROOT

TOOLS = ROOT / ".venv-tools" / "bin"
PAGE = "<html><body><p>ស្ត្រី 妇女 สตรี</p></body></html>".encode()
URL = "http://news.example/a"
FIRST = dt.datetime(2025, 7, 16, 8, tzinfo=dt.UTC)
PATIENCE = 60  # seconds

pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(not (TOOLS / "wayback").exists(), reason="pywb is not installed: make tools"),
]


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a pywb that serves what was written into a home: a page twice, and an error."""
    folder = tmp_path_factory.mktemp("replay")
    home = Home.init(folder / "home", contact="owner@example.org")
    with home.lock(what="test") as writer:
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Transfer-Encoding", "chunked")]
        for day in range(2):
            writer.add_response(
                url=URL, status=200, reason="OK", headers=headers, body=PAGE, fetched=FIRST + dt.timedelta(days=day),
                request_headers=[("GET /a", "HTTP/1.1"), ("Host", "news.example")], how="test",
            )  # fmt: skip
        writer.add_response(
            url=URL + "/gone", status=404, reason="Not Found", headers=headers, body=b"x", fetched=FIRST
        )
        writer.add_response(
            url=URL + "/coded", status=200, reason="OK", headers=[*headers, ("Content-Encoding", "gzip")],
            body=gzip.compress(PAGE, mtime=0), fetched=FIRST,
        )  # fmt: skip
    tool(folder, "wb-manager", "init", "exported")
    export_archive(home, ExportFormat.WARC, folder / "exported.warc.gz", selection=Selection())
    tool(folder, "wb-manager", "add", "exported", str(folder / "exported.warc.gz"))
    indexed_by_us(home, folder / "collections" / "ours")
    tool(folder, "wb-manager", "init", "home")
    tool(folder, "wb-manager", "add", "home", *map(str, home.warc.glob("*.warc.gz")))
    port = free_port()
    command = [str(TOOLS / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield wait_for(f"http://127.0.0.1:{port}/home").removesuffix("/home")
    finally:
        process.terminate()
        process.wait(10)


COLLECTIONS = ["home", "exported", "ours"]  # as pywb indexed it; a WARC we exported; as we indexed it


def indexed_by_us(home: Home, folder: Path) -> None:
    """A collection of pywb over the archive's own files with the index we exported."""
    (folder / "indexes").mkdir(parents=True)
    (folder / "archive").symlink_to(home.warc.resolve())
    export_archive(home, ExportFormat.CDXJ, folder / "indexes" / "index.cdxj", selection=Selection())


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_pywb_replays_a_response(replay: str, collection: str) -> None:
    assert get(f"{replay}/{collection}/20250716080000id_/{URL}") == (200, PAGE)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_pywb_replays_a_revisit_from_the_capture_it_refers_to(replay: str, collection: str) -> None:
    status, lines = get(f"{replay}/{collection}/cdx?url={URL}")
    assert status == 200
    assert [b"warc/revisit" in line for line in lines.splitlines()] == [False, True]
    assert get(f"{replay}/{collection}/20250717080000id_/{URL}") == (200, PAGE)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_pywb_replays_an_error_as_the_error_it_was(replay: str, collection: str) -> None:
    assert get(f"{replay}/{collection}/20250716080000id_/{URL}/gone") == (404, b"x")


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_pywb_replays_a_body_under_its_coding(replay: str, collection: str) -> None:
    assert get(f"{replay}/{collection}/20250716080000id_/{URL}/coded") == (200, PAGE)


def tool(folder: Path, name: str, *arguments: str) -> None:
    """Run a program of pywb in a folder."""
    subprocess.run([str(TOOLS / name), *arguments], cwd=folder, check=True, capture_output=True)


def get(address: str) -> tuple[int, bytes]:
    """Status and body of an answer, without any proxy between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as exc:
        with exc:
            return exc.code, exc.read()


def wait_for(address: str) -> str:
    """The address, once something answers there."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            get(f"{address}/")
            return address
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
