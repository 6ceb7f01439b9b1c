"""Run a function in processes that may be killed: one that hangs or eats memory costs its item, never the run."""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

I = TypeVar("I")  # noqa: E741 - item
R = TypeVar("R")
MEMORY = 3 << 30  # bytes of address space of one process: a page's text takes a hundredth
POLL = 0.5
STARTING = 60.0  # seconds a process may take to import what it needs, which does not count for its first item


@dataclass(frozen=True, slots=True)
class Failed:
    """Why an item has no result."""

    reason: str


@dataclass(slots=True)
class _Worker(Generic[I]):
    process: BaseProcess
    pipe: Connection
    item: I
    deadline: float


def run_killable(
    function: Callable[[I], R], items: Iterable[I], *, workers: int, timeout: float, memory: int = MEMORY
) -> Iterator[tuple[I, R | Failed]]:
    """Each item with the function's result, or why there is none, in the order they end.

    `function` and items must pickle. An item that takes longer than `timeout` seconds is killed with its process.
    """
    waiting = iter(items)
    busy: list[_Worker[I]] = []
    idle: list[tuple[BaseProcess, Connection]] = []
    try:
        while True:
            while len(busy) < workers and (item := next(waiting, None)) is not None:
                allowed = timeout if idle else timeout + STARTING
                process, pipe = idle.pop() if idle else _start(function, memory)
                pipe.send(item)
                busy.append(_Worker(process, pipe, item, time.monotonic() + allowed))
            if not busy:
                return
            for worker, result in _ended(busy, timeout):
                busy.remove(worker)
                if worker.process.is_alive() and not isinstance(result, _Dead):
                    idle.append((worker.process, worker.pipe))
                yield worker.item, Failed(result.reason) if isinstance(result, _Dead) else result
    finally:
        for process, pipe in [*idle, *((worker.process, worker.pipe) for worker in busy)]:
            pipe.close()
            process.kill()
            process.join()


@dataclass(frozen=True, slots=True)
class _Ready:
    """What a process says once it can begin."""


class _Dead(Failed):
    """A failure that took its process with it."""


def _ended(busy: list[_Worker[I]], timeout: float) -> Iterator[tuple[_Worker[I], Any]]:
    """The workers that answered, died, or ran out of time, with what became of their items."""
    first = min(worker.deadline for worker in busy)
    ready = set(wait([worker.pipe for worker in busy], max(0.0, min(first - time.monotonic(), POLL))))
    for worker in list(busy):
        if worker.pipe in ready:
            try:
                answer = worker.pipe.recv()
                if isinstance(answer, _Ready):
                    worker.deadline = time.monotonic() + timeout
                else:
                    yield worker, answer
            except (EOFError, OSError):
                worker.process.join()
                yield worker, _Dead(f"its process ended with {worker.process.exitcode}, out of memory or crashed")
        elif time.monotonic() > worker.deadline:
            worker.process.kill()
            worker.process.join()
            yield worker, _Dead(f"took longer than {timeout:g} s and was stopped")


def _start(function: Callable[[I], R], memory: int) -> tuple[BaseProcess, Connection]:
    spawn = multiprocessing.get_context("spawn")  # a fork of a threaded program may hang
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(function, theirs, memory), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _serve(function: Callable[[I], R], pipe: Connection, memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # whoever asked was killed
        pipe.send(_Ready())
        _answer(function, pipe)


def _answer(function: Callable[[I], R], pipe: Connection) -> None:
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        try:
            result: object = function(item)
        except MemoryError:
            result = Failed("needs more memory than a page may")
        except Exception as exc:  # noqa: BLE001 - one bad page never stops a run
            result = Failed(f"{type(exc).__name__}: {exc}")
        pipe.send(result)
