"""A process that has everything loaded, and forks one that runs a command and dies at a chosen moment.

It reads one JSON object a line: `command`, `home`, `material`, and `moment` (the number of an event at which the
process kills itself), `after` (seconds after which it is killed), or `limit` (bytes a file may have). It answers with
the events met, what was reported as done, and how the process ended.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive import Home
from tests.faults.commands import COMMANDS


def serve() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        print(json.dumps(_fork(json.loads(line))), flush=True)


def _fork(asked: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(asked, writing)
    os.close(writing)
    if asked.get("after") is not None:
        time.sleep(asked["after"])
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().decode().splitlines()
    _, status = os.waitpid(child, 0)
    said = [line.partition("\t") for line in lines]
    return {
        "events": [text for kind, _, text in said if kind == "event"],
        "reported": [text for kind, _, text in said if kind == "done"],
        "error": next((text for kind, _, text in said if kind == "error"), None),
        "killed": os.WIFSIGNALED(status),
    }


def _child(asked: dict[str, Any], pipe: int) -> None:
    """Run the command; this process ends here."""
    command = COMMANDS[asked["command"]]
    moments = iter(range(1, sys.maxsize))

    def say(kind: str, text: str) -> None:
        os.write(pipe, f"{kind}\t{text}\n".encode())

    def meet(stage: str) -> None:
        say("event", stage)
        if next(moments) == asked.get("moment"):
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        if limit := asked.get("limit"):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with watched(command.stages, meet):
            command.run(Home.open(asked["home"]), Path(asked["material"]), functools.partial(say, "done"))
    except BaseException as exc:  # noqa: BLE001 - whatever ends it is told
        say("error", f"{type(exc).__name__}: {exc}")
        os._exit(1)
    os._exit(0)


@contextlib.contextmanager
def watched(stages: Any, meet: Callable[[str], None]) -> Iterator[None]:
    """Let `meet` know when each function of the stages begins and when it ends."""
    with contextlib.ExitStack() as stack:
        for stage, place in stages.items():
            module, _, path = place.partition(":")
            *holders, name = path.split(".")
            holder = functools.reduce(getattr, holders, importlib.import_module(module))
            original = getattr(holder, name)
            stack.callback(setattr, holder, name, original)
            setattr(holder, name, _watched(original, stage, meet))
        yield


def _watched(function: Callable[..., Any], stage: str, meet: Callable[[str], None]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        meet(stage)
        result = function(*given, **named)
        meet(stage)
        return result

    return call


def _in_this_process(function: Callable[[Any], Any], items: Any, **_: Any) -> Iterator[tuple[Any, Any]]:
    """In place of the pool of processes: a moment of a kill is then a moment of the work."""
    return ((item, function(item)) for item in items)


if __name__ == "__main__":
    # By its name in full: the package has a function of the same name.
    vars(importlib.import_module("indexer.describe"))["run_killable"] = _in_this_process
    serve()
