"""What the page of a capture shows: the text that was in it, never its markup."""

from __future__ import annotations

from dataclasses import dataclass

from archive import Capture, Catalogue, Collection, Record, Report, Rights, Show, Version, report_id, rights_of, urlkey
from webapp.rights import shown_text
from webapp.text import Run, paragraphs

HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturePage(Record):
    """A capture and the text describing found in it; `version` is None where it found none."""

    capture: Capture
    carrier: Capture  # whose record holds the payload: another one where this is a revisit
    report: Report | None
    version: str | None
    title: str | None
    text: str
    rights: Rights
    others: tuple[Capture, ...]  # of the same page, oldest first

    @property
    def looks(self) -> bool:
        """Whether the page may be shown as it looked."""
        fits = self.capture.mime in HTML and self.capture.status in (200, 304)
        return self.report is not None and fits and self.rights.show is Show.FULL

    @property
    def paragraphs(self) -> tuple[tuple[Run, ...], ...]:
        """The text as paragraphs of runs."""
        return paragraphs(self.text)


def nearest_capture(catalogue: Catalogue, url: str, timestamp: str) -> Capture | None:
    """The capture of a page nearest in time to a timestamp, the exact address before its other spellings."""
    wanted = int(timestamp.ljust(14, "0"))
    captures = catalogue.captures(urlkey=urlkey(url))
    return min(captures, key=lambda one: (abs(int(one.timestamp) - wanted), one.url != url), default=None)


def captures_of(catalogue: Catalogue, version: Version) -> tuple[Capture, ...]:
    """The captures that carry a version, oldest first."""
    found = (catalogue.capture(number) for number in version.captures)
    return tuple(capture for capture in found if capture is not None)


def carrier_of(catalogue: Catalogue, capture: Capture) -> Capture:
    """The capture whose record holds the payload; the capture itself unless it is a revisit of a known one."""
    return (catalogue.capture(capture.refers_to) if capture.refers_to else None) or capture


def capture_page(collection: Collection, catalogue: Catalogue, capture: Capture) -> CapturePage:
    """A capture with the text that was found in it."""
    report = catalogue.report(report_id(capture.urlkey))
    version = _version_of(catalogue, capture)
    rights = rights_of(collection, report) if report else Rights()
    return CapturePage(
        capture=capture,
        carrier=carrier_of(catalogue, capture),
        report=report,
        version=version.id if version else None,
        title=version.title if version else None,
        text=shown_text(version.text, rights.show) if version else "",
        rights=rights,
        others=tuple(catalogue.captures(urlkey=capture.urlkey)),
    )


def _version_of(catalogue: Catalogue, capture: Capture) -> Version | None:
    carrier = capture.refers_to or capture.id
    versions = catalogue.versions(report_id(capture.urlkey))
    return next((one for one in versions if {capture.id, carrier} & set(one.captures)), None)
