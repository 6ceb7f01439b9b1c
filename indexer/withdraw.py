"""Withdrawing: the decision, then everything that was made of a page, at once; and taking it back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from archive import (
    ArchiveWriter,
    Home,
    Level,
    Reason,
    Record,
    Withdrawal,
    archive_lock,
    decide,
    drop_derived,
    find_target,
)
from archive import reinstate as take_back
from indexer.describe import LOCK as DESCRIBING
from indexer.family import Relative, find_family
from indexer.index import LOCK as INDEXING
from indexer.purge import purge

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawResult(Record):
    """What withdrawing did: the decision, how many reports went, the family left for decision, the index there is now."""

    withdrawal: Withdrawal
    reports: int
    family: tuple[Relative, ...]
    index: str | None

    def as_text(self) -> str:
        """The result in a few lines."""
        one = self.withdrawal
        what = "erased" if one.level is Level.ERASE else "hidden"
        lines = [f"{one.subject}: {what} on {one.date} ({one.reason}); {len(one.pages)} pages, {self.reports} reports"]
        if not one.pages:
            lines.append("  nothing of it is held; it will not be fetched or imported")
        if self.index is None:
            lines.append("  there is no search index now; run: podium index --rebuild")
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
        decided = decide(
            catalogue,
            home.ledger,
            found,
            level=level,
            reason=reason,
            why=why,
            who=who,
            ref=ref,
            family=[relative.url for relative in family],
        )
        say("decided")
        reports = drop_derived(catalogue, decided)
        say("dropped from the catalogue")
        index = purge(home, reports)
        say("purged from the index")
    return WithdrawResult(withdrawal=decided, reports=len(reports), family=family, index=index)


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
