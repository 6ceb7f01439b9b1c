"""Pages as they looked, with pictures and styles; under headers that let nothing in them run."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from archive import REQUISITE, Capture
from webapp.captures import capture_page, nearest_capture
from webapp.copies import note_copy
from webapp.reading import catalogue, home, refuse_withdrawn
from webapp.replay import Address, Replayed, nearest_requisite, replay_page, replay_requisite

blueprint = Blueprint("replay", __name__, url_prefix="/replay")
# An archived page is given an origin of its own, on which nothing runs: it can neither read nor ask for anything here
# but pictures and styles (CSP 3, sandbox).
HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
NOTHING = "This archive holds no page or picture of this address that it may show as it looked."


@blueprint.get("/<timestamp>/<path:url>")
def one(timestamp: str, url: str) -> AnyResponse:
    """A report's page as it looked, or one of its pictures and styles, as of a time."""
    if request.query_string:
        url = f"{url}?{request.query_string.decode('latin-1')}"
    if re.fullmatch(r"[0-9]{14}", timestamp) is None:
        abort(404, NOTHING)
    refuse_withdrawn(url=url)
    requisite = nearest_requisite(catalogue(), url, timestamp)
    if requisite is not None and _is_shown(requisite, timestamp):
        return _given(replay_requisite(home(), catalogue(), requisite, _addresses(timestamp)))
    capture = nearest_capture(catalogue(), url, timestamp)
    if capture is None or not capture_page(home().collection, catalogue(), capture).looks:
        abort(404, NOTHING)
    if (capture.timestamp, capture.url) != (timestamp, url):
        return redirect(url_for(".one", timestamp=capture.timestamp, url=capture.url))
    note_copy(capture.url)
    notice = render_template("captures/_notice.html", capture=capture)
    return _given(replay_page(home(), catalogue(), capture, _addresses(timestamp), notice=notice))


def _is_shown(requisite: Capture, timestamp: str) -> bool:
    """Whether the page that a picture or style was captured for may be shown."""
    page = (requisite.how or "").removeprefix(REQUISITE)
    refuse_withdrawn(url=page)
    capture = nearest_capture(catalogue(), page, timestamp)
    return capture is not None and capture_page(home().collection, catalogue(), capture).looks


def _addresses(timestamp: str) -> Address:
    return lambda url: url_for("replay.one", timestamp=timestamp, url=url)


def _given(replayed: Replayed) -> Response:
    response = Response(replayed.body, content_type=replayed.content_type)
    response.headers.update(HEADERS)
    return response
