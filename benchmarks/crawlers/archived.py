"""What lies in WARC files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator


def bodies(folder: Path) -> Iterator[tuple[str, str]]:
    """Address and SHA-256 of the body as received, of every 200 answer in the WARC files of a folder."""
    for path in sorted(folder.rglob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                    url = record.rec_headers.get_header("WARC-Target-URI").strip("<>")
                    yield url, hashlib.sha256(record.raw_stream.read()).hexdigest()
