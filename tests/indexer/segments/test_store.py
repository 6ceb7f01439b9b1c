"""Commits, damage, merges: what readers see, and what is named when something is broken."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import index as whoosh_index
from whoosh.query import Phrase, Term

from indexer.engine.execute import execute
from indexer.engine.snapshot import Snapshot
from indexer.errors import DamagedIndexError, NoIndexError
from indexer.segments import Document, Segment, analyse_documents, read_contents, write_commit
from indexer.segments.arrayfile import ArrayFile, write_arrays
from indexer.segments.store import commits, sweep
from indexer.segments.writer import MERGE_LIMIT
from indexer.tree import Everything, Word


def document(id: str, text: str) -> Document:
    return Document(
        id=id, title="", text=text, published=0, facets=("2025", "en", "A", "edition", "official"), stored=id
    )


def add(folder: Path, *documents: Document, delete: tuple[str, ...] = ()) -> int:
    return write_commit(folder, [analyse_documents(documents)] if documents else [], delete=delete)


def found(folder: Path, word: str) -> set[str]:
    snapshot = Snapshot(folder, read_contents(folder))
    documents, _ = execute(snapshot, Word(word)).sparse()
    return {snapshot.ids[d].decode() for d in documents if snapshot.live[d]}


def test_stock_whoosh_opens_and_searches_what_is_on_disk(tmp_path: Path) -> None:
    add(tmp_path, document("a", "women met again"), document("b", "women and men met"))
    add(tmp_path, document("b", "nobody met"))
    with whoosh_index.open_dir(str(tmp_path)).searcher() as searcher:
        assert {hit["id"] for hit in searcher.search(Term("body", "women"))} == {"a"}
        assert {hit["id"] for hit in searcher.search(Phrase("body", ["nobody", "met"]))} == {"b"}
        assert {hit["id"] for hit in searcher.search(Term("edition", "2025"))} == {"a", "b"}
        assert searcher.doc_count() == 2


def test_a_commit_adds_replaces_and_deletes(tmp_path: Path) -> None:
    add(tmp_path, document("a", "alpha"), document("b", "beta"), document("c", "gamma"))
    add(tmp_path, document("b", "alpha"), delete=("c", "unknown"))
    assert found(tmp_path, "alpha") == {"a", "b"}
    assert found(tmp_path, "beta") == set()
    assert found(tmp_path, "gamma") == set()


def test_everything_may_be_deleted(tmp_path: Path) -> None:
    add(tmp_path, document("a", "alpha"))
    add(tmp_path, delete=("a",))
    snapshot = Snapshot(tmp_path, read_contents(tmp_path))
    assert snapshot.count == 0
    assert len(execute(snapshot, Everything()).sparse()[0]) == 0
    add(tmp_path, document("b", "alpha"))
    assert found(tmp_path, "alpha") == {"b"}


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    for n in range(60):
        add(tmp_path, document(f"{n:04d}", f"alpha w{n}"))
    segments = read_contents(tmp_path).segments
    assert len(segments) <= 3
    assert max(segment.count for segment in segments) <= MERGE_LIMIT
    assert len(found(tmp_path, "alpha")) == 60


@pytest.mark.parametrize(("first", "each"), [(3_000, 300), (5_000, 90), (40, 10)])
def test_refreshes_of_any_size_leave_few_segments(tmp_path: Path, first: int, each: int) -> None:
    ids = itertools.count()
    add(tmp_path, *(document(f"{next(ids):012d}", "alpha") for _ in range(first)))
    for _ in range(12):
        add(tmp_path, *(document(f"{next(ids):012d}", "beta") for _ in range(each)))
        segments = read_contents(tmp_path).segments
        assert sum(segment.doc_count() for segment in segments) > first
        assert len(segments) <= 4, [segment.count for segment in segments]


@pytest.mark.parametrize("damage", ["flip", "cut", "digest gone"])
def test_a_damaged_table_is_not_read_and_the_commit_before_it_is_searched(tmp_path: Path, damage: str) -> None:
    add(tmp_path, document("a", "alpha"), document("b", "alpha"))
    number = add(tmp_path, document("c", "alpha"), delete=("a",))
    table = tmp_path / f"_MAIN_{number}.toc"
    content = bytearray(table.read_bytes())
    match damage:
        case "flip":
            content[len(content) // 2] ^= 1
            table.write_bytes(content)
        case "cut":
            table.write_bytes(content[:-20])
        case "digest gone":
            table.with_name(table.name + ".sha256").unlink()
    contents = read_contents(tmp_path)
    assert contents.commit == number - 1
    assert contents.problem
    assert "podium index --rebuild" in contents.problem
    assert found(tmp_path, "alpha") == {"a", "b"}


def test_when_no_table_holds_the_command_is_named(tmp_path: Path) -> None:
    add(tmp_path, document("a", "alpha"))
    for table in tmp_path.glob("*.toc"):
        table.write_bytes(b"nothing")
    with pytest.raises(DamagedIndexError, match="podium index --rebuild"):
        read_contents(tmp_path)
    with pytest.raises(NoIndexError, match="podium index"):
        read_contents(tmp_path.parent)


@pytest.mark.parametrize("damage", ["cut", "header", "empty"])
def test_a_torn_segment_is_named_with_its_command(tmp_path: Path, damage: str) -> None:
    add(tmp_path, document("a", "alpha"))
    path = next(tmp_path.glob("*.arrays"))
    content = bytearray(path.read_bytes())
    content[30] ^= 255
    path.write_bytes({"cut": path.read_bytes()[:-64], "header": bytes(content), "empty": b""}[damage])
    with pytest.raises(DamagedIndexError, match=rf"{path.name}.*podium index --rebuild"):
        Segment(path)


def test_a_flipped_bit_in_any_array_is_found_by_its_checksum(tmp_path: Path) -> None:
    add(tmp_path, *(document(f"{n:03d}", f"alpha beta{n} gamma{n % 7}") for n in range(40)))
    path = next(tmp_path.glob("*.arrays"))
    whole = path.read_bytes()
    file = ArrayFile(path)
    file.verify()
    rng = random.Random(3)
    names = [name for name, array in file.arrays.items() if array.nbytes]
    for name in rng.sample(names, 12):
        start = file.offset(name)
        at = start + rng.randrange(file.arrays[name].nbytes)
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :])
        with pytest.raises(DamagedIndexError, match=name):
            ArrayFile(path).verify()


def test_arrays_come_back_as_they_were_written(tmp_path: Path) -> None:
    arrays: dict[str, Any] = {
        "a": np.arange(5, dtype=np.uint16),
        "none": np.empty(0, np.int64),
        "table": np.eye(3, dtype=np.float32),
    }
    write_arrays(tmp_path / "x.arrays", arrays, meta={"word": "ສະຕີ"})
    file = ArrayFile(tmp_path / "x.arrays")
    assert file.meta == {"word": "ສະຕີ"}
    for name, array in arrays.items():
        assert file.arrays[name].dtype == array.dtype
        assert np.array_equal(file.arrays[name], array)


def test_old_files_go_after_a_grace_period_and_never_the_last_two_commits(tmp_path: Path) -> None:
    for n in range(5):
        add(tmp_path, document("a", f"alpha{n}"))
    sweep(tmp_path, grace=0)
    assert commits(tmp_path) == [5, 4]
    assert found(tmp_path, "alpha4") == {"a"}
    assert len(list(tmp_path.glob("*.arrays"))) == 2


def test_an_open_snapshot_outlives_the_files_of_its_commit(tmp_path: Path) -> None:
    add(tmp_path, document("a", "alpha"))
    snapshot = Snapshot(tmp_path, read_contents(tmp_path))
    for n in range(3):
        add(tmp_path, document("a", f"beta{n}"))
    sweep(tmp_path, grace=0)
    documents, _ = execute(snapshot, Word("alpha")).sparse()
    assert len(documents) == 1
