"""One record of a WARC or ARC file, read from its bytes: headers, body, digests."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import io
import logging
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from archive.errors import RecordError
from archive.records import Payload

GZIP = b"\x1f\x8b"
# What warcio mends on its way (a space in an address) is no news for whoever reads the terminal.
logging.getLogger("warcio").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRecord:
    """A parsed record: `block` as stored, `body` the payload as stored, `payload` with codings undone."""

    type: str  # warcinfo, response, request, revisit, metadata, resource, ...; ARC's are response or arc_header
    format: str  # warc or arc
    url: str
    date: dt.datetime | None
    content_type: str  # of the block
    headers: tuple[tuple[str, str], ...]  # of the record
    status: int
    http_headers: tuple[tuple[str, str], ...]
    body: bytes
    block: bytes
    payload: bytes

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        return _first(self.headers, name)

    @property
    def mime(self) -> str:
        """The media type of the payload, lower case, without parameters; "" when none is said."""
        return self.payload_type.partition(";")[0].strip().lower()

    @property
    def payload_type(self) -> str:
        """The payload's Content-Type header, charset and all."""
        return (_first(self.http_headers, "content-type") if self.http_headers else self.content_type) or ""

    @property
    def sha1(self) -> str:
        """Digest of the body as stored, as WARC-Payload-Digest has it: base32."""
        return base64.b32encode(hashlib.sha1(self.body).digest()).decode()

    @property
    def sha256(self) -> str:
        """Digest of the body as stored, hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def is_complete(self) -> bool:
        """Whether HTTP's own Content-Length says that the whole body is here."""
        stated = _first(self.http_headers, "content-length")
        return stated is not None and stated.isdigit() and 0 < int(stated) <= len(self.body)

    def problems(self) -> tuple[str, ...]:
        """The digests the record states that do not hold, in words."""
        if self.type == "revisit":
            return ()  # its payload is elsewhere, and several tools state the block digest of that record too
        stated: list[tuple[str, tuple[bytes, ...]]] = [("WARC-Block-Digest", (self.block,))]
        # Tools disagree on what the payload is where there is a transfer coding: either reading may hold.
        if self.header("WARC-Truncated") is None:
            stated.append(("WARC-Payload-Digest", (self.body, _without_chunks(self), self.payload)))
        return tuple(
            f"{name} {digest} does not hold"
            for name, forms in stated
            if (digest := self.header(name)) and not any(_holds(digest, form) for form in forms)
        )


def read_record(path: Path, offset: int, length: int) -> WarcRecord:
    """The record at `offset` of a file, compressed or not; RecordError says what is wrong with it."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            stored = file.read(length)
    except OSError as exc:
        raise RecordError(f"{path}: cannot be read: {exc.strerror}; restore the file from a backup") from exc
    if len(stored) < length:
        raise RecordError(f"{path}: ends before the record at {offset} does; restore the file from a backup")
    try:
        return parse_record(zlib.decompress(stored, 31) if stored.startswith(GZIP) else stored)
    except (zlib.error, RecordError) as exc:
        raise RecordError(f"{path}: record at {offset} cannot be read: {exc}; restore the file from a backup") from exc


def parse_record(stored: bytes) -> WarcRecord:
    """The record whose uncompressed bytes these are; RecordError when they are none."""
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(stored), block_size=max(len(stored), 1))), None)
        if record is None:
            raise RecordError("empty")
        return _parsed(record, stored)
    except (ArchiveLoadFailed, ValueError, EOFError, zlib.error) as exc:
        raise RecordError(" ".join(str(exc).split())[:200]) from exc


def read_payload_of(record: WarcRecord) -> Payload:
    """The payload of a record, codings undone, with the headers that say how to read it."""
    return Payload(body=record.payload, content_type=record.payload_type, headers=record.http_headers)


def _parsed(record: ArcWarcRecord, stored: bytes) -> WarcRecord:
    block = block_of(stored, arc=record.format == "arc")
    http = record.http_headers
    body = record.raw_stream.read()
    fields = tuple(record.rec_headers.headers)
    url = _first(fields, "WARC-Target-URI") or _first(fields, "uri") or ""
    return WarcRecord(
        type=record.rec_type,
        format=record.format,
        url=url.strip("<>"),  # wget 1.15 wraps them so
        date=parse_date(_first(fields, "WARC-Date") or _first(fields, "archive-date") or ""),
        content_type=_first(fields, "Content-Type") or "",
        headers=fields,
        status=_status(http.get_statuscode() if http and record.rec_type != "request" else None),
        http_headers=tuple(http.headers) if http else (),
        body=body,
        block=block,
        payload=_decoded(stored) if http and _is_coded(http.headers) else body,
    )


def block_of(stored: bytes, *, arc: bool) -> bytes:
    """The block of a record: after an ARC's line, after a WARC's headers up to Content-Length."""
    if arc:
        line, _, rest = stored.partition(b"\n")
        length = line.rsplit(b" ", 1)[-1].strip()
        return rest[: int(length)] if length.isdigit() else rest
    head = re.search(rb"\r?\n\r?\n", stored)
    if head is None:
        return b""
    length_field = re.search(rb"(?im)^content-length:\s*(\d+)", stored[: head.start()])
    return stored[head.end() :][: int(length_field[1]) if length_field else None]


def parse_date(text: str) -> dt.datetime | None:
    """A record's date, ISO 8601 or 14 digits, as an aware instant; None when it is neither."""
    try:
        if text[:14].isdigit():
            return dt.datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        instant = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


def _decoded(stored: bytes) -> bytes:
    record = next(iter(ArchiveIterator(io.BytesIO(stored), block_size=max(len(stored), 1))))
    return bytes(record.content_stream().read())


def _without_chunks(record: WarcRecord) -> bytes:
    """The body with its transfer coding undone and its content coding kept."""
    if (_first(record.http_headers, "transfer-encoding") or "").lower() != "chunked":
        return record.body
    parts, rest = [], record.body
    while match := re.match(rb"([0-9A-Fa-f]+)[^\r\n]*\r\n", rest):
        size = int(match[1], 16)
        parts.append(rest[match.end() : match.end() + size])
        rest = rest[match.end() + size + 2 :]
    return b"".join(parts) if parts else record.body


def _is_coded(headers: list[tuple[str, str]]) -> bool:
    return bool(_first(headers, "content-encoding") or _first(headers, "transfer-encoding"))


def _first(headers: tuple[tuple[str, str], ...] | list[tuple[str, str]], name: str) -> str | None:
    return next((value.strip() for key, value in headers if key.lower() == name.lower()), None)


def _status(code: str | None) -> int:
    return int(code) if code and code.isdigit() else 0


def _holds(stated: str, content: bytes) -> bool:
    """Whether a digest `algorithm:value` (base32, hexadecimal or base64) is that of `content`."""
    algorithm, _, value = stated.strip().partition(":")
    try:
        digest = hashlib.new(algorithm.lower().replace("-", ""), content).digest()
    except ValueError:
        return True  # an algorithm this Python does not know cannot be refuted
    return digest in _readings(value)


def _readings(value: str) -> list[bytes]:
    readings = []
    for decode in (
        lambda v: base64.b32decode(v.upper() + "=" * (-len(v) % 8)),
        bytes.fromhex,
        lambda v: base64.b64decode(v + "=" * (-len(v) % 4), validate=True),
        lambda v: base64.urlsafe_b64decode(v + "=" * (-len(v) % 4)),
    ):
        try:
            readings.append(decode(value))
        except (ValueError, binascii.Error):
            continue
    return readings
