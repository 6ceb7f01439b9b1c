"""What the page of a report shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive import Capture, Catalogue, Collection, Correction, Field, Quote, Record, Report, Rights, Version, rights_of
from indexer import Similar
from webapp.captures import captures_of
from webapp.rights import shown_quotes, shown_text
from webapp.text import Run, Span, paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine(Record):
    """A version without its text: how long it is and which captures carry it."""

    id: str
    title: str
    characters: int
    captures: tuple[Capture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Record):
    """A correction as readers see it: all but who made it."""

    id: str
    subject: str
    field: Field
    value: str | None
    rules: str | None
    agrees: bool
    time: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(Record):
    """A report in one of its versions: text as far as it may be shown, its quotes, and where a query's words stand."""

    report: Report
    rights: Rights
    version: VersionLine
    text: str
    quotes: tuple[Quote, ...]
    versions: tuple[VersionLine, ...]
    corrections: tuple[Shown, ...]
    hits: tuple[Span, ...]
    similar: tuple[Similar, ...] = ()

    @property
    def paragraphs(self) -> tuple[tuple[Run, ...], ...]:
        """The text as paragraphs of runs."""
        inside = [quote for quote in self.quotes if quote.end <= len(self.text)]
        return paragraphs(self.text, quotes=inside, hits=self.hits)

    @property
    def places(self) -> tuple[int, ...]:
        """The numbers of the hits that have an anchor in the text; one inside another has none."""
        return tuple(run.hit for runs in self.paragraphs for run in runs if run.hit)

    @property
    def captures(self) -> tuple[Capture, ...]:
        """The captures of the version shown, oldest first."""
        return self.version.captures

    @property
    def is_latest(self) -> bool:
        """Whether the version shown is the one search ranks."""
        return self.version.id == self.report.version


def report_page(
    collection: Collection, catalogue: Catalogue, id: str, *, version: str | None = None
) -> ReportPage | None:
    """A report in a version (by default the one search ranks); None when there is no such report or version."""
    report = catalogue.report(catalogue.resolve(id))
    if report is None:
        return None
    versions = catalogue.versions(report.id)
    shown = next((one for one in versions if one.id == (version or report.version)), None)
    if shown is None:
        return None
    rights = rights_of(collection, report)
    return ReportPage(
        report=report,
        rights=rights,
        version=version_line(catalogue, shown),
        text=shown_text(shown.text, rights.show),
        quotes=shown_quotes(catalogue.quotes(report.id, version=shown.id), rights.show),
        versions=tuple(version_line(catalogue, one) for one in versions),
        corrections=shown_corrections(catalogue.corrections(report.id)),
        hits=(),
    )


def shown_corrections(corrections: Iterable[Correction]) -> tuple[Shown, ...]:
    """Corrections without the names of those who made them."""
    return tuple(Shown(**{name: getattr(one, name) for name in Shown.__dataclass_fields__}) for one in corrections)


def version_line(catalogue: Catalogue, version: Version) -> VersionLine:
    """A version with its captures."""
    captures = captures_of(catalogue, version)
    return VersionLine(id=version.id, title=version.title, characters=len(version.text), captures=captures)
