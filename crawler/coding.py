"""Content coding undone within a limit, so that a small body cannot become a large one in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import brotli

from crawler.errors import SizeError

STEP = 65_536
GZIP_HEAD = b"\x1f\x8b"


def decode(body: bytes, coding: str, *, limit: int) -> bytes:
    """The body with its content codings undone; a body that does not hold what its header says comes back as it is.

    Raises SizeError when it grows over `limit` bytes.
    """
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        try:
            body = b"".join(_limited(_decoded(body, name), limit))
        except (zlib.error, brotli.error):
            return body
    return body


def gunzip(body: bytes, *, limit: int) -> bytes:
    """The content of a gzip file, such as `sitemap.xml.gz`; what is none comes back as it is."""
    return decode(body, "gzip", limit=limit) if body.startswith(GZIP_HEAD) else body


def _limited(parts: Iterator[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > limit:
            raise SizeError(f"the body grows over {limit:,} bytes when it is decompressed (setting max_body)")
        yield part


def _decoded(body: bytes, coding: str) -> Iterator[bytes]:
    match coding:
        case "gzip" | "x-gzip":
            return _gunzipped(body)
        case "deflate":
            # RFC 9110, 8.4.1.2 means zlib; some servers send the bare stream instead.
            return _inflated(body, zlib.MAX_WBITS if _is_zlib(body) else -zlib.MAX_WBITS)
        case "br":
            return _unbrotlied(body)
        case _:
            return iter((body,))


def _gunzipped(body: bytes) -> Iterator[bytes]:
    while body:  # a gzip file may be several, one after the other
        decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS)
        yield from _drained(decompressor, body)
        body = decompressor.unused_data
        if not body.startswith(GZIP_HEAD):
            return


def _inflated(body: bytes, wbits: int) -> Iterator[bytes]:
    return _drained(zlib.decompressobj(wbits), body)


def _drained(decompressor: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    while body and not decompressor.eof:
        yield decompressor.decompress(body, STEP)
        body = decompressor.unconsumed_tail


def _is_zlib(body: bytes) -> bool:
    return len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    part = decompressor.process(body, output_buffer_limit=STEP)
    if not part and not decompressor.is_finished():
        raise brotli.error("no brotli stream")  # it waits for more, where zlib would complain
    while part:
        yield part
        part = decompressor.process(b"", output_buffer_limit=STEP)
