"""The home page and the page of search results."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request

from indexer import SearchPage
from webapp.arguments import read_search, toggled, way_back
from webapp.overview import Overview, overview
from webapp.reading import catalogue, home, reading
from webapp.rights import shown_hit

blueprint = Blueprint("search", __name__)


def asked_overview() -> Overview:
    """The archive at a glance."""
    return overview(home().collection, reading().counts(catalogue()))


def asked_search() -> SearchPage:
    """The page of results the address asks for."""
    page = reading().searcher.search(read_search(request.args, size=home().settings.page_size))
    return replace(page, hits=tuple(shown_hit(home().collection, hit) for hit in page.hits))


@blueprint.get("/")
def front() -> str:
    """The home page."""
    return render_template("home/page.html", page=asked_overview())


@blueprint.get("/search")
def results() -> str:
    """Search results; without a query, every report under the filters."""
    return render_template("search/page.html", page=asked_search(), toggled=toggled, way_back=way_back)
