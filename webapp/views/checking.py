"""Checking words somebody is said to have said."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from indexer import CheckResult, check
from webapp.arguments import MAX_CHECK, read_text
from webapp.errors import ArgumentError
from webapp.reading import home
from webapp.rights import shown_check

blueprint = Blueprint("check", __name__, url_prefix="/check")


def asked_check() -> CheckResult | None:
    """What the archive says of the text asked about; None when none was given."""
    text = read_text(request.args, "text", most=MAX_CHECK)
    return shown_check(home().collection, check(home(), text)) if text else None


def required_check() -> CheckResult:
    """As `asked_check`; ArgumentError when no text was given."""
    result = asked_check()
    if result is None:
        raise ArgumentError("“text” is missing: give the words to check.")
    return result


@blueprint.get("")
def one() -> str:
    """The form, and the verdict once words were given."""
    text = read_text(request.args, "text", most=MAX_CHECK)
    return render_template("check/page.html", result=asked_check(), text=text, most=MAX_CHECK)
