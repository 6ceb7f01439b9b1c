"""kill -9 at random moments of commit, merge, swap and rebuild: readers see whole states only, and none that was reported is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from indexer.engine import Snapshot
from indexer.generations import current
from indexer.segments import Segment, read_contents
from indexer.segments.store import sweep
from tests.conftest import Promise
from tests.indexer.index_writer import REBUILD, STAGES, state

KILLS = int(os.environ.get("PODIUM_KILLS", "12"))  # `make torture` asks for 200
MOST_KILLS = KILLS + 100


@contextmanager
def nursery() -> Iterator[tuple[IO[str], IO[str]]]:
    """The process that forks writers: where it listens and where it speaks."""
    command = [sys.executable, "-m", "tests.indexer.index_writer"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdin, process.stdout
        process.stdin.close()


def held(index: Path) -> dict[str, str]:
    """What a reader finds in the index, text by id; every array whole."""
    folder = current(index)
    contents = read_contents(folder)
    snapshot = Snapshot(folder, contents)
    found: dict[str, str] = {}
    for part in snapshot.parts:
        part.segment.file.verify()
        dead = set(part.dead.tolist())
        found |= {
            part.segment.id[n].decode(): str(part.segment.text(n)) for n in range(part.segment.count) if n not in dead
        }
    assert snapshot.count == len(found)
    return found


def killed(
    index: Path, first: int, *, stage: str, rng: random.Random, talk: tuple[IO[str], IO[str]]
) -> tuple[str, int]:
    """Let a writer go on from step `first`, kill it in a stage; the stage it was in and the last step it reported."""
    ask, answers = talk
    ask.write(f"{index} {first}\n")
    writer, done, at, count = 0, first - 1, "", rng.randint(1, 3)
    for line in answers:
        word, _, value = line.strip().partition(" ")
        if word == "writer":
            writer = int(value)
        elif word == "ended":
            return at, done
        elif word == "done":
            done, at = int(value), "between"
        else:
            at = value
            count -= at == stage
        if count <= 0 and writer:
            time.sleep(rng.choice((0.0, rng.uniform(0.0, 0.003))))
            os.kill(writer, signal.SIGKILL)
            count = 1_000_000
    raise AssertionError("the nursery ended")


@pytest.mark.torture
def test_readers_see_whole_states_and_nothing_reported_is_lost(tmp_path: Path, promise: Promise) -> None:
    rng = random.Random(int(os.environ.get("PODIUM_SEED", "1")))
    index = tmp_path / "index"
    index.mkdir()
    hit: Counter[str] = Counter()
    lost = 0
    next_step = 0  # a rebuild, since there is no index yet
    with nursery() as talk:
        for tried in range(1, MOST_KILLS + 1):
            wanted = min(STAGES, key=lambda stage: hit[stage])  # a short stage is often over before the kill comes
            stage, done = killed(index, next_step, stage=wanted, rng=rng, talk=talk)
            hit[stage] += 1
            if done < 0:
                continue
            found = held(index)
            lost += found not in (state(done), state(done + 1))
            # What was in flight may be committed: the next writer makes the same change again, or builds anew.
            next_step = done + 1
            if tried >= KILLS and {*hit} >= {*STAGES}:
                break
    promise("index killed with kill -9: readers see whole states, what was reported is found", tried, lost, hit=hit)
    assert lost == 0
    assert {*hit} >= {*STAGES}
    assert next_step > REBUILD


@pytest.mark.torture
def test_files_of_killed_writers_do_not_pile_up(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.mkdir()
    rng = random.Random(2)
    step = 0
    with nursery() as talk:
        for _ in range(4):
            _, done = killed(index, step, stage="commit", rng=rng, talk=talk)
            step = max(done + 1, step)
    folders = [path for path in index.iterdir() if path.is_dir()]
    assert len(folders) <= 3
    folder = current(index)
    old = time.time() - 1000
    for path in folder.iterdir():
        os.utime(path, (old, old))
    sweep(folder)
    named = {path.name for path in folder.glob("*.arrays")}
    kept = {segment.file(folder).name for segment in read_contents(folder).segments}
    assert kept <= named
    for path in folder.glob("*.arrays"):
        Segment(path)
