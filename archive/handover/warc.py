"""A WARC file of chosen captures: their records as they are, with the payloads that revisits among them speak of."""

from __future__ import annotations

import datetime as dt
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import RecordError
from archive.handover.copying import Place, as_response, member, members_at, places_of
from archive.handover.selection import Chosen, page_key
from archive.record import read_record
from archive.records import Capture

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A capture and where its record stands in the new file; `whole` where a revisit was written with its payload."""

    capture: Capture
    offset: int
    length: int
    whole: bool = False


class _Plain:
    """An output that takes gzip members and writes what is in them."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.tell = out.tell

    def write(self, content: bytes) -> None:
        self.out.write(zlib.decompress(content, 31))


def write_warc(chosen: Chosen, file: BinaryIO, *, name: str, progress: Progress) -> list[Written]:
    """Write the captures; give where each stands, among them those of other pages that carry a payload.

    The file is compressed record by record unless its name ends with `.warc`.
    """
    out = _Plain(file) if name.endswith(".warc") else file
    out.write(_warcinfo(chosen, name))
    carriers, withheld = _carriers(chosen)
    by_file: dict[str, dict[int, Capture]] = {}
    for capture in (*chosen.captures, *carriers):
        by_file.setdefault(capture.file, {})[capture.offset] = capture
    written: list[Written] = []
    for number, (source, captures) in enumerate(sorted(by_file.items()), 1):
        progress(f"writing records of {source} ({number} of {len(by_file)})")
        written += _write_file(chosen.home.warc, source, captures, withheld, out)
    return written


def _carriers(chosen: Chosen) -> tuple[list[Capture], dict[int, Capture]]:
    """Captures that carry a payload chosen revisits speak of and are not chosen, and by revisit those that may not go."""
    there = {capture.id for capture in chosen.captures}
    carriers: dict[int, Capture] = {}
    withheld: dict[int, Capture] = {}
    for capture in chosen.captures:
        if capture.refers_to is None or capture.refers_to in there:
            continue
        carrier = chosen.catalogue.capture(capture.refers_to)
        if carrier and chosen.catalogue.withdrawn.of(page_key(carrier)):
            withheld[capture.id] = carrier
        elif carrier:
            carriers[carrier.id] = carrier
    return list(carriers.values()), withheld


def _write_file(
    folder: Path, file: str, captures: dict[int, Capture], withheld: dict[int, Capture], out: BinaryIO | _Plain
) -> list[Written]:
    written = []
    path = folder / file
    for place, content in members_at(path, places_of(path, captures)):
        capture = captures.get(place.offset)
        carrier = withheld.get(capture.id) if capture else None
        whole = _whole(folder, file, place, carrier) if carrier else None
        offset = out.tell()
        out.write(whole or content)
        if capture:
            length = out.tell() - offset
            written.append(Written(capture=capture, offset=offset, length=length, whole=whole is not None))
    return written


def _whole(folder: Path, file: str, place: Place, carrier: Capture) -> bytes | None:
    """A revisit written with its payload, since the page that carries it is withdrawn and this one is not."""
    try:
        record = read_record(folder / carrier.file, carrier.offset, carrier.length)
        revisit = read_record(folder / file, place.offset, place.length)
        return as_response(revisit, record, made_from=f"{file} {place.offset}")
    except RecordError:
        return None


def _warcinfo(chosen: Chosen, name: str) -> bytes:
    home = chosen.home
    said = {
        "software": "Podium",
        "format": "WARC File Format 1.1",
        "isPartOf": home.settings.archive_id or home.collection.key,
        "operator": home.settings.contact or "unknown",
        "description": f"exported: {chosen.selection.words}",
    }
    block = "".join(f"{key}: {' '.join(value.split())}\r\n" for key, value in said.items()).encode()
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = [
        ("WARC-Type", "warcinfo"), ("WARC-Record-ID", f"<{uuid.uuid4().urn}>"), ("WARC-Date", now),
        ("WARC-Filename", name), ("Content-Type", "application/warc-fields"),
    ]  # fmt: skip
    return member(fields, block)
