"""The provenance chain of a report's text: sentence, offsets, version, capture, record, digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from archive import (
    Capture,
    Catalogue,
    Collection,
    Home,
    Quote,
    Record,
    RecordError,
    Report,
    Version,
    WarcRecord,
    read_capture,
    rights_of,
)
from webapp.captures import captures_of, carrier_of
from webapp.rights import shown_quotes, shown_text

VERSION_DIGITS = 32
RECOMPUTED = 20  # captures whose records one request reads at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed(Record):
    """A digest as the catalogue has it and as the record gives it now."""

    what: str
    stated: str
    found: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Record):
    """A capture and the record that carries its payload, which is another capture's where this one is a revisit.

    `recomputed` and `holds` (whether every digest does) are None while nothing was read.
    """

    capture: Capture
    carrier: Capture
    recomputed: tuple[Recomputed, ...] | None
    holds: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(Record):
    """Words of a version by their offsets."""

    start: int
    end: int
    text: str
    quote: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage(Record):
    """The chain of one version of a report.

    `text_holds` says whether the text still has the version's digest, `holds` whether everything recomputed does.
    """

    report: Report
    version: str
    extractor: str
    characters: int
    text_holds: bool
    passage: Passage | None
    links: tuple[Link, ...]
    holds: bool | None


def evidence_page(
    home: Home, catalogue: Catalogue, report: Report, version: Version, *, span: tuple[int, int] | None, recompute: bool
) -> EvidencePage:
    """The chain behind a version; with `recompute` its records are read and their digests computed anew."""
    captures = captures_of(catalogue, version)
    read = {capture.id for capture in captures[-RECOMPUTED:]} if recompute else set()
    links = tuple(_link(home, catalogue, capture, recompute=capture.id in read) for capture in captures)
    text_holds = _digest(version.text) == version.id
    return EvidencePage(
        report=report,
        version=version.id,
        extractor=version.extractor,
        characters=len(version.text),
        text_holds=text_holds,
        passage=_passage(home.collection, catalogue, report, version, span),
        links=links,
        holds=text_holds and all(link.holds is not False for link in links) if read else None,
    )


def _passage(
    collection: Collection, catalogue: Catalogue, report: Report, version: Version, span: tuple[int, int] | None
) -> Passage | None:
    if span is None:
        return None
    start, end = span
    show = rights_of(collection, report).show
    text = shown_text(version.text, show)
    quotes = shown_quotes(catalogue.quotes(report.id, version=version.id), show)
    return Passage(
        start=start,
        end=end,
        text=text[start:end],
        quote=next((quote for quote in quotes if quote.start <= start and end <= quote.end), None),
    )


def _link(home: Home, catalogue: Catalogue, capture: Capture, *, recompute: bool) -> Link:
    carrier = carrier_of(catalogue, capture)
    recomputed = tuple(_recomputed(home, carrier)) if recompute else None
    holds = None if recomputed is None else all(one.holds for one in recomputed)
    return Link(capture=capture, carrier=carrier, recomputed=recomputed, holds=holds)


def _recomputed(home: Home, capture: Capture) -> Iterator[Recomputed]:
    try:
        record = read_capture(home, capture)
    except RecordError as exc:
        yield Recomputed(what="record", stated=f"{capture.file} at {capture.offset}", found=str(exc), holds=False)
        return
    yield _compare("address", capture.url, record.url)
    yield _compare("SHA-1", capture.payload_sha1, record.sha1)
    yield _compare("SHA-256", capture.sha256, record.sha256)
    yield from _stated(record)


def _stated(record: WarcRecord) -> Iterator[Recomputed]:
    """What the record says of itself."""
    problems = record.problems()
    for name in ("WARC-Block-Digest", "WARC-Payload-Digest"):
        if stated := record.header(name):
            wrong = next((problem for problem in problems if problem.startswith(name)), None)
            yield Recomputed(what=name, stated=stated, found=wrong or stated, holds=wrong is None)


def _compare(what: str, stated: str, found: str) -> Recomputed:
    return Recomputed(what=what, stated=stated, found=found, holds=stated == found)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:VERSION_DIGITS]
