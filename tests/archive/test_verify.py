from __future__ import annotations

import random

import pytest

from archive import Home, verify
from tests.archive.making import add


@pytest.fixture
def filled(home: Home) -> Home:
    with home.lock(what="test") as writer:
        for n in range(5):
            add(writer, f"http://example.org/{n}", b"<p>%d</p>" % n * 20)
    return home


def test_an_untouched_archive_holds(filled: Home) -> None:
    found = verify(filled)
    assert found.holds
    assert (found.files, found.captures) == (1, 5)


def test_a_flipped_byte_anywhere_in_a_record_is_found_with_file_and_offset(filled: Home) -> None:
    path = next(filled.warc.glob("[0-9]*.warc.gz"))
    whole = path.read_bytes()
    with filled.catalogue() as catalogue:
        spans = [(c.offset, c.length) for c in catalogue.captures()]
    rng = random.Random(7)
    for _ in range(40):
        offset, length = rng.choice(spans)
        at = offset + rng.randrange(10, length)  # the gzip header's own first bytes carry no content
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :])
        problems = verify(filled).problems
        assert problems, at
        assert all(problem.file == path.name and problem.mend for problem in problems)
        assert offset in {problem.offset for problem in problems}


def test_a_row_that_says_otherwise_is_found(filled: Home) -> None:
    with filled.catalogue() as catalogue:
        catalogue.connection.execute("UPDATE captures SET sha256 = 'no' WHERE url LIKE '%/3'")
    assert [problem.mend for problem in verify(filled).problems] == ["podium rebuild"]


def test_a_missing_row_and_a_missing_file_are_found(filled: Home) -> None:
    with filled.catalogue() as catalogue:
        catalogue.connection.execute("DELETE FROM captures WHERE url LIKE '%/3'")
    assert len(verify(filled).problems) == 1
    next(filled.warc.glob("[0-9]*.warc.gz")).unlink()
    assert [problem.problem for problem in verify(filled).problems] == ["is missing"]
