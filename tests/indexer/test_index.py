"""The index: built, brought up to date, rebuilt beside."""

import datetime as dt
import importlib
import json
import shutil
from pathlib import Path

import pytest

from archive import Home, LockedError, archive_lock
from indexer.errors import DamagedIndexError, NoIndexError
from indexer.generations import current
from indexer.index import index, is_of_another_version
from indexer.search import Searcher, SearchRequest, search
from tests.indexer.reports import fill, languages_home, make_home, make_report


def ids(home: Home, query: str) -> list[str]:
    return [hit.report.id for hit in search(home, SearchRequest(query=query)).hits]


def test_indexing_again_writes_nothing(tmp_path: Path) -> None:
    home = languages_home(tmp_path)
    first = index(home)
    again = index(home)
    assert (first.indexed, first.rebuilt) == (11, True)
    assert (again.indexed, again.deleted, again.generation) == (0, 0, first.generation)


def test_changed_and_gone_reports_are_brought_up_to_date(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), ["alpha stays"]), (make_report("b"), ["beta goes"]), (make_report("c"), ["gamma"])])
    index(home)
    fill(
        home,
        [(make_report("a"), ["alpha stays"]), (make_report("c"), ["delta came"]), (make_report("d"), ["delta new"])],
    )
    result = index(home)
    assert (result.indexed, result.deleted, result.rebuilt) == (2, 1, False)
    assert ids(home, "alpha") == ["a"]
    assert ids(home, "beta") == []
    assert ids(home, "gamma") == []
    assert sorted(ids(home, "delta")) == ["c", "d"]


def test_an_updated_index_scores_as_one_built_anew(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), ["women met"]), (make_report("b"), ["women and women met again"])])
    index(home)
    fill(home, [(make_report("a"), ["women spoke at length of all things"]), (make_report("c"), ["women"])])
    index(home)
    updated = [(h.report.id, h.score) for h in search(home, SearchRequest(query="women")).hits]
    index(home, rebuild=True)
    rebuilt = [(h.report.id, h.score) for h in search(home, SearchRequest(query="women")).hits]
    assert updated == rebuilt


def test_a_rebuild_stands_beside_the_old_index_until_it_is_done(tmp_path: Path) -> None:
    home = languages_home(tmp_path)
    index(home)
    with Searcher.open(home, fresh=0) as searcher:
        before = searcher.search(SearchRequest(query="女"))
        result = index(home, rebuild=True)
        after = searcher.search(SearchRequest(query="女"))
    assert current(home.index).name == "0002"
    assert after.generation == result.generation != before.generation
    assert [hit.report.id for hit in after.hits] == [hit.report.id for hit in before.hits]
    index(home, rebuild=True)
    assert sorted(path.name for path in home.index.iterdir() if path.is_dir()) == ["0002", "0003"]


def test_an_open_searcher_sees_a_new_commit(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a"), ["alpha"])])
    index(home)
    with Searcher.open(home, fresh=0) as searcher:
        assert searcher.search(SearchRequest(query="beta")).total == 0
        fill(home, [(make_report("a"), ["alpha"]), (make_report("b"), ["beta"])])
        index(home)
        assert searcher.search(SearchRequest(query="beta")).total == 1


def test_without_an_index_the_command_is_named(tmp_path: Path) -> None:
    home = languages_home(tmp_path)
    with pytest.raises(NoIndexError, match="podium index"):
        search(home, SearchRequest(query="女"))


def test_an_index_of_another_analysis_names_the_command(tmp_path: Path) -> None:
    home = languages_home(tmp_path)
    assert not is_of_another_version(home)
    index(home)
    assert not is_of_another_version(home)
    stamp = current(home.index) / "STAMP"
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "built_by": "analysis-0"}))
    for use in (lambda: search(home, SearchRequest()), lambda: index(home)):
        with pytest.raises(NoIndexError, match="podium index --rebuild"):
            use()
    assert is_of_another_version(home)
    assert index(home, rebuild=True).indexed == 11
    assert search(home, SearchRequest()).total == 10


@pytest.mark.parametrize("damage", ["toc", "segment", "current", "folder"])
def test_a_damaged_index_names_the_command_that_mends_it(tmp_path: Path, damage: str) -> None:
    home = languages_home(tmp_path)
    index(home)
    folder = current(home.index)
    match damage:
        case "toc":
            next(folder.glob("*.toc")).write_bytes(b"nothing of the kind")
        case "segment":
            next(folder.glob("*.arrays")).unlink()
        case "current":
            (home.index / "CURRENT").write_bytes(b"\xff\xfe")
        case "folder":
            shutil.rmtree(folder)
    with pytest.raises(DamagedIndexError, match="podium index --rebuild"):
        search(home, SearchRequest(query="女"))
    index(home, rebuild=True)
    assert search(home, SearchRequest(query="女")).total == 3


def test_one_process_indexes_at_a_time(tmp_path: Path) -> None:
    home = languages_home(tmp_path)
    with archive_lock(home.index / "lock", what="index"), pytest.raises(LockedError, match="podium index"):
        index(home)


def test_a_failed_build_leaves_the_index_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = languages_home(tmp_path)
    before = index(home)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(importlib.import_module("indexer.index"), "document_of", fail)
    with pytest.raises(OSError, match="disk full"):
        index(home, rebuild=True)
    assert search(home, SearchRequest()).generation == before.generation
    assert [path.name for path in home.index.iterdir() if path.is_dir()] == ["0001"]


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    seen: list[str] = []
    index(languages_home(tmp_path), progress=seen.append)
    assert seen == ["indexing 11 of 11"]


def test_dates_of_reports_reach_the_index(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    fill(home, [(make_report("a", day=dt.date(2006, 10, 27)), ["x"]), (make_report("b"), ["x"])])
    index(home)
    assert search(home, SearchRequest(query="x")).histogram == ((2006, 1),)
