"""How much of a source's text may leave the archive."""

from __future__ import annotations

from archive.records import Collection, Report, Show
from archive.rights import rights_of

EXCERPT = 600  # characters


def text_of(collection: Collection, report: Report, text: str, *, restricted: bool = False) -> str | None:
    """The text as far as it may be exported; None where it may not.

    `restricted` gives what is restricted too, to someone who takes the restrictions over.
    """
    rights = rights_of(collection, report)
    if restricted:
        return text
    if not rights.export_text or rights.show is Show.METADATA:
        return None
    return text if rights.show is Show.FULL else text[:EXCERPT]


def may_quote(collection: Collection, report: Report, *, restricted: bool = False) -> bool:
    """Whether quotes of a report may be exported: quotation is what an excerpt is for."""
    return restricted or rights_of(collection, report).show is not Show.METADATA
