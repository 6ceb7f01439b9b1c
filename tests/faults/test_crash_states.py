"""Every state a power cut may leave of a recorded piece of work: nothing that was reported as archived is missing."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Capture, Home, rebuild_facts, verify, verify_capture
from archive.imports import import_file
from tests.conftest import Promise
from tests.faults.killing import KILLS, SEED
from tests.faults.recording import FATES, Recorder, after_cut, recording

pytestmark = pytest.mark.torture
FULL = 200  # kills from which on every state is tried
START = dt.datetime(2025, 7, 16, 8, tzinfo=dt.UTC)


def fetch(writer: Any, n: int, body: bytes) -> Capture:
    capture: Capture = writer.add_response(
        url=f"http://harbour.example/{n % 5}",
        status=200,
        reason="OK",
        headers=[("Content-Type", "text/html")],
        body=body,
        fetched=START + dt.timedelta(days=n),
        request_headers=[("GET", "/", "HTTP/1.1")],
        source="s",
        how="seed",
    )
    return capture


def work(home: Home, material: Path, recorder: Recorder) -> None:
    """Fetch pages, some of them again, until files are closed; import files; decide; each told once it is done."""
    for part in range(3):
        with home.lock(what="test") as writer:
            for n in range(part * 4, part * 4 + 4):
                captures = [fetch(writer, n, b"<p>lantern %d</p>" % (n % 6) * 30)]
                writer.flush()
                recorder.reported += [("capture", capture) for capture in captures]
    with home.lock(what="test") as writer:
        for path in sorted(material.iterdir()):
            kept = import_file(path, writer=writer, ledger=home.ledger, who="owner").kept
            recorder.reported.append(("import", kept))
    for n in range(3):
        entry = home.ledger.append("corrections", subject=f"s{n}", who="owner", why="w", after={"field": "title"})
        recorder.reported.append(("entry", entry))


def missing_of(home: Home, reported: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """What was reported and is not there, or not whole."""
    entries = list(home.ledger.entries("corrections"))
    with home.catalogue() as catalogue:
        files = {file["name"] for file in catalogue.files() if file["sha256"]}

        def is_there(kind: str, what: Any) -> bool:
            if kind == "capture":
                return catalogue.capture(what.id) == what and verify_capture(home, what) == ()
            return what in files if kind == "import" else what in entries

        return [(kind, what) for kind, what in reported if not is_there(kind, what)]


def test_a_power_cut_at_any_moment_loses_nothing_that_was_reported(
    material: Path,
    new_home: Callable[[str], Home],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    promise: Promise,
) -> None:
    home = new_home("recorded")
    home = replace(home, settings=replace(home.settings, warc_size=4000))
    with recording(home.path, monkeypatch) as recorder:
        work(home, material, recorder)
    assert {step.kind for step in recorder.steps} >= {"create", "append", "sync", "rename", "folder"}
    states = [(number, fate) for number in range(1, len(recorder.steps) + 1) for fate in FATES]
    chosen = states if KILLS >= FULL else random.Random(SEED).sample(states, 4 * KILLS)
    lost = []
    for number, fate in chosen:
        left = tmp_path / "left"
        reported = recorder.reported[: after_cut(recorder, number, fate, SEED, left)]
        problem = problem_of(Home.open(left), reported)
        if problem:
            lost.append((number, recorder.steps[number - 1].kind, str(recorder.steps[number - 1].path), fate, problem))
        shutil.rmtree(left)
    kinds = Counter(recorder.steps[number - 1].kind for number, _ in chosen)
    words = "power cut at any write, sync or rename: what was reported is whole, mending works"
    promise(words, len(chosen), len(lost), hit=kinds)
    assert lost == [], "\n".join(map(str, lost[:12]))


def problem_of(home: Home, reported: list[tuple[str, Any]]) -> object:
    """What is lost of a home that a power cut left; None where all holds, at once or after the command that mends."""
    with home.lock(what="test"):
        pass
    if missing := missing_of(home, reported):
        return missing
    found = verify(home).problems
    if any(not problem.mend for problem in found):
        return found
    if found:
        rebuild_facts(home)
    return missing_of(home, reported) or verify(home).problems or None
