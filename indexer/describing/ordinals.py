"""Ordinals and years in a forum's own noun phrase: of an edition, not of the fair beside it or an anniversary."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import regex

from archive import fold_plain
from indexer.describing.names import Named

ZH = "一二三四五六七八九十百"
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15}
# Nouns between an ordinal and the name that make it the ordinal of something else.
STOPS = regex.compile(r"[,.;:!?。，；：！？、()\"'《》]")
_YEAR_BEFORE = regex.compile(r"(?<!\d)((?:19|20)\d\d)\s*年?(?:的)?\s*$")
_YEAR_AFTER = regex.compile(r"^\s*\(?((?:19|20)\d\d)(?!\d)(?!\s*[年/.-]\s*\d)")


def ordinal_of(text: str, named: Named) -> int | None:
    """The ordinal that stands in the noun phrase of a name in a comparable text, or None."""
    for language in _languages(named.language):
        rules = _rules()[language]
        before = text[max(0, named.start - rules["gap"] - 24) : named.start]
        for pattern in rules["before"]:
            match = _last(pattern, before)
            if match and not STOPS.search(before[match.end() :]) and len(before) - match.end() <= rules["gap"]:
                return _value(match, language)
        after = text[named.end : named.end + rules["gap"] + 24]
        for pattern in rules["after"]:
            match = pattern.search(after)
            if match and not STOPS.search(after[: match.start()]) and match.start() <= rules["gap"]:
                return _value(match, language)
    return None


def year_of(text: str, named: Named) -> int | None:
    """The year written before or behind a name: 2023中国—东盟妇女论坛, Forum 2023."""
    match = _YEAR_BEFORE.search(text[max(0, named.start - 8) : named.start])
    match = match or _YEAR_AFTER.search(text[named.end : named.end + 8])
    return int(match[1]) if match else None


def _last(pattern: regex.Pattern[str], text: str) -> regex.Match[str] | None:
    return next(iter(reversed(list(pattern.finditer(text)))), None)


def _languages(language: str) -> Iterator[str]:
    """The rules to try: those of the name's language."""
    base = language if language in _rules() else language.partition("-")[0]
    if base in _rules():
        yield base


def _value(match: regex.Match[str], language: str) -> int | None:
    found = next((group for group in match.groups() if group), "").strip()
    words = _rules()[language]["words"]
    if found in words:
        return int(words[found])
    if found.isdecimal():
        return int(found)
    if found in ROMAN:
        return ROMAN[found]
    if found in ("首", "本首", "初"):
        return 1
    return _chinese(found)


def _chinese(text: str) -> int | None:
    digits = "零一二三四五六七八九"
    if "十" in text:
        tens, _, units = text.partition("十")
        return 10 * (digits.find(tens) if tens else 1) + (digits.find(units) if units else 0)
    return digits.find(text) if len(text) == 1 and text in digits else None


@functools.cache
def _rules() -> dict[str, dict[str, Any]]:
    tables = tomllib.loads((resources.files("indexer") / "data" / "ordinals.toml").read_text("utf-8"))
    return {language: _compiled(table) for language, table in tables.items()}


def _compiled(table: dict[str, Any]) -> dict[str, Any]:
    words = {fold_plain(w): n for n, group in enumerate(table.get("words", []), 1) for w in _spellings(group)}
    choice = "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"
    slots = {"{n}": r"\d{1,3}", "{zh}": f"[{ZH}]{{1,3}}", "{words}": choice, "{roman}": "|".join(sorted(ROMAN, key=len, reverse=True))}

    def pattern(text: str) -> regex.Pattern[str]:
        text = fold_pattern(text)
        for slot, filled in slots.items():
            text = text.replace(slot, f"(?:{filled})" if text.count("(") > 1 else filled)
        latin = regex.match(r"[a-z(]", text) is not None
        return regex.compile((r"(?<![\p{Latin}\p{N}])" if latin else "") + f"(?:{text})" + (r"(?![\p{Latin}])" if latin else ""))

    return {
        "gap": table["gap"],
        "words": words,
        "before": [pattern(text) for text in table.get("before", [])],
        "after": [pattern(text) for text in table.get("after", [])],
    }


def fold_pattern(text: str) -> str:
    """A pattern with its letters folded as the text is, its own signs kept."""
    return regex.sub(r"[^\x00-\x7f]+", lambda match: fold_plain(match.group()), text)


def _spellings(group: str) -> list[str]:
    """The spellings of one number, parted by spaces; of two words where the language writes it so."""
    return [group] if group.startswith(("mười ", "kedua belas", "ketiga belas")) else group.split()
