"""Where the words of a query stand in a whole text."""

from __future__ import annotations

from indexer import QueryError, find, leaves, parse_query
from webapp.text import Span


def marks(query: str, text: str, language: str) -> tuple[Span, ...]:
    """The spans to mark, in order; none for a query that cannot be parsed, as the text is what was asked for."""
    try:
        wanted = [leaf for leaf in leaves(parse_query(query)) if not leaf.title]
    except QueryError:
        return ()
    return tuple((match.start, match.end) for match in find(text, wanted, language))
