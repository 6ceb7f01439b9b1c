"""A plain text to title and paragraphs."""

from __future__ import annotations

import re
import unicodedata

from indexer.describing.extract import Extracted
from indexer.describing.tree import squeezed

WRAPPED = 50  # characters a line of a wrapped paragraph has at least, but for its last
TITLE = 200
_EAST_ASIAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def read_plain(text: str) -> Extracted:
    """The text as it is, but that lines broken by width are joined; its first line is the title."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    paragraphs = [line for part in re.split(r"\n\s*\n", text) for line in unwrapped(part.split("\n"))]
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    title = paragraphs[0][:TITLE] if paragraphs else ""
    return Extracted(title=title, text="\n".join(paragraphs), how="plain text")


def unwrapped(lines: list[str]) -> list[str]:
    """Lines between two empty ones as one paragraph if they were broken by width, else as they are."""
    lines = [squeezed(line) for line in lines]
    lines = [line for line in lines if line]
    if len(lines) < 2 or min(map(len, lines[:-1])) < WRAPPED or max(map(len, lines)) > 3 * WRAPPED:
        return lines
    joined = lines[0]
    for line in lines[1:]:
        tight = _EAST_ASIAN.match(joined[-1]) and _EAST_ASIAN.match(line[0])
        joined += line if tight else f" {line}"
    return [joined]
