"""Kill a command at random moments, every stage among them, and count what was hit."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive import Home
from tests.faults.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("PODIUM_KILLS", "6"))  # `make torture` asks for 200
SEED = int(os.environ.get("PODIUM_SEED", "1"))
BY_TIME = 4  # every fourth kill comes from outside, at a random time


@dataclass
class Zygote:
    """The process that forks those that are killed."""

    process: subprocess.Popen[str]

    def run(self, command: str, home: Home, material: Path, **how: Any) -> dict[str, Any]:
        """Run a command to its end or its death, and give what became of it."""
        assert self.process.stdin
        assert self.process.stdout
        asked = {"command": command, "home": str(home.path), "material": str(material), **how}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def zygote() -> Iterator[Zygote]:
    """Such a process, ended afterwards."""
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # a fork copies the thread that forks alone
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.zygote"],
        cwd=ROOT,
        env={**os.environ, **one_thread},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Zygote(process)
    finally:
        process.communicate()


@dataclass
class Hits:
    """Where kills hit: the stage last begun or ended."""

    command: str
    stages: Counter[str] = field(default_factory=Counter)

    def note(self, answer: dict[str, Any]) -> None:
        """Count a kill."""
        if answer["killed"]:
            self.stages[answer["events"][-1] if answer["events"] else "before the first stage"] += 1

    @property
    def missed(self) -> set[str]:
        """The stages no kill has hit."""
        return COMMANDS[self.command].stages.keys() - self.stages.keys()


def moments(events: list[str], command: str, kills: int) -> Iterator[dict[str, Any]]:
    """How to kill, `kills` times: at a random event of each stage in turn, and now and then at a random time."""
    rng = random.Random(SEED)
    stages = sorted(set(events) & COMMANDS[command].stages.keys())
    turn = 0
    for n in range(kills):
        if n % BY_TIME == BY_TIME - 1:
            yield {"after": rng.uniform(0.0, 0.2)}
            continue
        places = [number for number, event in enumerate(events, 1) if event == stages[turn % len(stages)]]
        turn += 1
        yield {"moment": rng.choice(places)}
