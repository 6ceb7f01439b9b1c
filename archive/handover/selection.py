"""What goes out: everything, or what a search found; never what is withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.catalogue import Catalogue
from archive.handover.rights import may_quote, text_of
from archive.home import Home
from archive.records import Capture, Collection, Quote, Record, Report, Show, Version
from archive.rewrite import MADE_FROM
from archive.rights import rights_of
from archive.robots_tags import header_forbids_copy
from archive.urlkey import urlkey


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Record):
    """What is asked for: all, or reports by id in their order; `words` says how they were found."""

    reports: tuple[str, ...] | None = None
    words: str = "everything"
    restricted: bool = False  # also what may not be shown or whose text may not be exported


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Reports and captures of a home that go out, in order; `left_out` counts captures kept back for their rights."""

    home: Home
    catalogue: Catalogue
    selection: Selection
    reports: tuple[Report, ...]
    captures: tuple[Capture, ...]
    left_out: int = 0

    def text(self, report: Report, version: Version) -> str | None:
        """A text of a report as far as it may go out; None where it may not."""
        return text_of(self.home.collection, report, version.text, restricted=self.selection.restricted)

    def withholds_text(self, report: Report) -> bool:
        """Whether a report's text may not go out."""
        return text_of(self.home.collection, report, "", restricted=self.selection.restricted) is None

    def quotes(self, report: Report) -> Iterator[Quote]:
        """The quotes of a report that may go out."""
        may = may_quote(self.home.collection, report, restricted=self.selection.restricted)
        return self.catalogue.quotes(report.id) if may else iter(())


def choose(home: Home, catalogue: Catalogue, selection: Selection) -> Chosen:
    """What a selection means in a home, now."""
    reports = chosen_reports(catalogue, selection)
    captures = list(catalogue.captures())  # without what is withdrawn
    if selection.reports is not None:
        keys = {report.urlkey for report in reports}
        captures = [capture for capture in captures if capture.urlkey in keys]
    # What crawlers of browsers made of a page goes with the page.
    captures = [capture for capture in captures if catalogue.withdrawn.of(page_key(capture)) is None]
    report_of = {report.urlkey: report for report in catalogue.reports()}
    shown = [
        capture
        for capture in captures
        if selection.restricted or _shows(home.collection, capture, report_of.get(page_key(capture))) is Show.FULL
    ]
    return Chosen(
        home=home, catalogue=catalogue, selection=selection,
        reports=tuple(reports), captures=tuple(shown), left_out=len(captures) - len(shown),
    )  # fmt: skip


def _shows(collection: Collection, capture: Capture, report: Report | None) -> Show:
    """How much of a capture may be shown: as of its report, else as of the source that led to it."""
    if report:
        return rights_of(collection, report).show
    source = collection.source(capture.source)
    dark = header_forbids_copy((capture.robots or "").splitlines())
    return Show.METADATA if dark else source.rights.show if source else Show.FULL


def chosen_reports(catalogue: Catalogue, selection: Selection) -> Sequence[Report]:
    """The reports of a selection, in its order; a withdrawn one is not among them."""
    if selection.reports is None:
        return list(catalogue.reports())
    found = (catalogue.report(id) for id in selection.reports)
    return [report for report in found if report]


def page_key(capture: Capture) -> str:
    """The urlkey of the page a capture is of, or was made from."""
    return urlkey(MADE_FROM.sub("", capture.url, count=1))
