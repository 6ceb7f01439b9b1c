"""Help, about, and what browsers and monitors ask for."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template

from webapp.reading import catalogue
from webapp.views.searching import asked_overview

blueprint = Blueprint("guide", __name__)


@blueprint.get("/help")
def syntax() -> str:
    """The query language, by examples."""
    return render_template("help/page.html")


@blueprint.get("/about")
def about() -> str:
    """What this archive is, what it holds, what is missing."""
    return render_template("help/about.html", page=asked_overview())


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """The description by which a browser can add this search."""
    return Response(render_template("help/opensearch.xml"), mimetype="application/opensearchdescription+xml")


@blueprint.get("/healthz")
def health() -> Response:
    """Whether the catalogue can be read."""
    return jsonify(status="ok", reports=catalogue().report_count())
