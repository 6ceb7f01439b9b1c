"""From records to catalogue rows: the same way when writing, importing, mending and rebuilding."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from archive.record import WarcRecord
from archive.records import Capture, Via
from archive.scan import Framed
from archive.urlkey import urlkey

CAPTURED = ("response", "revisit", "resource")
FIELDS = "application/warc-fields"
ROBOTS, MOST_ROBOTS = "x-robots-tag", 2000  # characters
# Names of ours in a metadata record's warc-fields (ISO 28500 6.7 lets a tool add its own).
SOURCE, HOW, PUBLISHER, PUBLISHED, LANGUAGE = (
    "podium-source",
    "podium-how",
    "podium-publisher",
    "podium-published",
    "podium-language",
)


def capture_id(file: str, offset: int) -> int:
    """The id of the capture at an offset of a file: 52 bits, so that JSON readers hold it exactly."""
    return int(hashlib.sha256(f"{file}\0{offset}".encode()).hexdigest()[:13], 16)


def captures_of(framed: Iterable[Framed], *, file: str, imported: bool) -> Iterator[Capture]:
    """The captures among the records of a file; metadata records that follow one, or its own head, tell its source."""
    pending: tuple[Framed, dict[str, str]] | None = None
    for item in framed:
        if item.record.type in CAPTURED:
            if pending:
                yield from _capture(*pending, file=file, imported=imported)
            pending = (item, {})
        elif item.record.type == "metadata" and pending and _concurrent(item.record, pending[0].record):
            pending[1].update(fields_of(item.record))
    if pending:
        yield from _capture(*pending, file=file, imported=imported)


def fields_of(record: WarcRecord) -> dict[str, str]:
    """The warc-fields of a record, names lower case; of a name given twice the last."""
    if not record.content_type.startswith(FIELDS):
        return {}
    lines = record.block.decode("utf-8", "replace").splitlines()
    return {
        name.strip().lower(): value.strip() for name, colon, value in (line.partition(":") for line in lines) if colon
    }


def _concurrent(metadata: WarcRecord, record: WarcRecord) -> bool:
    target = metadata.header("WARC-Concurrent-To") or metadata.header("WARC-Refers-To")
    return target is not None and target == record.header("WARC-Record-ID")


def _capture(item: Framed, said: dict[str, str], *, file: str, imported: bool) -> Iterator[Capture]:
    record = item.record
    if not record.url or record.date is None:
        return
    revisit = record.type == "revisit"
    stated = (record.header("WARC-Payload-Digest") or "").rpartition(":")[2]
    yield Capture(
        id=capture_id(file, item.offset),
        url=record.url,
        urlkey=urlkey(record.url),
        timestamp=record.date.strftime("%Y%m%d%H%M%S"),
        status=record.status,
        mime=record.mime,
        record_type=record.type,
        payload_sha1=stated if revisit else record.sha1,
        sha256="" if revisit else record.sha256,
        file=file,
        offset=item.offset,
        length=item.length,
        via=_via(record, imported=imported),
        source=said.get(SOURCE) or record.header(SOURCE),
        how=said.get(HOW) or record.header(HOW),
        source_uri=record.header("WARC-Source-URI"),
        publisher=said.get(PUBLISHER),
        published=said.get(PUBLISHED),
        language=said.get(LANGUAGE),
        robots=_robots(record),
    )


def _robots(record: WarcRecord) -> str | None:
    values = [value.strip() for name, value in record.http_headers if name.lower() == ROBOTS]
    return "\n".join(values)[:MOST_ROBOTS] or None


def _via(record: WarcRecord, *, imported: bool) -> Via:
    if imported:
        return Via.IMPORT
    if record.type == "resource":
        return Via.SUPPLIED
    return Via.WAYBACK if record.header("WARC-Source-URI") else Via.LIVE
