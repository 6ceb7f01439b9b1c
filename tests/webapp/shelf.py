"""A small archive made for the tests of the pages: few reports, each with something that is easily shown wrongly."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path

from archive import (
    ArchiveWriter,
    Capture,
    Home,
    Precision,
    Published,
    Quote,
    QuoteKind,
    Relation,
    Report,
    Trust,
    Version,
    Via,
    report_id,
    urlkey,
)

COLLECTION = Path(__file__).with_name("shelf.toml")
SCRIPT = '<script>alert("title")</script> lanterns & women'
EARLIER = "The women met. They carry the torch, some said."
FETCHED = dt.datetime(2025, 7, 20, 8, 0, tzinfo=dt.UTC)


PRINTED = Published(date=dt.date(2008, 10, 21), how="printed under the headline")


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one page of the shelf says."""

    name: str
    language: str
    title: str
    text: str
    said: str = ""  # a quote in the text
    speaker: str | None = None
    source: str = "daily"
    publisher: str = "Lantern Daily"
    edition: str | None = "2008"
    relation: Relation = Relation.EDITION
    published: Published | None = PRINTED
    via: Via = Via.LIVE
    copy_of: str | None = None


PAGES = (
    Page(
        name="en",
        language="en",
        title=SCRIPT,
        text='The women met.\n“Women carry the light,” said Ada Sample.\n<script>alert("text")</script> <img src=x> ended it.',
        said="Women carry the light,",
        speaker="Ada Sample",
    ),
    Page(
        name="zh",
        language="zh-Hans",
        title="妇女论坛开幕",
        text="东盟的妇女代表在南宁出席论坛。\n林某说：“妇女带来光明。”",
        said="妇女带来光明。",
        speaker="林某",
        edition="2025",
        published=Published(date=dt.date(2025, 7, 1), precision=Precision.MONTH, how="in the address"),
    ),
    Page(name="km", language="km", title="ស្ត្រី និង ពន្លឺ", text="នៅទីនោះ ស្ត្រីបានជួបជុំគ្នា។", published=None),
    Page(name="th", language="th", title="สตรีกับแสง", text="ผู้แทนสตรีจากอาเซียนเข้าร่วม", via=Via.WAYBACK),
    Page(
        name="mirror?p=16&q=%E4%BA%BA",
        language="en",
        title="Women of the lanterns, copied",
        text="The women met, says a copy.",
        copy_of="http://gone.example/news/1",
    ),
    Page(
        name="brief",
        language="en",
        title="A brief on women",
        text="Women in brief. " + "Long words follow here. " * 60 + "The hidden tail.",
        source="brief",
        publisher="Brief <b>Wire</b>",
    ),
    Page(
        name="closed",
        language="en",
        title="A closed report on women",
        text="Nobody may read of the women here.",
        source="closed",
        publisher="Closed Gazette",
    ),
    Page(
        name="javascript:alert(1)",
        language="en",
        title="Imported oddity",
        text="An import may hold any address.",
        edition=None,
        relation=Relation.OTHER,
    ),
    Page(
        name="other",
        language="en",
        title="Another women's meeting",
        text="Women met at a trade fair.",
        edition=None,
        relation=Relation.OTHER,
    ),
)


def address(name: str) -> str:
    """The address of a page of the shelf."""
    return name if name.startswith("javascript:") else f"http://daily.example/tests/{name}"


def id_of(name: str) -> str:
    """The id of its report."""
    return report_id(urlkey(address(name)))


def make_shelf(path: Path) -> Home:
    """A home with the pages of the shelf archived and described; not indexed."""
    home = Home.init(path, collection=COLLECTION)
    with home.lock(what="test") as writer:
        described = [_described(writer, page) for page in PAGES]
        writer.flush()
        writer.catalogue.replace_reports(
            [report for report, _, _ in described],
            [version for _, versions, _ in described for version in versions],
            [quote for _, _, quotes in described for quote in quotes],
        )
    return home


def _described(writer: ArchiveWriter, page: Page) -> tuple[Report, list[Version], list[Quote]]:
    """A page fetched twice with the same text, the English one first with another: report, versions, quotes."""
    earlier = [_version(page, EARLIER, [_fetch(writer, page, EARLIER, day=-1)])] if page.name == "en" else []
    captures = [_fetch(writer, page, page.text, day=day) for day in (0, 1)]
    latest = _version(page, page.text, captures)
    return _report(page, latest, captures), [*earlier, latest], _quotes(page, latest)


def _fetch(writer: ArchiveWriter, page: Page, text: str, *, day: int) -> Capture:
    return writer.add_response(
        url=address(page.name),
        status=200,
        reason="OK",
        headers=[("Content-Type", "text/html; charset=utf-8")],
        body=f"<html><script>alert(1)</script><p>{text}</p></html>".encode(),
        fetched=FETCHED + dt.timedelta(days=day),
        source=page.source,
    )


def _version(page: Page, text: str, captures: list[Capture]) -> Version:
    digest = hashlib.sha256(text.encode()).hexdigest()[:32]
    numbers = tuple(capture.id for capture in captures)
    return Version(
        id=digest, report=id_of(page.name), text=text, title=page.title, extractor="test/1", captures=numbers
    )


def _report(page: Page, version: Version, captures: list[Capture]) -> Report:
    return Report(
        id=version.report,
        urlkey=urlkey(address(page.name)),
        url=address(page.name),
        title=page.title,
        publisher=page.publisher,
        language=page.language,
        trust=Trust.NEWSPAPER,
        via=page.via,
        source=page.source,
        published=page.published,
        first_seen=captures[0].timestamp,
        captured=captures[-1].timestamp,
        relation=page.relation,
        edition=page.edition,
        reason="names the forum in its title",
        confidence=0.9,
        version=version.id,
        copy_of=page.copy_of,
    )


def _quotes(page: Page, version: Version) -> list[Quote]:
    if not page.said:
        return []
    start = version.text.index(page.said)
    return [
        Quote(
            id=f"q{version.report}",
            report=version.report,
            version=version.id,
            text=page.said,
            start=start,
            end=start + len(page.said),
            kind=QuoteKind.DIRECT,
            cue="said",
            speaker=page.speaker,
            role=None,
            language=page.language,
            rule="test",
            confidence=1.0,
        )
    ]
