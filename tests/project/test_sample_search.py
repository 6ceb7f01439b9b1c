"""The sample forum, crawled over HTTP and searched by the command: a word of every language, marked in its snippet."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, Literal

import pytest
from click.testing import CliRunner

from archive import Home, fold_plain, strip_marks
from podium import main
from samples import ExpectedWord, expected_words, port_of

WORDS = expected_words()


def search(home: Home, query: str, *options: str) -> dict[str, Any]:
    """The page and its hits as `podium search --json` gives them."""
    arguments = ["--home", str(home.path), "search", query, "--relation", "any", "--size", "100", "--json", *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    page: dict[str, Any] = json.loads(result.stdout.splitlines()[0])
    return page


def marked(hit: dict[str, Any]) -> list[str]:
    """The marked parts of a hit's title and snippets."""
    fragments = [hit["title"], *hit["fragments"]]
    return [fragment["text"][start:end] for fragment in fragments for start, end in fragment["marks"]]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: f"{word.language} {word.query}")
def test_a_word_finds_the_reports_that_hold_it_and_is_marked(demo_home: Home, word: ExpectedWord) -> None:
    (there,) = (
        w for w in expected_words(port_of(demo_home.collection)) if (w.language, w.query) == (word.language, word.query)
    )
    page = search(demo_home, word.query)
    hits = {hit["report"]["url"]: hit for hit in page["hits"]}
    assert set(there.urls) <= set(hits)
    assert there.urls
    wanted = strip_marks(fold_plain(word.word)).split()
    for url in there.urls:
        shown = [strip_marks(fold_plain(text)) for text in marked(hits[url])]
        assert all(any(part in text for text in shown) for part in wanted), (url, shown)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_typed_composed_decomposed_or_bare_finds_the_same(
    demo_home: Home, form: Literal["NFC", "NFD"]
) -> None:
    typed = unicodedata.normalize(form, "diễn đàn phụ nữ")
    found = {hit["report"]["id"] for hit in search(demo_home, typed)["hits"]}
    bare = {hit["report"]["id"] for hit in search(demo_home, "dien dan phu nu")["hits"]}
    assert found
    assert found == bare
    first = search(demo_home, typed)["hits"][0]
    assert any("nữ" in unicodedata.normalize("NFC", text.lower()) for text in marked(first))


def test_every_language_of_the_forum_is_searched(demo_home: Home) -> None:
    counted = dict(search(demo_home, "")["searched"]["languages"])
    assert set(counted) == {"id", "en", "zh-Hans", "zh-Hant", "vi", "fil", "th", "km", "lo", "my", "ms", "ja"}
    assert min(counted.values()) >= 3


def test_a_page_that_is_gone_is_there_by_its_memento(demo_home: Home) -> None:
    gone = [hit["report"] for hit in search(demo_home, "")["hits"] if hit["report"]["via"] == "wayback"]
    assert [report["via"] for report in gone] == ["wayback"]
    with demo_home.catalogue() as catalogue:
        (capture, *_) = (c for c in catalogue.captures(urlkey=gone[0]["urlkey"]) if c.via == "wayback")
    assert capture.source_uri
    assert "id_/" in capture.source_uri
