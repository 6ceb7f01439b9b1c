"""Stems: the forms of a word under one term, by Snowball, in the language of the text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import snowballstemmer

from archive import strip_marks

# Snowball's names of the languages; Malay shares its affixes with Indonesian.
ALGORITHMS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ms": "indonesian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def stems(words: Iterable[str], language: str) -> list[str]:
    """The stem terms of folded words, each marked with its algorithm; none where the language has no stemmer.

    A stem belongs to one language: that of a query is unknown, so it is stemmed in each language of the index,
    and finds only what was stemmed alike.
    """
    algorithm = ALGORITHMS.get(language.partition("-")[0])
    if algorithm is None:
        return []
    return [f"{algorithm}:{strip_marks(stem)}" for stem in _stemmer(algorithm).stemWords(list(words))]


def stemmed_apart(languages: Iterable[str]) -> tuple[str, ...]:
    """Of languages those that have a stemmer, one for each."""
    return tuple(
        {ALGORITHMS[short]: short for lang in languages if (short := lang.partition("-")[0]) in ALGORITHMS}.values()
    )


@cache
def _stemmer(algorithm: str) -> Any:
    return snowballstemmer.stemmer(algorithm)
