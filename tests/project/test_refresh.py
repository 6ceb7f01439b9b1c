"""The command that a schedule runs, against hosts that change from run to run."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive import Home, archive_lock
from podium import main
from tests.crawler.forum import make_home, page, source
from tests.crawler.servers import Answer, Site, site

TEXT = "The Women's Forum was opened in a hall by the harbour, and its delegates spoke of boats and of nets. "


def feed(server: Site, *paths: str) -> Answer:
    items = "".join(f"<item><title>x</title><link>{server.url(path)}</link></item>" for path in paths)
    return Answer(f"<rss><channel>{items}</channel></rss>", type="application/rss+xml")


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def sites(stack: ExitStack) -> list[Site]:
    """Two hosts, each with a feed of three pages."""
    servers = [stack.enter_context(site(f"127.0.0.{number}")) for number in (2, 3)]
    for server in servers:
        paths = [f"/{number}" for number in range(3)]
        server.pages = {path: page(f"{TEXT * 3} {server.host} {path}") for path in paths}
        server.pages["/feed"] = feed(server, *paths)
    return servers


@pytest.fixture
def home(tmp_path: Path, sites: list[Site]) -> Home:
    entries = [
        source(key, s.host, f'minimum = 3\nfeeds = ["{s.url("/feed")}"]') for key, s in zip("ab", sites, strict=True)
    ]
    return make_home(tmp_path, "".join(entries), contact="tests@podium.invalid", workers=1)


def podium(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home.path), *arguments])


def refreshed(home: Home, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and report."""
    result = podium(home, "refresh", "--json", *arguments)
    assert len(result.stdout.splitlines()) == 1, result.output
    return result.exit_code, json.loads(result.stdout)


def keys(report: dict[str, Any]) -> list[str]:
    return [alarm["key"] for alarm in report["alarms"] if alarm["new"]]


def test_from_the_first_run_to_the_day_nobody_answers(home: Home, sites: list[Site]) -> None:
    code, report = refreshed(home)
    assert code == 0, report
    assert (report["fetched"], report["new"], report["described"], report["reports"], report["indexed"]) == (
        8,
        6,
        6,
        6,
        6,
    )
    assert [(s["key"], s["found"], s["alive"], list(s["offered"].values())) for s in report["sources"]] == [
        ("a", 3, 3, [3]), ("b", 3, 3, [3]),
    ]  # fmt: skip

    # Nothing has changed: quiet, and the index is not touched.
    code, again = refreshed(home)
    assert (code, again["fetched"], again["unchanged"], again["new"], again["alarms"]) == (0, 2, 2, 0, [])
    assert again["generation"] == report["generation"]
    assert podium(home, "refresh").stdout.startswith("fetched 2 (new 0, unchanged 2)")

    # A feed shrinks: raised once, then acknowledged, then mended.
    whole = sites[0].pages["/feed"]
    sites[0].pages["/feed"] = feed(sites[0], "/0")
    code, report = refreshed(home)
    assert (code, keys(report)) == (1, ["fewer:a"])
    assert "names 1 where it named 3 pages" in report["alarms"][0]["text"]
    result = podium(home, "refresh")
    assert (result.exit_code, "alarm  fewer:a, since" in result.stdout) == (0, True)
    assert podium(home, "sources", "ack", "a", "--reason", "a quiet month", "--by", "me").exit_code == 0
    assert "known  fewer:a" in podium(home, "refresh").stdout
    sites[0].pages["/feed"] = whole
    code, report = refreshed(home)
    assert (code, report["alarms"], [alarm["key"] for alarm in report["cleared"]]) == (0, [], ["fewer:a"])

    assert podium(home, "sources", "ack", "a", "--end", "--reason", "back").exit_code == 0

    # A host goes; a run over the other source does not see it, the next one does; then nobody answers.
    sites[1].close()
    code, report = refreshed(home, "--source", "a")
    assert (code, report["partial"], [s["key"] for s in report["sources"]]) == (0, True, ["a"])
    code, report = refreshed(home)
    assert (code, keys(report), report["offline"]) == (1, ["host:127.0.0.3"], False)
    sites[0].close()
    code, report = refreshed(home)
    assert (code, keys(report), report["offline"], report["gone"]) == (0, [], True, 0)
    text = podium(home, "refresh").stdout
    assert text.startswith("Offline")
    assert "a: no answer, it cannot be reached (no connection" in text
    assert podium(home, "search", "harbour").stdout.startswith("1-6 of 6")


def test_first_run_names_what_is_promised_and_counts_what_fails_or_is_known_to_be_dead(
    home: Home, sites: list[Site]
) -> None:
    sites[0].pages["/3"] = Answer(status=500)
    sites[0].pages["/feed"] = feed(sites[0], "/0", "/3")
    podium(home, "sources", "ack", "b", "--reason", "closed")
    sites[1].close()
    code, report = refreshed(home)
    assert (code, keys(report)) == (1, ["short:a"])
    assert (report["again"], report["known"], [problem["url"] for problem in report["failed"]]) == (
        1, 1, [sites[0].url("/3")],
    )  # fmt: skip
    assert {alarm["key"]: alarm["acknowledged"] for alarm in report["alarms"]} == {"short:a": None, "short:b": "closed"}
    assert refreshed(home)[0] == 0


def test_a_failure_of_its_own_is_told_kept_and_ends_with_1(home: Home, tmp_path: Path) -> None:
    told = tmp_path / "told.json"
    script = tmp_path / "tell.py"
    script.write_text(f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read())", "utf-8")
    with (home.path / "podium.toml").open("a", encoding="utf-8") as file:
        file.write(f"alarm_command = {json.dumps(f'{sys.executable} {script}')}\n")
    with archive_lock(home.path / "lock", what="import"):
        result = podium(home, "refresh")
    assert result.exit_code == 1
    assert "'podium import'" in result.stderr
    assert "'podium import'" in json.loads(told.read_text("utf-8"))["error"]


def test_two_refreshes_never_overlap(home: Home) -> None:
    with archive_lock(home.path / "refreshing", what="refresh"):
        result = podium(home, "refresh")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "'podium refresh'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["nobody", "--reason", "x"], "no source 'nobody'", id="unknown source"),
        pytest.param(["a"], "--reason", id="no reason"),
        pytest.param(["a", "--reason", " "], "--reason is empty", id="empty reason"),
        pytest.param(["a", "--reason", "x", "--until", "2001-01-01"], "is past", id="past day"),
        pytest.param(["a", "--reason", "x", "--end"], "not acknowledged", id="nothing to end"),
    ],
)
def test_an_acknowledgement_that_cannot_be_is_a_wrong_call(home: Home, arguments: list[str], said: str) -> None:
    result = podium(home, "sources", "ack", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert list(home.ledger.entries("acknowledgements")) == []


def test_sigterm_ends_a_refresh_with_its_work_on_disk(home: Home, sites: list[Site]) -> None:
    sites[0].pages["/1"] = page(TEXT * 2, pause=1.0)
    process = subprocess.Popen(
        [sys.executable, "-m", "podium", "--home", str(home.path), "refresh"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    waited = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    while "/1" not in sites[0].paths and dt.datetime.now(dt.UTC) < waited:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (143, "")
    with home.catalogue() as catalogue:
        # The page asked for last was found in the feed, whose answer had been taken by then.
        assert sites[0].url("/feed") in {capture.url for capture in catalogue.captures() if capture.status == 200}
    sites[0].pages["/1"] = page(TEXT * 2)
    code, report = refreshed(home)
    assert (code, [source["alive"] for source in report["sources"]]) == (0, [3, 3])
