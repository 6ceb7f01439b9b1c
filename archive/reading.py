"""Read what is archived."""

from __future__ import annotations

from archive import revisits
from archive.catalogue import Catalogue
from archive.home import Home
from archive.record import WarcRecord, read_record
from archive.records import Capture, Payload


def read_payload(home: Home, capture: Capture, *, catalogue: Catalogue | None = None) -> Payload:
    """The payload of a capture, content coding undone; revisits are followed; RecordError when it cannot be read."""
    if catalogue is not None:
        return revisits.read_payload(home.warc, catalogue, capture)
    with home.catalogue() as own:
        return revisits.read_payload(home.warc, own, capture)


def read_capture(home: Home, capture: Capture) -> WarcRecord:
    """The record of a capture as it lies in its file; RecordError when it cannot be read."""
    return read_record(home.warc / capture.file, capture.offset, capture.length)
