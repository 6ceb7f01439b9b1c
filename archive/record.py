"""One record of a WARC or ARC file, read from its bytes: headers, body, digests."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from archive.coding import decode, unchunk
from archive.errors import RecordError
from archive.head import ARC_LINE, WARC_LINE, Fields, first, http_status, read_head
from archive.records import Payload

GZIP = b"\x1f\x8b"
HTTP_TYPES = ("response", "revisit", "resource", "request", "continuation")


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
        return first(self.headers, name)

    def http_header(self, name: str) -> str | None:
        """The first header of that name of the HTTP message, in any case."""
        return first(self.http_headers, name)

    @property
    def mime(self) -> str:
        """The media type of the payload, lower case, without parameters; "" when none is said."""
        return self.payload_type.partition(";")[0].strip().lower()

    @property
    def payload_type(self) -> str:
        """The payload's Content-Type header, charset and all."""
        if self.http_headers:
            return first(self.http_headers, "content-type") or ""
        return "" if self.content_type.startswith("application/http") else self.content_type

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
        stated = first(self.http_headers, "content-length")
        return stated is not None and stated.isdigit() and 0 < int(stated) <= len(self.body)

    @property
    def forms(self) -> tuple[bytes, ...]:
        """What tools take for the payload where there are codings: as stored, chunks joined, all undone."""
        return self.body, self.without_chunks, self.payload

    @property
    def without_chunks(self) -> bytes:
        """The body with its transfer coding undone and its content coding kept."""
        return unchunk(self.body) if _is_chunked(self.http_headers) else self.body

    def problems(self) -> tuple[str, ...]:
        """What the record states that does not hold, and what it lacks to be entered, in words."""
        if self.type == "revisit":
            return (
                self._lacking()
            )  # its payload is elsewhere, and several tools state the block digest of that record too
        stated: list[tuple[str, tuple[bytes, ...]]] = [("WARC-Block-Digest", (self.block,))]
        # Of a segmented record (ISO 28500, 5.17) the digest is that of all segments together.
        if self.header("WARC-Truncated") is None and self.header("WARC-Segment-Number") is None:
            stated.append(("WARC-Payload-Digest", self.forms))
        wrong = (
            f"{name} {digest} does not hold"
            for name, forms in stated
            if (digest := self.header(name)) and not any(digest_holds(digest, form) for form in forms)
        )
        return (*wrong, *self._lacking())

    def _lacking(self) -> tuple[str, ...]:
        if self.type not in ("response", "revisit", "resource"):
            return ()
        lacks = [] if self.url else ["has no address (WARC-Target-URI)"]
        if self.date is None:
            lacks.append("has no date that can be read (WARC-Date)")
        return tuple(f"{problem}: it is kept, but not in the catalogue" for problem in lacks)


def read_record(path: Path, offset: int, length: int) -> WarcRecord:
    """The record at `offset` of a file, compressed or not; RecordError says what is wrong with it."""
    stored = read_stored(path, offset, length)
    try:
        return parse_record(stored)
    except RecordError as exc:
        raise RecordError(f"{path}: record at {offset} cannot be read: {exc}; restore the file from a backup") from exc


def read_stored(path: Path, offset: int, length: int) -> bytes:
    """The uncompressed bytes of the record at `offset` of a file; RecordError when they cannot be had."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            stored = file.read(length)
    except OSError as exc:
        raise RecordError(f"{path}: cannot be read: {exc.strerror}; restore the file from a backup") from exc
    if len(stored) < length:
        raise RecordError(f"{path}: ends before the record at {offset} does; restore the file from a backup")
    try:
        return zlib.decompress(stored, 31) if stored.startswith(GZIP) else stored
    except zlib.error as exc:
        raise RecordError(f"{path}: record at {offset} cannot be read: {exc}; restore the file from a backup") from exc


def parse_record(stored: bytes) -> WarcRecord:
    """The record whose uncompressed bytes these are; RecordError when they are none."""
    if line := ARC_LINE.match(stored):
        return _arc(stored, line)
    line = WARC_LINE.match(stored)
    if line is None:
        raise RecordError(f"begins like no record: {stored[:40]!r}" if stored else "empty")
    head = read_head(stored)
    if not head.get("WARC-Type"):
        raise RecordError("has no WARC-Type")
    return _record(
        type=(head.get("WARC-Type") or "").lower(),
        kind="warc",
        url=(head.get("WARC-Target-URI") or "").strip("<>").replace(" ", "%20"),  # wget 1.15 wraps them so
        date=head.get("WARC-Date") or "",
        content_type=head.get("Content-Type") or "",
        headers=head.fields,
        block=_block(stored[head.end :], head.get("Content-Length")),
    )


def read_payload_of(record: WarcRecord) -> Payload:
    """The payload of a record, codings undone, with the headers that say how to read it."""
    return Payload(body=record.payload, content_type=record.payload_type, headers=record.http_headers)


def _arc(stored: bytes, line: re.Match[bytes]) -> WarcRecord:
    url, ip, date, type, length = (
        line[name].decode("utf-8", "replace") for name in ("url", "ip", "date", "type", "length")
    )
    headers = (("uri", url), ("ip-address", ip), ("archive-date", date), ("content-type", type), ("length", length))
    return _record(
        type="arc_header" if url.startswith("filedesc:") else "response",
        kind="arc",
        url=url.replace(" ", "%20"),
        date=date,
        content_type="" if type in ("-", "no-type") else type,
        headers=headers,
        block=_block(stored[line.end() :], length),
    )


def _record(
    *, type: str, kind: str, url: str, date: str, content_type: str, headers: Fields, block: bytes
) -> WarcRecord:
    status, http, body = _message(type, content_type, block)
    payload = unchunk(body) if _is_chunked(http) else body
    transfer = re.sub(r"(?i),?\s*chunked\s*$", "", first(http, "transfer-encoding") or "")
    return WarcRecord(
        type=type,
        format=kind,
        url=url,
        date=parse_date(date),
        content_type=content_type,
        headers=headers,
        status=status,
        http_headers=http,
        body=body,
        block=block,
        payload=decode(decode(payload, transfer), first(http, "content-encoding") or ""),
    )


def _message(type: str, content_type: str, block: bytes) -> tuple[int, Fields, bytes]:
    """Status, headers and body of the HTTP message a block is; 0, none and the whole block when it is none."""
    if type == "request" and content_type.startswith("application/http"):
        head = read_head(block)
        return 0, head.fields, block[head.end :]
    status = http_status(block) if type in HTTP_TYPES else None
    if status is None or content_type.startswith(("text/dns", "text/whois")):
        is_old = type == "response" and block.lstrip()[:1] == b"<"  # HTTP/0.9 answers with the page alone
        return 200 if is_old else 0, (), block
    head = read_head(block)
    while status < 200 and (following := http_status(block, head.end)):  # the answer comes after a "100 Continue"
        status, head = following, read_head(block, head.end)
    return status, head.fields, block[head.end :]


def _block(rest: bytes, length: str | None) -> bytes:
    """What follows a head, as far as its length says; where that is plainly wrong, as far as HTTP's own, or to the end."""
    if length and length.isdigit() and int(length) <= len(rest) and not rest[int(length) :].strip():
        return rest[: int(length)]
    if http_status(rest) is not None:
        http = read_head(rest)
        stop = http.end + int(stated) if (stated := http.get("Content-Length") or "").isdigit() else len(rest)
        if stop <= len(rest) and not rest[stop:].strip():
            return rest[:stop]
    return re.sub(rb"\r?\n(\r?\n)?\Z", b"", rest)


def parse_date(text: str) -> dt.datetime | None:
    """A record's date, ISO 8601 or 14 digits, as an aware instant; what it leaves out is the earliest; None for neither."""
    try:
        if digits := re.match(r"\d{4,14}(?!\d*-)", text):
            filled = digits[0] + "00000101000000"[len(digits[0]) :]
            return dt.datetime.strptime(filled, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)
        # The W3C profile that WARC 1.1 takes allows a month alone.
        instant = dt.datetime.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return None
    return instant.replace(tzinfo=dt.UTC) if instant.tzinfo is None else instant.astimezone(dt.UTC)


def _is_chunked(http: Fields) -> bool:
    return (first(http, "transfer-encoding") or "").lower().rstrip().endswith("chunked")


def digest_holds(stated: str, content: bytes) -> bool:
    """Whether a digest `algorithm:value` (base32, hexadecimal or base64) is that of `content`."""
    algorithm, _, value = stated.strip().partition(":")
    try:
        digest = hashlib.new(algorithm.lower().replace("-", ""), content).digest()
    except ValueError:
        return True  # an algorithm this Python does not know cannot be refuted
    return digest in _readings(value)


def _readings(value: str) -> list[bytes]:
    readings = []
    for reading in (
        lambda v: base64.b32decode(v.upper() + "=" * (-len(v) % 8)),
        bytes.fromhex,
        lambda v: base64.b64decode(v + "=" * (-len(v) % 4), validate=True),
        lambda v: base64.urlsafe_b64decode(v + "=" * (-len(v) % 4)),
    ):
        try:
            readings.append(reading(value))
        except (ValueError, binascii.Error):
            continue
    return readings
