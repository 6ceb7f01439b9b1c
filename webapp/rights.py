"""How much of a text may be shown, as its source allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archive import Collection, Quote, Show, rights_of
from indexer import CheckMatch, CheckResult, Hit

EXCERPT = 600  # characters


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


def shown_check(collection: Collection, result: CheckResult) -> CheckResult:
    """The verdict as far as it may be shown: what stands where stays, the words of a source that shows no text go."""
    return replace(result, matches=tuple(_shown_match(collection, match) for match in result.matches))


def _shown_match(collection: Collection, match: CheckMatch) -> CheckMatch:
    show = rights_of(collection, match.report).show
    if show is Show.FULL:
        return match
    if show is Show.METADATA:
        return replace(match, text="", differs=(), lacks=(), speaker=None, role=None, quote=None)
    kept = tuple(span for span in match.differs if span[1] <= EXCERPT)
    return replace(match, text=match.text[:EXCERPT], differs=kept)
