"""The application factory."""

from __future__ import annotations

from flask import Flask, Response

from archive import Home
from indexer import Searcher
from webapp import failures, reading, runs, scripts, words
from webapp.arguments import search_arguments
from webapp.copies import mark_copy
from webapp.reading import Reading
from webapp.views import api, captures, checking, coverage, editions, guide, replay, reports, searching

MAX_BODY = 64_000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(home: Home) -> Flask:
    """The pages and the API of one archive."""
    app = Flask("webapp")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # An archived address holds `//`; merged, it would name another page.
    app.url_map.merge_slashes = False
    app.extensions["podium"] = Reading(home=home, searcher=Searcher(home, warmed=True))
    for module in (searching, editions, reports, captures, replay, checking, coverage, guide, api):
        app.register_blueprint(module.blueprint)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS | runs.FILTERS | scripts.FILTERS)
    app.jinja_env.tests["web"] = words.is_web
    app.jinja_env.globals.update(words.GLOBALS, search_arguments=search_arguments, collection=home.collection)
    app.after_request(_protect)
    app.teardown_appcontext(reading.close)
    failures.register(app)
    return app


def close_app(app: Flask) -> None:
    """Let go of the index that `app` keeps open."""
    app.extensions["podium"].searcher.close()


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return mark_copy(response)
