"""What the tables of a dump hold, field by field: types from the records, meanings in words; makes docs/data.md."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from archive.records import Capture, Edition, Quote, Record, Report, Source, Version

KINDS: Mapping[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", tuple: "array"}
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "reports": {
        "": "Every page with a text that is not withdrawn.",
        "id": "12 hexadecimal digits, from the urlkey",
        "urlkey": "the key under which all forms of the page stand",
        "url": "the address",
        "title": "the title",
        "publisher": "who published it",
        "language": "a code such as zh-Hans, id, fil",
        "trust": "how far the publisher is believed",
        "via": "how its capture came in",
        "source": "the key of its source, in sources",
        "published": "the calendar date as printed: date, precision, how it was found",
        "first_seen": "the timestamp of the first capture",
        "captured": "the timestamp of the ranked version's latest capture; to be found unchanged is no new one",
        "relation": "what it has to do with the forum",
        "edition": "the key of its edition, in editions",
        "reason": "why it has that relation, in words",
        "confidence": "of the relation, 0 to 1",
        "version": "the version that search ranks, in versions",
        "copy_of": "the probable original a mirror copies",
        "note": "a remark",
        "noarchive": "whether its page asks robots that no copy of it be shown",
        "rights": "what its source states of its rights",
    },
    "versions": {
        "": "Every distinct text of a report.",
        "id": "the first 32 hexadecimal digits of the SHA-256 of the whole text",
        "report": "its report, in reports",
        "text": "the text; null where its source does not let it be exported, cut where it lets an excerpt",
        "title": "the title with that text",
        "extractor": "what found the text in the page",
        "captures": "the captures that carry it, oldest first, in captures",
    },
    "quotes": {
        "": "Somebody's words in a version, of sources that let more be shown than metadata.",
        "id": "stable while the words stay",
        "report": "its report, in reports",
        "version": "the version it stands in, in versions",
        "text": "the words",
        "start": "where they begin in the version's whole text, in characters",
        "end": "where they end",
        "kind": "words in marks, words told, or words of a document",
        "cue": "the word that says somebody spoke",
        "speaker": "as mentioned",
        "role": "as mentioned",
        "language": "the language it is printed in",
        "rule": "the rule that found it",
        "confidence": "0 to 1",
    },
    "speakers": {
        "": "Who is quoted, as mentioned: one name a row, however many people bear it.",
        "name": "as mentioned",
        "roles": "the roles mentioned with it",
        "quotes": "how many quotes",
        "reports": "the reports these are in",
    },
    "editions": {
        "": "The editions of the forum, as the collection's owner states them.",
        "key": "its year, or as 2025-2 where a year has two",
        "year": "its year",
        "claims": "what is said of it and by which addresses; what does not agree stands side by side",
    },
    "sources": {
        "": "Publishers and what they let be done with their texts.",
        "key": "its key",
        "publisher": "its name",
        "language": "the language it mostly writes in",
        "trust": "how far it is believed",
        "hosts": "its hosts",
        "statement": "what it states of its rights",
        "show": "how much of its texts is shown",
        "export_text": "whether its texts may be exported",
    },
    "captures": {
        "": "Every record of a page in the archive's WARC files, but for what is withdrawn.",
        "id": "from file and offset",
        "url": "the address",
        "urlkey": "the key under which all forms of the page stand",
        "timestamp": "when, 14 digits, UTC",
        "status": "the HTTP status; 0 where there is none",
        "mime": "the media type",
        "record_type": "response, revisit or resource",
        "payload_sha1": "SHA-1 of the body as stored, base32",
        "sha256": "SHA-256 of the same bytes",
        "file": "the file below warc/",
        "offset": "where the record begins in it",
        "length": "its length there",
        "via": "how it came in",
        "source": "the source that led to it, in sources",
        "how": "how it was found, in words",
        "source_uri": "the address the bytes came from, where it is another",
        "refers_to": "of a revisit, the capture that carries the payload",
        "publisher": "as said by whoever supplied it",
        "published": "as said by whoever supplied it",
        "language": "as said by whoever supplied it",
        "robots": "its X-Robots-Tag headers, a line each",
    },
}  # fmt: skip
RECORDS: Mapping[str, type[Record]] = {
    "reports": Report,
    "versions": Version,
    "quotes": Quote,
    "editions": Edition,
    "captures": Capture,
}
# Fields that no record has, by table, and those of Source that go out.
MADE: Mapping[str, Mapping[str, Any]] = {
    "reports": {"rights": str | None},
    "speakers": {"name": str, "roles": tuple[str, ...], "quotes": int, "reports": tuple[str, ...]},
    "sources": {
        **{name: get_type_hints(Source)[name] for name in ("key", "publisher", "language", "trust", "hosts")},
        "statement": str | None, "show": str, "export_text": bool,
    },
}  # fmt: skip
KEYS: Mapping[str, tuple[str, ...]] = {
    "reports": ("id",), "versions": ("report", "id"), "quotes": ("id", "version"), "speakers": ("name",),
    "editions": ("key",), "sources": ("key",), "captures": ("id",),
}  # fmt: skip


def table_fields(table: str) -> Iterator[tuple[str, str, bool, tuple[str, ...], str]]:
    """Name, type, whether it may be null, the values of a closed set, and meaning of each field of a table."""
    record = RECORDS.get(table)
    hints = get_type_hints(record) if record else {}
    kept = {f.name: hints[f.name] for f in fields(record)} if record else {}  # type: ignore[arg-type]
    for name, hint in {**kept, **MADE.get(table, {})}.items():
        kind, null, values = _kind(hint)
        withheld = (table, name) == ("versions", "text")
        yield name, kind, null or withheld, values, MEANINGS[table][name]


def _kind(hint: Any) -> tuple[str, bool, tuple[str, ...]]:
    if get_origin(hint) in (Union, types.UnionType):
        inner = next(each for each in get_args(hint) if each is not type(None))
        return (*_kind(inner)[:1], True, _kind(inner)[2])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return "string", False, tuple(hint)
    origin = get_origin(hint) or hint
    return KINDS.get(origin, "object"), False, ()


def schema(table: str) -> dict[str, Any]:
    """The Table Schema of a table."""
    described = []
    for name, kind, null, values, meaning in table_fields(table):
        constraints: dict[str, Any] = {} if null else {"required": True}
        if values:
            constraints["enum"] = list(values)
        described.append({"name": name, "type": kind, "description": meaning, "constraints": constraints})
    return {"fields": described, "primaryKey": list(KEYS[table]), "missingValues": []}


def data_document() -> str:
    """docs/data.md."""
    lines = [
        "# The data of a dump",
        "",
        "What `podium export --format dump` writes, table by table.",
        "This page is made from the records by `make data`.",
        "",
        "Each table is a file of JSON lines, compressed by gzip; `datapackage.json` says the same as this page in the words of Data Package.",
        "What is withdrawn is in none of them.",
    ]
    for table in MEANINGS:
        lines += ["", f"## {table}", "", MEANINGS[table][""], "", "| field | type | holds |", "|---|---|---|"]
        for name, kind, null, values, meaning in table_fields(table):
            said = f"{meaning}: {', '.join(f'`{value}`' for value in values)}" if values else meaning
            lines.append(f"| `{name}` | {kind}{' or null' if null else ''} | {said} |")
    return "\n".join(lines) + "\n"


def write_document(path: str) -> None:
    """Write it."""
    Path(path).write_text(data_document(), "utf-8")
