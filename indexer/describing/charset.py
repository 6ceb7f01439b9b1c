"""Bytes of a page to text: what the page says of its charset is believed as far as the bytes bear it out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive import Record
from indexer.describing.plausible import CANDIDATES, plausibility

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARED = re.compile(
    rb"""charset\s*=\s*["']?\s*([\w.:-]{1,40})|encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE
)
# Python knows codecs that are of no charset (hex, rot13, idna); a page may name them to break its reader.
TEXT = re.compile(r"utf-(?:8|16|32)|iso8859|iso2022|cp\d|koi8|mac|gb|big5|shift_jis|euc|tis|hz|ascii|latin|johab|ptcp")
HEAD = 4096  # bytes in which a page says what it is written in; WHATWG reads 1024, some old pages need more
# Read as the larger set, as browsers do (WHATWG Encoding, 4.2): pages use its characters under the smaller name.
WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "tis-620": "cp874",
    "tis620": "cp874", "iso-8859-11": "cp874", "windows-874": "cp874", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "big5": "big5hkscs", "x-x-big5": "big5hkscs", "utf8": "utf-8",
    "unicode": "utf-8", "windows-31j": "cp932",
}  # fmt: skip
ENOUGH = 0.6  # of the characters outside ASCII that must look like the charset's own language
BETTER = 0.2  # by how much another charset must look likelier than the declared one
DAMAGED = 0.02  # of the sequences outside ASCII that may be broken in a page that is UTF-8 all the same
SPACES = b"\n\r "
SAMPLE = 60_000  # bytes that are looked at to tell charsets apart
# Punctuation of GB2312 that was read as Latin-1 before it was stored as UTF-8.
MOJIBAKE = {pair.encode("gbk").decode("latin-1"): pair for pair in "“”‘’—…·、。《》「」"}
_MOJIBAKE = re.compile("|".join(map(re.escape, MOJIBAKE)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded(Record):
    """A text, the charset it was read in, and why that one."""

    text: str
    charset: str
    how: str


def decode(body: bytes, *, content_type: str = "") -> Decoded:
    """The text of a page: by mark, then UTF-8 if it is that, then as declared, then as is most plausible; never fails."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return _read(body[len(mark) :], name, "byte order mark")
    if wide := wide_charset(body):
        return _read(body, wide, "zero bytes")
    if b"\x1b$" in body:  # 7 bits only, so everything below would take it for ASCII
        return _read(body, "iso2022_jp", "escape sequences")
    if b"~{" in body and "hz" in _declared(body, content_type):
        return _read(body, "hz", "declared, with its signs")
    if _is_utf8(body):
        return _read(body, "utf-8", "valid UTF-8")
    # Of a page that shows no zero bytes above, these cannot be true (WHATWG HTML, 13.2.3.2 takes them for UTF-8).
    declared = next((name for name in _declared(body, content_type) if not name.startswith("utf")), None)
    return _likeliest(body, declared)


def repair(text: str) -> str:
    """The text with Chinese punctuation that had been read as Latin-1 put right: Women¡¯s is Women’s."""
    if "¡" not in text:
        return text
    return _MOJIBAKE.sub(lambda match: MOJIBAKE[match[0]], text)


def _read(body: bytes, name: str, how: str) -> Decoded:
    return Decoded(text=repair(body.decode(name, "replace")), charset=name, how=how)


def wide_charset(body: bytes) -> str | None:
    """UTF-16 without a mark shows by the zero bytes of its ASCII: every tag has some, and every line end."""
    head = body[:2000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 10 >= len(head) > 0 and min(even, odd) * 10 <= max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return _wide_by_spaces(body[:SAMPLE]) if b"\0" in body[:SAMPLE] else None


def _wide_by_spaces(body: bytes) -> str | None:
    """The same of a text without tags: its letters, such as 一 (U+4E00), may have more zero bytes than its spaces."""
    low, high = body[0::2], body[1::2]
    little = sum(first in SPACES and not second for first, second in zip(low, high, strict=False))
    big = sum(second in SPACES and not first for first, second in zip(low, high, strict=False))
    if max(little, big) < 2 or min(little, big) * 10 > max(little, big):
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8, a few broken sequences among many aside."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        outside = sum(not character.isascii() for character in text)
        return text.count("\ufffd") <= DAMAGED * outside
    return True


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """The charsets a page names, the header's first, under the names Python knows them by."""
    for where in (content_type.encode("latin-1", "replace"), body[:HEAD]):
        for found in DECLARED.finditer(where):
            name = (found[1] or found[2]).decode("ascii", "replace").lower()
            name = WIDER.get(name, name)
            try:
                name = codecs.lookup(name).name
            except LookupError:
                continue
            if TEXT.match(name):
                yield WIDER.get(name, name)


def _likeliest(body: bytes, declared: str | None) -> Decoded:
    sample = _outside(body)
    scores = {name: plausibility(sample, name) for name in CANDIDATES}
    if declared and declared not in scores:
        return _read(body, declared, "declared")
    best = max(scores, key=lambda name: scores[name])
    if declared and scores[best] < scores[declared] + BETTER:
        return _read(body, declared, "declared")
    if scores[best] < ENOUGH:
        return _read(body, declared or "cp1252", "declared" if declared else "nothing else fits")
    return _read(body, best, f"declared {declared}, which does not fit" if declared else "looks like it")


def _outside(body: bytes) -> bytes:
    """The bytes around those outside ASCII: markup says nothing of a charset."""
    parts = re.findall(rb"[\x20-\x7e]{0,2}[\x80-\xff][\x40-\x7e\x80-\xff]*[\x20-\x7e]?", body)
    return b" ".join(parts)[:SAMPLE] if parts else b""
