"""The archive's data as a Data Package: tables of JSON lines, their schemas, digests and rights."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive import durable
from archive.handover.schema import MEANINGS, schema
from archive.handover.selection import Chosen
from archive.handover.warc import Progress
from archive.rights import rights_of

PACKAGE = "datapackage.json"
Rows = Iterator[dict[str, Any]]


def write_dump(chosen: Chosen, folder: Path, *, progress: Progress) -> None:
    """Write the tables and `datapackage.json` into a folder."""
    resources = []
    for table in MEANINGS:
        progress(f"writing {table}")
        resources.append(_write_table(table, TABLES[table](chosen), folder))
    durable.write_durably(
        folder / PACKAGE, json.dumps(_package(chosen, resources), ensure_ascii=False, indent=1).encode()
    )


def _write_table(table: str, rows: Rows, folder: Path) -> dict[str, Any]:
    path = folder / f"{table}.jsonl.gz"
    count = 0
    with path.open("wb") as file, gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
            count += 1
    with path.open("rb", buffering=0) as written:
        durable.sync(written)
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    return {
        "name": table, "path": path.name, "description": MEANINGS[table][""], "format": "jsonl", "compression": "gz",
        "encoding": "utf-8", "dialect": {"json": {"keyed": True}}, "rows": count, "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}", "schema": schema(table),
    }  # fmt: skip


def _package(chosen: Chosen, resources: list[dict[str, Any]]) -> dict[str, Any]:
    collection = chosen.home.collection
    withheld = sum(map(chosen.withholds_text, chosen.reports))
    return {
        "name": collection.key,
        "title": next(iter(collection.title.values()), collection.key),
        "description": f"exported from Podium: {chosen.selection.words}",
        "created": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "generation": chosen.catalogue.sequence(),
        "rights": {
            "sources": {s.key: s.rights.statement for s in collection.sources if s.rights.statement},
            "texts_left_out": withheld,
            "captures_left_out": chosen.left_out,
            "note": "The texts of a source that does not let them be exported are null.",
        },
        "resources": resources,
    }


def _reports(chosen: Chosen) -> Rows:
    for report in chosen.reports:
        yield report.to_json() | {"rights": rights_of(chosen.home.collection, report).statement}


def _versions(chosen: Chosen) -> Rows:
    for report in chosen.reports:
        for version in chosen.catalogue.versions(report.id):
            yield version.to_json() | {"text": chosen.text(report, version)}


def _quotes(chosen: Chosen) -> Rows:
    for report in chosen.reports:
        yield from (quote.to_json() for quote in chosen.quotes(report))


def _speakers(chosen: Chosen) -> Rows:
    found: dict[str, dict[str, Any]] = {}
    for report in chosen.reports:
        for quote in chosen.quotes(report):
            if quote.speaker:
                row = found.setdefault(
                    quote.speaker, {"name": quote.speaker, "roles": {}, "quotes": set(), "reports": {}}
                )
                row["roles"] |= {quote.role: None} if quote.role else {}
                row["quotes"].add(quote.id)
                row["reports"][report.id] = None
    for _, row in sorted(found.items()):
        yield row | {"roles": list(row["roles"]), "quotes": len(row["quotes"]), "reports": list(row["reports"])}


def _sources(chosen: Chosen) -> Rows:
    for source in chosen.home.collection.sources:
        said = source.to_json()
        kept = {name: said[name] for name in ("key", "publisher", "language", "trust", "hosts")}
        yield kept | {name: said["rights"][name] for name in ("statement", "show", "export_text")}


TABLES: dict[str, Callable[[Chosen], Rows]] = {
    "reports": _reports,
    "versions": _versions,
    "quotes": _quotes,
    "speakers": _speakers,
    "editions": lambda chosen: (edition.to_json() for edition in chosen.home.collection.editions),
    "sources": _sources,
    "captures": lambda chosen: (capture.to_json() for capture in chosen.captures),
}
