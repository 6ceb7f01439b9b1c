"""A report, and the evidence for it."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, render_template, request

from archive import Report, Version
from indexer import NoIndexError, Similar
from webapp.arguments import read_number, read_text, read_way_back
from webapp.changes import ChangesPage, changes_page
from webapp.copies import note_copy
from webapp.errors import ArgumentError
from webapp.evidence import EvidencePage, evidence_page
from webapp.marks import marks
from webapp.reading import catalogue, home, reading, refuse_withdrawn
from webapp.reports import ReportPage, report_page

blueprint = Blueprint("reports", __name__, url_prefix="/reports")
NO_REPORT = "This archive holds no report with this id; the address may be misspelt."
ONE_VERSION = "There are no two such texts of this report to compare."
NO_VERSION = "This report has no such version."


def asked_report(id: str) -> ReportPage:
    """The report, in the version asked for, with the words of the query marked."""
    query = read_text(request.args, "q")
    page = report_page(home().collection, catalogue(), id, version=request.args.get("version") or None)
    if page is None:
        refuse_withdrawn(report=id)
        abort(404, NO_REPORT if catalogue().report(catalogue().resolve(id)) is None else NO_VERSION)
    note_copy(page.report.url)
    hits = marks(query, page.text, page.report.language) if query else ()
    return replace(page, hits=hits, similar=_similar(page.report.id))


def asked_evidence(id: str) -> EvidencePage:
    """The provenance chain of a version, or of a passage of it."""
    report, version = _version(id)
    recompute = bool(read_number(request.args, "recompute", default=0, least=0, most=1))
    return evidence_page(home(), catalogue(), report, version, span=_span(version), recompute=recompute)


def asked_changes(id: str) -> ChangesPage:
    """What two texts of the report differ in."""
    report, _ = _version(id)
    asked = {name: request.args.get(name) or None for name in ("before", "after")}
    page = changes_page(home().collection, catalogue(), report, **asked)
    if page is None:
        abort(404, ONE_VERSION)
    return page


@blueprint.get("/<id>")
def one(id: str) -> str:
    """A report: what is known of it, its text with quotes, its versions."""
    return render_template("reports/page.html", page=asked_report(id), results=read_way_back(request.args))


@blueprint.get("/<id>/changes")
def changes(id: str) -> str:
    """What appeared in a report and what vanished from it."""
    return render_template("reports/changes.html", page=asked_changes(id))


@blueprint.get("/<id>/evidence")
def evidence(id: str) -> str:
    """Where every word of a report comes from, down to file, offset and digest."""
    return render_template("reports/evidence.html", page=asked_evidence(id))


def _similar(id: str) -> tuple[Similar, ...]:
    """The reports most like one; none while there is no index to ask."""
    try:
        return reading().searcher.similar(id)
    except NoIndexError:
        return ()


def _version(id: str) -> tuple[Report, Version]:
    report = catalogue().report(catalogue().resolve(id))
    if report is None:
        refuse_withdrawn(report=id)
        abort(404, NO_REPORT)
    version = catalogue().version(request.args.get("version") or report.version, report.id)
    if version is None:
        abort(404, NO_VERSION)
    note_copy(report.url)
    return report, version


def _span(version: Version) -> tuple[int, int] | None:
    """The offsets asked for; ArgumentError when they lie outside the text."""
    if not request.args.get("end"):
        return None
    end = read_number(request.args, "end", default=0, least=0, most=len(version.text))
    start = read_number(request.args, "start", default=0, least=0, most=len(version.text))
    if start >= end:
        raise ArgumentError(f"“start” must be smaller than “end”; they are {start} and {end}.")
    return start, end
