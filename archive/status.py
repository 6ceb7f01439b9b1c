"""What the archive holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass

from archive.home import Home
from archive.records import Record, Relation
from archive.runs import RefreshReport, refresh_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Record):
    """Counts of an archive, and its last run (kind and time)."""

    home: str
    collection: str
    captures: int
    files: int
    size: int  # bytes below warc/
    reports: int
    editions: tuple[tuple[str, int], ...]
    related: int
    other: int
    quotes: int
    defects: int
    last_run: str | None
    last_refresh: RefreshReport | None
    index: str | None


def archive_status(home: Home) -> Status:
    """The status of a home."""
    files = [path for path in home.warc.rglob("*.*arc*") if path.is_file()]
    current = home.index / "CURRENT"
    with home.catalogue() as catalogue:
        query = catalogue.connection.execute
        relations = dict(query("SELECT relation, count(*) FROM reports GROUP BY relation").fetchall())
        editions = query(
            "SELECT edition, count(*) FROM reports WHERE relation = 'edition' GROUP BY edition ORDER BY edition"
        )
        run = query("SELECT kind, started FROM runs ORDER BY id DESC LIMIT 1").fetchone()
        refreshed = next(refresh_runs(catalogue.connection, most=1), None)
        return Status(
            home=str(home.path),
            collection=home.collection.key,
            captures=query("SELECT count(*) FROM captures").fetchone()[0],
            files=len(files),
            size=sum(path.stat().st_size for path in files),
            reports=catalogue.report_count(),
            editions=tuple((row[0], row[1]) for row in editions),
            related=relations.get(Relation.RELATED, 0),
            other=relations.get(Relation.OTHER, 0),
            quotes=query("SELECT count(*) FROM quotes").fetchone()[0],
            defects=len(catalogue.defects()),
            last_refresh=refreshed.report if refreshed else None,
            last_run=f"{run['kind']} {run['started']}" if run else None,
            index=current.read_text().strip() if current.exists() else None,
        )
