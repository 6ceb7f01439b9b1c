"""Write a WARC or ARC file anew without the records of some pages; every other byte stays as it is."""

from __future__ import annotations

import gzip
import io
import mmap
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive import durable
from archive.facts import CAPTURED
from archive.record import GZIP, WarcRecord
from archive.records import Defect
from archive.scan import BLANK, Framed, NotAddressableError, scan, scan_stream
from archive.urlkey import urlkey

# Records about another record; a revisit is a capture in its own right.
ABOUT = ("request", "metadata", "conversion", "continuation")
# What browsers' crawlers put before the address of the page a record was made from: urn:text:https://...
MADE_FROM = re.compile(r"(urn|metadata|screenshot|text|view):[^/]*?(?=https?://)", re.IGNORECASE)
NAMED = re.compile(rb"^(?:warc-target-uri:[ \t]*<?)?(https?://[^\s>]+)", re.IGNORECASE | re.MULTILINE)
STEP = 1 << 16

Gone = Callable[[str], bool]  # whether the page of an urlkey is to go


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to go from a file: the offsets of records; `streamed` where records are known by uncompressed offsets.

    `orphans` are revisits of other pages that name a page that is to go as what they refer to.
    """

    path: Path
    streamed: bool
    dropped: frozenset[int]
    orphans: frozenset[int]
    captures_left: int
    replaced: Mapping[int, bytes] = field(default_factory=dict)  # by offset, uncompressed records to write instead

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.dropped or self.replaced)


def plan_without(path: Path, gone: Gone) -> Plan:
    """Find the records of pages that are to go, and those that speak of them; MaterialError for no WARC or ARC."""
    try:
        return _plan(path, scan(path), gone, streamed=False)
    except NotAddressableError:
        return _plan(path, scan_stream(path), gone, streamed=True)


def _plan(path: Path, items: Iterator[Framed | Defect], gone: Gone, *, streamed: bool) -> Plan:
    dropped: set[int] = set()
    ids: set[str] = set()
    about: dict[int, set[str]] = {}
    orphans: set[int] = set()
    captures = 0
    for item in items:
        if isinstance(item, Defect):
            continue
        record = item.record
        if gone(page_of(record)):
            dropped.add(item.offset)
            ids.update(filter(None, [record.header("WARC-Record-ID")]))
        elif record.type in ABOUT:
            about[item.offset] = {
                target for name in ("WARC-Concurrent-To", "WARC-Refers-To") if (target := record.header(name))
            }
        else:
            captures += record.type in CAPTURED
            target = record.header("WARC-Refers-To-Target-URI") if record.type == "revisit" else None
            orphans.update([item.offset] if target and gone(urlkey(target)) else [])
    dropped |= {offset for offset, targets in about.items() if targets & ids}
    return Plan(
        path=path, streamed=streamed, dropped=frozenset(dropped), orphans=frozenset(orphans), captures_left=captures
    )


def page_of(record: WarcRecord) -> str:
    """The urlkey of the page a record is of, or was made from."""
    return urlkey(MADE_FROM.sub("", record.url, count=1)) if record.url else ""


def rewrite(plan: Plan, out: io.FileIO, *, gone: Gone) -> None:
    """Write what the plan leaves of its file."""
    if plan.streamed:
        _write_stream(plan, out)
        return
    with plan.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
        compressed = buffer[:2] == GZIP
        at = 0
        for item in scan(plan.path):
            if isinstance(item, Defect):
                continue
            durable.append(out, _kept_gap(buffer[at : item.offset], gone))
            at = item.offset + item.length
            if not compressed:
                match = BLANK.match(buffer, at)
                at = match.end() if match else at
            if item.offset in plan.replaced:
                durable.append(out, _framed(plan.replaced[item.offset], compressed=compressed))
            elif item.offset not in plan.dropped:
                durable.append(out, buffer[item.offset : at])
        durable.append(out, _kept_gap(buffer[at:], gone))


def _write_stream(plan: Plan, out: io.FileIO) -> None:
    for item in scan_stream(plan.path):
        if isinstance(item, Framed) and item.offset not in plan.dropped:
            separator = b"\n" if item.record.format == "arc" else b"\r\n\r\n"
            stored = plan.replaced.get(item.offset, item.stored + separator)
            durable.append(out, gzip.compress(stored, mtime=0))


def _framed(stored: bytes, *, compressed: bool) -> bytes:
    return gzip.compress(stored, mtime=0) if compressed else stored


def _kept_gap(stretch: bytes, gone: Gone) -> bytes:
    """What lies between two records, which only a broken file has; nothing where it names a page that is to go."""
    if not stretch.strip():
        return stretch
    named = (match[1].decode("utf-8", "replace") for match in NAMED.finditer(readable(stretch)))
    return b"" if any(gone(urlkey(url)) for url in named) else stretch


def readable(stretch: bytes) -> bytes:
    """A stretch as it is, with what can be decompressed of it."""
    parts = [stretch]
    at = stretch.find(GZIP)
    while at >= 0:
        decompressor = zlib.decompressobj(31)
        try:
            for start in range(at, len(stretch), STEP):
                parts.append(decompressor.decompress(stretch[start : start + STEP], STEP << 4))
                if decompressor.eof:
                    break
        except zlib.error:
            pass
        at = stretch.find(GZIP, at + 2)
    return b"\n".join(parts)
