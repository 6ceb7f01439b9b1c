"""Purging a document: no file of the index holds a word of it when the call returns."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.engine.execute import execute
from indexer.engine.snapshot import Snapshot
from indexer.segments import Document, analyse_documents, purge, read_contents, write_commit
from indexer.segments.store import commits
from indexer.tree import Word


def document(id: str, text: str) -> Document:
    return Document(
        id=id, title=f"Title {id}", text=text, published=0, facets=("2025", "en", "A", "edition", "official"), stored=id
    )


def add(folder: Path, *documents: Document, delete: tuple[str, ...] = ()) -> None:
    write_commit(folder, [analyse_documents(documents)] if documents else [], delete=delete, merge=False)


def found(folder: Path, word: str) -> set[str]:
    snapshot = Snapshot(folder, read_contents(folder))
    documents, _ = execute(snapshot, Word(word)).sparse()
    return {snapshot.ids[d].decode() for d in documents if snapshot.live[d]}


def files_with(folder: Path, word: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes().lower()]


@pytest.mark.parametrize("dead", [False, True], ids=["live", "deleted before"])
def test_no_file_holds_a_purged_document(tmp_path: Path, dead: bool) -> None:
    add(tmp_path, document("a", "xylophone women"), document("b", "women and lanterns"))
    add(tmp_path, document("c", "lanterns"))
    add(tmp_path, document("d", "women"), delete=("a",) if dead else ())
    assert files_with(tmp_path, "xylophone")
    purge(tmp_path, {"a", "unknown"})
    assert files_with(tmp_path, "xylophone") == []
    assert len(commits(tmp_path)) == 1
    assert found(tmp_path, "women") == {"b", "d"}
    assert found(tmp_path, "lanterns") == {"b", "c"}


def test_purging_what_is_not_there_removes_only_old_files(tmp_path: Path) -> None:
    add(tmp_path, document("a", "xylophone"))
    add(tmp_path, document("b", "women"), delete=("a",))
    before = commits(tmp_path)[0]
    assert files_with(tmp_path, "xylophone")
    assert purge(tmp_path, {"unknown"}) == before
    assert files_with(tmp_path, "xylophone") == []
    assert found(tmp_path, "women") == {"b"}


def test_everything_may_be_purged(tmp_path: Path) -> None:
    add(tmp_path, document("a", "xylophone"))
    purge(tmp_path, {"a"})
    assert files_with(tmp_path, "xylophone") == []
    assert found(tmp_path, "xylophone") == set()
    add(tmp_path, document("b", "lanterns"))
    assert found(tmp_path, "lanterns") == {"b"}
