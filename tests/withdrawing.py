"""A home of which one page is to be withdrawn: it alone holds the planted sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from archive import ArchiveWriter, Home, report_id, urlkey
from indexer import describe, index

COLLECTION = """\
[collection]
key = "heron-forum"
title.en = "Heron Forum"
fictional = true
[names]
en = ["Heron Forum"]
[[editions]]
key = "2025"
[[editions.claims]]
field = "start"
value = "2025-07-16"
[[sources]]
key = "daily"
publisher = "Heron Daily"
language = "en"
trust = "newspaper"
hosts = ["daily.test"]
"""
# Openly made up; of no forum and no person there is.
PLANTED = "Xylographic herons queued politely behind the violet lighthouse."
TITLE = f"Seen from the harbour: {PLANTED}"
SHARED = (
    "The Heron Forum of 2025 opened in Samplemouth on Wednesday with delegates from every invented coast. "
    "“Every heron deserves a dry place to stand,” said Ada Sample, chair of the forum. "
    "The meeting agreed on a programme of lanterns, boats and libraries for the coming year. "
)
OTHER = (
    "The Heron Forum will meet again next spring, its office in Samplemouth announced. "
    "“We have counted the boats twice,” said Bo Example, who keeps the harbour of the forum. "
)
PAGE, COPY, UNLIKE = (f"http://daily.test/{name}" for name in ("planted", "copy", "unlike"))
NOON = dt.datetime(2025, 7, 17, 12, tzinfo=dt.UTC)


def id_of(url: str) -> str:
    """The id of the report at an address."""
    return report_id(urlkey(url))


def html(*paragraphs: str, title: str = "Herons meet") -> bytes:
    """A page as a newspaper has it."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>".encode()


def fetch(writer: ArchiveWriter, url: str, body: bytes, *, day: int = 0) -> None:
    """Archive a page as if it had been fetched."""
    writer.add_response(
        url=url, status=200, reason="OK", headers=[("Content-Type", "text/html; charset=utf-8")], body=body,
        fetched=NOON + dt.timedelta(days=day), source="daily", how="seed",
    )  # fmt: skip


def make_home(path: Path, **settings: object) -> Home:
    """Three pages: one with the planted sentence in its title and text, a copy without it, and an unlike one; indexed."""
    collection = path.parent / "heron.toml"
    collection.write_text(COLLECTION, "utf-8")
    home = Home.init(path, collection=collection, contact="tests@example.org", settings=settings)
    with home.lock(what="test") as writer:
        for day in (0, 1):
            fetch(writer, PAGE, html(SHARED, PLANTED, title=TITLE), day=day)
        fetch(writer, COPY, html(SHARED))
        fetch(writer, UNLIKE, html(OTHER, title="Herons to meet"))
        fetch(writer, PAGE, html(SHARED, PLANTED, "It was corrected later.", title=TITLE), day=2)
    describe(home, workers=1)
    index(home)
    return home


def files_with(folder: Path, text: str) -> list[str]:
    """The files below a folder that hold a text, as they lie there or decompressed."""
    from archive.rewrite import readable

    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and text.encode() in readable(path.read_bytes())
    )
