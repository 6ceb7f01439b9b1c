"""The truth about the sample reports, as their writers know it: for tests of describing and searching."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass

from samples.collection import PLACEHOLDER
from samples.texts import FOLDER, SampleReport, Words, all_reports, outlets


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReport:
    """What describing should find on one page. A field in `hard` may be missed without blame."""

    key: str
    url: str
    publisher: str
    language: str
    title: str
    published: dt.date
    relation: str
    edition: str | None
    paragraphs: tuple[str, ...]
    quotes: tuple[Words, ...]
    not_quotes: tuple[str, ...]
    copy_of: str | None  # an address
    gone: bool  # to be had from the Wayback-like service only
    hard: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedWord:
    """A word to search for, as typed, and the addresses of the reports that hold `word`."""

    query: str
    word: str
    language: str
    urls: tuple[str, ...]


def expected(port: int = PLACEHOLDER) -> tuple[ExpectedReport, ...]:
    """The truth about every report a crawl should archive, with addresses at this port."""
    return tuple(_expected(report, port) for report in archived())


def archived() -> tuple[SampleReport, ...]:
    """All reports but the mirror's copies whose original answers."""
    return tuple(report for report in all_reports() if not report.superseded)


def expected_words(port: int = PLACEHOLDER) -> tuple[ExpectedWord, ...]:
    """Words of every language in mid-sentence, and who holds them: computed from the texts, so that it cannot drift."""
    tables = tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))["words"]
    return tuple(
        ExpectedWord(
            query=table.get("query", table["word"]), word=table["word"], language=table["language"],
            urls=_holders(table["word"], table["language"], port),
        )
        for table in tables
    )  # fmt: skip


def url_of(key: str, port: int = PLACEHOLDER) -> str:
    """The address of the report of that key (`outlet/path`)."""
    outlet, _, path = key.partition("/")
    host = next(o.host for o in outlets() if o.key == outlet)
    return f"http://{host}:{port}/{path}"


def _expected(report: SampleReport, port: int) -> ExpectedReport:
    publisher = next(outlet.name for outlet in outlets() if outlet.key == report.outlet)
    return ExpectedReport(
        key=report.key, url=url_of(report.key, port), publisher=publisher, language=report.language, title=report.title,
        published=report.published, relation=report.relation, edition=report.edition, paragraphs=report.paragraphs,
        quotes=report.quotes, not_quotes=report.not_quotes,
        copy_of=url_of(report.copy_of, port) if report.copy_of else None, gone=bool(report.gone), hard=report.hard,
    )  # fmt: skip


def _holders(word: str, language: str, port: int) -> tuple[str, ...]:
    """Addresses of the reports of one language whose title or text holds the word, letter for letter."""
    held = [r for r in archived() if r.language == language and word.casefold() in f"{r.title}\n{r.text}".casefold()]
    return tuple(url_of(report.key, port) for report in held)
