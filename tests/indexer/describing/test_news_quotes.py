"""Whole news texts in every language of the forum: each quote is found, with its speaker, and nothing else is one."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from archive import fold_plain
from indexer.describing.quotes import find_statements

TEXTS = tomllib.loads(Path(__file__).with_name("news.toml").read_text("utf-8"))["texts"]


def letters(text: str | None) -> str:
    return re.sub(r"\W", "", fold_plain(text or ""))


@pytest.mark.parametrize("news", TEXTS, ids=[f"{number} {news['language']}" for number, news in enumerate(TEXTS)])
def test_the_words_in_marks_of_a_news_text_are_found_with_their_speakers(news: dict[str, Any]) -> None:
    statements = [s for s in find_statements(news["text"], news["language"]) if s.kind != "indirect"]
    found = [(letters(news["text"][s.start : s.end]), letters(s.speaker)) for s in statements]
    assert found == [(letters(words), letters(speaker)) for words, speaker in news["said"]]
