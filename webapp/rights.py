"""How much of a text may be shown, as its source allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archive import Collection, Quote, Report, Rights, Show
from indexer import Hit

EXCERPT = 600  # characters


def rights_of(collection: Collection, report: Report) -> Rights:
    """The rights of the source a report came from; all is shown where no source states any."""
    source = collection.source(report.source)
    return source.rights if source else Rights()


def shown_text(text: str, show: Show) -> str:
    """As much of a text as may be shown, from its beginning, so that offsets hold."""
    return {Show.FULL: text, Show.EXCERPT: text[:EXCERPT], Show.METADATA: ""}[show]


def shown_quotes(quotes: Iterable[Quote], show: Show) -> tuple[Quote, ...]:
    """The quotes that may be shown: an excerpt keeps them, as quotation is what excerpts are for."""
    return () if show is Show.METADATA else tuple(quotes)


def shown_hit(collection: Collection, hit: Hit) -> Hit:
    """The hit as far as it may be shown: without snippets where the source shows no text."""
    hidden = rights_of(collection, hit.report).show is Show.METADATA
    return replace(hit, fragments=()) if hidden else hit
