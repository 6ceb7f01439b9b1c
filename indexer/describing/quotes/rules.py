"""The rules of each language: which words announce words, and which make marks something else than speech."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import regex

from archive import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules(Record):
    """One language's table of `data/quotes.toml`, which says what each list holds."""

    language: str = ""
    engine: str = ""
    said: tuple[str, ...] = ()
    saying: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    inverted: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    suffix: str = ""
    colon: bool = False
    verb_first: tuple[str, ...] = ()
    itself: tuple[str, ...] = ()
    naming: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    according: tuple[str, ...] = ()
    that: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    themes_after: tuple[str, ...] = ()
    told_to: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    documents_said: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    not_roles: tuple[str, ...] = ()
    honorifics: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    territorial: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    leading: tuple[str, ...] = ()
    also_roles: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    adverbs: tuple[str, ...] = ()


@functools.cache
def rules_of(language: str) -> Rules | None:
    """The rules of a language, or None where there are none."""
    key = language if language in _tables() else language.partition("-")[0]
    if key not in _tables():
        return None
    table = dict(_tables()[key])
    like = rules_of(table.pop("like")) if "like" in table else Rules()
    assert like is not None
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    return replace(like, language=key, **given)


def choice(words: tuple[str, ...] | list[str]) -> str:
    """A pattern of any of these words, the longest first; of none where there are none."""
    return (
        "|".join(regex.escape(word, literal_spaces=True) for word in sorted(words, key=lambda w: (-len(w), w)))
        or "(?!)"
    )


@functools.cache
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files("indexer") / "data" / "quotes.toml").read_text("utf-8"))
