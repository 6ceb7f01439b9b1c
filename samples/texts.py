"""The sample forum's outlets and reports as records, read from the TOML files that hold them."""

from __future__ import annotations

import datetime as dt
import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words somebody is reported to have said: `text` stands in one paragraph just so."""

    text: str
    speaker: str | None = None  # as the report mentions them
    role: str | None = None
    kind: str = "direct"  # direct, indirect, document


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleReport:
    """One page: what it prints, and the truth about it."""

    outlet: str
    path: str
    language: str
    title: str
    published: dt.date
    paragraphs: tuple[str, ...]
    printed: str | None = None  # the date as it stands on the page
    byline: str | None = None
    caption: str | None = None
    charset: str = "utf-8"
    declared: bool = True  # whether the page states its charset
    gone: int = 0  # the status its outlet answers with today; 0 when it is there
    unlinked: bool = False  # not on the outlet's front page, nor among related links
    relation: str = "edition"
    edition: str | None = None
    quotes: tuple[Words, ...] = ()
    not_quotes: tuple[str, ...] = ()  # stand in quote marks, and are nobody's words
    copy_of: str | None = None  # "outlet/path" of the report it copies
    superseded: bool = False  # a mirror's copy whose original answers: a crawl leaves it alone
    hard: tuple[str, ...] = ()  # fields of the truth that only a careful reader gets

    @property
    def key(self) -> str:
        """The report's name among the samples: its outlet's key and its path."""
        return f"{self.outlet}{self.path}"

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher: its address, the template of its pages, and how its reports can be found."""

    key: str
    host: str
    name: str
    language: str
    template: str
    dates: tuple[str, ...] = ()  # meta, jsonld: what else than the visible date says when
    sitemap: bool = False
    feed: str | None = None  # rss, atom
    listing: int = 0  # reports a page of the listing; 0 when reports are on the front page
    closed: bool = False  # robots.txt closes /private/
    reports: tuple[SampleReport, ...] = ()


@functools.cache
def outlets() -> tuple[Outlet, ...]:
    """Every outlet with its reports, newest report first."""
    tables = _read("outlets.toml")["outlets"]
    return tuple(Outlet(**_frozen(table), reports=_reports(table["key"])) for table in tables)


@functools.cache
def labels() -> dict[str, dict[str, Any]]:
    """The words around a text (menu, related, cookie notice, the notice that all is invented) by language."""
    return _read("labels.toml")


def all_reports() -> tuple[SampleReport, ...]:
    """Every report of every outlet."""
    return tuple(report for outlet in outlets() for report in outlet.reports)


def _reports(outlet: str) -> tuple[SampleReport, ...]:
    tables = _read(f"reports/{outlet}.toml").get("reports", [])
    found = [_report(outlet, table) for table in tables]
    return tuple(sorted(found, key=lambda report: (report.published, report.path), reverse=True))


def _report(outlet: str, table: dict[str, Any]) -> SampleReport:
    quotes = tuple(Words(**words) for words in table.pop("quotes", []))
    return SampleReport(outlet=outlet, quotes=quotes, **_frozen(table))


def _frozen(table: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))
