"""Heads of records and of HTTP messages, read from bytes as lenient as the field's files need it."""

from __future__ import annotations

import re
from dataclasses import dataclass

Fields = tuple[tuple[str, str], ...]

WARC_LINE = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n", re.IGNORECASE)
# Version 1: address, IP, date, type, length; version 2 has status, checksum, location, offset and file before the length.
ARC_LINE = re.compile(
    rb"(?P<url>[a-zA-Z][a-zA-Z0-9+.-]*:[^\r\n]*) (?P<ip>[0-9a-fA-F.:]+) (?P<date>\d{8,}) "
    rb"(?P<type>[^\r\n]+?)(?P<more> (?:\d{3}|-) \S+ \S+ \d+ \S+)? (?P<length>-?\w+)\r?\n"
)
HTTP_LINE = re.compile(rb"(?:HTTP|ICY)(?:/\d+(?:\.\d+)?)?[ \t]+(\d{3})(?:[ \t][^\r\n]*)?\r?(?:\n|$)", re.IGNORECASE)
HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Head:
    """The fields of a head, and where what it heads begins."""

    fields: Fields
    end: int

    def get(self, name: str) -> str | None:
        """The first field of that name, in any case."""
        return first(self.fields, name)


def read_head(stored: bytes, at: int = 0) -> Head:
    """The head that begins at `at` with a line of its own, which is passed over."""
    end = HEAD_END.search(stored, at)
    line_end = stored.find(b"\n", at)
    if line_end < 0 or (end and end.start() < line_end):  # nothing but the line
        line_end = end.start() if end else len(stored)
    head = stored[line_end + 1 : end.start() if end else len(stored)]
    return Head(_fields(head), end.end() if end else len(stored))


def http_status(block: bytes, at: int = 0) -> int | None:
    """The status of the HTTP answer that begins at `at`; None when none does."""
    line = HTTP_LINE.match(block, at)
    return int(line[1]) if line else None


def first(fields: Fields, name: str) -> str | None:
    """The first field of that name, in any case."""
    return next((value for key, value in fields if key.lower() == name.lower()), None)


def _fields(head: bytes) -> Fields:
    fields: list[tuple[str, str]] = []
    for line in _text(head).split("\n"):
        if line[:1] in (" ", "\t") and fields:  # RFC 9112, 5.2: folded by older senders
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}".strip())
        elif ":" in line:
            name, _, value = line.partition(":")
            fields.append((name.strip(), value.strip()))
    return tuple(fields)


def _text(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("latin-1")
