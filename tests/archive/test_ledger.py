"""The ledger: appended, never changed, and a changed line is found."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Ledger, LedgerError


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger(tmp_path / "ledger")
    for n in range(3):
        ledger.append("notes", subject=f"s{n}", who="owner", why="because", before=None, after={"n": n, "ö": "女"})
    return ledger


def test_entries_come_back_in_order_with_all_keys(ledger: Ledger) -> None:
    entries = list(ledger.entries("notes"))
    assert [entry["after"]["n"] for entry in entries] == [0, 1, 2]
    assert set(entries[0]) == {"id", "time", "who", "subject", "why", "before", "after", "digest"}
    assert list(ledger.problems()) == []


def test_a_bit_flipped_anywhere_is_found_or_changes_nothing(ledger: Ledger) -> None:
    path = ledger.path("notes")
    whole, entries = path.read_bytes(), list(ledger.entries("notes"))
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        problems = list(ledger.problems())
        if not problems:
            assert list(ledger.entries("notes")) == entries
        assert all(problem.file == "ledger/notes.jsonl" and problem.mend for problem in problems)


def test_reading_a_changed_line_says_which_it_is(ledger: Ledger) -> None:
    path = ledger.path("notes")
    path.write_bytes(path.read_bytes().replace(b'"s1"', b'"s9"'))
    with pytest.raises(LedgerError, match=r"notes.jsonl: line 2 was changed.*restore"):
        list(ledger.entries("notes"))


@given(cut=st.integers(1, 400))
def test_a_line_torn_by_a_crash_is_passed_over_and_cut_off_by_the_next(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("home") / "ledger")
    first = ledger.append("notes", subject="one", who="owner")
    second = ledger.append("notes", subject="two", who="owner")
    path = ledger.path("notes")
    whole = path.read_bytes()
    line = len(whole) // 2
    path.write_bytes(whole[: -min(cut, line)])
    left = list(ledger.entries("notes"))
    assert left == ([first, second] if cut == 1 else [first])
    third = ledger.append("notes", subject="three", who="owner")
    assert list(ledger.entries("notes")) == [*left, third]
    assert list(ledger.problems()) == []
    torn = list((ledger.folder.parent / "quarantine").glob("notes.jsonl-*"))
    assert len(torn) == (1 < cut < line)


def test_lines_of_the_first_versions_without_a_digest_are_read(ledger: Ledger) -> None:
    path = ledger.path("notes")
    old = [{key: value for key, value in entry.items() if key != "digest"} for entry in ledger.entries("notes")]
    path.write_text("".join(json.dumps(entry) + "\n" for entry in old))
    assert list(ledger.entries("notes")) == old


def _append(folder: Path, name: str) -> None:
    for n in range(20):
        Ledger(folder).append("notes", subject=f"{name}-{n}", who=name)


def test_processes_that_append_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_append, args=(tmp_path / "ledger", name)) for name in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    subjects = [entry["subject"] for entry in Ledger(tmp_path / "ledger").entries("notes")]
    assert sorted(subjects) == sorted(f"{name}-{n}" for name in "abc" for n in range(20))
