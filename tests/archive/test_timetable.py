"""The timetable with real processes, a fifth of a second apart."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apscheduler.triggers.interval import IntervalTrigger
from click.testing import CliRunner

from archive.runs.timetable import Timetable
from podium import main
from tests.archive.runs_made import small_home

EVERY = IntervalTrigger(seconds=1, start_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
RUN = """
import os, sys, time
path, seconds, code = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
open(path, "a").write(f"+{os.getpid()}\\n")
time.sleep(seconds)
open(path, "a").write(f"-{os.getpid()}\\n")
sys.exit(code)
"""


def kept(path: Path, *, seconds: float, code: int, until: Callable[[list[str], list[dict[str, Any]]], bool]) -> Any:
    """What runs and the timetable said up to some moment: lines of the runs, and events."""
    said: list[dict[str, Any]] = []
    lines: list[str] = []
    log = path / "log"
    log.touch()
    table = Timetable(
        EVERY, [sys.executable, "-c", RUN, str(log), str(seconds), str(code)],
        zone=dt.UTC, say=lambda text, what: said.append({**what, "text": text}),
    )  # fmt: skip

    def watch() -> None:
        for _ in range(1500):
            lines[:] = log.read_text("utf-8").split()
            if until(lines, said):
                break
            time.sleep(0.01)
        table.end()

    thread = threading.Thread(target=watch)
    thread.start()
    table.keep()
    thread.join()
    return log.read_text("utf-8").split(), said


def test_a_failing_run_keeps_nothing_from_the_next_and_each_says_when_that_is(tmp_path: Path) -> None:
    lines, said = kept(
        tmp_path, seconds=0, code=1, until=lambda _, events: sum(e["event"] == "run" for e in events) == 2
    )
    assert len(lines) == 4
    assert [event["event"] for event in said] == ["kept", "run", "run", "ended"]
    assert [event["code"] for event in said[1:3]] == [1, 1]
    assert all(event["next"] and "next run at 20" in event["text"] for event in said[:3])


def test_two_runs_never_overlap_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    lines, said = kept(tmp_path, seconds=1.5, code=0, until=lambda lines, _: len(lines) == 4)
    assert [line[0] for line in lines] == ["+", "-", "+", "-"]
    assert "left out" in [event["event"] for event in said]


def test_a_run_that_is_going_on_at_the_end_is_told_to_end(tmp_path: Path) -> None:
    lines, said = kept(tmp_path, seconds=60, code=0, until=lambda lines, _: len(lines) == 1)
    assert [line[0] for line in lines] == ["+"]
    assert said[-1]["event"] == "ended"


def test_a_run_that_cannot_be_started_keeps_nothing_from_the_next() -> None:
    said: list[str] = []
    ends: list[Callable[[], None]] = []

    def say(text: str, what: dict[str, Any]) -> None:
        said.append(f"{what['event']}: {text}")
        if len(said) == 3:
            ends[0]()

    table = Timetable(EVERY, ["/nowhere/podium"], zone=dt.UTC, say=say)
    ends.append(table.end)
    table.keep()
    assert [line.partition(":")[0] for line in said] == ["kept", "not started", "not started", "ended"]
    assert "could not be started: No such file or directory; next run at" in said[1]


def test_the_command_ends_cleanly_on_sigterm_and_says_its_next_run(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    command = [sys.executable, "-m", "podium", "--home", str(home.path), "schedule", "0 6 * * *", "--timezone"]
    process = subprocess.Popen(
        [*command, "Asia/Shanghai", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, json.loads(out)) == (0, {"event": "ended"})
    following = dt.datetime.fromisoformat(first["next"])
    assert (following.hour, following.minute, following.utcoffset()) == (6, 0, dt.timedelta(hours=8))
    assert "06:00 CST" in err


def test_a_wrong_expression_and_a_wrong_zone_are_wrong_calls(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    for arguments, said in ((["61 * * * *"], "61 * * * *"), (["@daily", "--timezone", "Mars/Olympus"], "Mars/Olympus")):
        result = CliRunner().invoke(main, ["--home", str(home.path), "schedule", *arguments])
        assert result.exit_code == 2
        assert said in result.stderr
