"""Typed reading of the tables of a TOML file; every complaint names the file and the table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from archive.errors import CollectionError

E = TypeVar("E", bound=StrEnum)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
PUBLISHED = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a collection file: its values, and where they stand."""

    values: Mapping[str, Any]
    file: str
    name: str

    def fail(self, problem: str) -> CollectionError:
        """The error to raise: file, table, problem, where to read on."""
        return CollectionError(f"{self.file}: [{self.name}] {problem}; see docs/add-a-forum.md")

    def named(self, name: str) -> Table:
        """The same table under the name by which its writer knows it."""
        return replace(self, name=name)

    def only(self, *names: str) -> None:
        """Refuse a name that the table does not take."""
        for name in self.values:
            if name not in names:
                raise self.fail(f"does not know {shown(name)}; it takes {', '.join(names)}")

    def text(self, name: str) -> str:
        """A text that must be there and hold something."""
        if name not in self.values:
            raise self.fail(f"lacks {name}")
        value = self.values[name]
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f"{name} takes a text, not {shown(value)}")
        return value

    def optional(self, name: str) -> str | None:
        """A text, or None where the table has none."""
        return self.text(name) if name in self.values else None

    def matching(self, name: str, pattern: re.Pattern[str], form: str) -> str:
        """A text of a given form, which is told in words when it does not hold."""
        value = self.text(name)
        if not pattern.fullmatch(value):
            raise self.fail(f"{name} takes {form}, not {shown(value)}")
        return value

    def whole(self, name: str, *, default: int) -> int:
        """A whole number of 0 or more."""
        value = self.values.get(name, default)
        if type(value) is not int or value < 0:
            raise self.fail(f"{name} takes a whole number of 0 or more, not {shown(value)}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            raise self.fail(f"{name} takes true or false, not {shown(value)}")
        return value

    def one_of(self, name: str, kind: type[E], *, default: E | None = None) -> E:
        """A member of a closed set, by its value."""
        if default is not None and name not in self.values:
            return default
        value = self.text(name)
        if value not in list(kind):
            raise self.fail(f"{name} takes one of {', '.join(kind)}, not {shown(value)}")
        return kind(value)

    def language(self, name: str = "language") -> str:
        """A language code, as `fil` or `zh-Hant`."""
        return self.matching(name, LANGUAGE, "a language code as fil or zh-Hant")

    def date(self, name: str) -> str:
        """A calendar date, written bare or in quotes, as ISO 8601."""
        value = self.values.get(name)
        try:
            return dt.date.fromisoformat(str(value)).isoformat()
        except ValueError as exc:
            raise self.fail(f"{name} takes a date as 2025-07-16, not {shown(value)}") from exc

    def published(self, name: str = "published") -> str | None:
        """A date of which the day, or day and month, may be missing."""
        value = self.values.get(name)
        if value is None:
            return None
        if type(value) is dt.date:
            return value.isoformat()
        if not isinstance(value, str) or not PUBLISHED.fullmatch(value) or not _is_date(f"{value}-01-01"[:10]):
            raise self.fail(f"{name} takes a date as 2025-07-16, 2025-07 or 2025, not {shown(value)}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; none where the table has none."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.fail(f"{name} takes a list of texts, not {shown(value)}")
        return tuple(value)

    def address(self, name: str) -> str:
        """An http or https address, byte for byte as written."""
        return self.address_of(name, self.text(name))

    def addresses(self, name: str) -> tuple[str, ...]:
        """A list of http or https addresses."""
        return tuple(self.address_of(name, value) for value in self.texts(name))

    def items(self, name: str) -> list[Any]:
        """A list of whatever; none where the table has none."""
        value = self.values.get(name, [])
        if not isinstance(value, list):
            raise self.fail(f"{name} takes a list, not {shown(value)}")
        return value

    def address_of(self, name: str, value: str) -> str:
        """`value`, if it is an http or https address."""
        try:
            parts = urlsplit(value)
        except ValueError as exc:
            raise self.fail(f"{name} takes http or https addresses, not {shown(value)}: {exc}") from exc
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise self.fail(f"{name} takes http or https addresses, not {shown(value)}")
        return value

    def table(self, name: str, *, required: bool = True) -> Table:
        """The table of that name; an empty one where it may be left out."""
        if required and name not in self.values:
            raise self.fail(f"lacks {name}")
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise self.fail(f"{name} takes a table ([{name}]), not {shown(value)}")
        return Table(value, self.file, name)

    def tables(self, name: str) -> Iterator[Table]:
        """The tables of a list, named by their place until they have told their key."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(f"{name} takes tables ([[{name}]]), not {shown(value)}")
        for number, item in enumerate(value, 1):
            yield Table(item, self.file, f"{name} {number}")

    def by_language(self, name: str, *, required: bool = True) -> dict[str, str]:
        """Texts by language code."""
        table = self.table(name, required=required).named(f"{self.name} {name}")
        if required and not table.values:
            raise self.fail(f"{name} takes texts by language, as {name}.en = ...")
        return {_code(table, code): table.text(code) for code in table.values}

    def lists(self, name: str, *, codes: bool, required: bool = True) -> dict[str, tuple[str, ...]]:
        """Lists of texts by key; where `codes`, the keys are language codes."""
        table = self.table(name, required=required)
        if required and not table.values:
            raise self.fail(f"{name} takes lists of texts by language, as en = [...]")
        return {_code(table, key) if codes else key: table.texts(key) for key in table.values}


def shown(value: Any) -> str:
    """A value as a complaint shows it: on one line, and not for ever."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _code(table: Table, code: str) -> str:
    if not LANGUAGE.fullmatch(code):
        raise table.fail(f"takes language codes as fil or zh-Hant, not {shown(code)}")
    return code


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
