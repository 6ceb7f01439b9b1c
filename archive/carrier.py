"""Revisit records whose payload's record goes: one becomes the record that carries it, the others point to that one."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re

from archive.record import WarcRecord
from archive.records import Capture

LINES = re.compile(rb"\r?\n")
CODINGS = ("content-encoding", "transfer-encoding")
REFERS = (b"warc-refers-to", b"warc-refers-to-target-uri", b"warc-refers-to-date")
# What a revisit says of itself that does not hold of the record it becomes.
OF_REVISIT = (*REFERS, b"warc-profile", b"warc-block-digest", b"warc-payload-digest", b"warc-truncated")


def carrying(stored: bytes, revisit: WarcRecord, carrier: WarcRecord) -> bytes:
    """The record a revisit becomes when it is to carry the payload itself: its own head, the carrier's body."""
    block = _http_head(revisit, carrier) + carrier.body
    said = {
        b"WARC-Type": carrier.type.encode(),
        b"Content-Type": b"application/http; msgtype=response" if carrier.http_headers else _type_of(carrier),
        b"WARC-Payload-Digest": b"sha1:" + carrier.sha1.encode(),
        b"WARC-Block-Digest": b"sha1:" + base64.b32encode(hashlib.sha1(block).digest()),
        b"Content-Length": b"%d" % len(block),
    }
    return _written(stored, block, said=said, without=OF_REVISIT)


def pointing(stored: bytes, revisit: WarcRecord, target: Capture | None) -> bytes:
    """A revisit record that points to another capture of its payload; to none where the archive has none."""
    said: dict[bytes, bytes] = {}
    if target is not None and revisit.header("WARC-Refers-To-Target-URI"):
        day = dt.datetime.strptime(target.timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        said = {
            b"WARC-Refers-To-Target-URI": target.url.encode("utf-8", "surrogatepass"),
            b"WARC-Refers-To-Date": day.strftime("%Y-%m-%dT%H:%M:%SZ").encode(),
        }
    return _written(stored, revisit.block, said=said, without=REFERS)


def _http_head(revisit: WarcRecord, carrier: WarcRecord) -> bytes:
    """The revisit's own HTTP head where the carrier's body fits under it, else the carrier's."""
    own = revisit.block
    if own and revisit.status not in (0, 304) and _fits(revisit, carrier):
        return own if own.endswith(b"\r\n\r\n") else own.rstrip(b"\r\n") + b"\r\n\r\n"
    return carrier.block[: len(carrier.block) - len(carrier.body)]


def _fits(revisit: WarcRecord, carrier: WarcRecord) -> bool:
    def said(record: WarcRecord, name: str) -> str | None:
        return next((value.strip() for key, value in record.http_headers if key.lower() == name), None)

    if not carrier.http_headers or any(said(revisit, name) != said(carrier, name) for name in CODINGS):
        return False
    return said(revisit, "content-length") in (None, str(len(carrier.body)))


def _type_of(carrier: WarcRecord) -> bytes:
    return (carrier.content_type or "application/octet-stream").encode()


def _written(stored: bytes, block: bytes, *, said: dict[bytes, bytes], without: tuple[bytes, ...]) -> bytes:
    """A record with another block, some of its header lines replaced or left out; the others as they are."""
    version, *lines = LINES.split(stored[: _head_end(stored)])
    replaced = {name.lower() for name in said} | set(without)
    kept = [line for line in lines if line and line.partition(b":")[0].strip().lower() not in replaced]
    made = [b"%s: %s" % item for item in said.items()]
    return b"\r\n".join([version, *kept, *made]) + b"\r\n\r\n" + block + b"\r\n\r\n"


def _head_end(stored: bytes) -> int:
    match = re.search(rb"\r?\n\r?\n", stored)
    return match.start() if match else len(stored)
