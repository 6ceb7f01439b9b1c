"""What may be done with a report's text: as its source states, and as its page asks of robots."""

from __future__ import annotations

from dataclasses import replace

from archive.records import Collection, Report, Rights, Show

ASKED = "Its page asks that no copy of it be shown (noarchive)."


def rights_of(collection: Collection, report: Report) -> Rights:
    """The rights of the source a report came from, those of none where nothing is stated; less where the page asks so."""
    source = collection.source(report.source)
    rights = source.rights if source else Rights()
    if not report.noarchive:
        return rights
    statement = f"{rights.statement} {ASKED}" if rights.statement else ASKED
    return replace(rights, statement=statement, show=Show.METADATA, export_text=False)
