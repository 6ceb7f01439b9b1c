"""Errors as pages, and as JSON below /api/: one sentence that says what, where and what to do."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from archive import ArchiveError
from indexer import NoIndexError, QueryError
from webapp.errors import ArgumentError, GoneError
from webapp.reading import home

log = logging.getLogger("podium.web")
LOST = "There is no such page here."
SHOWN = 512  # characters of a query that was refused
BROKEN = "Podium failed at this page. The reason is in the log of the server."


def register(app: Flask) -> None:
    """Let every error of `app` end as a page or as JSON."""
    app.register_error_handler(ArgumentError, lambda exc: _failure(400, str(exc)))
    app.register_error_handler(GoneError, _gone)
    app.register_error_handler(QueryError, lambda exc: _failure(400, str(exc)))
    app.register_error_handler(NoIndexError, lambda exc: _failure(503, str(exc)))
    app.register_error_handler(ArchiveError, _archive)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _http(exc: HTTPException) -> Response:
    if exc.response is not None or (exc.code or 500) < 400:
        return make_response(exc.get_response())
    ours = exc.description != type(exc).description
    sentence = exc.description if ours and exc.description else _sentence(exc.code or 500)
    failure = _failure(exc.code or 500, sentence)
    for name, value in exc.get_headers():
        if name == "Allow":
            failure.headers[name] = value
    return failure


def _sentence(code: int) -> str:
    sentences = {404: LOST, 405: "This page takes no such request.", 413: "What was sent is too long."}
    return sentences.get(code, f"{HTTPStatus(code).phrase}.")


def _gone(exc: GoneError) -> Response:
    said = {"date": exc.withdrawal.date, "reason": exc.withdrawal.reason}
    response = _failure(exc.status, str(exc), withdrawn=said)
    response.headers["X-Robots-Tag"] = "noindex"
    if exc.status == 451:  # RFC 7725, 4: who implements the demand
        response.headers["Link"] = f'<{home().settings.public_url or request.host_url}>; rel="blocked-by"'
    return response


def _archive(exc: ArchiveError) -> Response:
    log.error("%s: %s", request.path, exc)
    return _failure(503, str(exc))


def _unexpected(exc: Exception) -> Response:
    log.error("%s", request.full_path, exc_info=exc)
    if current_app.testing:
        raise exc
    return _failure(500, BROKEN)


def _failure(code: int, sentence: str, **more: Any) -> Response:
    phrase = HTTPStatus(code).phrase
    if request.path.startswith("/api/"):
        response = jsonify(error=sentence, status=code, **more)
    else:
        response = make_response(render_template("error.html", phrase=phrase, sentence=sentence, query=_query(code)))
    response.status_code = code
    return response


def _query(code: int) -> str | None:
    """What was searched for in vain, to be mended where it was typed; None on other pages."""
    searched = code == HTTPStatus.BAD_REQUEST and request.endpoint == "search.results"
    return request.args.get("q", "")[:SHOWN] if searched else None
