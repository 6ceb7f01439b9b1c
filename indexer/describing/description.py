"""What the pure pass makes of one capture: everything that can be said of a page by itself."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from archive import Precision, Published, QuoteKind, Record

SUPPLIED = "as said by whoever supplied it"  # how a date is known that came with the material


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Record):
    """Words of somebody, found in a text: `text[start:end]`, offsets in characters, marks not included."""

    start: int
    end: int
    kind: QuoteKind
    cue: str | None  # the words that attribute it, as printed
    speaker: str | None  # as mentioned
    role: str | None
    rule: str  # which rule found it
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Description(Record):
    """A page described: `text` is the article, paragraphs parted by newlines; empty when the page has none."""

    title: str
    text: str
    language: str
    site: str | None  # the site's name as the page says it
    published: Published | None
    statements: tuple[Statement, ...] = ()
    problem: str | None = None  # why there is no text, in words
    noarchive: bool = False  # its head asks robots that no copy of it be shown

    def dump(self) -> bytes:
        """The description as the catalogue keeps it."""
        return json.dumps(self.to_json(), ensure_ascii=False).encode()

    @classmethod
    def load(cls, content: bytes) -> Description:
        """The description that `dump` wrote."""
        values = json.loads(content)
        if (day := values["published"]) is not None:
            date, precision = dt.date.fromisoformat(day["date"]), Precision(day["precision"])
            values["published"] = Published(date=date, precision=precision, how=day["how"])
        statements = tuple(Statement(**{**s, "kind": QuoteKind(s["kind"])}) for s in values["statements"])
        return cls(**{**values, "statements": statements})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Record):
    """What the pure pass is given. `hints` are of the source that led here; a page's own words come first."""

    url: str
    body: bytes
    content_type: str
    captured: str  # 14-digit timestamp, an upper bound of the published date
    source_language: str | None = None
    trusted_address: bool = True  # whether a date in the address is believed: not of mirrors
    published: str | None = None  # as said by whoever supplied it
    most: int = 5_000_000  # bytes of a page that are parsed
