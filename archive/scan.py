"""Frame a WARC or ARC file into records with exact offsets, and name what cannot be read.

warcio stops at the first record it cannot read; here the search goes on behind it, since what can be read is kept.
"""

from __future__ import annotations

import mmap
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import MaterialError, RecordError
from archive.record import GZIP, WarcRecord, parse_record
from archive.records import Defect

WARC_HEAD = re.compile(rb"WARC/\d\.\d\r?\n")
NEXT_WARC = re.compile(rb"(?<=\n)WARC/\d\.\d\r?\n(?=WARC-|Content-)", re.IGNORECASE)
ARC_LINE = re.compile(rb"[a-zA-Z][a-zA-Z0-9+.-]*:[^\r\n]* [0-9a-fA-F.:]+ \d{12,} \S+ (-?\w+)\r?\n")
NEXT_ARC = re.compile(rb"(?<=\n)(?=" + ARC_LINE.pattern + rb")")
HEAD_END = re.compile(rb"\r?\n\r?\n")
LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d+)[ \t]*\r?\n", re.IGNORECASE)
BLANK = re.compile(rb"[\r\n]*")
MEMBER_HEAD = b"\x1f\x8b\x08"
CHUNK = 1 << 20
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
    one compressed stream (see `scan_stream`).
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            raise MaterialError(f"{path.name}: empty; nothing to import")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
            if buffer[:2] == GZIP:
                yield from _scan_members(buffer, start, path.name)
            else:
                yield from _scan_plain(buffer, start, path.name)


def scan_stream(path: Path) -> Iterator[Framed | Defect]:
    """Records of a compressed file read as one stream; offsets are those of the uncompressed bytes."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
        parts, defects = [], []
        for member in _members(buffer, 0):
            parts.append(member.content)
            if member.problem:
                defects.append(Defect(file=path.name, offset=member.offset, problem=member.problem))
        yield from _scan_plain(b"".join(parts), 0, path.name)
        yield from defects


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


def _member(buffer: Buffer, offset: int) -> _Member:
    decompressor = zlib.decompressobj(31)
    parts, size, at = [], 0, offset
    try:
        while not decompressor.eof and at < len(buffer):
            part = decompressor.decompress(buffer[at : at + CHUNK])
            parts.append(part)
            size += len(part)
            at += CHUNK
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
        if WARC_HEAD.match(head) or ARC_LINE.match(head):
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
        begins = WARC_HEAD.match(head) or ARC_LINE.match(head)
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
    return not content.strip() or bool(WARC_HEAD.match(content) or ARC_LINE.match(content))


def _scan_plain(buffer: Buffer, start: int, name: str) -> Iterator[Framed | Defect]:
    at = _after_blank(buffer, start)
    if start == 0 and not WARC_HEAD.match(buffer, at) and not ARC_LINE.match(buffer, at):
        raise MaterialError(f"{name}: begins neither like a WARC nor like an ARC; nothing to import")
    yield from _scan_records(buffer, at, name)


def _scan_records(buffer: Buffer, at: int, name: str) -> Iterator[Framed | Defect]:
    end = len(buffer)
    while at < end:
        arc = ARC_LINE.match(buffer, at)
        stop, problem = _arc_end(buffer, at, arc) if arc else _warc_end(buffer, at)
        following = _after_blank(buffer, stop)
        if following < end and not WARC_HEAD.match(buffer, following) and not ARC_LINE.match(buffer, following):
            next_at = _next_record(buffer, at + 1, arc=arc is not None)
            lost = f"no record begins where this one should end ({stop})"
            problem = f"{problem}; {lost}" if problem else lost
            stop, following = min(stop, next_at), next_at
        yield from _framed(buffer, at, stop, problem, name)
        at = following


def _framed(buffer: Buffer, at: int, stop: int, problem: str | None, name: str) -> Iterator[Framed | Defect]:
    stored = bytes(buffer[at:stop])
    problems = [problem] if problem else []
    try:
        record = parse_record(stored)
    except RecordError as exc:
        problems.append(f"cannot be read: {exc}")
    else:
        if problems and record.is_complete:
            # The length in the record's head is wrong, yet HTTP's own says that nothing is missing.
            problems = []
        problems += record.problems()
        yield Framed(offset=at, length=stop - at, record=record, stored=stored)
    if problems:
        yield Defect(file=name, offset=at, problem="; ".join(problems))


def _warc_end(buffer: Buffer, at: int) -> tuple[int, str | None]:
    """Where the WARC record at `at` ends by its own Content-Length, and what is wrong with that."""
    head = HEAD_END.search(buffer, at)
    if head is None:
        return len(buffer), "cut off within its headers"
    length = LENGTH.search(buffer, at, head.end())
    if length is None:
        return head.end(), "has no Content-Length"
    stop = head.end() + int(length[1])
    if stop > len(buffer):
        have = len(buffer) - head.end()
        return len(buffer), f"cut off: {have} of {int(length[1])} bytes are there"
    return stop, None


def _arc_end(buffer: Buffer, at: int, line: re.Match[bytes]) -> tuple[int, str | None]:
    """Where the ARC record at `at` ends by the length in its line, and what is wrong with that."""
    if not line[1].isdigit():
        return _next_record(buffer, at + 1, arc=True), f"length {line[1].decode()!r} is no number"
    stop = line.end() + int(line[1])
    if stop > len(buffer):
        return len(buffer), f"cut off: {len(buffer) - line.end()} of {int(line[1])} bytes are there"
    return stop, None


def _next_record(buffer: Buffer, start: int, *, arc: bool) -> int:
    match = (NEXT_ARC if arc else NEXT_WARC).search(buffer, start)
    return match.start() if match else len(buffer)


def _after_blank(buffer: Buffer, at: int) -> int:
    match = BLANK.match(buffer, at)
    return match.end() if match else at
