"""Pages of the outlets, rendered from their templates: reports, front pages, listings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from samples.texts import FOLDER, Outlet, SampleReport, labels

TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER / "hosts"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True,
)  # fmt: skip
RELATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a host answers with at one address."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    changed: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def etag(self) -> str:
        """A strong validator: equal bytes, equal tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @property
    def last_modified(self) -> str | None:
        """When the page last changed, as HTTP writes it."""
        return format_datetime(self.changed, usegmt=True) if self.changed else None


def report_page(outlet: Outlet, report: SampleReport) -> Page:
    """A report as its outlet prints it, in the report's charset."""
    html = _render(
        f"{outlet.template}.html", outlet, report.language, report=report, related=related(outlet, report),
        charset=report.charset if report.declared else None,
    )  # fmt: skip
    content_type = "text/html; charset=utf-8" if report.charset == "utf-8" else "text/html"
    return Page(
        body=html.encode(report.charset, "xmlcharrefreplace"), content_type=content_type, changed=changed(report)
    )


def list_page(outlet: Outlet, reports: Sequence[SampleReport], *, private: str | None = None, **paging: Any) -> Page:
    """A front page or one page of a listing: headlines with the beginning of each text."""
    html = _render("list.html", outlet, outlet.language, reports=reports, private=private, **{"older": None} | paging)
    newest = max((changed(report) for report in reports), default=None)
    return Page(body=html.encode(), changed=newest)


def plain_page(outlet: Outlet, *, title: str, text: str, status: int = 200) -> Page:
    """A page of one sentence: an error, or what robots.txt closes."""
    html = _render("plain.html", outlet, outlet.language, title=title, text=text)
    return Page(body=html.encode(), status=status)


def related(outlet: Outlet, report: SampleReport) -> list[SampleReport]:
    """Other reports the page points to, its own language first; none where reports stand in the listing only."""
    if outlet.listing:
        return []
    others = [other for other in outlet.reports if other is not report and not other.unlinked and not other.gone]
    return sorted(others, key=lambda other: other.language != report.language)[:RELATED]


def changed(report: SampleReport) -> datetime:
    """When a report's page last changed: the morning after."""
    return datetime.combine(report.published + timedelta(days=1), time(8), UTC)


def teaser(report: SampleReport, length: int = 110) -> str:
    """The beginning of a text, cut as sites cut it."""
    first = report.paragraphs[0]
    return first if len(first) <= length else f"{first[:length].rstrip()}..."


def _render(template: str, outlet: Outlet, language: str, **context: Any) -> str:
    context = {"charset": "utf-8"} | context
    return TEMPLATES.get_template(template).render(
        outlet=outlet, language=language, label=labels()[language], english=labels()["en"], teaser=teaser, **context
    )
