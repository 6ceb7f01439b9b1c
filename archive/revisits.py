"""Find the payloads that revisit records speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.catalogue import Catalogue, transaction
from archive.errors import RecordError
from archive.record import WarcRecord, digest_holds, parse_date, read_payload_of, read_record
from archive.records import Capture, Payload
from archive.urlkey import urlkey

SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True)
class Stated:
    """What a revisit record says of the capture it repeats; None and "" where it says nothing."""

    url: str | None
    timestamp: str | None
    payload_digest: str  # without its algorithm

    @classmethod
    def of(cls, carrier: Capture) -> Stated:
        """What is said of a capture that is repeated."""
        return cls(carrier.url, carrier.timestamp, carrier.payload_sha1)

    @classmethod
    def read(cls, record: WarcRecord) -> Stated:
        """What a revisit record says."""
        date = parse_date(record.header("WARC-Refers-To-Date") or "")
        digest = (record.header("WARC-Payload-Digest") or "").rpartition(":")[2]
        url = (record.header("WARC-Refers-To-Target-URI") or "").strip("<>") or None
        return cls(url, date.strftime("%Y%m%d%H%M%S") if date else None, digest)


def resolve_revisits(catalogue: Catalogue, folder: Path | None = None, *, added: Iterable[Capture] = ()) -> int:
    """Point revisits to the captures that carry their payloads: those that point nowhere yet, and those whose payload
    or page `added` captures have too; give how many changed.

    What a revisit points to follows from what the archive holds, not from the order it came in. `folder` is that of
    the WARC files, by default the one beside the catalogue: the record says more than its row.
    """
    with transaction(catalogue.connection):
        return point_revisits(catalogue, folder or catalogue.path.parent / "warc", added=added)


def point_revisits(catalogue: Catalogue, folder: Path, *, added: Iterable[Capture] = ()) -> int:
    """The same within the caller's transaction."""
    carrying = [capture for capture in added if capture.record_type != "revisit"]
    digests = {capture.payload_sha1 for capture in carrying}
    keys = {capture.urlkey for capture in carrying}
    rows = [
        row["id"]
        for row in catalogue.connection.execute(
            "SELECT id, urlkey, payload_sha1, refers_to FROM captures WHERE record_type = 'revisit' ORDER BY id"
        )
        if row["refers_to"] is None or row["payload_sha1"] in digests or row["urlkey"] in keys
    ]
    revisits = [revisit for id in rows if (revisit := catalogue.capture(id))]
    return sum(_resolve(catalogue, folder, revisit) for revisit in revisits)


def _resolve(catalogue: Catalogue, folder: Path, revisit: Capture) -> bool:
    try:
        record = read_record(folder / revisit.file, revisit.offset, revisit.length)
    except RecordError:
        return False  # `verify` names it
    stated = Stated.read(record)
    candidates = _of_digest(catalogue, stated.payload_digest)
    carrier = carrier_among(candidates, stated=stated, urlkey=revisit.urlkey, timestamp=revisit.timestamp)
    carrier = carrier or _referred(catalogue, record, revisit, folder)
    if carrier is None or carrier.id == revisit.refers_to:
        return False
    catalogue.connection.execute(
        "UPDATE captures SET refers_to = ?, sha256 = ?, mime = ?, status = ? WHERE id = ?",
        (carrier.id, carrier.sha256, record.mime or carrier.mime, record.status or carrier.status, revisit.id),
    )
    return True


def _of_digest(catalogue: Catalogue, digest: str) -> list[Capture]:
    """The captures whose payload has a digest, in the words of the catalogue."""
    found = list(catalogue.captures_by_digest(digest)) if digest else []
    if not found and len(digest) == SHA256_DIGITS:
        found = list(catalogue.captures_by_sha256(digest.lower()))
    return found


def carrier_among(candidates: Iterable[Capture], *, stated: Stated, urlkey: str, timestamp: str) -> Capture | None:
    """Of captures with a revisit's payload that which its record names, else the likeliest.

    The same page's come first, then earlier ones, the oldest before others.
    """

    def rank(capture: Capture) -> tuple[Any, ...]:
        named = (capture.url, capture.timestamp) == (stated.url, stated.timestamp)
        later = capture.timestamp > timestamp
        return not named, capture.urlkey != urlkey, later, capture.timestamp, capture.file, capture.offset

    return min((capture for capture in candidates if capture.record_type != "revisit"), key=rank, default=None)


def _referred(catalogue: Catalogue, record: WarcRecord, revisit: Capture, folder: Path) -> Capture | None:
    """The capture a revisit refers to by record id, by address and date, or by a digest of another reading.

    Tools disagree on what the payload is where there are codings, and some state no digest, or one of another kind.
    """
    target = record.header("WARC-Refers-To-Target-URI")
    keys = dict.fromkeys([*([urlkey(target.strip("<>"))] if target else []), revisit.urlkey])
    for candidate in (c for key in keys for c in catalogue.captures(urlkey=key) if c.record_type != "revisit"):
        if _is_meant(record, candidate, folder):
            return candidate
    return None


def _is_meant(revisit: WarcRecord, candidate: Capture, folder: Path) -> bool:
    try:
        record = read_record(folder / candidate.file, candidate.offset, candidate.length)
    except RecordError:
        return False
    if (stated := revisit.header("WARC-Refers-To")) and stated == record.header("WARC-Record-ID"):
        return True
    if digest := revisit.header("WARC-Payload-Digest"):
        return digest == record.header("WARC-Payload-Digest") or any(
            digest_holds(digest, form) for form in record.forms
        )
    date = parse_date(revisit.header("WARC-Refers-To-Date") or "")
    return date is not None and date == record.date


def read_payload(folder: Path, catalogue: Catalogue, capture: Capture) -> Payload:
    """The payload of a capture, codings undone; a revisit's is that of the capture it refers to.

    Raises RecordError when the record cannot be read, or the payload is not in this archive.
    """
    carrier = capture
    if capture.record_type == "revisit":
        found = catalogue.capture(capture.refers_to) if capture.refers_to is not None else None
        if found is None:
            raise RecordError(
                f"{capture.url} of {capture.timestamp}: a revisit whose payload is not in this archive; "
                "import the WARC that holds it"
            )
        carrier = found
    return read_payload_of(read_record(folder / carrier.file, carrier.offset, carrier.length))
