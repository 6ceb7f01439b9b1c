"""kill -9 while pages are hidden or erased: giving the command again completes it, and nothing else is lost."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Home, Level, Reason, read_payload, rebuild_facts, verify
from archive.imports import import_file
from indexer import SearchRequest, describe, index, search, withdraw
from tests.conftest import Promise
from tests.withdrawing import COPY, OTHER, PAGE, PLANTED, UNLIKE, files_with, html, make_home

KILLS = int(os.environ.get("PODIUM_KILLS", "14"))  # `make torture` asks for 200
TARGET = f"{PAGE}*"
TOO, HEIR = f"{PAGE}-too", "http://daily.test/heir"  # HEIR revisits what TOO carries
STAGES = {
    Level.HIDE: ("decided", "dropped from the catalogue", "purged from the index"),
    Level.ERASE: (
        "decided", "ledger redacted", "dropped from the catalogue", "purged from the index", "reading", "written",
        "noted", "switched", "removed", "catalogue scrubbed",
    ),
}  # fmt: skip
# One process that has everything loaded, and forks a child for each line: loading takes longer than withdrawing.
SERVER = """
import os, sys, time
from archive import Home, Level, Reason
from indexer import withdraw
print("ready", flush=True)
for line in sys.stdin:
    path, target, level, pause = line.rstrip("\\n").split("\\t")
    pid = os.fork()
    if pid == 0:
        def say(text):
            os.write(1, f"{text}\\n".encode())
            if pause and text.endswith(pause) or pause == "reading" and text.startswith(pause):
                time.sleep(60)
        withdraw(Home.open(path), target, level=Level(level), reason=Reason.PRIVACY, why="", who="test", progress=say)
        os._exit(0)
    os.write(1, f"pid {pid}\\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(1, f"ended {status}\\n".encode())
"""


def cross_revisit(path: Path) -> Path:
    """A WARC file in which one page revisits the payload of another."""
    body = html(OTHER, title="Carried")
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
    digest = f"sha1:{base64.b32encode(hashlib.sha1(body).digest()).decode()}"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        date = {"WARC-Date": "2025-07-17T12:00:00Z"}
        writer.write_record(
            writer.create_warc_record(
                TOO, "response", payload=io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=date
            )
        )
        writer.write_record(
            writer.create_revisit_record(
                HEIR, digest, TOO, "2025-07-17T12:00:00Z", http_headers=http, warc_headers_dict=date
            )
        )
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("kills")
    home = make_home(folder / "home")
    with home.lock(what="test") as writer:
        import_file(cross_revisit(folder / "cross.warc.gz"), writer=writer, ledger=home.ledger, who="test")
    home.ledger.append("notes", subject="desk", who="x", why=f"somebody wrote: {PLANTED} Imagine!")
    describe(home, workers=1)
    index(home)
    return home


@contextlib.contextmanager
def server() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin
        process.stdin.close()


def killed(process: subprocess.Popen[str], home: Home, level: Level, *, stage: str, after: float | None) -> str:
    """Withdraw and kill: at a stage, or where `after` is given so many seconds behind it; the last stage reached."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{home.path}\t{TARGET}\t{level}\t{stage if after is None else ''}\n")
    process.stdin.flush()
    pid, last, sent = 0, "started", False
    for line in iter(process.stdout.readline, ""):
        text = line.rstrip("\n")
        if text.startswith("pid "):
            pid = int(text[4:])
        elif text.startswith("ended "):
            break
        else:
            last = text
        if pid and not sent and (last.endswith(stage) or (stage == "reading" and last.startswith(stage))):
            time.sleep(after or 0)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            sent = True
    return next((name for name in STAGES[level] if last.endswith(name) or last.startswith(name)), last)


def payloads(home: Home) -> dict[tuple[str, str], bytes]:
    with home.catalogue() as catalogue:
        return {(c.url, c.timestamp): read_payload(home, c, catalogue=catalogue).body for c in catalogue.captures()}


@pytest.mark.torture
@pytest.mark.parametrize("level", list(Level))
def test_withdrawing_that_is_killed_is_completed_by_withdrawing_again(
    made: Home, tmp_path: Path, level: Level, promise: Promise
) -> None:
    rng = random.Random(int(os.environ.get("PODIUM_SEED", "1")))
    kept = {key: body for key, body in payloads(made).items() if key[0] not in (PAGE, TOO)}
    assert {url for url, _ in kept} == {COPY, UNLIKE, HEIR}
    share = max(KILLS * len(STAGES[level]) // sum(map(len, STAGES.values())), len(STAGES[level]))
    hits: Counter[str] = Counter()
    with server() as process:
        for number in range(share):
            home = Home.open(shutil.copytree(made.path, tmp_path / f"{number}"))
            stage = STAGES[level][number % len(STAGES[level])]
            # The first round at each stage, those after it at any moment behind.
            after = None if number < len(STAGES[level]) else rng.uniform(0, 0.02)
            hits[killed(process, home, level, stage=stage, after=after)] += 1
            assert not shown(home)
            withdraw(home, TARGET, level=level, reason=Reason.PRIVACY, why="", who="test")
            assert_done(home, level, kept)
            shutil.rmtree(home.path)
    promise(
        f"withdraw ({level}) killed with kill -9: gone at once, given again it ends, no other is lost",
        share,
        0,
        hit=hits,
    )
    assert set(STAGES[level]) <= set(hits)


def shown(home: Home) -> set[str]:
    """What is shown of the pages, once they are decided on."""
    if not home.withdrawals():
        return set()
    with home.catalogue() as catalogue:
        held = {report.url for report in catalogue.reports()} | {capture.url for capture in catalogue.captures()}
    if (home.index / "CURRENT").exists():
        held |= {hit.report.url for hit in search(home, SearchRequest(query="herons", relation="any")).hits}
    return held & {PAGE, TOO}


def assert_done(home: Home, level: Level, kept: dict[tuple[str, str], bytes]) -> None:
    """All that was asked for is done, and all else is there."""
    assert payloads(home) == kept
    result = verify(home)
    assert result.holds, result.problems
    rebuilt = rebuild_facts(home)
    assert (rebuilt.missing, rebuilt.wrong) == (0, 0)
    assert {hit.report.url for hit in search(home, SearchRequest(query="heron", relation="any")).hits} == {
        COPY, UNLIKE, HEIR,
    }  # fmt: skip
    assert files_with(home.index, PLANTED) == []
    if level is Level.ERASE:
        assert files_with(home.path, "queued politely behind the violet") == []
