"""kill -9 while writing: what was reported as archived is there, whole, and the next writer goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive import Home, verify
from tests.conftest import Promise

KILLS = int(os.environ.get("PODIUM_KILLS", "5"))  # `make torture` asks for 200
WRITER = """
import datetime as dt, itertools, os, sys
from archive import Home
home = Home.open(sys.argv[1])
with home.lock(what="test") as writer:
    print("ready", flush=True)
    for n in itertools.count():
        urls = [f"http://example.org/{os.getpid()}-{n}-{k}" for k in range(5)]
        for url in urls:
            writer.add_response(url=url, status=200, reason="OK", headers=[("Content-Type", "text/html")],
                                body=os.urandom(2000), fetched=dt.datetime.now(dt.UTC), source="s", how="seed")
        writer.flush()
        print(*urls, flush=True)
"""


@pytest.mark.torture
def test_nothing_reported_as_archived_is_missing_after_kills(home: Home, promise: Promise) -> None:
    rng = random.Random(int(os.environ.get("PODIUM_SEED", "1")))
    reported: set[str] = set()
    for _ in range(KILLS):
        reported |= killed_writer(home.path, after=rng.uniform(0.0, 0.25))
    with home.lock(what="test"):
        pass
    with home.catalogue() as catalogue:
        kept = {capture.url for capture in catalogue.captures()}
    promise("writer killed with kill -9: every page reported as archived is there", len(reported), len(reported - kept))
    assert reported
    assert reported - kept == set()
    assert verify(home).problems == ()


def killed_writer(path: Path, *, after: float) -> set[str]:
    """Run a writer, kill it `after` seconds behind its start, and give the addresses it reported."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    *lines, _torn = process.communicate()[0].split("\n")
    return {url for line in lines for url in line.split()}
