from __future__ import annotations

import datetime as dt
import json
import os
import shlex
import sqlite3
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from archive import (
    CatalogueError,
    Home,
    Problem,
    RefreshReport,
    SourceReport,
    acknowledge,
    acknowledgements,
    conclude,
    end_acknowledgement,
    kept_run,
    refresh_runs,
)
from archive.runs.history import read_report
from tests.archive.runs_made import NOW, silent, small_home, source

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Crawl:
    """What a crawl says, as far as a refresh takes it."""

    sources: tuple[SourceReport, ...]
    failed: tuple[Problem, ...] = ()
    unheld: tuple[Problem, ...] = ()
    offline: bool = False
    warnings: tuple[str, ...] = ()
    shortfalls: tuple[str, ...] = ()
    fetched: int = 1
    unchanged: int = 0
    new: int = 0
    gone: int = 0
    refused: int = 0
    from_wayback: int = 0
    left: int = 0
    again: int = 0
    withdrawn: int = 0


GOOD = Crawl(sources=(source("a"), source("b")))
WORSE = Crawl(sources=(source("a", alive=1), source("b")))


def ended(home: Home, crawl: Any, day: int = 0, **said: Any) -> RefreshReport:
    return conclude(home, started=NOW + day * DAY, ended=NOW + day * DAY, crawled=crawl, **said)


def command(path: Path, body: str) -> str:
    """A command that runs a few lines of Python."""
    script = path / "told.py"
    script.write_text(f"import json, os, sys, time\n{body}\n", "utf-8")
    return shlex.join([sys.executable, str(script)])


def heap(path: Path) -> str:
    """A command that puts each report it is given on a heap."""
    return command(path, f"open({str(path / 'heap')!r}, 'a').write(sys.stdin.read() + chr(10))")


def told(path: Path) -> list[dict[str, Any]]:
    heap = path / "heap"
    return [json.loads(line) for line in heap.read_text("utf-8").splitlines()] if heap.exists() else []


def test_a_run_is_kept_and_reads_back_as_it_was(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    ended(home, GOOD)
    report = ended(home, replace(WORSE, failed=(Problem(url="http://a.example/", source="a", reason="no"),)), 1)
    assert report.raised
    with home.catalogue() as catalogue:
        kept = list(refresh_runs(catalogue.connection))
        assert [one.report.started for one in kept] == [NOW + DAY, NOW]
        assert kept[0].report == report
        assert kept_run(catalogue.connection, kept[0].id) == kept[0]


def test_a_report_of_another_version_is_read_as_far_as_it_goes() -> None:
    value = {"started": NOW.isoformat(), "ended": NOW.isoformat(), "partial": False, "offline": True, "colour": 1}
    assert read_report(value) == RefreshReport(started=NOW, ended=NOW, partial=False, offline=True)


def test_the_command_is_told_what_changed_and_nothing_else(tmp_path: Path) -> None:
    home = small_home(tmp_path, alarm_command=heap(tmp_path))
    for day, crawl in enumerate((GOOD, GOOD, WORSE, WORSE, GOOD, GOOD)):
        ended(home, crawl, day)
    assert [([a["key"] for a in r["alarms"]], [a["key"] for a in r["cleared"]]) for r in told(tmp_path)] == [
        (["fewer:a"], []),
        ([], ["fewer:a"]),
    ]


def test_a_refresh_that_failed_is_told_and_not_ok(tmp_path: Path) -> None:
    home = small_home(tmp_path, alarm_command=heap(tmp_path))
    report = ended(home, None, error="the disk is full")
    assert (report.ok, report.told, [one["error"] for one in told(tmp_path)]) == (False, True, ["the disk is full"])


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    home = small_home(tmp_path, alarm_command=f"{heap(tmp_path)} ; touch {tmp_path}/touched $(touch {tmp_path}/too)")
    ended(home, None, error=f"$(touch {tmp_path}/three)")
    assert len(told(tmp_path)) == 1
    assert not any((tmp_path / name).exists() for name in ("touched", "too", "three"))


BROKEN = {
    "is not there": ("/nowhere/command", "cannot be run"),
    "cannot be split": ("mail 'to", "cannot be run"),
    "is nothing": ("''", "cannot be run"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_command_that_cannot_be_run_is_said(tmp_path: Path, name: str) -> None:
    line, said = BROKEN[name]
    report = ended(small_home(tmp_path, alarm_command=line), None, error="no")
    assert report.told is False
    assert any(said in warning for warning in report.warnings)


def test_a_command_that_fails_is_said_and_called_again_while_the_alarm_stands(tmp_path: Path) -> None:
    home = small_home(tmp_path, alarm_command=command(tmp_path, "sys.exit('the mail is down')"))
    ended(home, GOOD)
    failed = ended(home, WORSE, 1)
    assert (failed.told, failed.ok) == (False, False)
    assert "ended with 1" in failed.warnings[0]
    assert "the mail is down" in failed.warnings[0]
    mended = replace(home, settings=replace(home.settings, alarm_command=heap(tmp_path)))
    assert ended(mended, WORSE, 2).told is True
    assert ended(mended, WORSE, 3).told is None
    assert [[a["key"] for a in r["alarms"]] for r in told(tmp_path)] == [["fewer:a"]]


def test_a_report_that_cannot_be_kept_is_told_nevertheless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = small_home(tmp_path, alarm_command=heap(tmp_path))

    def full(*_: Any) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("archive.runs.conclusion.keep_run", full)
    with pytest.raises(CatalogueError, match="full"):
        ended(home, GOOD)
    assert ["database or disk is full" in one["error"] for one in told(tmp_path)] == [True]


def test_a_refresh_that_is_killed_while_it_tells_leaves_it_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = small_home(tmp_path, alarm_command=heap(tmp_path))
    ended(home, GOOD)

    def killed(*_: Any, **__: Any) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patched:
        patched.setattr("archive.runs.conclusion.call", killed)
        with pytest.raises(SystemExit):
            ended(home, WORSE, 1)
    assert told(tmp_path) == []
    ended(home, WORSE, 2)
    assert [[a["key"] for a in r["alarms"]] for r in told(tmp_path)] == [["fewer:a"]]


def test_a_command_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path) -> None:
    started = tmp_path / "started"
    body = f"child = os.fork()\nopen({str(started)!r}, 'a').write(str(os.getpid()) + ' ')\ntime.sleep(60)"
    home = small_home(tmp_path, alarm_command=command(tmp_path, body), alarm_timeout=1.5)
    report = ended(home, None, error="no")
    assert "took longer than 1.5 seconds" in report.warnings[0]
    assert all(is_over(int(pid)) for pid in started.read_text("utf-8").split())


def is_over(pid: int) -> bool:
    """Whether a process ends within a while."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text("utf-8"):
            return True
        time.sleep(0.02)
    return False


def test_failures_of_an_acknowledged_source_are_known(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    acknowledge(home, "b", reason="closed", who="me")
    problems = tuple(Problem(url=f"http://{key}.example/", source=key, reason="no") for key in "ab")
    report = ended(home, Crawl(sources=(source("a"), silent("b")), failed=problems))
    assert ([problem.source for problem in report.failed], report.known) == (["a"], 1)


def test_an_acknowledgement_holds_to_its_last_day_and_until_it_is_taken_back(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    today = NOW.date()
    acknowledge(home, "a", reason="moving", who="me", until=today)
    acknowledge(home, "b", reason="closed", who="me")
    assert acknowledgements(home, today).keys() == {"a", "b"}
    assert acknowledgements(home, today + DAY).keys() == {"b"}
    assert end_acknowledgement(home, "b", reason="back", who="you")
    assert not end_acknowledgement(home, "b", reason="back", who="you")
    assert acknowledgements(home, today).keys() == {"a"}
    entries = list(home.ledger.entries("acknowledgements"))
    assert [(e["subject"], e["who"], e["why"]) for e in entries] == [
        ("a", "me", "moving"), ("b", "me", "closed"), ("b", "you", "back"),
    ]  # fmt: skip


def test_a_host_is_gone_only_where_it_has_answered_before(tmp_path: Path) -> None:
    home = small_home(tmp_path)
    with home.lock(what="test") as writer:
        writer.add_response(
            url="http://b.example:8080/x", status=404, reason="Not Found", headers=(), body=b"no", fetched=NOW,
            request_headers=(), source="b", how="seed", ip="127.0.0.1",
        )  # fmt: skip
        writer.flush()
    report = ended(home, Crawl(sources=(silent("a"), silent("b"), source("c"))))
    assert [alarm.key for alarm in report.raised if alarm.kind == "host"] == ["host:b.example"]
