"""The JSON twins: the same functions as the pages, under the same paths below /api/v1."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from archive import Record
from webapp.views.captures import asked_capture
from webapp.views.checking import required_check
from webapp.views.coverage import asked_coverage, asked_run
from webapp.views.editions import asked_edition
from webapp.views.reports import asked_changes, asked_evidence, asked_report
from webapp.views.searching import asked_overview, asked_search

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


def _answer(record: Record) -> Response:
    return jsonify(record.to_json())


@blueprint.get("/")
def front() -> Response:
    """The twin of the home page and of the list of editions."""
    return _answer(asked_overview())


@blueprint.get("/search")
def results() -> Response:
    """The twin of the page of results."""
    return _answer(asked_search())


@blueprint.get("/editions")
def editions() -> Response:
    """The editions with the numbers of their reports."""
    return jsonify(editions=asked_overview().to_json()["editions"])


@blueprint.get("/editions/<key>")
def edition(key: str) -> Response:
    """The twin of an edition's page."""
    return _answer(asked_edition(key))


@blueprint.get("/reports/<id>")
def report(id: str) -> Response:
    """The twin of a report's page."""
    return _answer(asked_report(id))


@blueprint.get("/reports/<id>/changes")
def changes(id: str) -> Response:
    """The twin of the page of a report's edits."""
    return _answer(asked_changes(id))


@blueprint.get("/reports/<id>/evidence")
def evidence(id: str) -> Response:
    """The twin of the evidence for a report."""
    return _answer(asked_evidence(id))


@blueprint.get("/captures/<timestamp>/<path:url>")
def capture(timestamp: str, url: str) -> Response:
    """The twin of a capture's page."""
    return _answer(asked_capture(timestamp, url))


@blueprint.get("/check")
def check() -> Response:
    """The twin of the check."""
    return _answer(required_check())


@blueprint.get("/coverage")
def coverage() -> Response:
    """The twin of the coverage."""
    return _answer(asked_coverage())


@blueprint.get("/coverage/<int:number>")
def coverage_run(number: int) -> Response:
    """The twin of a refresh's page."""
    return _answer(asked_run(number))
