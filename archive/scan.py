"""Frame a WARC or ARC file into records with exact offsets, and name what cannot be read.

warcio stops at the first record it cannot read; here the search goes on behind it, since what can be read is kept.
"""

from __future__ import annotations

import mmap
import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import zstandard

from archive.errors import MaterialError, RecordError
from archive.head import ARC_LINE, HEAD_END, WARC_LINE
from archive.record import GZIP, WarcRecord, parse_record
from archive.records import Defect

NEXT_WARC = re.compile(rb"(?<=\n)WARC/\d+\.\d+\r?\n(?=WARC-|Content-)", re.IGNORECASE)
NEXT_ARC = re.compile(rb"(?<=\n)(?=" + ARC_LINE.pattern + rb")")
LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d+)[ \t]*\r?\n", re.IGNORECASE)
BLANK = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*")  # some editors put a mark of Unicode before all
MEMBER_HEAD = b"\x1f\x8b\x08"
ZIP, ZSTANDARD, ZSTANDARD_DICTIONARY = b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18"
CHUNK = 1 << 20
FIRST = 1 << 13  # what is read behind the end of a member is copied twice: most records are small
MEMBER_LIMIT = 1 << 31  # decompressed bytes of one member; more is a bomb, no page

Buffer = bytes | mmap.mmap


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """A record and where it lies: `length` bytes at `offset` of the file, blank lines behind it not counted."""

    offset: int
    length: int
    record: WarcRecord
    stored: bytes  # uncompressed


class NotAddressableError(MaterialError):
    """A compressed file whose members are not one record each: whole, but no record can be read alone."""


def scan(path: Path, *, start: int = 0) -> Iterator[Framed | Defect]:
    """Records of a file from `start` on, in order, with a defect wherever something is wrong.

    Raises MaterialError when the file is no WARC or ARC, and NotAddressableError when its records must be taken out of
    one compressed stream (see `scan_stream`) or out of the WARC files of a WACZ.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise MaterialError(f"{path.name}: empty; nothing to import")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
            if buffer[:4] in (ZIP, ZSTANDARD, ZSTANDARD_DICTIONARY):
                raise NotAddressableError(
                    f"{path.name}: its records lie in a compressed file of another kind than gzip"
                )
            if buffer[:2] == GZIP:
                yield from _scan_members(buffer, start, path.name)
            else:
                yield from _scan_plain(buffer, start, path.name)


def scan_stream(path: Path) -> Iterator[Framed | Defect]:
    """Records of a compressed file read as one stream; offsets are those of the uncompressed bytes."""
    defects: list[Defect] = []
    with tempfile.TemporaryFile() as plain:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
            for content in _contents(buffer, path.name, defects):
                plain.write(content)
        plain.flush()
        if not plain.tell():
            raise MaterialError(f"{path.name}: nothing in it can be decompressed; nothing to import")
        with mmap.mmap(plain.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
            yield from _scan_plain(buffer, 0, path.name)
    yield from defects


def _contents(buffer: Buffer, name: str, defects: list[Defect]) -> Iterator[bytes]:
    if buffer[:4] in (ZSTANDARD, ZSTANDARD_DICTIONARY):
        yield from _zstandard_contents(buffer, name, defects)
        return
    for member in _members(buffer, 0):
        yield member.content
        if member.problem:
            defects.append(Defect(file=name, offset=member.offset, problem=member.problem))


def _zstandard_contents(buffer: Buffer, name: str, defects: list[Defect]) -> Iterator[bytes]:
    """The content of a .warc.zst: a frame a record, the dictionary for all of them in a skippable frame before."""
    start, dictionary = 0, None
    if buffer[:4] == ZSTANDARD_DICTIONARY:
        start = 8 + int.from_bytes(buffer[4:8], "little")
        given = bytes(buffer[8:start])
        if given[:4] == ZSTANDARD:
            given = zstandard.ZstdDecompressor().decompressobj().decompress(given)
        dictionary = zstandard.ZstdCompressionDict(given)
    try:
        reader = zstandard.ZstdDecompressor(dict_data=dictionary).stream_reader(
            memoryview(buffer)[start:], read_across_frames=True
        )
        while part := reader.read(CHUNK):
            yield part
    except zstandard.ZstdError as exc:
        defects.append(Defect(file=name, offset=start, problem=f"cannot be decompressed: {exc}"))


@dataclass(frozen=True, slots=True)
class _Member:
    offset: int
    length: int
    content: bytes
    problem: str | None


def _members(buffer: Buffer, start: int) -> Iterator[_Member]:
    """The gzip members (RFC 1952) from `start` on; behind a broken one the next that begins a record."""
    offset = start
    while offset < len(buffer):
        member = _member(buffer, offset)
        yield member
        offset = offset + member.length if member.problem is None else _next_member(buffer, offset + 1)
        if offset < len(buffer) and buffer[offset] == 0 and not bytes(buffer[offset:]).strip(b"\0"):
            return  # filled up with zeros, as tapes and some copies are; gzip passes over them too


def _member(buffer: Buffer, offset: int) -> _Member:
    decompressor = zlib.decompressobj(31)
    parts, size, at, step = [], 0, offset, FIRST
    try:
        while not decompressor.eof and at < len(buffer):
            part = decompressor.decompress(buffer[at : at + step])
            parts.append(part)
            size += len(part)
            at += step
            step = min(2 * step, CHUNK)
            if size > MEMBER_LIMIT:
                return _Member(offset, 0, b"", f"more than {MEMBER_LIMIT} bytes in one compressed record")
    except zlib.error as exc:
        return _Member(offset, 0, b"".join(parts), f"cannot be decompressed: {exc}")
    if not decompressor.eof:
        return _Member(offset, 0, b"".join(parts), "cut off: the file ends within this compressed record")
    length = min(at, len(buffer)) - len(decompressor.unused_data) - offset
    return _Member(offset, length, b"".join(parts), None)


def _next_member(buffer: Buffer, start: int) -> int:
    at = buffer.find(MEMBER_HEAD, start)
    while at >= 0:
        head = _head(buffer, at)
        if WARC_LINE.match(head) or ARC_LINE.match(head):
            return at
        at = buffer.find(MEMBER_HEAD, at + 1)
    return len(buffer)


def _head(buffer: Buffer, offset: int) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(buffer[offset : offset + 4096], 4096)
    except zlib.error:
        return b""


def _scan_members(buffer: Buffer, start: int, name: str) -> Iterator[Framed | Defect]:
    if start == 0:
        head = _head(buffer, 0)
        begins = WARC_LINE.match(head) or ARC_LINE.match(head)
        if not begins and (head or _next_member(buffer, 1) == len(buffer)):
            raise MaterialError(f"{name}: compressed, but holds no WARC or ARC records; nothing to import")
    for member in _members(buffer, start):
        inside = list(_scan_records(member.content, 0, name))
        records = [item for item in inside if isinstance(item, Framed)]
        if member.problem is None and len(records) > 1:
            raise NotAddressableError(f"{name}: several records in one compressed member at {member.offset}")
        if member.problem is None and not _begins_record(member.content):
            raise NotAddressableError(f"{name}: the compressed member at {member.offset} begins within a record")
        problems = [item.problem for item in inside if isinstance(item, Defect)] + [member.problem] * bool(
            member.problem
        )
        if member.problem is None:
            for item in records:
                yield Framed(offset=member.offset, length=member.length, record=item.record, stored=item.stored)
        if problems:
            yield Defect(file=name, offset=member.offset, problem="; ".join(filter(None, dict.fromkeys(problems))))


def _begins_record(content: bytes) -> bool:
    return not content.strip() or _begins(content, _after_blank(content, 0))


def _scan_plain(buffer: Buffer, start: int, name: str) -> Iterator[Framed | Defect]:
    at = _after_blank(buffer, start)
    if start == 0 and not _begins(buffer, at):
        raise MaterialError(f"{name}: begins neither like a WARC nor like an ARC; nothing to import")
    yield from _scan_records(buffer, at, name)


def _scan_records(buffer: Buffer, at: int, name: str) -> Iterator[Framed | Defect]:
    at = _after_blank(buffer, at)
    while at < len(buffer):
        extent = _extent(buffer, at)
        yield from _framed(buffer, at, extent, name)
        at = _after_blank(buffer, extent.next)


@dataclass(frozen=True, slots=True)
class _Extent:
    """Where a record ends, where the next begins, and what is wrong with what its head says of that."""

    stop: int
    next: int
    problem: str | None = None
    leaves_out: bool = False  # its length ends before it does: whoever believes that loses the rest


def _extent(buffer: Buffer, at: int) -> _Extent:
    arc = ARC_LINE.match(buffer, at)
    head_end, length = (arc.end(), arc["length"]) if arc else _warc_head(buffer, at)
    if head_end is None:
        return _until_next(buffer, at + 1, arc, "cut off within its headers")
    if length is None:
        return _until_next(buffer, head_end, arc, "has no Content-Length")
    if not length.isdigit():
        return _until_next(buffer, head_end, arc, f"length {length.decode()!r} is no number")
    stop = head_end + int(length)
    if stop <= len(buffer):
        following = _after_blank(buffer, stop)
        if following == len(buffer) or _begins(buffer, following):
            return _Extent(stop, following)
        extent = _until_next(buffer, head_end, arc, f"no record begins where this one should end ({stop})")
        return replace(extent, leaves_out=extent.stop > following)
    cut = f"cut off: {len(buffer) - head_end} of {int(length)} bytes are there"
    return _until_next(buffer, head_end, arc, cut)


def _until_next(buffer: Buffer, start: int, arc: re.Match[bytes] | None, problem: str) -> _Extent:
    """Up to where the next record plainly begins, since the head cannot be believed."""
    match = (NEXT_ARC if arc else NEXT_WARC).search(buffer, start)
    end = match.start() if match else len(buffer)
    return _Extent(end, end, problem)


def _warc_head(buffer: Buffer, at: int) -> tuple[int | None, bytes | None]:
    """Where the head of the WARC record at `at` ends, and the length it states."""
    head = HEAD_END.search(buffer, at)
    if head is None:
        return None, None
    length = LENGTH.search(buffer, at, head.end())
    return head.end(), length and length[1]


def _framed(buffer: Buffer, at: int, extent: _Extent, name: str) -> Iterator[Framed | Defect]:
    stored = bytes(buffer[at : extent.stop])
    problems = [extent.problem] if extent.problem else []
    try:
        record = parse_record(stored)
    except RecordError as exc:
        problems.append(f"cannot be read: {exc}")
    else:
        if problems and record.is_complete and not extent.leaves_out:
            problems = list(_surplus(record))
        problems += record.problems()
        yield Framed(offset=at, length=extent.stop - at, record=record, stored=stored)
    if problems:
        yield Defect(file=name, offset=at, problem="; ".join(problems))


def _surplus(record: WarcRecord) -> Iterator[str]:
    """The length in the head is wrong, yet HTTP's own says that nothing is missing: what of it belongs to nothing."""
    stated = int(record.http_header("content-length") or 0)
    if not record.http_header("transfer-encoding") and record.body[stated:].strip():
        yield f"{len(record.body) - stated} bytes behind its body belong to no record"


def _begins(buffer: Buffer, at: int) -> bool:
    return bool(WARC_LINE.match(buffer, at) or ARC_LINE.match(buffer, at))


def _after_blank(buffer: Buffer, at: int) -> int:
    match = BLANK.match(buffer, at)
    return match.end() if match else at
