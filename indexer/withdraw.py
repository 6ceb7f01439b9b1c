"""Withdrawing: the decision, then everything that was made of a page, at once; and taking it back."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from archive import (
    ArchiveWriter,
    Capture,
    Catalogue,
    Erased,
    Home,
    Level,
    Reason,
    Record,
    Redaction,
    Withdrawal,
    archive_lock,
    covered_captures,
    decide,
    drop_derived,
    erase,
    find_target,
    report_id,
)
from archive import reinstate as take_back
from indexer.describe import LOCK as DESCRIBING
from indexer.describe import read_descriptions
from indexer.family import Relative, find_family
from indexer.generations import CURRENT
from indexer.index import LOCK as INDEXING
from indexer.purge import purge

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawResult(Record):
    """What withdrawing did: the decision, how many reports went, the family left for decision, the index there is now.

    `erased` is None where the level is to hide.
    """

    withdrawal: Withdrawal
    reports: int
    family: tuple[Relative, ...]
    index: str | None
    index_removed: bool = False  # it could not be read, and nobody can say what it held
    erased: Erased | None = None

    def as_text(self) -> str:
        """The result in a few lines."""
        one = self.withdrawal
        what = "erased" if one.level is Level.ERASE else "hidden"
        lines = [f"{one.subject}: {what} on {one.date} ({one.reason}); {len(one.pages)} pages, {self.reports} reports"]
        if not one.pages:
            lines.append("  nothing of it is held; it will not be fetched or imported")
        if self.erased:
            lines.append(
                f"  {self.erased.records} records went from {self.erased.files} files, which were written anew"
            )
            lines.append("  backups made before still hold them: purging those is yours to do")
        if self.index_removed:
            lines.append("  the search index could not be read, and was removed; run: podium index --rebuild")
        relatives = [f"  {relative.report} {relative.url}: {relative.why}" for relative in self.family]
        relatives = relatives or [f"  {url}" for url in one.family]
        if relatives:
            lines += ["these say the same and are left for you to decide on:", *relatives]
        return "\n".join(lines)


def withdraw(
    home: Home,
    target: str,
    *,
    level: Level,
    reason: Reason,
    why: str,
    who: str,
    ref: str | None = None,
    wait: float = 0,
    progress: Progress | None = None,
) -> WithdrawResult:
    """Withdraw a report, an address or all addresses that begin so; doing it again completes what a crash broke off."""
    say = progress or (lambda text: None)
    with locked(home, what="withdraw", wait=wait) as writer:
        catalogue = writer.catalogue
        found = find_target(catalogue, target)
        family = find_family(catalogue, found.pages)
        urls = [relative.url for relative in family]
        decided = decide(
            catalogue, home.ledger, found, level=level, reason=reason, why=why, who=who, ref=ref, family=urls
        )
        say("decided")
        if level is Level.ERASE:
            _redact(home, writer, decided)
            say("ledger redacted")
        reports = drop_derived(catalogue, decided)
        say("dropped from the catalogue")
        was_there = (home.index / CURRENT).exists()
        index = purge(home, catalogue, reports)
        say("purged from the index")
        erased = erase(writer, home.ledger, decided, who=who, progress=say) if level is Level.ERASE else None
        if erased:
            catalogue.scrub()
            say("catalogue scrubbed")
    return WithdrawResult(
        withdrawal=decided,
        reports=len(reports),
        family=family,
        index=index,
        index_removed=was_there and index is None,
        erased=erased,
    )


def _redact(home: Home, writer: ArchiveWriter, decided: Withdrawal) -> None:
    """Take quotations of what is to be erased out of the ledger, while there is still something to compare with."""
    connection = writer.catalogue.connection
    reports = {report_id(key) for key in decided.pages}
    quotes = connection.execute("SELECT id, report FROM quotes").fetchall()
    of_quotes = {row["id"] for row in quotes if row["report"] in reports}
    covered = covered_captures(writer, decided)
    files = {capture.file for capture in covered}  # their known defects may show a bit of what is broken
    subjects = {*reports, *decided.held, *decided.pages, *of_quotes, *files}
    Redaction(lambda: _texts(home, writer.catalogue, covered, reports), subjects=subjects).apply(home.ledger)


def _texts(home: Home, catalogue: Catalogue, covered: Sequence[Capture], reports: Collection[str]) -> Iterator[str]:
    """Titles and texts of the pages: as described, and where that was dropped when they were hidden, described again."""
    versions = [row for row in catalogue.connection.execute("SELECT * FROM versions") if row["report"] in reports]
    described = {id for row in versions for id in json.loads(row["captures"])}
    yield from (text for row in versions for text in (row["text"], row["title"]))
    others = [capture for capture in covered if capture.id not in described]
    for description in read_descriptions(home, catalogue, others) if others else ():
        yield from (description.text, description.title)


def reinstate(home: Home, target: str, *, why: str, who: str, wait: float = 0) -> Withdrawal:
    """Take the decision to hide a report, an address or a beginning back; describing and indexing bring it back."""
    with home.lock(what="reinstate", wait=wait) as writer:
        return take_back(writer.catalogue, home.ledger, find_target(writer.catalogue, target), why=why, who=who)


@contextlib.contextmanager
def locked(home: Home, *, what: str, wait: float) -> Iterator[ArchiveWriter]:
    """Every lock of a home: nothing is fetched, described or indexed meanwhile."""
    home.index.mkdir(exist_ok=True)
    with (
        home.lock(what=what, wait=wait) as writer,
        archive_lock(home.path / DESCRIBING, what=what, wait=wait),
        archive_lock(home.index / INDEXING, what=what, wait=wait),
    ):
        yield writer
