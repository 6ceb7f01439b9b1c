"""What the page of a report's edits shows: its texts in order, and what two of them differ in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archive import Catalogue, Collection, Quote, Record, Report, Rights, Version, rights_of
from indexer import Size, TextDifference, difference
from webapp.reports import VersionLine, version_line
from webapp.rights import shown_quotes, shown_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(Record):
    """One step from a text to the next: how large it is, in letters."""

    before: VersionLine
    after: VersionLine
    size: Size
    appeared: int
    vanished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesPage(Record):
    """Two texts of a report held against each other, and every edit there was, oldest first."""

    report: Report
    rights: Rights
    before: VersionLine
    after: VersionLine
    difference: TextDifference
    quotes_vanished: tuple[Quote, ...]
    quotes_appeared: tuple[Quote, ...]
    edits: tuple[Edit, ...]


def changes_page(
    collection: Collection, catalogue: Catalogue, report: Report, *, before: str | None, after: str | None
) -> ChangesPage | None:
    """The difference of two texts, by default of the ranked one and that before it; None where there are not two."""
    versions = catalogue.versions(report.id)
    pair = _pair(versions, report, before, after)
    if pair is None:
        return None
    rights = rights_of(collection, report)
    old, new = (_shown(version, rights) for version in pair)
    said = [shown_quotes(catalogue.quotes(report.id, version=version.id), rights.show) for version in pair]
    ids = [{quote.id for quote in quotes} for quotes in said]
    return ChangesPage(
        report=report,
        rights=rights,
        before=version_line(catalogue, pair[0]),
        after=version_line(catalogue, pair[1]),
        difference=difference(old, new),
        quotes_vanished=tuple(quote for quote in said[0] if quote.id not in ids[1]),
        quotes_appeared=tuple(quote for quote in said[1] if quote.id not in ids[0]),
        edits=tuple(_edit(catalogue, old, new) for old, new in pairwise(versions)),
    )


def _pair(
    versions: Sequence[Version], report: Report, before: str | None, after: str | None
) -> tuple[Version, Version] | None:
    places = {version.id: place for place, version in enumerate(versions)}
    if not {before, after} - {None} <= places.keys() or len(versions) < 2:
        return None
    later = places[after or report.version]
    earlier = places[before] if before else max(later - 1, 0)
    if earlier == later:  # the ranked text is the oldest: a supplied one came later
        later += 1
    return (versions[earlier], versions[later]) if later < len(versions) else None


def _shown(version: Version, rights: Rights) -> Version:
    return replace(version, text=shown_text(version.text, rights.show))


def _edit(catalogue: Catalogue, before: Version, after: Version) -> Edit:
    found = difference(before, after)
    return Edit(
        before=version_line(catalogue, before),
        after=version_line(catalogue, after),
        size=found.size,
        appeared=found.appeared,
        vanished=found.vanished,
    )
