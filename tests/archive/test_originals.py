from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import collection_text, fits, parse_collection, probable_original

COLLECTION = """
[collection]
key = "c"
title.en = "C"
[names]
en = ["Forum"]
[[sources]]
key = "other"
publisher = "Other"
language = "en"
trust = "unknown"
hosts = ["other.example"]
signatures = ["https://other.example/*.shtml"]
[[sources]]
key = "wire"
publisher = "Wire"
language = "en"
trust = "agency"
hosts = ["wire.example"]
signatures = ["http://wire.example/*/####/##-##/#*.shtml"]
[[sources]]
key = "copies"
publisher = "Copies"
language = "en"
trust = "mirror"
hosts = ["copies.example"]
[[sources.seeds]]
url = "http://copies.example/a"
original = "http://wire.example/stated"
"""
C = parse_collection(COLLECTION, where="test")


def original(path: str, source: str = "copies") -> str | None:
    return probable_original(C, C.source(source), None, f"http://copies.example{path}")


def test_the_path_of_a_copy_tells_its_original_the_most_trusted_first() -> None:
    assert original("/sh/news/2007/10-27/1061151.shtml") == "http://wire.example/sh/news/2007/10-27/1061151.shtml"
    assert original("/a.shtml?x=1") is None
    assert original("/a.shtml") == "https://other.example/a.shtml"
    assert original("/sh/news/2007/10-27/.shtml") == "https://other.example/sh/news/2007/10-27/.shtml"
    assert original("/p/3173879.html") is None


def test_only_a_mirrors_page_has_an_original() -> None:
    assert original("/sh/news/2007/10-27/1061151.shtml", source="other") is None
    assert probable_original(C, None, None, "http://copies.example/a.shtml") is None


def test_what_a_seed_states_comes_before_signatures() -> None:
    copies = C.source("copies")
    assert copies is not None
    assert probable_original(C, copies, copies.seeds[0], "http://copies.example/a") == "http://wire.example/stated"
    assert probable_original(C, C.source("wire"), copies.seeds[0], "http://wire.example/stated") is None


def test_the_shipped_signature_gives_what_a_shipped_seed_states() -> None:
    shipped = parse_collection(collection_text("china-asean-women"), where="shipped")
    source = shipped.source("nbnewpower")
    assert source is not None
    seed = source.seeds[0]
    assert seed.original is not None
    assert probable_original(shipped, source, None, seed.url) == seed.original


@pytest.mark.parametrize(
    ("path", "patterns", "kept"),
    [
        ("/anything", [], True),
        ("/news/2025/1", ["/news/20##/*"], True),
        ("/news/2O25/1", ["/news/20##/*"], False),
        ("/news/2025/video/1", ["/news/*", "!*/video/*"], False),
        ("/sport/1", ["!/video/*"], True),
        ("/a?id=1", ["/a?id=#"], True),
        ("/a?id=1", ["/a"], False),
        ("/a.b", ["/a+b"], False),
    ],
)
def test_paths_let_in_and_keep_out(path: str, patterns: list[str], kept: bool) -> None:
    assert fits(f"http://example.org{path}", patterns) is kept


@given(st.text(st.characters(exclude_characters="*#", codec="ascii"), max_size=20))
def test_a_pattern_without_signs_is_itself_alone(text: str) -> None:
    url = "http://example.org/" + "".join(c for c in text if c.isalnum() or c in ".+()[]|$^-")
    assert fits(url, [url.removeprefix("http://example.org")])
    assert not fits(url + "x", [url.removeprefix("http://example.org")])
