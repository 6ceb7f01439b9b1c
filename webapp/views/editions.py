"""The editions, and one of them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from webapp.overview import EditionPage, edition_page
from webapp.reading import catalogue, home
from webapp.views.searching import asked_overview

blueprint = Blueprint("editions", __name__, url_prefix="/editions")


def asked_edition(key: str) -> EditionPage:
    """The edition of a key; 404 when the collection has none."""
    page = edition_page(home().collection, catalogue(), key)
    if page is None:
        abort(404, f"This collection knows no edition “{key[:40]}”.")
    return page


@blueprint.get("/")
def list_all() -> str:
    """Every edition, oldest first."""
    return render_template("editions/list.html", page=asked_overview())


@blueprint.get("/<key>")
def one(key: str) -> str:
    """An edition: what is claimed of it, who attests it, what was reported."""
    return render_template("editions/page.html", page=asked_edition(key))
