"""The archived text of one capture of a page, under the address the web archives use: timestamp, then address."""

from __future__ import annotations

import re

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.captures import CapturePage, capture_page, nearest_capture
from webapp.copies import note_copy
from webapp.reading import catalogue, home, refuse_withdrawn

blueprint = Blueprint("captures", __name__, url_prefix="/captures")


def asked_capture(timestamp: str, url: str) -> CapturePage:
    """The capture of an address nearest to a timestamp; 404 when there is none."""
    if request.query_string:  # typed as web archives take it, the address with its own query unescaped
        url = f"{url}?{request.query_string.decode('latin-1')}"
    known = re.fullmatch(r"[0-9]{4,14}", timestamp) is not None
    capture = nearest_capture(catalogue(), url, timestamp) if known else None
    if capture is None:
        refuse_withdrawn(url=url)
        abort(
            404,
            "This archive holds no capture of this address. A capture is named by 4 to 14 digits, then the address.",
        )
    note_copy(capture.url)
    return capture_page(home().collection, catalogue(), capture)


@blueprint.get("/<timestamp>/<path:url>")
def one(timestamp: str, url: str) -> str | Response:
    """The text of a capture; a timestamp that is only near is redirected to the capture's own."""
    page = asked_capture(timestamp, url)
    if page.capture.timestamp != timestamp:
        return redirect(url_for(".one", timestamp=page.capture.timestamp, url=page.capture.url))
    return render_template("captures/page.html", page=page)
