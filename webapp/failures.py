"""Errors as pages, and as JSON below /api/: one sentence that says what, where and what to do."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from archive import ArchiveError
from indexer import NoIndexError, QueryError
from webapp.arguments import sound_arguments
from webapp.errors import ArgumentError, GoneError
from webapp.reading import home

log = logging.getLogger("podium.web")
LOST = "There is no such page here."
SHOWN = 512  # characters of a query that was refused
CLOSED = "What this page needs cannot be read from the archive at present. Its keeper finds the reason in the log of the server."
UNINDEXED = (
    "Nothing can be searched here yet: there is no index that can be read. "
    "The keeper of this archive finds the command for it in the log of the server."
)
BROKEN = "Podium failed at this page. The reason is in the log of the server."


def register(app: Flask) -> None:
    """Let every error of `app` end as a page or as JSON."""
    app.register_error_handler(ArgumentError, lambda exc: _failure(400, str(exc)))
    app.register_error_handler(GoneError, _gone)
    app.register_error_handler(QueryError, lambda exc: _failure(400, str(exc)))
    app.register_error_handler(NoIndexError, lambda exc: _unread(exc, UNINDEXED))
    app.register_error_handler(ArchiveError, lambda exc: _unread(exc, CLOSED))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _http(exc: HTTPException) -> Response:
    if exc.response is not None or (exc.code or 500) < 400:
        return make_response(exc.get_response())
    if exc.code == HTTPStatus.NOT_FOUND and (address := _without_slash()):
        return make_response(redirect(address, HTTPStatus.PERMANENT_REDIRECT))
    ours = exc.description != type(exc).description
    sentence = exc.description if ours and exc.description else _sentence(exc.code or 500)
    failure = _failure(exc.code or 500, sentence)
    for name, value in exc.get_headers():
        if name == "Allow":
            failure.headers[name] = value
    return failure


def _without_slash() -> str | None:
    """The address of the page that was asked for with a slash too many; None when there is none."""
    adapter = current_app.create_url_adapter(request)
    if adapter is None or request.url_rule is not None or not request.path.endswith("/"):
        return None
    try:
        endpoint, values = adapter.match(request.path[:-1])
    except HTTPException:
        return None
    asked = request.query_string.decode("latin-1")
    return adapter.build(endpoint, values) + (f"?{asked}" if asked else "")


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


def _unread(exc: Exception, sentence: str) -> Response:
    """The full text, which names files of the server, goes to the log alone."""
    log.error("%s: %s", request.path, exc)
    return _failure(503, sentence)


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
        response = make_response(render_template("error.html", phrase=phrase, sentence=sentence, **_searched(code)))
    response.status_code = code
    return response


def _searched(code: int) -> dict[str, Any]:
    """What was searched for in vain, to be mended where it was typed; a query of None on other pages."""
    if request.endpoint != "search.results" or code not in (HTTPStatus.BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE):
        return {"query": None}
    kept = sound_arguments(request.args, home())
    given = {name: request.args[name][:SHOWN] for name in ("from", "to") if request.args.get(name, "").strip()}
    return {
        "query": request.args.get("q", "")[:SHOWN],
        "kept": kept,
        "dates": {} if given.keys() <= kept.keys() else given,
    }
