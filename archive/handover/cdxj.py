"""CDXJ: a line a capture, by which pywb and its kin find a record."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from typing import Any

from archive.handover.warc import Written
from archive.records import Capture
from archive.urlkey import surt

LINES = 3000  # of a block of a compressed index


def cdxj_lines(places: Iterable[tuple[Capture, str, int, int, bool]]) -> list[str]:
    """The sorted lines of captures with file, offset, length, and whether it carries its payload."""
    return sorted(_line(*place) for place in places)


def lines_of(captures: Iterable[Capture]) -> list[str]:
    """The lines of captures where they lie below `warc/`."""
    return cdxj_lines((c, c.file, c.offset, c.length, c.record_type != "revisit") for c in captures)


def lines_of_written(written: Iterable[Written], file: str) -> list[str]:
    """The lines of captures in a new file."""
    return cdxj_lines(
        (w.capture, file, w.offset, w.length, w.whole or w.capture.record_type != "revisit") for w in written
    )


def _line(capture: Capture, file: str, offset: int, length: int, carries: bool) -> str:
    digest = capture.payload_sha1
    said: dict[str, Any] = {
        "url": capture.url,
        "mime": (capture.mime or "unk") if carries else "warc/revisit",
        "status": str(capture.status or 200),
        # The field writes base32 of SHA-1 without its name, and names any other.
        "digest": f"sha256:{digest}" if len(digest) == 64 else digest,
        "length": str(length),
        "offset": str(offset),
        "filename": file,
    }
    return f"{surt(capture.url)} {capture.timestamp} {json.dumps(said, ensure_ascii=False)}"


def compressed(lines: list[str], *, name: str) -> tuple[bytes, bytes]:
    """The lines in gzip blocks, and the index of these blocks (ZipNum, as WACZ takes it)."""
    content = bytearray()
    index = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': name})}"]
    for block in _blocks(lines):
        packed = gzip.compress("".join(f"{line}\n" for line in block).encode(), mtime=0)
        key, timestamp, _ = block[0].split(" ", 2)
        said = {"offset": len(content), "length": len(packed), "filename": name}
        index.append(f"{key} {timestamp} {json.dumps(said)}")
        content += packed
    return bytes(content), "".join(f"{line}\n" for line in index).encode()


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(lines), LINES):
        yield lines[start : start + LINES]
