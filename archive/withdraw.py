"""Decide on withdrawals and take them back: what a decision is about, its line in the ledger, and the derived rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.catalogue import Catalogue, transaction
from archive.errors import WithdrawalError
from archive.ledger import Ledger
from archive.records import Record
from archive.urlkey import normalise, report_id, urlkey
from archive.withdrawals import KIND, Level, Reason, Withdrawal, read_withdrawals, subject_of

REPORT = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Record):
    """What a decision is about: a page, or every page whose urlkey begins so; `pages` are those with captures."""

    key: str
    prefix: bool
    pages: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The key as the ledger has it."""
        return subject_of(self.key, prefix=self.prefix)


def find_target(catalogue: Catalogue, text: str) -> Target:
    """What is meant by a report's id, an address, or the beginning of addresses with a star at its end."""
    if REPORT.fullmatch(text):
        return _of_report(catalogue, text)
    try:
        key = prefix_key(text[:-1]) if text.endswith("*") else urlkey(normalise(text))
    except ValueError as exc:
        raise WithdrawalError(
            f"{text}: neither a report's id nor an address; give 12 digits, https://example.org/page, "
            "or https://example.org/folder/* for all that begins so"
        ) from exc
    prefix = text.endswith("*")
    pages = tuple(page for page in _held(catalogue) if _begins(page, key) or page == key)
    if prefix:
        return Target(key=key, prefix=True, pages=tuple(p for p in pages if _begins(p, key)))
    if pages and key not in pages:
        raise WithdrawalError(
            f"{text}: no such page is held, but {len(pages)} that begin so; put a star at its end to mean them all"
        )
    return Target(key=key, prefix=False, pages=(key,) if pages else ())


def prefix_key(text: str) -> str:
    """The beginning of the urlkeys of all addresses that begin so; a slash at its end keeps to that folder."""
    key = urlkey(normalise(text))
    return f"{key}/" if text.endswith("/") and "?" not in key and not key.endswith("/") else key


def _begins(page: str, key: str) -> bool:
    return page.startswith(key) or page == key.removesuffix("/")


def _of_report(catalogue: Catalogue, id: str) -> Target:
    known = (*_held(catalogue), *(page for one in catalogue.withdrawn for page in one.pages))
    key = next((page for page in known if report_id(page) == id), None)
    if key is None:
        raise WithdrawalError(f"{id}: no such report; podium search --relation any --json gives the ids")
    return Target(key=key, prefix=False, pages=(key,))


def _held(catalogue: Catalogue) -> list[str]:
    """The urlkeys of every capture, withdrawn ones too."""
    return [row[0] for row in catalogue.connection.execute("SELECT DISTINCT urlkey FROM captures ORDER BY urlkey")]


def decide(
    catalogue: Catalogue,
    ledger: Ledger,
    target: Target,
    *,
    level: Level,
    reason: Reason,
    why: str,
    who: str,
    ref: str | None = None,
    family: Sequence[str] = (),
) -> Withdrawal:
    """Put the decision into the ledger, unless it stands there: from now on nothing of it is shown.

    WithdrawalError when what is to be hidden has been erased.
    """
    before = catalogue.withdrawn.of_subject(target.subject)
    if before is not None and before.level is Level.ERASE and level is Level.HIDE:
        raise WithdrawalError(f"{target.subject}: erased on {before.date}; there is nothing left to hide")
    if before is None or before.level is not level:
        pages = sorted({*target.pages, *(before.pages if before else ())})
        said = {"level": level, "prefix": target.prefix, "reason": reason, "ref": ref, "pages": pages}
        kept = sorted({*family, *(before.family if before else ())})
        ledger.append(
            KIND,
            subject=target.subject,
            who=who,
            why=why,
            before=before and {"level": before.level},
            after={**said, "family": kept},
        )
        catalogue.withdrawn = read_withdrawals(ledger)
    decided = catalogue.withdrawn.of_subject(target.subject)
    assert decided
    return decided


def reinstate(catalogue: Catalogue, ledger: Ledger, target: Target, *, why: str, who: str) -> Withdrawal:
    """Take a decision back and give it; WithdrawalError when there is none, or what it was about has been erased."""
    decided = catalogue.withdrawn.of_subject(target.subject)
    if decided is None:
        wider = catalogue.withdrawn.of(target.key)
        hint = f"; it is covered by {wider.subject}, which can be reinstated as a whole" if wider else ""
        raise WithdrawalError(f"{target.subject}: not withdrawn{hint}")
    if decided.level is Level.ERASE:
        raise WithdrawalError(f"{target.subject}: erased on {decided.date}; what is erased cannot be reinstated")
    ledger.append(
        KIND, subject=target.subject, who=who, why=why, before={"level": decided.level}, after={"level": None}
    )
    catalogue.withdrawn = read_withdrawals(ledger)
    return decided


def drop_derived(catalogue: Catalogue, withdrawal: Withdrawal) -> tuple[str, ...]:
    """Take what describing made of the pages out of the catalogue; give the ids of all reports they were."""
    connection = catalogue.connection
    connection.execute("PRAGMA secure_delete=ON")
    rows = connection.execute("SELECT DISTINCT url, urlkey FROM captures").fetchall()
    urls = [(row["url"],) for row in rows if withdrawal.covers(row["urlkey"])]
    reports = connection.execute("SELECT id, urlkey FROM reports").fetchall()
    standing = [row["id"] for row in reports if withdrawal.covers(row["urlkey"])]
    with transaction(connection):
        connection.executemany("DELETE FROM descriptions WHERE url = ?", urls)
        catalogue.drop_reports(standing)
    return tuple(sorted({*standing, *map(report_id, withdrawal.pages)}))
