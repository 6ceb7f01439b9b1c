"""The pool: what hangs, crashes or eats memory costs its item, never the run."""

from __future__ import annotations

import os
import time

from indexer.describing.pool import Failed, run_killable


def work(item: str) -> str:
    match item:
        case "hang":
            time.sleep(60)
        case "crash":
            os._exit(3)
        case "memory":
            return "x" * (1 << 40)
        case "error":
            raise ValueError("no such page")
    return item.upper()


def results(*items: str, timeout: float = 20) -> dict[str, str | Failed]:
    return dict(run_killable(work, items, workers=2, timeout=timeout))


def test_each_item_comes_back_once_with_its_result() -> None:
    items = [f"page {n}" for n in range(20)]
    assert results(*items) == {item: item.upper() for item in items}


def test_a_hanging_item_is_killed_and_the_others_go_on() -> None:
    before = time.monotonic()
    found = results("hang", "a", "b", "c", timeout=2)
    assert isinstance(found["hang"], Failed)
    assert found["hang"].reason == "took longer than 2 s and was stopped"
    assert [found[item] for item in ("a", "b", "c")] == ["A", "B", "C"]
    assert time.monotonic() - before < 20


def test_a_crash_an_error_and_too_much_memory_are_told_apart() -> None:
    found = results("crash", "error", "memory", "a", "b")
    reasons = {item: result.reason for item, result in found.items() if isinstance(result, Failed)}
    assert "ended with 3" in reasons["crash"]
    assert reasons["error"] == "ValueError: no such page"
    assert reasons["memory"] == "needs more memory than a page may"
    assert (found["a"], found["b"]) == ("A", "B")


def test_nothing_to_do_starts_no_process() -> None:
    assert results() == {}
