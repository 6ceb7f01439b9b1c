"""The application factory."""

from __future__ import annotations

import functools

from flask import Flask, Response

from archive import Home
from indexer import check, search
from webapp import failures, reading, words
from webapp.arguments import search_arguments
from webapp.reading import Check, Reading, Search
from webapp.views import api, captures, checking, editions, guide, reports, searching

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


def create_app(home: Home, *, search: Search = search, check: Check = check) -> Flask:
    """The pages and the API of one archive; `search` and `check` may be replaced in tests."""
    app = Flask("webapp")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    # An archived address holds `//`; merged, it would name another page.
    app.url_map.merge_slashes = False
    app.extensions["podium"] = Reading(
        home=home, search=functools.partial(search, home), check=functools.partial(check, home)
    )
    for module in (searching, editions, reports, captures, checking, guide, api):
        app.register_blueprint(module.blueprint)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.globals.update(search_arguments=search_arguments, collection=home.collection)
    app.after_request(_protect)
    app.teardown_appcontext(reading.close)
    failures.register(app)
    return app


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
