"""Decide on withdrawals and take them back: what a decision is about, its line in the ledger, and the derived rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.address import normalise
from archive.catalogue import Catalogue, transaction
from archive.errors import WithdrawalError
from archive.ledger import Ledger
from archive.records import Record
from archive.urlkey import report_id, urlkey
from archive.withdrawals import KIND, Level, Reason, Withdrawal, prefix_key, read_withdrawals

REPORT = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Record):
    """What a decision is about: an address, or all that begin so; `held` is an address of each page with captures."""

    url: str
    key: str
    prefix: bool
    held: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The address as the ledger has it."""
        return f"{self.url}*" if self.prefix else self.url

    @property
    def pages(self) -> frozenset[str]:
        """The urlkeys of what is held."""
        return frozenset(map(urlkey, self.held))


def find_target(catalogue: Catalogue, text: str) -> Target:
    """What is meant by a report's id, an address, or the beginning of addresses with a star at its end."""
    held = _held(catalogue)
    if REPORT.fullmatch(text):
        return _of_report(catalogue, held, text)
    prefix = text.endswith("*")
    try:
        url = normalise(text.removesuffix("*"))
    except ValueError as exc:
        if text in held.values():  # an import may hold any address
            return Target(url=text, key=urlkey(text), prefix=False, held=(text,))
        raise WithdrawalError(
            f"{text}: neither a report's id nor an address; give 12 digits, https://example.org/page, "
            "or https://example.org/folder/* for all that begins so"
        ) from exc
    key = prefix_key(url) if prefix else urlkey(url)
    below = tuple(one for page, one in held.items() if page.startswith(key) or page == key.removesuffix("/"))
    if prefix:
        return Target(url=url, key=key, prefix=True, held=below)
    if below and key not in held:
        raise WithdrawalError(
            f"{text}: no such page is held, but {len(below)} that begin so; put a star at its end to mean them all"
        )
    return Target(url=url, key=key, prefix=False, held=(held[key],) if key in held else ())


def _of_report(catalogue: Catalogue, held: dict[str, str], id: str) -> Target:
    decided = {key: one.url for one in catalogue.withdrawn if not one.prefix for key in one.pages}
    key = next((key for key in {**decided, **held} if report_id(key) == id), None)
    if key is None:
        raise WithdrawalError(f"{id}: no such report; podium search --relation any --json gives the ids")
    return Target(url={**held, **decided}[key], key=key, prefix=False, held=(held[key],) if key in held else ())


def _held(catalogue: Catalogue) -> dict[str, str]:
    """An address of every page with captures, withdrawn ones too, by urlkey."""
    rows = catalogue.connection.execute("SELECT urlkey, min(url) FROM captures GROUP BY urlkey ORDER BY urlkey")
    return {row[0]: row[1] for row in rows}


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
    before = catalogue.withdrawn.about(target.key, prefix=target.prefix)
    if before is not None and before.level is Level.ERASE and level is Level.HIDE:
        raise WithdrawalError(f"{target.subject}: erased on {before.date}; there is nothing left to hide")
    if before is None or before.level is not level:
        said = {"level": level, "prefix": target.prefix, "reason": reason, "ref": ref}
        held = sorted({*target.held, *(before.held if before else ())})
        kept = sorted({*family, *(before.family if before else ())})
        ledger.append(
            KIND,
            subject=target.subject,
            who=who,
            why=why,
            before=before and {"level": before.level},
            after={**said, "pages": held, "family": kept},
        )
        catalogue.withdrawn = read_withdrawals(ledger)
    decided = catalogue.withdrawn.about(target.key, prefix=target.prefix)
    assert decided
    return decided


def reinstate(catalogue: Catalogue, ledger: Ledger, target: Target, *, why: str, who: str) -> Withdrawal:
    """Take a decision back and give it; WithdrawalError when there is none, or what it was about has been erased."""
    decided = catalogue.withdrawn.about(target.key, prefix=target.prefix)
    if decided is None:
        wider = catalogue.withdrawn.of(target.key)
        hint = f"; it is covered by {wider.subject}, which can be reinstated as a whole" if wider else ""
        raise WithdrawalError(f"{target.subject}: not withdrawn{hint}")
    if decided.level is Level.ERASE:
        raise WithdrawalError(f"{target.subject}: erased on {decided.date}; what is erased cannot be reinstated")
    after = {"level": None, "prefix": target.prefix}
    ledger.append(KIND, subject=target.subject, who=who, why=why, before={"level": decided.level}, after=after)
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
