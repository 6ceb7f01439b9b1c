"""Withdrawals: which pages are out of sight or erased, by whose decision and why; read from the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from archive.ledger import Ledger
from archive.records import Record
from archive.urlkey import report_id, urlkey

KIND, ERASURES = "withdrawals", "erasures"  # of the ledger


class Level(StrEnum):
    """How far a page is withdrawn: kept out of sight, or destroyed."""

    HIDE = "hide"
    ERASE = "erase"


class Reason(StrEnum):
    """Why a page is withdrawn, as readers are told."""

    LEGAL = "legal"
    PRIVACY = "privacy"
    RIGHTS = "rights"
    SAFETY = "safety"
    ERROR = "error"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The reason as a page says it."""
        return _WORDS[self]


_WORDS = {
    Reason.LEGAL: "a legal demand",
    Reason.PRIVACY: "the privacy of a person",
    Reason.RIGHTS: "a request of whoever holds the rights",
    Reason.SAFETY: "the safety of a person",
    Reason.ERROR: "an error: it should not have been archived",
    Reason.OTHER: "another reason",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Record):
    """One decision in force, about the page of an address, or where `prefix` about all that begin so.

    The ledger holds addresses: `key` and `pages`, urlkeys, are made of them by the rules of the day.
    """

    id: str
    time: str  # ISO 8601, UTC
    who: str
    url: str
    key: str
    prefix: bool
    level: Level
    reason: Reason
    why: str
    ref: str | None
    held: tuple[str, ...]  # an address of each page there were captures of when it was decided
    pages: tuple[str, ...]  # the urlkeys of these
    family: tuple[str, ...]  # addresses of reports that say the same, left for decision

    def covers(self, urlkey: str) -> bool:
        """Whether it is about the page of an urlkey."""
        if self.prefix:
            return urlkey.startswith(self.key) or urlkey == self.key.removesuffix("/")
        return urlkey == self.key

    @property
    def subject(self) -> str:
        """The address as the ledger has it: with a star where it covers all that begins so."""
        return f"{self.url}*" if self.prefix else self.url

    @property
    def date(self) -> str:
        """The day it was decided on, UTC."""
        return dt.datetime.fromisoformat(self.time).date().isoformat()


def prefix_key(url: str) -> str:
    """The beginning of the urlkeys of all addresses that begin so; a slash at its end keeps to that folder."""
    key = urlkey(url)
    return f"{key}/" if url.endswith("/") and "?" not in key and not key.endswith("/") else key


class Withdrawals:
    """Every decision in force."""

    def __init__(self, decisions: Iterable[Withdrawal] = ()) -> None:
        # The stronger first, so that what is erased is never told to be merely hidden.
        self._all = tuple(sorted(decisions, key=lambda one: (one.level is not Level.ERASE, one.time)))
        self._pages = {one.key: one for one in reversed(self._all) if not one.prefix}
        self._prefixes = tuple(one for one in self._all if one.prefix)
        held = {page: one for one in reversed(self._all) for page in one.pages}
        self._reports = {report_id(key): one for key, one in {**held, **self._pages}.items()}

    def __bool__(self) -> bool:
        return bool(self._all)

    def __iter__(self) -> Iterator[Withdrawal]:
        return iter(self._all)

    def of(self, urlkey: str) -> Withdrawal | None:
        """The decision about a page, or None."""
        if not self._all:
            return None
        found = [one for one in (self._pages.get(urlkey), *self._prefixes) if one and one.covers(urlkey)]
        return min(found, key=self._all.index, default=None)

    def of_report(self, id: str) -> Withdrawal | None:
        """The decision about a report by its id, or None."""
        return self._reports.get(id)

    def about(self, key: str, *, prefix: bool) -> Withdrawal | None:
        """The decision about exactly this, or None."""
        return next((one for one in self._all if (one.key, one.prefix) == (key, prefix)), None)


def read_withdrawals(ledger: Ledger) -> Withdrawals:
    """The decisions in force; read anew only when the ledger has changed."""
    try:
        stat = ledger.path(KIND).stat()
    except FileNotFoundError:
        return Withdrawals()
    return _read(str(ledger.folder), stat.st_ino, stat.st_size, stat.st_mtime_ns)


@lru_cache(32)
def _read(folder: str, inode: int, size: int, changed: int) -> Withdrawals:
    in_force: dict[tuple[str, bool], Withdrawal] = {}
    for entry in Ledger(folder).entries(KIND):
        after = entry["after"] or {}
        prefix = after.get("prefix", entry["subject"].endswith("*"))
        url = entry["subject"].removesuffix("*") if prefix else entry["subject"]
        key = prefix_key(url) if prefix else urlkey(url)
        in_force.pop((key, prefix), None)
        if after.get("level") is not None:
            in_force[key, prefix] = _withdrawal(entry, url=url, key=key, prefix=prefix)
    return Withdrawals(in_force.values())


def _withdrawal(entry: dict[str, Any], *, url: str, key: str, prefix: bool) -> Withdrawal:
    said = entry["after"]
    return Withdrawal(
        id=entry["id"],
        time=entry["time"],
        who=entry["who"],
        url=url,
        key=key,
        prefix=prefix,
        level=Level(said["level"]),
        reason=Reason(said.get("reason", Reason.OTHER)),
        why=entry["why"],
        ref=said.get("ref"),
        held=tuple(said.get("pages", ())),
        pages=tuple(dict.fromkeys(map(urlkey, said.get("pages", ())))),
        family=tuple(said.get("family", ())),
    )
