"""Find the payloads that revisit records speak of."""

from __future__ import annotations

from pathlib import Path

from archive.catalogue import Catalogue, transaction
from archive.errors import RecordError
from archive.record import read_payload_of, read_record
from archive.records import Capture, Payload


def resolve_revisits(catalogue: Catalogue, folder: Path | None = None) -> int:
    """Point revisits that point nowhere yet to the capture that carries their payload; give how many were.

    The same page's payload of that digest is taken before another page's; what is not in the archive stays open.
    """
    open_ones = catalogue.connection.execute(
        "SELECT id FROM captures WHERE record_type = 'revisit' AND refers_to IS NULL"
    ).fetchall()
    resolved = 0
    with transaction(catalogue.connection):
        for row in open_ones:
            revisit = catalogue.capture(row["id"])
            carrier = revisit and _carrier(catalogue, revisit)
            if carrier:
                catalogue.connection.execute(
                    "UPDATE captures SET refers_to = ?, sha256 = ?, mime = CASE mime WHEN '' THEN ? ELSE mime END WHERE id = ?",
                    (carrier.id, carrier.sha256, carrier.mime, row["id"]),
                )
                resolved += 1
    return resolved


def _carrier(catalogue: Catalogue, revisit: Capture) -> Capture | None:
    candidates = list(catalogue.captures_by_digest(revisit.payload_sha1)) if revisit.payload_sha1 else []
    candidates.sort(key=lambda c: (c.urlkey != revisit.urlkey, c.timestamp > revisit.timestamp, c.timestamp))
    return candidates[0] if candidates else None


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
