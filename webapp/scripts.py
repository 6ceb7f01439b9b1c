"""The language of a name, by the script it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import regex

from webapp.words import languages

PAGES = "en"  # the language of the pages themselves, which needs no mark
LETTER = regex.compile(r"\p{L}")
LATIN = regex.compile(r"\p{Latin}")


@lru_cache(1024)
def language_of(name: str, *likely: str | None) -> str | None:
    """The language a name is in: of `likely` the first whose script it has, else by its script alone; None if English.

    A name in plain A to Z is taken for English, as many papers of other languages have English names.
    """
    for code in likely:
        if code and _written(name, code):
            return code
    known = [code for code, entry in languages().items() if "scripts" in entry]
    best = max(known, key=lambda code: _letters(name, code))
    return best if _written(name, best) else None


def _written(name: str, code: str) -> bool:
    """Whether most letters of a name are of a language's script, and English does not use them all."""
    if code.partition("-")[0] == PAGES:
        return False
    most = _letters(name, code) * 2 > len(LETTER.findall(name))
    return most and not all(letter.isascii() for letter in LETTER.findall(name))


def _letters(name: str, code: str) -> int:
    entry: Mapping[str, Any] = languages().get(code) or languages().get(code.partition("-")[0]) or {}
    if "scripts" not in entry:
        return len(LATIN.findall(name))
    return len(regex.findall("|".join(rf"\p{{{script}}}" for script in entry["scripts"]), name))


FILTERS: dict[str, Callable[..., Any]] = {"language_of": language_of}
