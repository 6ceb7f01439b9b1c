"""Find the payloads that revisit records speak of."""

from __future__ import annotations

from pathlib import Path

from archive.catalogue import Catalogue, transaction
from archive.errors import RecordError
from archive.record import WarcRecord, digest_holds, parse_date, read_payload_of, read_record
from archive.records import Capture, Payload
from archive.urlkey import urlkey

SHA256_DIGITS = 64


def resolve_revisits(catalogue: Catalogue, folder: Path | None = None) -> int:
    """Point revisits that point nowhere yet to the capture that carries their payload; give how many were.

    The same page's payload of that digest is taken before another page's; what is not in the archive stays open.
    `folder` is that of the WARC files, by default the one beside the catalogue: where no digest of the catalogue is the
    one a revisit states, its record and those of the captures it may refer to are read.
    """
    folder = folder or catalogue.path.parent / "warc"
    open_ones = catalogue.connection.execute(
        "SELECT id FROM captures WHERE record_type = 'revisit' AND refers_to IS NULL"
    ).fetchall()
    resolved = 0
    with transaction(catalogue.connection):
        for row in open_ones:
            revisit = catalogue.capture(row["id"])
            carrier = revisit and (_carrier(catalogue, revisit) or _referred(catalogue, revisit, folder))
            if carrier:
                catalogue.connection.execute(
                    "UPDATE captures SET refers_to = ?, sha256 = ?, mime = CASE mime WHEN '' THEN ? ELSE mime END, "
                    "status = CASE status WHEN 0 THEN ? ELSE status END WHERE id = ?",
                    (carrier.id, carrier.sha256, carrier.mime, carrier.status, row["id"]),
                )
                resolved += 1
    return resolved


def _carrier(catalogue: Catalogue, revisit: Capture) -> Capture | None:
    """The capture whose payload has the digest a revisit states, in the words of the catalogue."""
    digest = revisit.payload_sha1
    candidates = list(catalogue.captures_by_digest(digest)) if digest else []
    if not candidates and len(digest) == SHA256_DIGITS:
        candidates = list(catalogue.captures_by_sha256(digest.lower()))
    candidates.sort(key=lambda c: (c.urlkey != revisit.urlkey, c.timestamp > revisit.timestamp, c.timestamp))
    return candidates[0] if candidates else None


def _referred(catalogue: Catalogue, revisit: Capture, folder: Path) -> Capture | None:
    """The capture a revisit refers to by record id, by address and date, or by a digest of another reading.

    Tools disagree on what the payload is where there are codings, and some state no digest, or one of another kind.
    """
    try:
        record = read_record(folder / revisit.file, revisit.offset, revisit.length)
    except RecordError:
        return None
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
