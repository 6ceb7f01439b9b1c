"""The catalogue by itself: the file as SQLite sees it, revisits and what they refer to, and what was derived."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from archive.catalogue import Catalogue, fingerprint
from archive.records import Defect, Report, Version

REBUILD = "podium rebuild"
VERSION_DIGITS = 32
SLACK = dt.timedelta(hours=1)  # that clocks may differ by
MOST = 20  # problems of the file that are listed


def catalogue_problems(catalogue: Catalogue) -> Iterator[Defect]:
    """Everything in the catalogue that does not follow from something else in it."""
    for row in catalogue.connection.execute(f"PRAGMA integrity_check({MOST})"):
        if row[0] != "ok":
            yield _problem(catalogue, f"is damaged: {row[0]}")
            return  # what else is in it cannot be relied on
    yield from clock_problems(catalogue)
    yield from _revisits(catalogue)
    yield from _descriptions(catalogue)
    yield from _reports(catalogue)
    yield from _strays(catalogue)


def clock_problems(catalogue: Catalogue) -> Iterator[Defect]:
    """The newest capture made here that is dated after now: the clock was ahead then, or was set back since."""
    now = dt.datetime.now(dt.UTC)
    row = catalogue.connection.execute(
        "SELECT file, offset, timestamp FROM captures WHERE via IN ('live', 'supplied') ORDER BY timestamp DESC LIMIT 1"
    ).fetchone()
    if row and row["timestamp"] > (now + SLACK).strftime("%Y%m%d%H%M%S"):
        problem = f"is dated {row['timestamp']}, and the clock says {now:%Y%m%d%H%M%S}: it is wrong now, or was then"
        yield Defect(file=row["file"], offset=row["offset"], problem=problem, mend="set the clock of this machine")


def _revisits(catalogue: Catalogue) -> Iterator[Defect]:
    rows = catalogue.connection.execute(
        "SELECT r.file, r.offset FROM captures r LEFT JOIN captures c ON c.id = r.refers_to"
        " WHERE r.refers_to IS NOT NULL AND (c.id IS NULL OR c.record_type = 'revisit' OR c.sha256 <> r.sha256)"
    )
    for row in rows:
        problem = "the catalogue lets it refer to a capture that does not carry its payload"
        yield Defect(file=row["file"], offset=row["offset"], problem=problem, mend=REBUILD)


def _descriptions(catalogue: Catalogue) -> Iterator[Defect]:
    rows = catalogue.connection.execute("SELECT url, description, digest FROM descriptions WHERE digest IS NOT NULL")
    for row in rows:
        if hashlib.sha256(row["description"]).hexdigest() != row["digest"]:
            yield _problem(catalogue, f"what describing found at {row['url']} was changed")


def _reports(catalogue: Catalogue) -> Iterator[Defect]:
    stated = dict(catalogue.connection.execute("SELECT id, fingerprint FROM reports").fetchall())
    for report in list(catalogue.reports()):
        versions, quotes = catalogue.versions(report.id), list(catalogue.quotes(report.id))
        known = stated.get(report.id)
        if known and fingerprint(report, versions, quotes) != known:
            yield _problem(catalogue, f"the rows of the report {report.id} ({report.url}) were changed")
            continue
        texts = {version.id: version.text for version in versions}
        yield from _versions(catalogue, report, versions)
        for quote in quotes:
            if texts.get(quote.version, "")[quote.start : quote.end] != quote.text:
                yield _problem(catalogue, f"the quote {quote.id} does not stand where it says")


def _versions(catalogue: Catalogue, report: Report, versions: tuple[Version, ...]) -> Iterator[Defect]:
    if all(version.id != report.version for version in versions):
        yield _problem(catalogue, f"the report {report.id} ({report.url}) has not the version it should be read in")
    for version in versions:
        digest = hashlib.sha256(version.text.encode("utf-8", "surrogatepass")).hexdigest()[:VERSION_DIGITS]
        if digest != version.id:
            yield _problem(catalogue, f"a text of the report {report.id} ({report.url}) has not its digest")
        if any(catalogue.capture(capture) is None for capture in version.captures):
            yield _problem(catalogue, f"a text of the report {report.id} ({report.url}) comes from no capture")


def _strays(catalogue: Catalogue) -> Iterator[Defect]:
    for table in ("versions", "quotes"):
        query = f"SELECT count(*) FROM {table} WHERE report NOT IN (SELECT id FROM reports)"
        if stray := catalogue.connection.execute(query).fetchone()[0]:
            yield _problem(catalogue, f"{stray} rows of {table} belong to no report")


def _problem(catalogue: Catalogue, problem: str) -> Defect:
    return Defect(file=catalogue.path.name, offset=None, problem=problem, mend=REBUILD)
