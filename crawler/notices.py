"""Notices: answers of 200 that are no page, but say that it is gone or that the name was sold."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from archive import Record, fold_plain
from crawler.charset import text_of

LOOKED_AT = 200_000  # bytes of a page: a notice is short
PARAGRAPH = (
    300  # bytes of text in a row (100 Han, 300 Latin letters) that no notice has, and a report has once at least
)
BODY = 2_000  # characters of text in all, navigation too, above which a page is no notice of a parked name
SILENT = re.compile(
    r"<(script|style|noscript|template|svg)\b.*?(</\1\s*>|\Z)|<!--.*?(-->|\Z)", re.IGNORECASE | re.DOTALL
)
HEADINGS = re.compile(r"<(title|h1|h2)\b[^>]*>(.*?)</\1", re.IGNORECASE | re.DOTALL)
INLINE = re.compile(r"</?(a|b|i|em|strong|span|font|u|small|br|wbr|mark|abbr|sup|sub|q|cite)\b[^>]*>", re.IGNORECASE)
IN_PARAGRAPH = re.compile(r"<p\b[^<>]*>([^<]{75,})", re.IGNORECASE)  # four bytes a character at most
IN_ANY = re.compile(r">([^<]{75,})")
TAG = re.compile(r"<[^>]*>")
ERROR_PATH = re.compile(
    r"/(error|errors|404|notfound|not-found|page-not-found|error-?404)(\.\w{2,5})?/?$", re.IGNORECASE
)
HTML = ("", "text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases(Record):
    """What notices say, folded."""

    gone: tuple[str, ...]
    parked: tuple[str, ...]
    hosts: tuple[str, ...]


@cache
def phrases() -> Phrases:
    """The phrases of `data/notices.toml`."""
    table = tomllib.loads((resources.files("crawler") / "data" / "notices.toml").read_text("utf-8"))
    return Phrases(
        gone=tuple(map(fold_plain, table["gone"])),
        parked=tuple(map(fold_plain, table["parked"])),
        hosts=tuple(table["parking_hosts"]),
    )


def notice_in(content: bytes, *, content_type: str, language: str | None) -> str | None:
    """In which words a page says that it is none, or None when it is one."""
    if content_type.partition(";")[0].strip().lower() not in HTML or len(content) > LOOKED_AT:
        return None
    html = text_of(content, content_type=content_type, language=language)
    if any(_is_paragraph(match[1]) for match in IN_PARAGRAPH.finditer(html)):  # which tells most pages at once
        return None
    seen = SILENT.sub(" ", html)
    if any(_is_paragraph(match[1]) for match in IN_ANY.finditer(seen)):
        return None
    runs = [" ".join(run.split()) for run in TAG.split(INLINE.sub(" ", seen))]
    if any(map(_is_paragraph, runs)):
        return None
    said = fold_plain(" ".join(runs))
    headings = [" ".join(TAG.sub(" ", match[2]).split()) for match in HEADINGS.finditer(seen)]
    known = phrases()
    if found := next((text for text in headings if _says(fold_plain(text), known.gone)), None):
        return f"it says “{found[:80]}”"
    if len(said) <= BODY and (phrase := next((one for one in known.parked if one in said), None)):
        return f"a parked name: it says “{phrase}”"
    if len(said) <= BODY and (host := next((one for one in known.hosts if one in html), None)):
        return f"a parked name: its page is from {host}"
    return None


def leads_to_notice(target: str) -> bool:
    """Whether a redirect leads to a page that is there for those that are gone, or to one that sells names."""
    return ERROR_PATH.search(urlsplit(target).path) is not None or any(host in target for host in phrases().hosts)


def _is_paragraph(run: str) -> bool:
    # A character has four bytes at most: most runs are told by their length alone.
    return 4 * len(run) >= PARAGRAPH and len(" ".join(run.split()).encode("utf-8", "replace")) >= PARAGRAPH


def _says(heading: str, known: tuple[str, ...]) -> bool:
    """Whether a heading is or holds one of the phrases; a number must be the whole of it, or its beginning."""
    return any(
        re.match(rf"{phrase}\b", heading) is not None if phrase.isdigit() else phrase in heading for phrase in known
    )
