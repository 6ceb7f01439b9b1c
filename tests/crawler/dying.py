"""A crawl that kills itself: python -m tests.crawler.dying HOME STAGE N dies at the Nth time it comes to that stage."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import crawler.finding
import crawler.run
from archive import ArchiveWriter, Catalogue, Home, durable
from crawler import Fetcher, crawl
from crawler.frontier import Frontier
from crawler.recovery import Recovery
from crawler.run import Run

# Each stage by the call that ends it. At "half a record" half of one is in the file.
STAGES: dict[str, tuple[Any, str]] = {
    "answer received": (Fetcher, "fetch"),
    "links read": (crawler.finding, "discover"),
    "half a record": (durable, "append"),
    "record written": (ArchiveWriter, "_write"),
    "records synced": (durable, "sync"),
    "rows written": (Catalogue, "add_captures"),
    "batch archived": (ArchiveWriter, "flush"),
    "frontier rows written": (Frontier, "write"),
    "file closed": (ArchiveWriter, "note_closed"),
    "dead pages asked for": (Recovery, "ask"),
    "run ended": (Run, "go"),
}
BATCH = 20  # answers, so that a small site has several batches
ANYWHERE = "anywhere"  # N milliseconds after the first request


def die() -> None:
    """Go without a word, as in a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def arm(stage: str, number: int) -> None:
    """Make the process die at the Nth call of a stage."""
    place, name = STAGES[stage]
    call: Callable[..., Any] = getattr(place, name)
    calls = iter(range(1, number))
    lock = threading.Lock()

    def counted(*args: Any, **more: Any) -> Any:
        with lock:
            last = next(calls, None) is None
        if last and stage == "half a record":
            file, content = args
            file.write(content[: len(content) // 2])
            die()
        result = call(*args, **more)
        if last:
            die()
        return result

    setattr(place, name, counted)


def arm_clock(milliseconds: int) -> None:
    """Make the process die so long after its first request."""
    fetch, started = Fetcher.fetch, threading.Event()

    def timed(*args: Any, **more: Any) -> Any:
        if not started.is_set():
            started.set()
            timer = threading.Timer(milliseconds / 1000, die)
            timer.daemon = True
            timer.start()
        return fetch(*args, **more)

    Fetcher.fetch = timed  # type: ignore[method-assign]


if __name__ == "__main__":
    home, stage, number = sys.argv[1:]
    crawler.run.BATCH = BATCH
    if stage == ANYWHERE:
        arm_clock(int(number))
    else:
        arm(stage, int(number))
    crawl(Home.open(home))
