"""A PDF to title and paragraphs, by PDFium; called in processes that may be killed only."""

from __future__ import annotations

import unicodedata

import pypdfium2

from indexer.describing.extract import Extracted
from indexer.describing.plain import TITLE, unwrapped
from indexer.describing.tree import squeezed
from indexer.errors import DescribeError

PAGES = 300  # that are read at most


def read_pdf(body: bytes) -> Extracted:
    """The text of a PDF, page after page; empty for a scan. DescribeError when it cannot be opened."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as exc:
        raise DescribeError(f"a PDF that cannot be opened: {exc}") from exc
    try:
        pages = [document[number].get_textpage().get_text_range() for number in range(min(len(document), PAGES))]
        stated = squeezed(document.get_metadata_dict().get("Title") or "")
    finally:
        document.close()
    text = unicodedata.normalize("NFC", "\n".join(pages).replace("\r\n", "\n").replace("\ufffe", ""))
    paragraphs = _paragraphs(text)
    title = stated if len(stated) > 8 and "." not in stated[-5:] else (paragraphs[0] if paragraphs else "")
    return Extracted(title=title[:TITLE], text="\n".join(paragraphs), how="PDF")


def _paragraphs(text: str) -> list[str]:
    """Lines joined into paragraphs: one that ends short, or with the end of a sentence at less than full width, ends one."""
    lines = [squeezed(line) for line in text.split("\n")]
    width = max(map(len, lines), default=0)
    paragraphs: list[str] = []
    part: list[str] = []
    for line in lines:
        if line:
            part.append(line)
        if part and (not line or len(line) < 0.7 * width):
            paragraphs += unwrapped(part)
            part = []
    return paragraphs + unwrapped(part)
