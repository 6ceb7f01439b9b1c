"""What a single document must be before it is taken in: of a web address, and what its name says it is."""

from __future__ import annotations

from pathlib import Path

from archive.errors import MaterialError

HEAD = 1024  # bytes of a file in which its kind shows
WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16 has bytes that no other text has
MOST_CONTROLS = 50  # one byte in so many may be a control that no text holds


def check_document(path: Path, body: bytes, *, url: str) -> None:
    """MaterialError where a file cannot be archived as the page at `url`."""
    if not url.startswith(("http://", "https://")):
        raise MaterialError(f"{url}: no web address; give the page's own with --url, as https://example.org/a")
    if not body:
        raise MaterialError(f"{path.name}: empty; nothing to import")
    if path.suffix.lower() == ".pdf":
        if b"%PDF-" not in body[:HEAD]:
            raise MaterialError(f"{path.name}: begins unlike a PDF; nothing to import")
    elif _is_no_text(body[:HEAD]):
        raise MaterialError(f"{path.name}: holds bytes that no text has; nothing to import")


def _is_no_text(head: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 27 for byte in head if byte)
    return not head.startswith(WIDE) and controls * MOST_CONTROLS > len(head)
