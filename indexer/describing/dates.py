"""Dates as pages print them, in any of the languages: month names, numerals of other scripts, Buddhist years, eras."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import regex

from archive import Precision, Record

OLDEST = 1990  # of a page's date; the web is no older
FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDate(Record):
    """A date and where in the text it stands; `year` is None where none is printed, `unsure` where day and month could change places."""

    year: int | None
    month: int
    day: int | None
    start: int
    end: int
    unsure: bool = False

    @property
    def precision(self) -> Precision:
        """How much of it is printed."""
        return Precision.DAY if self.day else Precision.MONTH

    @property
    def date(self) -> dt.date | None:
        """The calendar date; the first of the month where no day is printed; None without a year."""
        return dt.date(self.year, self.month, self.day or 1) if self.year else None

    def in_year(self, year: int) -> dt.date | None:
        """The date with its own year or else this one; None where that year has no such day."""
        try:
            return dt.date(self.year or year, self.month, self.day or 1)
        except ValueError:
            return None


def printed_dates(text: str, *, language: str | None = None) -> list[PrintedDate]:
    """Every date in a text, in order, those without a year too; figures such as 9/7/2025 are read in the language's order."""
    plain = _plain(text)
    found: list[PrintedDate] = []
    for name, pattern in _patterns().items():
        for match in pattern.finditer(plain):
            date = _read(name, match, language)
            if date and not any(date.start < other.end and other.start < date.end for other in found):
                found.append(date)
    return sorted(found, key=lambda date: date.start)


def _plain(text: str) -> str:
    """The text in lower case with every digit in ASCII, character for character."""
    return "".join(map(_figure, text))


@functools.lru_cache(10_000)
def _figure(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    lower = character.lower() if digit is None else str(digit)
    return lower if len(lower) == 1 else character


def _read(name: str, match: regex.Match[str], language: str | None) -> PrintedDate | None:
    groups = match.groupdict()
    year = _year(groups, language)
    day: int | None
    unsure = False
    if name == "day and month" and groups["s"] == "." and language not in date_rules()["order"]["dotted"]:
        return None
    if name == "figures":
        month, day, unsure = _ordered(int(groups["a"]), int(groups["b"]), language)
    else:
        month, day = _month(groups["month"]), _number(groups["day"]) if groups.get("day") else None
    if groups.get("year") and year is None:
        return None
    if not _exists(year, month, day):
        return None
    return PrintedDate(year=year, month=month, day=day, start=match.start(), end=match.end(), unsure=unsure)


def _exists(year: int | None, month: int, day: int | None) -> bool:
    try:
        dt.date(year or 2000, month, 1 if day is None else day)  # 2000 is a leap year
    except ValueError:
        return False
    return True


def _ordered(first: int, second: int, language: str | None) -> tuple[int, int, bool]:
    """Month and day of two figures, and whether it could be the other way round."""
    if first > 12 or second > 12:
        return (second, first, False) if first > 12 else (first, second, False)
    monthly = language in date_rules()["order"]["month_first"]
    return (first, second, first != second) if monthly else (second, first, first != second)


def _month(name: str) -> int:
    name = name.strip().rstrip(".")
    return _month_names().get(name) or _month_names().get(name + ".") or _number(name)


def _year(groups: dict[str, str | None], language: str | None) -> int | None:
    text = groups.get("year")
    if not text:
        return None
    number = _number(text)
    if era := groups.get("era"):
        return int(date_rules()["eras"][era]) + number
    buddhist = date_rules()["buddhist"]
    if number < 100:
        number += 2500 if language in buddhist["short"] or _is_thai(groups.get("month")) else 2000
    if number > buddhist["above"]:
        number -= buddhist["offset"]
    return number if OLDEST <= number <= 2100 else None


def _is_thai(month: str | None) -> bool:
    return bool(month) and "\u0e00" <= (month or "")[0] <= "\u0e7f"


def _number(text: str) -> int:
    """A number in figures or Chinese numerals: 二〇二五 by place, 二十七 by tens."""
    if text.isdecimal():
        return int(text)
    for zero in date_rules()["numerals"]["zero"]:
        text = text.replace(zero, "〇")
    digits = date_rules()["numerals"]["zh"]
    text = text.replace("廿", "二十").replace("卅", "三十").replace("元", "一")
    if "十" in text:
        tens, _, units = text.partition("十")
        return 10 * (digits.find(tens) if tens else 1) + (digits.find(units) if units else 0)
    return int("".join(str(digits.find(character)) for character in text) or 0)


@functools.cache
def _patterns() -> dict[str, regex.Pattern[str]]:
    """Patterns of whole dates before those of parts of them: what one has taken, later ones leave."""
    data = date_rules()
    fillers = "|".join(map(regex.escape, sorted(data["fillers"]["words"], key=len, reverse=True)))
    before = "|".join(map(regex.escape, sorted(data["fillers"]["day_before"], key=len, reverse=True)))
    after = "|".join(map(regex.escape, data["fillers"]["day_after"]))
    names = "|".join(map(regex.escape, sorted(_month_names(), key=len, reverse=True)))
    month = rf"(?<![\p{{Latin}}])(?P<month>{names})(?![\p{{Latin}}\p{{M}}])\.?"
    gap = rf"(?:[\s,.၊،、\-–/]|{fillers})*"
    day = rf"(?<!\d)(?:(?<!\p{{L}})(?:{before})\s*)?(?P<day>\d{{1,2}})(?!\d)(?:{after})?"
    year = r"(?P<year>(?:19|20|24|25)\d\d)(?!\d)"
    short = r"(?:'|’)?(?P<year>(?:19|20|24|25)\d\d|[0-9]\d)(?![\d:.])"
    thai = rf"(?P<month>{'|'.join(map(regex.escape, sorted(_names_of('th', 'lo'), key=len, reverse=True)))})\.?"
    zh = "〇○零一二三四五六七八九"
    texts = {
        "han": rf"(?P<era>{'|'.join(data['eras'])})?\s*(?P<year>\d{{1,4}}|[{zh}]{{2,4}}|元)\s*[年년]\s*(?P<month>\d{{1,2}}|[{zh}十]{{1,3}})\s*[月월](?:\s*(?P<day>\d{{1,2}}|[{zh}十廿卅]{{1,4}})\s*[日号號일])?",
        "iso": r"(?<!\d)(?P<year>(?:19|20|25)\d\d)\s?[-/.]\s?(?P<month>0?[1-9]|1[0-2])\s?[-/.]\s?(?P<day>[0-2]?\d|3[01])(?!\d)",
        "words": rf"{day}{gap}{month}{gap}{year}",
        "thai": rf"{day}\s*{thai}\s*(?:ปี|พ\.ศ\.|ປີ)?\s*{short}",
        "month first": rf"{month}\s*{day}\s*{gap}{year}",
        "year first": rf"{year}{gap}{month}{gap}{day}",
        "numbered": rf"{day}\s*tháng\s*(?P<month>\d{{1,2}})(?:{gap}năm\s*{year})?",
        "figures": r"(?<![\d/.\-])(?P<a>\d{1,2})\s?(?P<s>[-/.])\s?(?P<b>\d{1,2})\s?(?P=s)\s?(?P<year>(?:19|20|25)\d\d|\d\d)(?![\d/])",
        "month only": rf"{month}{gap}{year}",
        "words, no year": rf"{day}{gap}{month}",
        "month first, no year": rf"{month}\s*{day}",
        "han, no year": rf"(?P<month>\d{{1,2}}|[{zh}十]{{1,3}})\s*[月월]\s*(?P<day>\d{{1,2}}|[{zh}十廿卅]{{1,4}})\s*[日号號일]",
        "day and month": r"(?<![\d/.])(?P<day>[0-2]?\d|3[01])(?P<s>[/.])(?P<month>0?[1-9]|1[0-2])(?![\d/]|[.,]\d|%)",
    }
    return {name: regex.compile(text) for name, text in texts.items()}


@functools.cache
def _month_names() -> dict[str, int]:
    return dict(_named(date_rules()["months"]))


def _names_of(*languages: str) -> list[str]:
    return [name for name, _ in _named({language: date_rules()["months"][language] for language in languages})]


def _named(months: dict[str, list[str]]) -> Iterator[tuple[str, int]]:
    for names in months.values():
        for number, spellings in enumerate(names, start=1):
            yield from ((spelling, number) for spelling in spellings.split())


@functools.cache
def date_rules() -> dict[str, Any]:
    """The tables of `dates.toml`."""
    return tomllib.loads((resources.files("indexer") / "data" / "dates.toml").read_text("utf-8"))
