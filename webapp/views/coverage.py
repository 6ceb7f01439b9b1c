"""What is held, what is missing and why; the last runs, and each of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from flask import Blueprint, abort, render_template

from archive import ArchiveCoverage, Kept, archive_coverage, kept_run
from webapp.reading import catalogue, home
from webapp.runs import shown_run

blueprint = Blueprint("coverage", __name__, url_prefix="/coverage")


def asked_coverage() -> ArchiveCoverage:
    """What the archive holds, as of its last refresh."""
    coverage = archive_coverage(home(), catalogue(), today=dt.datetime.now(dt.UTC).date())
    withdrawn = home().withdrawals()
    return replace(coverage, runs=tuple(shown_run(kept, withdrawn) for kept in coverage.runs))


def asked_run(number: int) -> Kept:
    """The run of a number; 404 when there is none."""
    kept = kept_run(catalogue().connection, number) if number < 2**63 else None
    if kept is None:
        abort(404, f"There is no run {number} here.")
    return shown_run(kept, home().withdrawals())


@blueprint.get("")
def page() -> str:
    """By edition, language and source: what is held, what is missing and why."""
    return render_template("coverage/page.html", page=asked_coverage())


@blueprint.get("/<int:number>")
def run(number: int) -> str:
    """One run."""
    return render_template("coverage/run.html", kept=asked_run(number))
