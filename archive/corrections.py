"""Decisions against the rules: made here, kept in the ledger, applied whenever the archive is described."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from archive.catalogue import Catalogue
from archive.errors import DecisionError
from archive.home import Home
from archive.ledger import Ledger
from archive.records import Collection, Field, Precision, Published, Quote, Record, Relation, Report

KIND = "corrections"
NONE = "none"
OF_QUOTES = (Field.SPEAKER, Field.NOT_A_QUOTE)
FORMATS = {4: ("%Y", Precision.YEAR), 7: ("%Y-%m", Precision.MONTH), 10: ("%Y-%m-%d", Precision.DAY)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Record):
    """The last decision on one field of a report or quote; `report` is the one a quote stands in."""

    id: str
    subject: str
    report: str
    field: Field
    value: str | None
    time: str
    who: str
    why: str


def decisions(ledger: Ledger) -> tuple[Decision, ...]:
    """The decisions in force, oldest first: of one field the last counts, and one that was taken back does not."""
    last: dict[tuple[str, Field], Decision] = {}
    for entry in ledger.entries(KIND):
        after = entry["after"]
        key = (entry["subject"], Field(after["field"]))
        last.pop(key, None)
        if not after.get("undone"):
            last[key] = _decision(entry)
    return tuple(last.values())


def correct(
    home: Home, id: str, field: Field, value: str | None, *, why: str, who: str, undo: bool = False
) -> dict[str, Any]:
    """Decide what a field of a report or quote is, whatever the rules say; give the ledger's entry.

    `value` None means: as the rules say, with `undo`; else that there is none. It shows once the archive is described.
    DecisionError says what cannot be decided so.
    """
    if not why.strip():
        raise DecisionError("a correction needs a reason: give --reason")
    with home.catalogue() as catalogue:
        subject, report, before = _before(catalogue, id, field)
    if undo:
        if not any(d.subject == subject and d.field == field for d in decisions(home.ledger)):
            raise DecisionError(f"{subject}: its {field} was not corrected; podium history {subject} shows what was")
        after: dict[str, Any] = {"field": field, "report": report, "undone": True}
    else:
        after = {"field": field, "report": report, "value": _checked(home.collection, field, value)}
    return home.ledger.append(
        KIND, subject=subject, who=who, why=why.strip(), before={"field": field, "value": before}, after=after
    )


def history_of(ledger: Ledger, catalogue: Catalogue, id: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Entries of the ledger with their kinds, oldest first: all, or those on an id, on ids it had before, on its quotes
    and on its address."""
    if id is None:
        return ledger.history()
    now = catalogue.resolve(id)
    subjects = {id, now, *(correction.subject for correction in catalogue.corrections(now))}
    report = catalogue.report(now)
    if report:
        subjects |= {report.url, report.urlkey, *(quote.id for quote in catalogue.quotes(now))}
    aliases = catalogue.aliases()
    return ledger.history(subjects | {old for old, new in aliases.items() if new in subjects})


def printed(published: Published | None) -> str | None:
    """A date as far as it is known: `2025-07-16`, `2025-07`, `2025`; None for none."""
    if published is None:
        return None
    digits = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}[published.precision]
    return published.date.isoformat()[:digits]


def parse_published(text: str) -> tuple[dt.date, Precision]:
    """The date and how much of it is known; DecisionError when the text is none."""
    form, precision = FORMATS.get(len(text), ("%Y-%m-%d", Precision.DAY))
    try:
        return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date(), precision
    except ValueError as exc:
        raise DecisionError(f"{text!r} is no date; write 2025-07-16, 2025-07, 2025, or none") from exc


def standing(report: Report) -> str:
    """What a report has to do with the forum, in a word: an edition's key, `related` or `other`."""
    return report.edition if report.relation is Relation.EDITION and report.edition else report.relation.value


def _decision(entry: Mapping[str, Any]) -> Decision:
    after = entry["after"]
    return Decision(
        id=entry["id"],
        subject=entry["subject"],
        report=after["report"],
        field=Field(after["field"]),
        value=after["value"],
        time=entry["time"],
        who=entry["who"],
        why=entry["why"],
    )


def _before(catalogue: Catalogue, id: str, field: Field) -> tuple[str, str, str | None]:
    """The id as it is now, the report it belongs to, and what the field says at present."""
    subject = catalogue.resolve(id)
    report = catalogue.report(subject)
    quote = next(iter(catalogue.quote(subject)), None)
    corrected = next((c for c in catalogue.corrections() if c.subject == subject), None)
    if report is None and quote is None and corrected is None:
        raise DecisionError(f"{id}: no such report or quote; podium search --json and podium history give the ids")
    if (report is None) != (field in OF_QUOTES):
        kind, fields = ("report", set(Field) - set(OF_QUOTES)) if report else ("quote", set(OF_QUOTES))
        raise DecisionError(f"{id} is a {kind}: it has no {field}; it has {', '.join(sorted(fields))}")
    if report:
        return subject, report.id, _said_of(report, field)
    return subject, quote.report if quote else corrected.report if corrected else "", _said_of_quote(quote, field)


def _said_of(report: Report, field: Field) -> str | None:
    said = {Field.DATE: printed(report.published), Field.EDITION: standing(report), Field.TITLE: report.title}
    return said[field]


def _said_of_quote(quote: Quote | None, field: Field) -> str | None:
    if field is Field.NOT_A_QUOTE:
        return "no" if quote else "yes"
    return quote.speaker if quote else None


def _checked(collection: Collection, field: Field, value: str | None) -> str | None:
    """The value as it is kept; DecisionError when the field cannot have it."""
    text = (value or "").strip()
    if field is Field.NOT_A_QUOTE:
        if text not in ("", "yes"):
            raise DecisionError("not-a-quote takes no value; --undo makes it a quote again")
        return "yes"
    if not text:
        raise DecisionError(f"{field} needs a value")
    if field is Field.EDITION:
        known = [edition.key for edition in collection.editions] + [Relation.RELATED.value, Relation.OTHER.value]
        if text not in known:
            raise DecisionError(f"{text!r} is no edition; the values are {', '.join(known)}")
        return text
    if text.lower() == NONE and field is not Field.TITLE:
        return None
    if field is Field.DATE:
        parse_published(text)
    return text
