"""Describing: captures to reports, versions and quotes. A pure pass per page, cached, then one over the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from archive import (
    Capture,
    Catalogue,
    Defect,
    Field,
    Home,
    Record,
    RecordError,
    Trust,
    Via,
    additions,
    archive_lock,
    decisions,
    may_be_report,
    read_payload,
    transaction,
)
from indexer.describing.archive_pass import Described, Sources, describe_archive
from indexer.describing.corrected import apply_decisions
from indexer.describing.description import Description, Page
from indexer.describing.page import EXTRACTOR, describe_page
from indexer.describing.pool import Failed, run_killable
from indexer.describing.renamed import renamed_quotes, renamed_reports

TEXTS = ("text/html", "application/xhtml+xml", "application/pdf", "text/plain", "", "application/octet-stream")
BATCH = 50  # descriptions kept in one transaction
LEAST = 40  # characters of a text that make a report
LOCK = "describing"  # below the home: one process describes at a time

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeResult(Record):
    """What describing did: pages looked at anew, reports and quotes there are now, and what could not be described."""

    described: int
    reports: int
    changed: int
    gone: int
    quotes: int
    without_text: int
    quarantined: tuple[Defect, ...]

    @property
    def failed(self) -> int:
        """How many pages could not be described."""
        return len(self.quarantined)

    def as_text(self) -> str:
        """The result in a few lines."""
        reports = f"{self.reports} reports ({self.changed} changed, {self.gone} gone)"
        without = f"{self.without_text} pages without a text"
        lines = [f"described {self.described} pages: {reports}, {self.quotes} quotes, {without}"]
        lines += [f"  {d.file} at {d.offset}: {d.problem}" for d in self.quarantined]
        return "\n".join(lines)


def describe(
    home: Home, *, workers: int | None = None, wait: float = 0, progress: Progress | None = None, anew: bool = False
) -> DescribeResult:
    """Describe what has not been, and bring reports, versions and quotes up to what is archived and decided.

    With `anew` nothing that was described before is believed: all of it is made again.

    One process describes at a time: LockedError for a second. A page that cannot be described is quarantined with
    its reason and tried again at the next run.
    """
    with archive_lock(home.path / LOCK, what="describe", wait=wait), home.catalogue() as catalogue:
        if anew:
            catalogue.forget_descriptions()
        return _Describing(home, catalogue, anew=anew).run(
            workers or home.settings.workers, progress or (lambda text: None)
        )


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A quote that was decided to be none: the rules may find its words again under another id."""

    id: str
    report: str
    text: str


class _Describing:
    def __init__(self, home: Home, catalogue: Catalogue, *, anew: bool) -> None:
        self.home = home
        self.anew = anew
        self.catalogue = catalogue
        self.added = additions(home.ledger, home.collection)
        self.sources = Sources(home.collection, self.added)
        self.captures = [capture for capture in catalogue.captures() if _may_be_page(capture)]
        self.quarantined: list[Defect] = []

    def run(self, workers: int, progress: Progress) -> DescribeResult:
        described = self._describe_new(workers, progress)
        descriptions = dict(self._descriptions())
        texts = {id: found for id, found in descriptions.items() if len(found.text) >= LEAST}
        found = describe_archive(
            self.captures, texts, collection=self.home.collection, extractor=EXTRACTOR, added=self.added
        )
        aliases = self._renamed(found)
        known = self.catalogue.aliases() | dict(aliases)
        state, corrections = apply_decisions(found, decisions(self.home.ledger), known)
        changed, gone = self.catalogue.replace_reports(
            state.reports, state.versions, state.quotes, corrections=corrections, aliases=aliases, anew=self.anew
        )
        return DescribeResult(
            described=described,
            reports=len(state.reports),
            changed=changed,
            gone=gone,
            quotes=len(state.quotes),
            without_text=len(descriptions) - len(texts),
            quarantined=tuple(self.quarantined),
        )

    def _renamed(self, found: Described) -> list[tuple[str, str]]:
        """Old ids with the new ones, noted in the ledger before they are used."""
        hidden = [
            _Hidden(c.subject, c.report, c.rules)
            for c in self.catalogue.corrections()
            if c.rules and c.field is Field.NOT_A_QUOTE
        ]
        quotes = renamed_quotes([*self.catalogue.quotes(), *hidden], found.quotes)
        kept = {report.id for report in found.reports}
        gone = [report.id for report in self.catalogue.reports() if report.id not in kept]
        reports = renamed_reports({id: self.catalogue.versions(id) for id in gone}, found.versions, kept)
        known = self.catalogue.aliases()
        new = [(old, now) for old, now in (*quotes, *reports) if known.get(old) != now]
        self.home.ledger.append_all("aliases", [{"subject": old, "after": now} for old, now in new], who="describe")
        return new

    def _describe_new(self, workers: int, progress: Progress) -> int:
        """Run the pure pass where it has not run; give how often it did."""
        # The oldest of those that carry the same: what a run finds must not depend on what later ones will add.
        waiting = [capture for capture in self.captures if self._kept(capture) is None]
        new = {self._key(capture): capture for capture in reversed(waiting)}
        done = 0
        results = run_killable(
            _describe, self._pages(list(new.values())), workers=workers, timeout=self.home.settings.describe_timeout
        )
        kept: list[tuple[Capture, Description]] = []
        for (capture, _), result in results:
            done += 1
            progress(f"describing {done} of {len(new)}")
            if isinstance(result, Failed):
                self._quarantine(capture, result.reason)
            else:
                kept.append((capture, result))
            if len(kept) >= BATCH:
                self._keep(kept)
        self._keep(kept)
        return done

    def _pages(self, captures: list[Capture]) -> Iterator[tuple[Capture, Page]]:
        for capture in captures:
            try:
                payload = read_payload(self.home, capture, catalogue=self.catalogue)
            except RecordError as exc:
                self._quarantine(capture, str(exc))
                continue
            if len(payload.body) > self.home.settings.max_body:
                self._quarantine(capture, f"{len(payload.body):,} bytes are more than the setting max_body")
                continue
            language, believed = self._hints(capture)
            yield (
                capture,
                Page(
                    url=capture.url,
                    body=payload.body,
                    content_type=payload.content_type or capture.mime,
                    captured=capture.timestamp,
                    source_language=language,
                    trusted_address=believed,
                    published=capture.published,
                    most=self.home.settings.max_html,
                ),
            )

    def _hints(self, capture: Capture) -> tuple[str | None, bool]:
        """What the collection says of a capture's source: its language, and whether its addresses' dates are believed."""
        source, _ = self.sources.of(capture)
        believed = source is None or source.trust is not Trust.MIRROR  # a mirror's address is of the copying
        return capture.language or (source.language if source else None), believed

    def _quarantine(self, capture: Capture, reason: str) -> None:
        problem = f"{capture.url}: {reason}"
        self.quarantined.append(Defect(file=capture.file, offset=capture.offset, problem=problem))

    def _keep(self, kept: list[tuple[Capture, Description]]) -> None:
        with transaction(self.catalogue.connection):
            for capture, description in kept:
                sha256, extractor, url = self._key(capture)
                self.catalogue.keep_description(
                    sha256=sha256, extractor=extractor, url=url, description=description.dump()
                )
        kept.clear()

    def _key(self, capture: Capture) -> tuple[str, str, str]:
        """What a description depends on: the payload, what describes it with which hints and limits, the address."""
        language, believed = self._hints(capture)
        limits = f"{self.home.settings.max_html} {language or '-'} {'believed' if believed else '-'}"
        return capture.sha256, f"{EXTRACTOR} {limits} {capture.published or '-'}", capture.url

    def _kept(self, capture: Capture) -> bytes | None:
        sha256, extractor, url = self._key(capture)
        return self.catalogue.description(sha256=sha256, extractor=extractor, url=url)

    def _descriptions(self) -> Iterator[tuple[int, Description]]:
        for capture in self.captures:
            if (kept := self._kept(capture)) is not None:
                yield capture.id, Description.load(kept)


def read_descriptions(home: Home, catalogue: Catalogue, captures: Sequence[Capture]) -> Iterator[Description]:
    """What the pure pass makes of captures, each payload once; nothing is kept, what cannot be described left out."""
    describing = _Describing(home, catalogue, anew=False)
    each = list({capture.sha256: capture for capture in captures if _may_be_page(capture)}.values())
    results = run_killable(
        _describe, describing._pages(each), workers=home.settings.workers, timeout=home.settings.describe_timeout
    )
    yield from (result for _, result in results if not isinstance(result, Failed))


def _describe(item: tuple[Capture, Page]) -> Description:
    _, page = item
    return describe_page(page)


def _may_be_page(capture: Capture) -> bool:
    """Whether a capture may hold a report: an answer of 200 (or 304 to one), of a web address, with a text."""
    return (
        capture.url.startswith(("http://", "https://"))
        and (capture.status in (200, 304) or capture.record_type == "resource")
        and capture.mime in TEXTS
        and bool(capture.sha256)
        and may_be_report(capture.how)
        and not (capture.via is Via.IMPORT and capture.url.endswith("/robots.txt"))
    )
