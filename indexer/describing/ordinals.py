"""Ordinals and years in a forum's own noun phrase: of an edition, not of the fair beside it or an anniversary."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import regex

from archive import fold_plain
from indexer.describing.names import Named

LONGEST = 24  # characters an ordinal may have
FIRST = ("首", "初")
_ZH = "零一二三四五六七八九"
_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_STOPS = regex.compile(r"[,.;:!?。，；：！？、()\"'《》\n]")  # the noun phrase ends there
_YEAR_BEFORE = regex.compile(r"(?<!\d)((?:19|20)\d\d)\s*年?(?:的)?\s*$")
_YEAR_AFTER = r"^\s*(?:(?:{words})\s*)?\(?((?:19|20|24|25)\d\d)(?!\d)(?!\s*[年/.-]\s*\d)"
BUDDHIST = 543  # years that the Buddhist era is ahead; no other year that is written is so late
LATEST = 2399


@dataclass(frozen=True, slots=True)
class _Rules:
    before: tuple[regex.Pattern[str], ...]
    after: tuple[regex.Pattern[str], ...]
    gap: int
    gap_after: int
    joins: regex.Pattern[str]
    others: regex.Pattern[str]
    words: dict[str, int]
    year: regex.Pattern[str]  # behind the name


def ordinal_of(text: str, named: Named) -> int | None:
    """The ordinal that stands in the noun phrase of a name in a comparable text, or None."""
    rules = _rules_of(named)
    if rules is None:
        return None
    match = next(iter((*_before(text, named, rules), *_after(text, named, rules))), None)
    return _value(match, rules) if match else None


def year_of(text: str, named: Named) -> int | None:
    """The year written before or behind a name: 2023中国—东盟妇女论坛, Forum 2023, Forum of 2023."""
    match = _YEAR_BEFORE.search(text[max(0, named.start - 8) : named.start])
    rules = _rules_of(named)
    behind = rules.year if rules else _year(())
    match = match or behind.search(text[named.end : named.end + LONGEST])
    if match is None:
        return None
    year = int(match[1])
    return year - BUDDHIST if year > LATEST else year


def _rules_of(named: Named) -> _Rules | None:
    return _rules().get(named.language) or _rules().get(named.language.partition("-")[0])


def _before(text: str, named: Named, rules: _Rules) -> Iterator[regex.Match[str]]:
    """The nearest ordinals before a name that are bound to it."""
    # A mark that opens right before the name parts nothing: 第二届“中国—东盟妇女论坛”.
    part = text[max(0, named.start - rules.gap - LONGEST) : named.start].rstrip("\"'《")
    for pattern in rules.before:
        for match in reversed(list(pattern.finditer(part))):
            if _is_bound(part[match.end() :], rules.gap, rules):
                yield match
                break


def _after(text: str, named: Named, rules: _Rules) -> Iterator[regex.Match[str]]:
    part = text[named.end : named.end + rules.gap_after + LONGEST]
    for pattern in rules.after:
        match = pattern.search(part)
        if match and _is_bound(part[: match.start()], rules.gap_after, rules):
            yield match


def _is_bound(between: str, gap: int, rules: _Rules) -> bool:
    between = rules.joins.sub("", between)
    return len(between) <= gap and not _STOPS.search(between) and not rules.others.search(between)


def _value(match: regex.Match[str], rules: _Rules) -> int | None:
    found = next(group for group in match.groups() if group).strip()
    if found in rules.words:
        return rules.words[found]
    if found in FIRST:
        return 1
    if found.isdecimal():
        return int(found)
    return _roman(found) if found.isascii() else _chinese(found)


def _roman(text: str) -> int | None:
    tens = len(text) - len(text.lstrip("x"))
    rest = text[tens:]
    return 10 * tens + _ROMAN.index(rest) if rest in _ROMAN else None


def _chinese(text: str) -> int | None:
    if "十" not in text:
        return _ZH.find(text) if len(text) == 1 and text in _ZH else None
    tens, _, units = text.partition("十")
    return 10 * (_ZH.find(tens) if tens else 1) + (_ZH.find(units) if units else 0)


@functools.cache
def _rules() -> dict[str, _Rules]:
    tables = tomllib.loads((resources.files("indexer") / "data" / "ordinals.toml").read_text("utf-8"))
    return {language: _compiled(table) for language, table in tables.items()}


def _compiled(table: dict[str, Any]) -> _Rules:
    groups = enumerate(table.get("words", []), start=1)
    words = {fold_plain(spelling): number for number, group in groups for spelling in group.split("|")}
    return _Rules(
        before=tuple(_pattern(text, words) for text in table.get("before", [])),
        after=tuple(_pattern(text, words) for text in table.get("after", [])),
        gap=table.get("gap", 0),
        gap_after=table.get("gap_after", 0),
        joins=_any(table.get("joins", [])),
        others=_any(table.get("others", [])),
        words=words,
        year=_year(tuple(table.get("year", ()))),
    )


@functools.cache
def _year(words: tuple[str, ...]) -> regex.Pattern[str]:
    """The year behind a name, with or without one of these words between."""
    choice = "|".join(r"\s*".join(map(regex.escape, fold_plain(word).split())) for word in words)
    return regex.compile(_YEAR_AFTER.replace("{words}", choice or "(?!)"))


def _pattern(text: str, words: dict[str, int]) -> regex.Pattern[str]:
    """A pattern of the table with its slots filled, its letters folded as the text is, at whole words."""
    slots = {
        "{n}": r"\d{1,3}",
        "{zh}": f"[{_ZH}十]{{1,3}}",
        "{words}": _choice(words),
        "{roman}": "x{0,2}(?:ix|iv|v?i{1,3}|v)|x{1,2}",
    }
    text = regex.sub(r"[^\x00-\x7f]+", lambda match: fold_plain(match.group()), text)
    for slot, filled in slots.items():
        text = text.replace(slot, f"(?:{filled})")
    return regex.compile(rf"(?<![\p{{Latin}}\p{{N}}])(?:{text})(?![\p{{Latin}}\p{{N}}\p{{M}}])")


def _any(words: list[str]) -> regex.Pattern[str]:
    """A pattern of any of these words; whole ones in scripts that part words by spaces."""
    return regex.compile(rf"(?<!\p{{Latin}})(?:{_choice(map(fold_plain, words))})(?!\p{{Latin}})")


def _choice(words: Any) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) or "(?!)"
