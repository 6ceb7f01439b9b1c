"""WARC and ARC records as other people's tools write them, well and badly; every page in them is fictional."""

from __future__ import annotations

import gzip
import hashlib
import zlib

import brotli
import zstandard

PAGE = b"<html><title>Odd</title><body><p>Openly fictional words about a harbour school and its lanterns.</p></body></html>"
URL = b"http://odd.example/a"
OTHER = b"http://odd.example/b"
HTML = b"Content-Type: text/html"


def http(
    body: bytes = PAGE, *headers: bytes, status: bytes = b"HTTP/1.1 200 OK", sized: bool = True, end: bytes = b"\r\n"
) -> bytes:
    """An answer; with `sized` it states its length."""
    lines = [status, *(headers or (HTML,)), *([b"Content-Length: %d" % len(body)] if sized else [])]
    return end.join(lines) + end + end + body


def record(
    block: bytes | None = None,
    *extra: bytes,
    type: bytes = b"response",
    url: bytes | None = URL,
    date: bytes | None = b"2020-01-02T03:04:05Z",
    version: bytes = b"WARC/1.0",
    content_type: bytes = b"application/http; msgtype=response",
    length: bytes | None = b"",
    end: bytes = b"\r\n",
) -> bytes:
    """A WARC record; `length` is its true one where none is given, and None leaves it out."""
    block = http() if block is None else block
    fields = [
        b"WARC-Type: " + type,
        *([b"WARC-Target-URI: " + url] if url else []),
        *([b"WARC-Date: " + date] if date else []),
        b"Content-Type: " + content_type,
        *extra,
        *([b"Content-Length: " + (length or b"%d" % len(block))] if length is not None else []),
    ]
    return end.join([version, *fields]) + end + end + block + end + end


def arc(block: bytes | None = None, *, url: bytes = URL, type: bytes = b"text/html", more: bytes = b"") -> bytes:
    """An ARC record; `more` are the columns that version 2 has before the length."""
    block = http() if block is None else block
    return b"%s 127.0.0.1 20200102030405 %s%s %d\n%s\n" % (url, type, more, len(block), block)


def arc_head(version: bytes = b"1", more: bytes = b"") -> bytes:
    """The record every ARC file begins with."""
    block = version + b" 0 Odd\nURL IP-address Archive-date Content-type Archive-length\n\n"
    return b"filedesc://odd.arc 0.0.0.0 20200102030405 text/plain%s %d\n%s\n" % (more, len(block), block)


def chunked(body: bytes, size: int = 50) -> bytes:
    """The body in chunks (RFC 9112, 7.1)."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    """The stream some servers send for `deflate`: without zlib's head."""
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


def coded(coding: bytes, body: bytes) -> bytes:
    return http(body, HTML, b"Content-Encoding: " + coding)


NOISE = b"".join(hashlib.sha256(b"%d" % number).hexdigest().encode() for number in range(1000))  # hardly compresses
CHUNKED = b"Transfer-Encoding: chunked"
# Each holds the page at URL, whole, and nothing that is wrong.
WHOLE = {
    "version 0.17": record(version=b"WARC/0.17"),
    "version 0.18": record(version=b"WARC/0.18"),
    "version 1.1, parts of a second": record(version=b"WARC/1.1", date=b"2020-01-02T03:04:05.123456789Z"),
    "a date in 14 digits": record(date=b"20200102030405"),
    "a date without a day": record(date=b"2020-01"),
    "no Content-Length": record(length=None) + record(url=OTHER),
    "a length over the next record": record(length=b"100000") + record(url=OTHER),
    "HTTP without Content-Length": record(http(sized=False)),
    "chunks": record(http(chunked(PAGE), HTML, CHUNKED, sized=False)),
    "chunks in capitals": record(http(chunked(PAGE), HTML, b"TRANSFER-ENCODING: CHUNKED", sized=False)),
    "chunks that are none": record(http(PAGE, HTML, CHUNKED, sized=False)),
    "chunks of gzip": record(http(chunked(gzip.compress(PAGE)), HTML, CHUNKED, b"Content-Encoding: gzip", sized=False)),
    "gzip as transfer coding": record(http(chunked(gzip.compress(PAGE)), HTML, b"Transfer-Encoding: gzip, chunked", sized=False)),
    "gzip": record(coded(b"gzip", gzip.compress(PAGE))),
    "x-gzip": record(coded(b"x-gzip", gzip.compress(PAGE))),
    "gzip twice": record(coded(b"gzip, gzip", gzip.compress(gzip.compress(PAGE)))),
    "gzip that is none": record(coded(b"gzip", PAGE)),
    "deflate": record(coded(b"deflate", zlib.compress(PAGE))),
    "deflate without its head": record(coded(b"deflate", bare_deflate(PAGE))),
    "brotli": record(coded(b"BR", brotli.compress(PAGE))),
    "zstandard": record(coded(b"zstd", zstandard.compress(PAGE))),
    "a coding that is none": record(coded(b"utf-8", PAGE)),
    "HTTP/2": record(http(status=b"HTTP/2 200")),
    "HTTP/3": record(http(status=b"HTTP/3 200 OK")),
    "no status text": record(http(status=b"HTTP/1.1 200")),
    "100 before the answer": record(b"HTTP/1.1 100 Continue\r\n\r\n" + http()),
    "HTTP/0.9": record(PAGE),
    "HTTP with line feeds": record(http(end=b"\n")),
    "a WARC with line feeds": record(end=b"\n"),
    "fields in small letters": record().replace(b"WARC-T", b"warc-t").replace(b"Content-L", b"content-l"),
    "fields in capitals": record().replace(b"WARC-Type", b"WARC-TYPE").replace(b"Content-Length", b"CONTENT-LENGTH"),
    "the address in brackets": record(url=b"<" + URL + b">"),
    "folded fields": record(http(PAGE, b"Content-Type: text/html;\r\n charset=utf-8"), b"WARC-Note: a\r\n b"),
    "a line that is no field": record(http(PAGE, HTML, b"no field")),
    "a head of 300,000 bytes": record(http(PAGE, HTML, b"X-Big: " + b"a" * 300_000), b"X-Big: " + b"a" * 300_000),
    "5,000 fields": record(http(PAGE, HTML, *[b"X-%d: 1" % n for n in range(5000)])),
    "a resource": record(PAGE, type=b"resource", content_type=b"text/html"),
    "a resource that is an answer": record(type=b"resource"),
    "a segment": record(None, b"WARC-Segment-Number: 1", b"WARC-Payload-Digest: sha1:" + b"A" * 32)
    + record(b"more", type=b"continuation", url=OTHER),
    "records of other types": record(b"", type=b"metadata", url=OTHER)
    + record(b"text", type=b"conversion", url=OTHER, content_type=b"text/plain")
    + record(b"x", type=b"x-own", url=OTHER)
    + record(),
    "blank lines around": b"\r\n\r\n" + record() + b"\n\n\n\n",
    "no blank lines": record()[:-4] + record(url=OTHER)[:-4],
    "a byte order mark": b"\xef\xbb\xbf" + record(),
    "an ARC": arc_head() + b"\n" + arc(),
    "an ARC of version 2": arc_head(b"2", b" 200 - - 0 odd.arc") + arc(more=b" 200 - - 500 odd.arc"),
    "an ARC type with its charset": arc_head() + arc(type=b"text/html; charset=utf-8"),
    "members": gzip.compress(record()) + gzip.compress(record(url=OTHER)),
    "members with an empty one": gzip.compress(record()) + gzip.compress(b"") + gzip.compress(b"\r\n\r\n"),
    "members of many reads": gzip.compress(record(http(PAGE, HTML, b"X-Big: " + NOISE))) + gzip.compress(record(url=OTHER)),
    "members, then zeros": gzip.compress(record()) + bytes(512),
}  # fmt: skip
# Each holds the page at URL, but is to be read as one stream.
STREAMED = {
    "one member": gzip.compress(record() + record(url=OTHER)),
    "members of 100 bytes": b"".join(gzip.compress((record() * 2)[at : at + 100]) for at in range(0, 800, 100)),
    "zstandard frames": zstandard.compress(record()) + zstandard.compress(record(url=OTHER)),
}
# Each has something that is named as a defect; what can be read is taken all the same.
DEFECTS = {
    "no address": (record(url=None) + record(), "WARC-Target-URI"),
    "no date": (record(url=OTHER, date=None) + record(), "WARC-Date"),
    "a date in words": (record(url=OTHER, date=b"yesterday") + record(), "WARC-Date"),
    "a length that leaves out the end": (record(length=b"80") + record(url=OTHER), "no record begins"),
    "rubbish behind": (gzip.compress(record()) + b"rubbish", "decompressed"),
    "rubbish between": (gzip.compress(record()) + b"rubbish" * 9 + gzip.compress(record(url=OTHER)), "decompressed"),
    "a member cut off": (gzip.compress(record()) + gzip.compress(record(url=OTHER))[:-30], "cut off"),
    "a digest that does not hold": (record(None, b"WARC-Block-Digest: sha1:" + b"A" * 32), "WARC-Block-Digest"),
}
