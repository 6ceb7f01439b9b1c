"""The records of one answer (ISO 28500), built in memory as they will lie in the file, and the rows they give.

warcio writes records too, at three times the cost, and their rows would have to be read back from their bytes.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive.record import WarcRecord
from archive.records import Capture
from archive.scan import Framed

VERSION = "WARC/1.1"
PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
FIELDS = "application/warc-fields"
MESSAGE = "application/http; msgtype="
LEVEL = 9  # of compression; what the field's writers use

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpHead:
    """The head of an HTTP message: its first line and its fields, each on one line."""

    line: str
    fields: tuple[tuple[str, str], ...]
    status: int = 0

    @classmethod
    def of_answer(cls, status: int, reason: str, headers: Headers) -> HttpHead:
        """The head of an answer."""
        return cls(line=_one_line(f"HTTP/1.1 {status} {reason}"), fields=_clean(headers), status=status)

    @classmethod
    def of_request(cls, headers: Headers) -> HttpHead:
        """The head of a request, given as (method and target, protocol) with the header lines behind."""
        line, *rest = headers
        return cls(line=_one_line(" ".join(line)), fields=_clean(rest))

    def content(self) -> bytes:
        """Its bytes, the blank line included."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.fields)
        return f"{self.line}\r\n{lines}\r\n".encode("utf-8", "surrogateescape")


class Group:
    """The records of one answer, each a gzip member, written together."""

    def __init__(self, *, url: str, date: dt.datetime) -> None:
        self.url = url
        self.date = date.astimezone(dt.UTC).replace(microsecond=0)
        self._id = _new_id()
        self._members: list[bytes] = []
        self._records: list[WarcRecord] = []

    def response(self, http: HttpHead, body: bytes, *, headers: Headers = ()) -> None:
        """The answer itself."""
        self._add(
            "response", http.content() + body, f"{MESSAGE}response", [*headers, _payload(body)], http=http, body=body
        )

    def revisit(self, http: HttpHead, *, earlier: Capture, profile: str, headers: Headers = ()) -> None:
        """An answer whose payload an earlier capture carries; `profile` says how that is known."""
        refers = [
            ("WARC-Refers-To-Target-URI", earlier.url),
            ("WARC-Refers-To-Date", instant(_instant_of(earlier.timestamp))),
            ("WARC-Profile", PROFILES + profile),
            ("WARC-Payload-Digest", f"sha1:{earlier.payload_sha1}"),
        ]
        self._add("revisit", http.content(), f"{MESSAGE}response", [*headers, *refers], http=http)

    def resource(self, body: bytes, *, content_type: str) -> None:
        """Material without an HTTP message."""
        self._add("resource", body, content_type, [_payload(body)], body=body)

    def request(self, headers: Headers) -> None:
        """The request that was answered."""
        self._beside("request", HttpHead.of_request(headers).content(), f"{MESSAGE}request")

    def metadata(self, said: Iterable[tuple[str, str | None]]) -> None:
        """What is said of the answer, name by name; nothing is written when nothing is."""
        if block := _fields(said):
            self._beside("metadata", block, FIELDS)

    def warcinfo(self, name: str, said: Iterable[tuple[str, str]]) -> None:
        """The record a file begins with."""
        self._add("warcinfo", _fields(said), FIELDS, [("WARC-Filename", name)])

    def content(self) -> bytes:
        """All of it as it lies in the file."""
        return b"".join(self._members)

    def framed(self, offset: int) -> Iterator[Framed]:
        """The records as reading the file back from `offset` on would give them, as far as rows are made of them."""
        for member, record in zip(self._members, self._records, strict=True):
            yield Framed(offset=offset, length=len(member), record=record, stored=b"")
            offset += len(member)

    def _beside(self, type: str, block: bytes, content_type: str) -> None:
        self._add(type, block, content_type, [("WARC-Concurrent-To", self._id)], id=_new_id())

    def _add(
        self, type: str, block: bytes, content_type: str, more: Headers, *, http: HttpHead | None = None, body: bytes = b"",
        id: str | None = None,
    ) -> None:  # fmt: skip
        headers = (
            ("WARC-Type", type),
            ("WARC-Record-ID", id or self._id),
            *([("WARC-Target-URI", self.url)] if self.url else []),
            ("WARC-Date", instant(self.date)),
            *more,
            ("WARC-Block-Digest", _sha1(block)),
            ("Content-Type", content_type),
            ("Content-Length", str(len(block))),
        )
        self._members.append(_compressed(headers, block))
        self._records.append(
            WarcRecord(
                type=type, format="warc", url=self.url, date=self.date, content_type=content_type, headers=headers,
                status=http.status if http else 0, http_headers=http.fields if http else (), body=body, block=block,
                payload=body,
            )
        )  # fmt: skip


def instant(moment: dt.datetime) -> str:
    """An instant as WARC headers have it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant_of(timestamp: str) -> dt.datetime:
    return dt.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=dt.UTC)


def _compressed(headers: Headers, block: bytes) -> bytes:
    head = f"{VERSION}\r\n" + "".join(f"{name}: {_one_line(value)}\r\n" for name, value in headers) + "\r\n"
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    whole = b"".join((head.encode("utf-8", "surrogateescape"), block, b"\r\n\r\n"))
    return compressor.compress(whole) + compressor.flush()


def _fields(said: Iterable[tuple[str, str | None]]) -> bytes:
    return "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in said if value).encode()


def _payload(body: bytes) -> tuple[str, str]:
    return "WARC-Payload-Digest", _sha1(body)


def _sha1(content: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(content).digest()).decode()}"


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _clean(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((_one_line(name), _one_line(value)) for name, value in headers)


def _one_line(text: str) -> str:
    """The text without line ends, which would end the head or begin a field of their own."""
    return " ".join(text.split()) if "\n" in text or "\r" in text else text.strip()
