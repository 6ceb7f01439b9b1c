"""Bytes of a page to text, enough to read links and match names in them."""

from __future__ import annotations

import codecs
import re

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
DECLARED = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
HEAD = 2048  # bytes in which a page states its charset; WHATWG reads 1024, some old pages need more
# What pages of a language were written in before UTF-8, where they do not say.
LEGACY = {
    "zh": ("gb18030", "big5"),
    "zh-Hant": ("big5", "gb18030"),
    "ja": ("shift_jis", "euc-jp"),
    "ko": ("euc-kr",),
    "th": ("cp874",),
    "vi": ("cp1258",),
}
# Read as the larger set, as browsers do (WHATWG Encoding, 4.2): pages use its characters under the smaller name.
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "tis-620": "cp874", "iso-8859-1": "cp1252", "shift_jis": "cp932"}


def text_of(content: bytes, *, content_type: str = "", language: str | None = None) -> str:
    """The text: by byte order mark, header, the page's own word, UTF-8, then what its language used; never fails."""
    for mark, name in BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    legacy = LEGACY.get(language or "", ()) or LEGACY.get((language or "").partition("-")[0], ())
    candidates = [*_declared(content_type), "utf-8", *_declared(content[:HEAD].decode("latin-1")), *legacy]
    for name in candidates:
        if (text := _strict(content, name)) is not None:
            return text
    return content.decode("utf-8" if len(candidates) == 1 else "cp1252", "replace")


def _declared(text: str) -> list[str]:
    found = DECLARED.search(text)
    return [found[1].lower()] if found else []


def _strict(content: bytes, name: str) -> str | None:
    """The text if every byte fits; a wrong declaration shows by that."""
    try:
        return content.decode(WIDER.get(name, name))
    except (LookupError, ValueError):
        return None
