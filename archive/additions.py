"""Additions: pages the owner named by hand, with what is said of them; kept in the ledger."""

from __future__ import annotations

from collections.abc import Iterable

from archive.ledger import Ledger
from archive.records import Collection, Seed
from archive.urlkey import urlkey

KIND = "additions"


def note_additions(ledger: Ledger, urls: Iterable[str], *, who: str, edition: str | None, note: str | None) -> None:
    """Keep that these pages were added, for which edition and why."""
    after = {"edition": edition} if edition else None
    ledger.append_all(KIND, [{"subject": url, "why": note or "", "after": after} for url in urls], who=who)


def additions(ledger: Ledger, collection: Collection) -> dict[str, Seed]:
    """What was said of added pages, by urlkey; of a page added again what was said last."""
    found: dict[str, Seed] = {}
    for entry in ledger.entries(KIND):
        url = str(entry.get("subject") or "")
        edition = str((entry.get("after") or {}).get("edition") or "")
        known = edition if edition and collection.edition(edition) else None
        before = found.get(urlkey(url), Seed(url=url))
        found[urlkey(url)] = Seed(url=url, edition=known or before.edition, note=entry.get("why") or before.note)
    return found
