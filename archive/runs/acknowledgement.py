"""Acknowledgements: what is known of a source and taken as it is, as the ledger has it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from archive.home import Home
from archive.records import Record

KIND = "acknowledgements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement(Record):
    """That a source is known to be dead, or poorer than it was: who says so, why, and up to which day."""

    source: str
    reason: str
    who: str
    time: dt.datetime
    until: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Whether it holds on a day; the last one counts."""
        return self.until is None or day <= self.until


def acknowledge(home: Home, source: str, *, reason: str, who: str, until: dt.date | None = None) -> Acknowledgement:
    """Put an acknowledgement into the ledger; a later one of the same source takes its place."""
    before = _latest(home).get(source)
    entry = home.ledger.append(
        KIND, subject=source, who=who, why=reason,
        before=_value(before) if before else None,
        after={"acknowledged": True, "until": until.isoformat() if until else None},
    )  # fmt: skip
    return _read(entry)


def end_acknowledgement(home: Home, source: str, *, reason: str, who: str) -> bool:
    """Take an acknowledgement back; give whether there was one."""
    before = _latest(home).get(source)
    if before is None:
        return False
    home.ledger.append(
        KIND, subject=source, who=who, why=reason, before=_value(before), after={"acknowledged": False, "until": None}
    )
    return True


def acknowledgements(home: Home, day: dt.date) -> dict[str, Acknowledgement]:
    """Those that hold on a day, by source."""
    return {key: one for key, one in _latest(home).items() if one.holds(day)}


def _latest(home: Home) -> dict[str, Acknowledgement]:
    found: dict[str, Acknowledgement] = {}
    for entry in home.ledger.entries(KIND):
        found.pop(entry["subject"], None)
        if entry["after"]["acknowledged"]:
            found[entry["subject"]] = _read(entry)
    return found


def _read(entry: dict[str, Any]) -> Acknowledgement:
    until = entry["after"]["until"]
    return Acknowledgement(
        source=entry["subject"], reason=entry["why"], who=entry["who"], time=dt.datetime.fromisoformat(entry["time"]),
        until=dt.date.fromisoformat(until) if until else None,
    )  # fmt: skip


def _value(one: Acknowledgement) -> dict[str, object]:
    return {"acknowledged": True, "until": one.until.isoformat() if one.until else None}
