"""The catalogue: one SQLite file that says what the archive holds. Rows in, records out."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from archive.errors import CatalogueError
from archive.migrations import migrate
from archive.records import (
    Capture,
    Correction,
    Defect,
    Field,
    Precision,
    Published,
    Quote,
    QuoteKind,
    Relation,
    Report,
    Trust,
    Version,
    Via,
    plain,
)
from archive.withdrawals import Withdrawals

REMEDIES = (
    ("SQLITE_BUSY", "another program holds it: end that, then run the command again"),
    ("SQLITE_LOCKED", "another program holds it: end that, then run the command again"),
    ("SQLITE_FULL", "the disk is full: free some space, then run the command again"),
    ("SQLITE_IOERR", "the disk refuses: look at its space and health, then run the command again"),
    ("SQLITE_READONLY", "it cannot be written to: mend its permissions, then run the command again"),
    ("SQLITE_CANTOPEN", "it cannot be opened: mend the permissions of its folder, then run the command again"),
    ("SQLITE_PERM", "it cannot be opened: mend its permissions, then run the command again"),
)
PATIENCE = 30.0  # seconds to wait for another program that holds the catalogue
CAPTURE_COLUMNS = tuple(Capture.__dataclass_fields__)
CORRECTION_COLUMNS = tuple(Correction.__dataclass_fields__)
QUOTE_COLUMNS = tuple(Quote.__dataclass_fields__)
REPORT_COLUMNS = tuple(name for name in Report.__dataclass_fields__ if name != "published")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Keep the file's log beside it; where several programs make one file at once, SQLite refuses all but one unasked."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.02)


class Catalogue:
    """One open catalogue, for the thread that opened it.

    What `withdrawn` covers is in no answer but those of `capture`, `captures_in` and `captures_by_digest`, which say
    what lies in the files.
    """

    def __init__(self, path: Path, *, withdrawn: Withdrawals | None = None) -> None:
        """Open the catalogue at `path`, or make it; CatalogueError when it is damaged or newer than this program."""
        self.path = path
        self.withdrawn = withdrawn or Withdrawals()
        try:
            self.connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            self.connection.row_factory = sqlite3.Row
            _write_ahead(self.connection)
            self.connection.execute("PRAGMA synchronous=FULL")
            migrate(self.connection, path)
        except sqlite3.DatabaseError as exc:
            raise catalogue_error(path, exc) from exc

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def scrub(self) -> None:
        """Leave nothing of deleted rows in the file or its log; CatalogueError while another program is reading."""
        self.connection.execute("VACUUM")
        busy = self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise CatalogueError(
                f"{self.path}: another program is reading it, so that its log cannot be emptied; "
                "end that, then run the command again"
            )

    # --- facts -------------------------------------------------------------------------------

    def add_captures(self, captures: Iterable[Capture]) -> None:
        """Add rows within the caller's transaction, or each on its own; a row that is there stays."""
        self.connection.executemany(_insert("captures", CAPTURE_COLUMNS, "OR IGNORE"), map(_capture_row, captures))

    def capture(self, id: int) -> Capture | None:
        """The capture of that id, or None."""
        return next(self._captures("WHERE id = ?", (id,)), None)

    def captures(self, *, urlkey: str | None = None) -> Iterator[Capture]:
        """Captures, oldest first: all, or those of one urlkey."""
        if urlkey is None:
            return self._in_sight(self._captures("", ()))
        return self._in_sight(self._captures("WHERE urlkey = ?", (urlkey,)))

    def captures_by_digest(self, payload_sha1: str) -> Iterator[Capture]:
        """Captures that carry a payload of that digest, oldest first."""
        return self._captures("WHERE payload_sha1 = ? AND record_type <> 'revisit'", (payload_sha1,))

    def captures_by_sha256(self, sha256: str) -> Iterator[Capture]:
        """Captures that carry a payload of that digest, oldest first."""
        return self._captures("WHERE sha256 = ? AND record_type <> 'revisit'", (sha256,))

    def captures_of_reports(self, *relations: Relation) -> Iterator[Capture]:
        """Captures that carry a text of a report of these relations, oldest first."""
        among = ", ".join("?" * len(relations))
        return self._captures(
            "WHERE id IN (SELECT carrying.value FROM reports r JOIN versions v ON v.report = r.id,"
            f" json_each(v.captures) carrying WHERE r.relation IN ({among}))",
            tuple(str(relation) for relation in relations),
        )

    def captures_in(self, file: str) -> Iterator[Capture]:
        """Captures of one file below `warc/`, oldest first."""
        return self._captures("WHERE file = ?", (file,))

    def latest(self, urlkey: str) -> Capture | None:
        """The newest capture of an urlkey, or None."""
        return next(self._in_sight(self._captures("WHERE urlkey = ?", (urlkey,), "DESC")), None)

    def _in_sight(self, captures: Iterator[Capture]) -> Iterator[Capture]:
        if not self.withdrawn:
            return captures
        return (capture for capture in captures if self.withdrawn.of(capture.urlkey) is None)

    def _captures(self, where: str, values: Sequence[Any], order: str = "ASC") -> Iterator[Capture]:
        sql = f"SELECT * FROM captures {where} ORDER BY timestamp {order}, file {order}, offset {order}"
        return (_capture(row) for row in self.connection.execute(sql, values))

    def add_file(
        self, name: str, *, kind: str, size: int, records: int, sha256: str | None, note: str | None = None
    ) -> None:
        """Note a file below `warc/`, or what is now known of it."""
        self.connection.execute(
            "INSERT OR REPLACE INTO files (name, kind, sha256, size, records, note) VALUES (?, ?, ?, ?, ?, ?)",
            (name, kind, sha256, size, records, note),
        )

    def files(self) -> list[dict[str, Any]]:
        """The files below `warc/` that the catalogue knows, by name."""
        return [dict(row) for row in self.connection.execute("SELECT * FROM files ORDER BY name")]

    def add_defects(self, defects: Iterable[Defect]) -> None:
        """Keep defects as known."""
        rows = [(defect.file, defect.offset, defect.problem) for defect in defects]
        self.connection.executemany("INSERT OR IGNORE INTO defects (file, offset, problem) VALUES (?, ?, ?)", rows)

    def defects(self) -> tuple[Defect, ...]:
        """The known defects, by file and offset."""
        rows = self.connection.execute("SELECT * FROM defects ORDER BY file, offset")
        return tuple(Defect(file=r["file"], offset=r["offset"], problem=r["problem"], known=True) for r in rows)

    def add_aliases(self, aliases: Iterable[tuple[str, str]]) -> None:
        """Let old ids of reports and quotes lead to new ones."""
        self.connection.executemany("INSERT OR REPLACE INTO aliases (old, new) VALUES (?, ?)", aliases)

    def aliases(self) -> dict[str, str]:
        """The new id of each old one."""
        return {row["old"]: row["new"] for row in self.connection.execute("SELECT old, new FROM aliases ORDER BY old")}

    def resolve(self, id: str) -> str:
        """The id under which a report or quote is kept now: the same one, or where aliases lead; `id` if nowhere."""
        seen: list[str] = []
        at: str | None = id
        while at is not None and at not in seen:
            if self._is_kept(at):
                return at
            seen.append(at)
            row = self.connection.execute("SELECT new FROM aliases WHERE old = ?", (at,)).fetchone()
            at = row and row["new"]
        return id

    def _is_kept(self, id: str) -> bool:
        queries = ("SELECT 1 FROM reports WHERE id = ?", "SELECT 1 FROM quotes WHERE id = ? LIMIT 1")
        return any(self.connection.execute(query, (id,)).fetchone() for query in queries)

    # --- derived -----------------------------------------------------------------------------

    def description(self, *, sha256: str, extractor: str, url: str) -> bytes | None:
        """What the pure pass made of a payload under an address, or None when it has not run."""
        row = self.connection.execute(
            "SELECT description FROM descriptions WHERE sha256 = ? AND extractor = ? AND url = ?",
            (sha256, extractor, url),
        ).fetchone()
        return row and bytes(row[0])

    def keep_description(self, *, sha256: str, extractor: str, url: str, description: bytes) -> None:
        """Keep what the pure pass made."""
        self.connection.execute(
            "INSERT OR REPLACE INTO descriptions (sha256, extractor, url, description, digest) VALUES (?, ?, ?, ?, ?)",
            (sha256, extractor, url, description, hashlib.sha256(description).hexdigest()),
        )

    def forget_descriptions(self) -> None:
        """Drop what the pure pass made, so that it is made again."""
        self.connection.execute("DELETE FROM descriptions")

    def replace_reports(
        self,
        reports: Iterable[Report],
        versions: Iterable[Version],
        quotes: Iterable[Quote],
        *,
        corrections: Iterable[Correction] = (),
        aliases: Iterable[tuple[str, str]] = (),
        anew: bool = False,
    ) -> tuple[int, int]:
        """Make these the derived state, in one transaction; give how many reports changed and how many went.

        With `anew` every row is written again, whatever stands there.
        """
        versions_of = _grouped(versions, lambda version: version.report)
        quotes_of = _grouped(quotes, lambda quote: quote.report)
        before = {
            row["id"]: row["fingerprint"] for row in self.connection.execute("SELECT id, fingerprint FROM reports")
        }
        changed = 0
        with transaction(self.connection):
            sequence = self.sequence() + 1
            for report in reports:
                parts = versions_of.get(report.id, []), quotes_of.get(report.id, [])
                mark = fingerprint(report, *parts)
                known = before.pop(report.id, None)
                if known == mark and not anew:
                    continue
                if known is None or anew or self._reads_otherwise(report, *parts):
                    self._note_change(report.id, sequence, gone=False)
                    changed += 1
                self._replace_report(report, *parts, fingerprint=mark)
            for gone in before:
                self._drop_report(gone)
                self._note_change(gone, sequence, gone=True)
            self.connection.execute("DELETE FROM corrections")
            rows = [_values(correction, CORRECTION_COLUMNS) for correction in corrections]
            self.connection.executemany(_insert("corrections", CORRECTION_COLUMNS), rows)
            self.add_aliases(aliases)
        return changed, len(before)

    def _reads_otherwise(self, report: Report, versions: Sequence[Version], quotes: Sequence[Quote]) -> bool:
        """Whether more is new than that a page was found unchanged: then readers and index have nothing to learn."""
        known = self.report(report.id)
        before = [replace(version, captures=()) for version in self.versions(report.id)]
        after = [replace(version, captures=()) for version in versions]
        return known is None or fingerprint(known, before, list(self.quotes(report.id))) != fingerprint(
            report, after, quotes
        )

    def _replace_report(
        self, report: Report, versions: Sequence[Version], quotes: Sequence[Quote], *, fingerprint: str
    ) -> None:
        self._drop_report(report.id)
        columns = (*REPORT_COLUMNS, "published", "precision", "how", "fingerprint")
        self.connection.execute(_insert("reports", columns), (*_report_row(report), fingerprint))
        self.connection.executemany(
            "INSERT INTO versions (report, id, ordinal, title, text, extractor, captures) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(v.report, v.id, n, v.title, v.text, v.extractor, json.dumps(v.captures)) for n, v in enumerate(versions)],
        )
        self.connection.executemany(_insert("quotes", QUOTE_COLUMNS), [_values(q, QUOTE_COLUMNS) for q in quotes])

    def rename_captures(self, report: str, moved: Mapping[int, int]) -> None:
        """Let a report's versions name captures by the ids they have now, within the caller's transaction."""
        row = self.connection.execute("SELECT * FROM reports WHERE id = ?", (report,)).fetchone()
        rows = self.connection.execute("SELECT * FROM versions WHERE report = ? ORDER BY ordinal", (report,)).fetchall()
        before = [_version(version) for version in rows]
        after = [replace(v, captures=self._by_time(moved.get(id, id) for id in v.captures)) for v in before]
        if row is None or after == before:
            return
        self.connection.executemany(
            "UPDATE versions SET captures = ? WHERE report = ? AND id = ?",
            [(json.dumps(version.captures), report, version.id) for version in after],
        )
        quotes = self.connection.execute("SELECT * FROM quotes WHERE report = ? ORDER BY rowid", (report,))
        mark = fingerprint(_report(row), after, [_quote(quote) for quote in quotes])
        self.connection.execute("UPDATE reports SET fingerprint = ? WHERE id = ?", (mark, report))

    def _by_time(self, ids: Iterable[int]) -> tuple[int, ...]:
        found = [capture for id in ids if (capture := self.capture(id))]
        return tuple(c.id for c in sorted(found, key=lambda c: (c.timestamp, c.file, c.offset)))

    def drop_reports(self, ids: Iterable[str]) -> None:
        """Drop reports with their versions and quotes, and note that they are gone, within the caller's transaction."""
        sequence = self.sequence() + 1
        for id in ids:
            self._drop_report(id)
            self.connection.execute("DELETE FROM corrections WHERE report = ?", (id,))
            self._note_change(id, sequence, gone=True)

    def _drop_report(self, id: str) -> None:
        for table, column in (("quotes", "report"), ("versions", "report"), ("reports", "id")):
            self.connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (id,))

    def _note_change(self, id: str, sequence: int, *, gone: bool) -> None:
        self.connection.execute(
            "INSERT OR REPLACE INTO changes (report, sequence, gone) VALUES (?, ?, ?)", (id, sequence, gone)
        )

    def sequence(self) -> int:
        """The number of the last change of the derived state; 0 before the first."""
        return int(self.connection.execute("SELECT coalesce(max(sequence), 0) FROM changes").fetchone()[0])

    def changed_since(self, sequence: int) -> tuple[int, list[str], list[str]]:
        """The present sequence, the reports that changed after `sequence`, and those that are gone since."""
        rows = self.connection.execute(
            "SELECT * FROM changes WHERE sequence > ? ORDER BY report", (sequence,)
        ).fetchall()
        newest = max((row["sequence"] for row in rows), default=max(sequence, self.sequence()))
        return newest, [r["report"] for r in rows if not r["gone"]], [r["report"] for r in rows if r["gone"]]

    def report(self, id: str) -> Report | None:
        """The report of that id, or None."""
        row = self.connection.execute("SELECT * FROM reports WHERE id = ?", (id,)).fetchone()
        return _report(row) if row and self.withdrawn.of(row["urlkey"]) is None else None

    def reports(self, *, edition: str | None = None) -> Iterator[Report]:
        """Reports by published date (unknown last) and id: all, or those of one edition."""
        where, values = ("WHERE edition = ?", (edition,)) if edition is not None else ("", ())
        sql = f"SELECT * FROM reports {where} ORDER BY published IS NULL, published, id"
        rows = self.connection.execute(sql, values)
        return (_report(row) for row in rows if self.withdrawn.of(row["urlkey"]) is None)

    def report_count(self) -> int:
        """How many reports there are, related and other ones too."""
        return int(self.connection.execute("SELECT count(*) FROM reports").fetchone()[0])

    def versions(self, report: str) -> tuple[Version, ...]:
        """Every distinct text of a report, oldest first."""
        rows = self.connection.execute("SELECT * FROM versions WHERE report = ? ORDER BY ordinal", (report,))
        return tuple(_version(row) for row in rows if self.withdrawn.of_report(report) is None)

    def version(self, id: str, report: str) -> Version | None:
        """One version of a report, or None."""
        row = self.connection.execute("SELECT * FROM versions WHERE report = ? AND id = ?", (report, id)).fetchone()
        return _version(row) if row and self.withdrawn.of_report(report) is None else None

    def quotes(self, report: str | None = None, *, version: str | None = None) -> Iterator[Quote]:
        """Quotes in the order of the text: all, of one report, or of one version of it."""
        terms = [("report = ?", report), ("version = ?", version)]
        given = [(term, value) for term, value in terms if value is not None]
        where = "WHERE " + " AND ".join(term for term, _ in given) if given else ""
        sql = f"SELECT * FROM quotes {where} ORDER BY report, version, start"
        rows = self.connection.execute(sql, [value for _, value in given])
        return (_quote(row) for row in rows if self.withdrawn.of_report(row["report"]) is None)

    def quote(self, id: str) -> tuple[Quote, ...]:
        """A quote in every version that has it, the latest last; none when there is no such quote."""
        rows = self.connection.execute(
            "SELECT quotes.* FROM quotes JOIN versions ON versions.id = quotes.version AND versions.report = quotes.report"
            " WHERE quotes.id = ? ORDER BY versions.ordinal",
            (id,),
        )
        return tuple(_quote(row) for row in rows)

    def corrections(self, report: str | None = None) -> tuple[Correction, ...]:
        """The corrections describing applied, oldest first: all, or those of one report and its quotes."""
        where, values = ("WHERE report = ?", (report,)) if report is not None else ("", ())
        rows = self.connection.execute(f"SELECT * FROM corrections {where} ORDER BY time, id", values)
        return tuple(_correction(row) for row in rows)


def catalogue_error(path: Path, exc: sqlite3.DatabaseError) -> CatalogueError:
    """What SQLite says of a catalogue, with what to do about it."""
    name = getattr(exc, "sqlite_errorname", None) or ""
    todo = next((todo for start, todo in REMEDIES if name.startswith(start)), "run: podium rebuild")
    return CatalogueError(f"{path}: the catalogue cannot be used: {exc}; {todo}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE, then COMMIT, or ROLLBACK on an exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # a full disk rolls back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _insert(table: str, columns: Sequence[str], conflict: str = "") -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT {conflict} INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"


def _values(record: Any, columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(plain(getattr(record, column)) for column in columns)


def _capture_row(capture: Capture) -> tuple[Any, ...]:
    return _values(capture, CAPTURE_COLUMNS)


def _capture(row: sqlite3.Row) -> Capture:
    return Capture(**{**dict(row), "via": Via(row["via"])})


def _report_row(report: Report) -> tuple[Any, ...]:
    day = report.published
    dated = (day.date.isoformat(), day.precision, day.how) if day else (None, None, None)
    return (*_values(report, REPORT_COLUMNS), *dated)


def _report(row: sqlite3.Row) -> Report:
    values = {name: row[name] for name in REPORT_COLUMNS}
    published = None
    if row["published"]:
        day = dt.date.fromisoformat(row["published"])
        published = Published(date=day, precision=Precision(row["precision"]), how=row["how"])
    values |= {"trust": Trust(row["trust"]), "via": Via(row["via"]), "relation": Relation(row["relation"])}
    values["noarchive"] = bool(row["noarchive"])
    return Report(published=published, **values)


def _version(row: sqlite3.Row) -> Version:
    return Version(
        id=row["id"],
        report=row["report"],
        text=row["text"],
        title=row["title"],
        extractor=row["extractor"],
        captures=tuple(json.loads(row["captures"])),
    )


def _quote(row: sqlite3.Row) -> Quote:
    return Quote(**{**dict(row), "kind": QuoteKind(row["kind"])})


def _correction(row: sqlite3.Row) -> Correction:
    return Correction(**{**dict(row), "field": Field(row["field"]), "agrees": bool(row["agrees"])})


def _grouped(items: Iterable[Any], key: Any) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def fingerprint(report: Report, versions: Sequence[Version], quotes: Sequence[Quote]) -> str:
    """A digest of everything that was derived of a report, whatever order its quotes come in."""
    ordinals = {version.id: ordinal for ordinal, version in enumerate(versions)}
    in_order = sorted(quotes, key=lambda quote: (ordinals.get(quote.version, -1), quote.start, quote.end, quote.id))
    said = plain(report)
    if not report.noarchive:
        del said["noarchive"]  # rows made before there was such a thing keep their fingerprint
    parts = [said, plain(versions), plain(in_order)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
