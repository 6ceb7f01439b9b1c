"""The pure pass: one page to its description. The same page gives the same, whatever else is archived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from archive import Published, meta_forbids_copy
from indexer.describing.charset import decode, wide_charset
from indexer.describing.description import SUPPLIED, Description, Page
from indexer.describing.extract import Extracted, extract
from indexer.describing.language import UNDECIDED, detect
from indexer.describing.pdf import read_pdf
from indexer.describing.plain import read_plain
from indexer.describing.published import DatedPage, published_date
from indexer.describing.quotes import find_statements
from indexer.describing.stamp import EXTRACTOR
from indexer.describing.title import site_name
from indexer.describing.tree import Block, Tree, blocks, parse_page

__all__ = ["EXTRACTOR", "describe_page"]

HTML, PLAIN, PDF = "html", "plain", "pdf"
SNIFFED = 1024  # bytes in which markup shows
MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
BINARY = (
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"wOFF",
    b"%!PS",
    b"\x00\x00\x01\x00",
)
MOST_CONTROLS = 50  # one byte in so many may be a control that no text holds


def describe_page(page: Page) -> Description:
    """Title, text, language, date and statements of a page; an empty text, and why, where there is none."""
    kind = sniff(page.body, page.content_type)
    if kind is None:
        return _nothing("neither HTML, plain text nor PDF")
    if kind == PDF:
        return _described(page, read_pdf(page.body), None, [])
    decoded = decode(page.body[: page.most], content_type=page.content_type)
    if kind == PLAIN:
        return _described(page, read_plain(decoded.text), None, [])
    tree = parse_page(decoded.text)
    seen = blocks(tree) if tree is not None else []
    return _described(page, extract(tree, seen, decoded.text), tree, seen)


def sniff(body: bytes, content_type: str) -> str | None:
    """What a body is to be read as: what it begins like comes before what the header says."""
    mime = content_type.partition(";")[0].strip().lower()
    head = body[:SNIFFED].replace(b"\0", b"").lstrip(MARKS).lower()  # UTF-16 has its tags parted by zero bytes
    if head.startswith(b"%pdf-"):
        return PDF
    if (
        is_binary(body)
        or head.startswith((b"<rss", b"<feed", b"<urlset", b"<sitemapindex"))
        or b"<rss" in head
        or b"<urlset" in head
    ):
        return None
    if any(
        tag in head for tag in (b"<html", b"<!doctype html", b"<head", b"<body", b"<title", b"<meta", b"<p", b"<div")
    ):
        return HTML
    if mime in ("text/html", "application/xhtml+xml"):
        return HTML if b"<" in body else PLAIN
    return None if mime == "application/pdf" else PLAIN


def is_binary(body: bytes) -> bool:
    """Whether a body is no text in any charset: a picture or archive, whatever its header calls it."""
    head = body[:SNIFFED]
    if head.startswith(BINARY):
        return True
    wide = wide_charset(head) is not None or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    controls = sum(byte < 9 or 13 < byte < 27 for byte in head)
    return not wide and controls * MOST_CONTROLS > len(head)


def _described(page: Page, found: Extracted, tree: Tree | None, seen: list[Block]) -> Description:
    if not found.text:
        return _nothing("no text in it")
    language = detect(f"{found.title}\n{found.text}", hint=page.source_language)
    return Description(
        title=found.title,
        text=found.text,
        language=language,
        site=site_name(tree) if tree is not None else None,
        published=_published(page, found, tree, seen, language),
        statements=tuple(find_statements(found.text, language)),
        noarchive=tree is not None and meta_forbids_copy(_metas(tree)),
    )


def _metas(tree: Tree) -> Iterator[tuple[str, str]]:
    """The `meta` elements of a page that have a name, with their content."""
    return ((element.get("name") or "", element.get("content") or "") for element in tree.iter("meta"))


def _published(page: Page, found: Extracted, tree: Tree | None, seen: list[Block], language: str) -> Published | None:
    if page.published:
        return Published.read(page.published, how=SUPPLIED)
    return published_date(
        DatedPage(
            url=page.url, title=found.title, text=found.text, language=language,
            latest=_day(page.captured) + dt.timedelta(days=1),  # a reader's calendar may be ahead of UTC
            believe_address=page.trusted_address, tree=tree,
            seen=seen or [Block(text=line, element=None) for line in found.paragraphs],
        )
    )  # fmt: skip


def _day(timestamp: str) -> dt.date:
    return dt.date(int(timestamp[:4]), int(timestamp[4:6]), int(timestamp[6:8]))


def _nothing(problem: str) -> Description:
    return Description(title="", text="", language=UNDECIDED, site=None, published=None, problem=problem)
