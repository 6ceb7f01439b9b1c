"""Transfer and content codings undone: a body that does not hold what its header says comes back as it is."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator

import brotli
import zstandard

LIMIT = 1 << 28  # decoded bytes; more is a bomb, no page
STEP = 1 << 16
CHUNK_HEAD = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n")
FAILURES = (zlib.error, brotli.error, zstandard.ZstdError)


def decode(body: bytes, coding: str, *, limit: int = LIMIT) -> bytes:
    """The body with its content codings (RFC 9110, 8.4) undone, the last first; what decodes no further stays."""
    for name in reversed([part.strip().lower() for part in coding.split(",") if part.strip()]):
        undo = CODINGS.get(name)
        if undo is None:
            continue  # identity, or a charset that somebody put here
        decoded = _taken(undo(body), limit)
        if not decoded and body:
            return body
        body = decoded
    return body


def unchunk(body: bytes) -> bytes:
    """The body with its chunks joined; from where no chunk begins any more, the rest as it is."""
    parts: list[bytes] = []
    at = 0
    while head := CHUNK_HEAD.match(body, at):
        size = int(head[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[head.end() : head.end() + size])
        at = head.end() + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
    return b"".join([*parts, body[at:]])


def _taken(parts: Iterator[bytes], limit: int) -> bytes:
    """What a decoder gives until it ends, fails or gives too much."""
    taken, size = [], 0
    try:
        for part in parts:
            taken.append(part)
            size += len(part)
            if size > limit:
                break
    except FAILURES:
        pass  # torn: what came before is worth reading
    return b"".join(taken)[:limit]


def _gunzipped(body: bytes) -> Iterator[bytes]:
    while body.startswith(b"\x1f\x8b"):  # a gzip body may be several members, one behind the other
        decompressor = zlib.decompressobj(31)
        yield from _drained(decompressor, body)
        body = decompressor.unused_data


def _inflated(body: bytes) -> Iterator[bytes]:
    # RFC 9110, 8.4.1.2 means zlib; some servers send the bare stream instead.
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return _drained(zlib.decompressobj(15 if is_zlib else -15), body)


def _drained(decompressor: zlib._Decompress, body: bytes) -> Iterator[bytes]:
    while body and not decompressor.eof:
        yield decompressor.decompress(body, STEP)
        body = decompressor.unconsumed_tail


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    part = decompressor.process(body, output_buffer_limit=STEP)
    while part:
        yield part
        part = decompressor.process(b"", output_buffer_limit=STEP)


def _unzstandard(body: bytes) -> Iterator[bytes]:
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        while part := reader.read(STEP):
            yield part


CODINGS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _inflated,
    "br": _unbrotlied,
    "zstd": _unzstandard,
}
