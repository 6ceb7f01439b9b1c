"""Decisions of the ledger laid over what the rules found; what the rules say stays beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archive import (
    Correction,
    Decision,
    Field,
    Published,
    Quote,
    Relation,
    Report,
    parse_published,
    printed,
    standing,
)
from indexer.describing.archive_pass import Described

CERTAIN = 1.0


def apply_decisions(
    described: Described, decisions: Iterable[Decision], aliases: Mapping[str, str]
) -> tuple[Described, tuple[Correction, ...]]:
    """The described state as decided, and the decisions with what the rules say of each.

    A decision on an id that is there no more counts for the one its alias leads to.
    """
    reports = {report.id: report for report in described.reports}
    quotes: dict[str, list[Quote]] = {}
    for quote in described.quotes:
        quotes.setdefault(quote.id, []).append(quote)
    corrections = []
    # What is no quote is taken away last: till then its other fields can be told.
    for decision in sorted(decisions, key=lambda one: one.field is Field.NOT_A_QUOTE):
        subject = _followed(decision.subject, aliases, {*reports, *quotes})
        if _followed(decision.report, aliases, {*reports}) not in reports:
            continue  # nothing of that report is shown
        if subject in reports:
            reports[subject], correction = _on_report(reports[subject], replace(decision, subject=subject))
        else:
            quotes[subject], correction = _on_quote(quotes.get(subject, []), replace(decision, subject=subject))
        corrections.append(correction)
    kept = {id(quote): quote for found in quotes.values() for quote in found}
    state = replace(
        described, reports=tuple(reports[report.id] for report in described.reports), quotes=_in_order(kept.values())
    )
    return state, tuple(corrections)


def _in_order(quotes: Iterable[Quote]) -> tuple[Quote, ...]:
    return tuple(sorted(quotes, key=lambda quote: (quote.report, quote.version, quote.start, quote.end, quote.id)))


def _followed(id: str, aliases: Mapping[str, str], there: set[str]) -> str:
    seen = {id}
    at = id
    while at not in there:
        at = aliases.get(at, "")
        if not at or at in seen:
            return id
        seen.add(at)
    return at


def _on_report(report: Report, decision: Decision) -> tuple[Report, Correction]:
    reason = f"corrected on {decision.time[:10]}: {decision.why}"
    value = decision.value
    if decision.field is Field.DATE:
        return replace(report, published=_published(value, reason)), _correction(
            decision, report.id, printed(report.published)
        )
    if decision.field is Field.EDITION:
        changed = _related(replace(report, reason=reason, confidence=CERTAIN), value or Relation.OTHER.value)
        return changed, _correction(decision, report.id, standing(report))
    return replace(report, title=value or report.title), _correction(decision, report.id, report.title)


def _published(value: str | None, how: str) -> Published | None:
    if value is None:
        return None
    day, precision = parse_published(value)
    return Published(date=day, precision=precision, how=how)


def _related(report: Report, value: str) -> Report:
    if value in (Relation.RELATED.value, Relation.OTHER.value):
        return replace(report, relation=Relation(value), edition=None)
    return replace(report, relation=Relation.EDITION, edition=value)


def _on_quote(quotes: Sequence[Quote], decision: Decision) -> tuple[list[Quote], Correction]:
    """A quote in each of its versions; none where the rules find it no more."""
    latest = quotes[-1] if quotes else None
    report = latest.report if latest else decision.report
    if decision.field is Field.NOT_A_QUOTE:
        correction = _correction(decision, report, latest.text if latest else None)
        return [], replace(correction, agrees=latest is None)
    correction = _correction(decision, report, latest.speaker if latest else None)
    changed = [replace(quote, speaker=decision.value, confidence=CERTAIN) for quote in quotes]
    return changed, replace(correction, agrees=correction.agrees and latest is not None)


def _correction(decision: Decision, report: str, rules: str | None) -> Correction:
    return Correction(
        id=decision.id,
        subject=decision.subject,
        report=report,
        field=decision.field,
        value=decision.value,
        rules=rules,
        agrees=rules == decision.value,
        time=decision.time,
        who=decision.who,
        why=decision.why,
    )
