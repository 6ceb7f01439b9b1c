"""Bad input: one clear line that says what, where and what to do; no traceback; the archive as it was."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from podium import main
from samples import collection_text


@pytest.fixture
def home(tmp_path: Path) -> Path:
    collection = tmp_path / "sample.toml"
    collection.write_text(collection_text(8471), "utf-8")
    result = podium(tmp_path / "home", "init", "--collection", str(collection), "--contact", "owner@example.org")
    assert result.exit_code == 0, result.output
    return tmp_path / "home"


def podium(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *arguments])


def spoiled(name: str, content: bytes) -> Callable[[Path], None]:
    def spoil(home: Path) -> None:
        (home / name).write_bytes(content)

    return spoil


def nothing(home: Path) -> None:
    pass


CASES = [
    pytest.param(spoiled("podium.toml", b"port = \xff"), ["status"], "podium.toml", id="settings that are no text"),
    pytest.param(spoiled("podium.toml", b"port = 'x'"), ["status"], "port takes", id="a setting of the wrong kind"),
    pytest.param(spoiled("podium.toml", b"colour = 1"), ["status"], "unknown setting 'colour'", id="unknown setting"),
    pytest.param(spoiled("collection.toml", b"[["), ["status"], "collection.toml", id="collection that is no TOML"),
    pytest.param(
        spoiled("collection.toml", b"[collection]\nkey = 3"), ["status"], "key", id="collection with a wrong key"
    ),
    pytest.param(nothing, ["editions", "1850"], "no edition '1850'", id="unknown edition"),
    pytest.param(nothing, ["search", "x", "--edition", "1850"], "no edition '1850'", id="unknown edition in a search"),
    pytest.param(nothing, ["crawl", "--edition", "1850"], "1850", id="unknown edition in a crawl"),
    pytest.param(nothing, ["refresh", "--source", "nobody"], "nobody", id="unknown source"),
    pytest.param(nothing, ["search", "x" * 100_000], "512", id="query of 100 kB"),
    pytest.param(nothing, ["search", "women"], "podium index", id="no index"),
    pytest.param(nothing, ["init", "--collection", "china-asean-women"], "belongs to", id="home of another collection"),
    pytest.param(nothing, ["init", "--collection", "nowhere.toml"], "nowhere.toml", id="collection that is not there"),
    pytest.param(nothing, ["import", "nowhere.warc"], "nowhere.warc", id="file that is not there"),
    pytest.param(nothing, ["import", "a.warc", "--url", "http://a.example/"], "names its own", id="address of a WARC"),
    pytest.param(
        nothing, ["import", "a.txt", "--url", "http://a.example/", "--published", "2025-02-31"], "no date", id="no day"
    ),
    pytest.param(
        nothing, ["import", "a.txt", "--url", "http://a.example/", "--published", "16/7/2025"], "2025-07-16", id="date"
    ),
    pytest.param(nothing, ["verify", "0" * 12], "no such report", id="unknown report"),
]


# What can be told from the command line and the collection is a wrong call; the rest failed.
CALLED_WRONGLY = {"no edition '1850'", "1850", "nobody", "512", "no date", "2025-07-16"}


@pytest.mark.parametrize(("spoil", "arguments", "said"), CASES)
def test_bad_input_is_one_clear_line(
    home: Path, spoil: Callable[[Path], None], arguments: list[str], said: str
) -> None:
    spoil(home)
    before = contents(home)
    result = podium(home, *arguments)
    assert result.exit_code == (2 if said in CALLED_WRONGLY else 1)
    assert isinstance(result.exception, SystemExit)
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, result.output
    assert said in errors[0]
    assert contents(home) == before


def test_an_empty_query_finds_everything(home: Path) -> None:
    assert podium(home, "index").exit_code == 0
    result = podium(home, "search", "")
    assert (result.exit_code, result.stdout.split(" reports")[0]) == (0, "0")


def test_a_warc_that_is_a_picture_is_refused(home: Path, tmp_path: Path) -> None:
    picture = tmp_path / "photo.warc.gz"
    picture.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(1000))
    before = contents(home)
    result = podium(home, "import", str(picture))
    assert result.exit_code == 1
    assert "photo.warc.gz" in result.stderr
    assert contents(home) == before


def test_a_port_in_use_is_said(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = podium(home, "serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 1
    assert "in use" in result.stderr


def test_a_home_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    result = podium(tmp_path / "file" / "home", "init")
    assert result.exit_code == 1
    assert "cannot be made a home" in result.stderr


def contents(home: Path) -> dict[str, str]:
    """The digests of what the archive proper holds."""
    files = (
        path
        for path in home.rglob("*")
        if path.is_file() and path.parts[-2] in ("warc", "imports", "ledger", home.name)
    )
    ignored = ("lock", "describing", "refreshing", "catalogue.sqlite-wal", "catalogue.sqlite-shm", "catalogue.sqlite")
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.name not in ignored}
