"""Writes an index until it is killed, saying what it is about to do: run by `test_kills`.

A nursery, so that a kill costs no start of Python: for each line it reads it forks a writer and says its number.
Step n of a writer changes and deletes a report or two; every seventh is a rebuild that is swapped in.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from indexer import generations
from indexer.segments import Document, analyse_documents, write_commit, writer

REPORTS = 30
REBUILD = 7
STAGES = ("write", "merge", "commit", "stamp", "swap", "sweep")


def change(n: int) -> tuple[dict[str, str], list[str]]:
    """What step n writes, text by id, and what it deletes."""
    written = {f"r{(n * k) % REPORTS:02d}": f"alpha step{n}" for k in (1, 7)}
    gone = [f"r{(n * 11) % REPORTS:02d}"] if n % 3 == 0 else []
    return written, [id for id in gone if id not in written]


def state(n: int) -> dict[str, str]:
    """The reports after step n, text by id."""
    held: dict[str, str] = {}
    for step in range(n + 1):
        written, gone = change(step)
        held |= written
        for id in gone:
            held.pop(id, None)
    return held


def document(id: str, text: str) -> Document:
    """A report as the index takes it."""
    return Document(id=id, title=text, text=text, published=0, facets=("", "en", "A", "edition", "official"), stored=id)


def step(index: Path, n: int) -> None:
    """Make step n durable."""
    if n % REBUILD:
        written, gone = change(n)
        folder = generations.current(index)
        write_commit(folder, [analyse_documents([document(*item) for item in written.items()])], delete=gone)
    else:
        folder = generations.next_folder(index)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        write_commit(folder, [analyse_documents([document(*item) for item in state(n).items()])])
    generations.write_stamp(folder, n)
    if not n % REBUILD:
        generations.make_current(folder)


def say(text: str) -> None:
    """A line in one write, which a kill cannot tear."""
    os.write(1, f"{text}\n".encode())


def announced(stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The call, saying its stage first."""

    def with_word(*given: Any, **named: Any) -> Any:
        say(f"at {stage}")
        return call(*given, **named)

    return with_word


def write(index: Path, first: int) -> None:
    """Steps from `first` on, without end."""
    for module, name, stage in (
        (writer, "write_arrays", "write"),
        (writer, "merged_axis", "merge"),
        (writer, "commit", "commit"),
        (writer, "sweep", "sweep"),
        (generations, "write_stamp", "stamp"),
        (generations, "make_current", "swap"),
    ):
        setattr(module, name, announced(stage, getattr(module, name)))
    for n in range(first, first + 10_000):
        step(index, n)
        say(f"done {n}")


def main() -> None:
    """Fork a writer for each line of standard input: a folder and the first step."""
    for line in sys.stdin:
        folder, first = line.rsplit(maxsplit=1)
        child = os.fork()
        if not child:
            write(Path(folder), int(first))
        say(f"writer {child}")
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
