"""Records taken out of their files: captures with the records that speak of them, each as a gzip member of its own."""

from __future__ import annotations

import base64
import gzip
import hashlib
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.record import GZIP, WarcRecord, parse_record
from archive.records import Defect
from archive.scan import scan

ABOUT = ("request", "metadata")
MADE = uuid.UUID("b0f4cf4e-9d64-5a53-9d0b-4d6cbb4ad2b6")  # the name space of ids for records that came without one


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record lies; one that is not `sound` is written anew, since its own head or format would not do."""

    offset: int
    length: int
    sound: bool


def places_of(path: Path, offsets: Iterable[int]) -> list[Place]:
    """Where the captures at these offsets lie, and the warcinfo, requests and metadata that belong to them, in order."""
    wanted = set(offsets)
    kept: dict[int, Place] = {}
    about: list[tuple[Place, str | None]] = []
    ids: set[str] = set()
    broken: set[int | None] = set()
    for item in scan(path):
        if isinstance(item, Defect):
            broken.add(item.offset)
            continue
        record = item.record
        place = Place(offset=item.offset, length=item.length, sound=record.format == "warc")
        if item.offset in wanted:
            kept[item.offset] = place
            ids.update(filter(None, [record.header("WARC-Record-ID")]))
        elif record.type == "warcinfo":
            kept[item.offset] = place
        elif record.type in ABOUT:  # which may stand before what they speak of
            about.append((place, record.header("WARC-Concurrent-To") or record.header("WARC-Refers-To")))
    kept |= {place.offset: place for place, target in about if target in ids}
    return [place if place.offset not in broken else _unsound(place) for _, place in sorted(kept.items())]


def _unsound(place: Place) -> Place:
    return Place(offset=place.offset, length=place.length, sound=False)


def members_at(path: Path, places: Iterable[Place]) -> Iterator[tuple[Place, bytes]]:
    """The records at these places, each as a gzip member."""
    with path.open("rb") as file:
        for place in places:
            file.seek(place.offset)
            raw = file.read(place.length)
            if place.sound:
                yield place, raw if raw[:2] == GZIP else gzip.compress(raw + b"\r\n\r\n", mtime=0)
            else:
                stored = zlib.decompress(raw, 31) if raw[:2] == GZIP else raw
                yield place, as_member(parse_record(stored), made_from=f"{path.name} {place.offset}")


def as_member(record: WarcRecord, *, made_from: str) -> bytes:
    """The record as WARC 1.1 with a true length; a digest that does not hold is left out."""
    wrong = {problem.partition(" ")[0].lower() for problem in record.problems()}
    return member(
        [(name, value) for name, value in warc_fields(record, made_from=made_from) if name.lower() not in wrong],
        record.block,
    )


def member(fields: Iterable[tuple[str, str]], block: bytes) -> bytes:
    """A record of these fields and this block, as a gzip member."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields if name.lower() != "content-length")
    head = f"WARC/1.1\r\n{lines}Content-Length: {len(block)}\r\n\r\n"
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


def warc_fields(record: WarcRecord, *, made_from: str) -> list[tuple[str, str]]:
    """The fields of a record; an ARC's are named as WARC names them."""
    id = record.header("WARC-Record-ID") or f"<{uuid.uuid5(MADE, made_from).urn}>"
    if record.format == "warc":
        fields = [(name, value) for name, value in record.headers if name.lower() != "warc-record-id"]
        return [("WARC-Record-ID", id), *fields]
    date = record.date.strftime("%Y-%m-%dT%H:%M:%SZ") if record.date else ""
    type = "application/http; msgtype=response" if record.http_headers else record.content_type
    said = [
        ("WARC-Type", record.type), ("WARC-Record-ID", id), ("WARC-Target-URI", record.url), ("WARC-Date", date),
        ("WARC-IP-Address", record.header("ip-address") or ""), ("Content-Type", type),
    ]  # fmt: skip
    return [(name, value) for name, value in said if value]


def as_response(revisit: WarcRecord, carrier: WarcRecord, *, made_from: str) -> bytes:
    """A revisit with the payload it refers to, as the response it was, for where that other record does not go along."""
    kept = [
        (name, value)
        for name, value in warc_fields(revisit, made_from=made_from)
        if not name.lower().startswith(("warc-refers-to", "warc-profile", "warc-type", "warc-block", "warc-payload"))
    ]
    digest = base64.b32encode(hashlib.sha1(carrier.body).digest()).decode()
    return member([("WARC-Type", "response"), *kept, ("WARC-Payload-Digest", f"sha1:{digest}")], carrier.block)
