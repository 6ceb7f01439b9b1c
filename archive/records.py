"""The records every package speaks of: frozen, typed, made into dicts only at the edge.

Instants are aware UTC; a published date is the calendar date as printed, never converted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any


class Trust(StrEnum):
    """How far a publisher's dates and words are believed, best first."""

    OFFICIAL = "official"
    AGENCY = "agency"
    NEWSPAPER = "newspaper"
    UNKNOWN = "unknown"
    MIRROR = "mirror"

    @property
    def rank(self) -> int:
        """0 for the most trusted."""
        return list(Trust).index(self)


class Via(StrEnum):
    """How a capture came in."""

    LIVE = "live"
    WAYBACK = "wayback"
    IMPORT = "import"
    SUPPLIED = "supplied"


class Relation(StrEnum):
    """What a report has to do with the forum."""

    EDITION = "edition"
    RELATED = "related"
    OTHER = "other"


class Precision(StrEnum):
    """How much of a published date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class QuoteKind(StrEnum):
    """Words in marks, words told, or the words of a document."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    DOCUMENT = "document"


class Show(StrEnum):
    """How much of a source's text may be shown."""

    FULL = "full"
    EXCERPT = "excerpt"
    METADATA = "metadata"


class Record:
    """Base of the records: gives `to_json`."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """The record as plain JSON values; dates as ISO 8601."""
        return {f.name: plain(getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: records and mappings to dicts, tuples to lists, dates to ISO 8601."""
    if isinstance(value, Record):
        return value.to_json()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        return [plain(item) for item in value]
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value


# --- the collection: what its owner states ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """One thing said of an edition, with the addresses that say it.

    `field` is one of CLAIM_FIELDS; conflicting claims of one field stand side by side.
    `also` holds other spellings of the value, `role` what a speaker is said to be.
    """

    field: str
    value: str | int
    language: str | None = None
    also: tuple[str, ...] = ()
    role: str | None = None
    sources: tuple[str, ...] = ()
    note: str | None = None


CLAIM_FIELDS = (
    "ordinal", "start", "end", "city", "venue", "name", "theme", "slogan", "subtopic", "organiser",
    "attendance", "outcome", "speaker", "part_of", "conflict",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition(Record):
    """One edition of the forum: its key (a year, or `2025-2`) and what is claimed of it."""

    key: str
    year: int
    claims: tuple[Claim, ...] = ()

    def values(self, name: str) -> tuple[Claim, ...]:
        """The claims of one field, in the order of the collection file."""
        return tuple(claim for claim in self.claims if claim.field == name)

    def first(self, name: str) -> str | int | None:
        """The first claimed value of a field, or None."""
        return next((claim.value for claim in self.claims if claim.field == name), None)

    @property
    def window(self) -> tuple[dt.date, dt.date] | None:
        """First and last day as claimed first; the same day twice when no end is claimed."""
        start = self.first("start")
        if start is None:
            return None
        end = self.first("end") or start
        return dt.date.fromisoformat(str(start)), dt.date.fromisoformat(str(end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed(Record):
    """One address of a source that is known to be a report.

    `original` is the probable first publication of a mirror's page: fetched first, and
    `verified` is False until it has answered with the same text. Where only the name of
    its publisher is known, `original` is None and `original_publisher` says it.
    """

    url: str
    edition: str | None = None
    relation: Relation | None = None
    original: str | None = None
    original_publisher: str | None = None
    verified: bool = True
    title: str | None = None
    published: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Record):
    """A page that lists reports: CSS selectors of the links and of the next page."""

    url: str
    links: str = "a[href]"
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights(Record):
    """What may be done with a source's text."""

    statement: str | None = None
    show: Show = Show.FULL
    export_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Record):
    """A publisher and how to find its reports."""

    key: str
    publisher: str
    language: str
    trust: Trust
    hosts: tuple[str, ...] = ()
    seeds: tuple[Seed, ...] = ()
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    archived: tuple[str, ...] = ()  # address prefixes asked of the collection's Wayback servers
    follow: int = 0  # depth of links followed from seeds and listings
    paths: tuple[str, ...] = ()  # patterns of the paths reports have; behind ! of those they do not
    named: bool = False  # whether only pages whose title or address names the forum are taken
    signatures: tuple[str, ...] = ()  # patterns of addresses by which a mirror's page is known to be this one's
    minimum: int = 0  # fewer reports than this is loud
    rights: Rights = field(default_factory=Rights)
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybackServer(Record):
    """A Wayback-like server: where it lists captures, and where it gives them, up to the timestamp."""

    cdx: str
    replay: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss(Record):
    """Another forum whose reports must not be counted as an edition."""

    key: str
    names: Mapping[str, tuple[str, ...]]
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Record):
    """A forum: its names, editions, sources, and the forums it is mistaken for."""

    key: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]  # what reports call the forum, by language
    words: Mapping[str, tuple[str, ...]]  # words of which one must stand near a looser name
    cities: Mapping[str, tuple[str, ...]]  # spellings of a city by the city's key, any language
    editions: tuple[Edition, ...]
    sources: tuple[Source, ...]
    near_misses: tuple[NearMiss, ...] = ()
    wayback: tuple[WaybackServer, ...] = ()  # asked, in this order, for pages that are gone
    fictional: bool = False
    gaps: str | None = None  # what is known to be missing, in words

    def edition(self, key: str) -> Edition | None:
        """The edition of that key, or None."""
        return next((edition for edition in self.editions if edition.key == key), None)

    def source(self, key: str | None) -> Source | None:
        """The source of that key, or None."""
        return next((source for source in self.sources if source.key == key), None)


# --- facts: what came in ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture(Record):
    """One record of a page in a WARC or ARC file, as the catalogue keeps it.

    `timestamp` has 14 digits (UTC). `file` is relative to the home's `warc/`. `payload_sha1` is the digest the
    field uses (base32, over the body as stored); `sha256` (hex) is over the same bytes.
    A `revisit` carries no body: `refers_to` is the id of the capture that does, or None while it is unknown.
    """

    id: int
    url: str
    urlkey: str
    timestamp: str
    status: int
    mime: str
    record_type: str  # response, revisit, resource
    payload_sha1: str
    sha256: str
    file: str
    offset: int
    length: int
    via: Via
    source: str | None = None  # key of the source that led here
    how: str | None = None  # how it was found, in words
    source_uri: str | None = None  # the address the bytes came from, where it is not `url`
    refers_to: int | None = None
    publisher: str | None = None  # as said by whoever supplied the material
    published: str | None = None
    language: str | None = None
    robots: str | None = None  # its X-Robots-Tag headers, a line each


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload(Record):
    """The body of a capture, content coding undone, and the headers that say how to read it."""

    body: bytes
    content_type: str  # the whole header, charset and all; "" when none was sent
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect(Record):
    """Something wrong with a file: where, what, and since when it is known."""

    file: str
    offset: int | None
    problem: str
    mend: str | None = None
    known: bool = False


# --- derived: what describing found ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(Record):
    """The calendar date printed on a page, how much of it is known, and how it was found."""

    date: dt.date
    precision: Precision = Precision.DAY
    how: str = ""

    @classmethod
    def read(cls, text: str, *, how: str) -> Published:
        """A date written as 2025-07-16, 2025-07 or 2025, as far as it is known; ValueError for anything else."""
        day = dt.date.fromisoformat(f"{text}-01-01"[:10])
        precisions = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}
        if not day.isoformat().startswith(text) or len(text) not in precisions:
            raise ValueError(text)
        return cls(date=day, precision=precisions[len(text)], how=how)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Record):
    """Somebody's words in a version: `text == version.text[start:end]`, offsets in characters."""

    id: str
    report: str
    version: str
    text: str
    start: int
    end: int
    kind: QuoteKind
    cue: str | None
    speaker: str | None  # as mentioned
    role: str | None
    language: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(Record):
    """One distinct text of a report and the captures that carry it, oldest first."""

    id: str  # sha256 of the text, hex, first 32 digits
    report: str
    text: str
    title: str
    extractor: str
    captures: tuple[int, ...]


class Field(StrEnum):
    """What of a report or a quote can be corrected."""

    DATE = "date"
    EDITION = "edition"
    TITLE = "title"
    SPEAKER = "speaker"
    NOT_A_QUOTE = "not-a-quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Record):
    """What somebody decided against the rules, as describing applied it.

    `rules` is what the rules say now (of a quote that is none, its words); `agrees` whether they say the same as `value`.
    """

    id: str  # of the line in the ledger
    subject: str  # the report or quote
    report: str
    field: Field
    value: str | None
    rules: str | None
    agrees: bool
    time: str
    who: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Record):
    """A page with a text. `version` is the one search ranks: the latest fetched."""

    id: str
    urlkey: str
    url: str
    title: str
    publisher: str
    language: str
    trust: Trust
    via: Via
    source: str | None
    published: Published | None
    first_seen: str  # 14-digit timestamp
    captured: str  # of the ranked version's latest capture; to be found unchanged is no new one
    relation: Relation
    edition: str | None
    reason: str
    confidence: float
    version: str
    copy_of: str | None = None  # the probable original a mirror copies, as an address
    note: str | None = None
    noarchive: bool = False  # the page asks robots that no copy of it be shown
