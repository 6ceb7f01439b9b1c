"""Hiding and reinstating: what is withdrawn is gone from all that is shown, and stays in the files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Home, Level, LockedError, Reason, WithdrawalError, urlkey, verify
from indexer import SearchRequest, check, describe, index, reinstate, search, withdraw
from indexer.withdraw import WithdrawResult
from tests.withdrawing import COPY, PAGE, PLANTED, UNLIKE, files_with, id_of, make_home


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("withdraw") / "home")


@pytest.fixture
def home(made: Home, tmp_path: Path) -> Home:
    return Home.open(shutil.copytree(made.path, tmp_path / "home"))


def hide(home: Home, target: str = PAGE, **given: object) -> WithdrawResult:
    return withdraw(home, target, level=Level.HIDE, reason=Reason.RIGHTS, why="asked", who="test", **given)  # type: ignore[arg-type]


def found(home: Home, query: str = "herons") -> set[str]:
    return {hit.report.url for hit in search(home, SearchRequest(query=query, relation="any")).hits}


def test_what_is_hidden_is_neither_found_nor_quoted_nor_in_any_index_file(home: Home) -> None:
    assert PAGE in found(home)
    assert files_with(home.index, PLANTED)
    result = hide(home)
    assert result.reports == 1
    assert found(home) == {COPY, UNLIKE}
    assert check(home, PLANTED).verdict == "not_found"
    assert files_with(home.index, PLANTED) == []
    assert files_with(home.index, "xylographic") == []
    with home.catalogue() as catalogue:
        assert catalogue.report(id_of(PAGE)) is None
        assert catalogue.versions(id_of(PAGE)) == ()
        assert PAGE not in {capture.url for capture in catalogue.captures()}
        assert {quote.report for quote in catalogue.quotes()} == {id_of(COPY), id_of(UNLIKE)}
    assert verify(home).holds


def test_describing_and_indexing_do_not_bring_it_back(home: Home) -> None:
    hide(home)
    describe(home, workers=1)
    index(home)
    index(home, rebuild=True)
    assert found(home) == {COPY, UNLIKE}
    assert files_with(home.index, PLANTED) == []


def test_its_copy_family_is_listed_for_decision(home: Home) -> None:
    result = hide(home)
    assert [relative.url for relative in result.family] == [COPY]
    assert COPY in result.as_text()
    assert result.withdrawal.family == (COPY,)


def test_a_hit_of_an_index_that_is_not_yet_purged_is_not_shown(home: Home, tmp_path: Path) -> None:
    before = shutil.copytree(home.index, tmp_path / "before")
    hide(home)
    shutil.rmtree(home.index)
    before.rename(home.index)
    assert found(home) == {COPY, UNLIKE}


def test_reinstating_brings_everything_back(home: Home) -> None:
    with home.catalogue() as catalogue:
        before = catalogue.report(id_of(PAGE)), catalogue.versions(id_of(PAGE)), list(catalogue.quotes())
    hide(home, id_of(PAGE))
    reinstate(home, id_of(PAGE), why="taken back", who="test")
    describe(home, workers=1)
    index(home)
    with home.catalogue() as catalogue:
        assert (catalogue.report(id_of(PAGE)), catalogue.versions(id_of(PAGE)), list(catalogue.quotes())) == before
    assert PAGE in found(home)


def test_a_beginning_covers_all_pages_that_begin_so_and_those_to_come(home: Home) -> None:
    result = hide(home, "http://daily.test/*")
    assert len(result.withdrawal.pages) == 3
    assert found(home) == set()
    with home.catalogue() as catalogue:
        assert catalogue.withdrawn.of("test,daily)/new")
        assert not catalogue.withdrawn.of("test,daily2)/new")
        assert catalogue.withdrawn.of_report(id_of(COPY))


@pytest.mark.parametrize(
    ("prefix", "covered", "free"),
    [
        ("https://www.example.org/private/*", ["/private", "/private/", "/private/a?b=1"], ["/privateer", "/"]),
        ("https://example.org/priv*", ["/private", "/privateer", "/priv/a"], ["/pri", "/a/priv"]),
        ("https://example.org/*", ["", "/", "/a"], []),
        ("https://example.org/?p=1*", ["/?p=1", "/?p=16"], ["/?p=2", "/"]),
    ],
)
def test_a_folder_is_not_what_merely_begins_like_it(
    home: Home, prefix: str, covered: list[str], free: list[str]
) -> None:
    hide(home, prefix)
    decisions = home.withdrawals()
    assert [path for path in covered if decisions.of(urlkey(f"http://example.org{path}")) is None] == []
    assert [path for path in free if decisions.of(urlkey(f"http://example.org{path}"))] == []


def test_an_address_of_which_nothing_is_held_may_be_withdrawn_in_advance(home: Home) -> None:
    assert "nothing of it is held" in hide(home, "http://daily.test/to-come").as_text()


@pytest.mark.parametrize(
    ("target", "hint"), [("ffffffffffff", "no such report"), ("herons", "neither"), ("http://daily.test/", "star")]
)
def test_what_cannot_be_meant_is_refused_with_a_hint(home: Home, target: str, hint: str) -> None:
    with pytest.raises(WithdrawalError, match=hint):
        hide(home, target)
    assert not home.withdrawals()


def test_what_is_not_withdrawn_cannot_be_reinstated(home: Home) -> None:
    with pytest.raises(WithdrawalError, match="not withdrawn"):
        reinstate(home, PAGE, why="", who="test")
    hide(home, "http://daily.test/*")
    with pytest.raises(WithdrawalError, match=r"covered by http://daily\.test/\*"):
        reinstate(home, PAGE, why="", who="test")


def test_the_same_decision_again_changes_nothing(home: Home) -> None:
    first = hide(home).withdrawal
    assert hide(home).withdrawal == first
    assert len(list(home.ledger.entries("withdrawals"))) == 1


def test_a_damaged_index_is_removed_as_nobody_can_say_what_it_holds(home: Home) -> None:
    segment = next(home.index.rglob("*.arrays"))
    segment.write_bytes(segment.read_bytes()[:-20])
    result = hide(home)
    assert result.index is None
    assert "podium index --rebuild" in result.as_text()
    assert files_with(home.index, PLANTED) == []
    assert index(home, rebuild=True).indexed == 2


def test_withdrawing_waits_for_nobody_unasked(home: Home) -> None:
    with home.lock(what="crawl"), pytest.raises(LockedError, match="podium crawl"):
        hide(home)
    assert not home.withdrawals()
