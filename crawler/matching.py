"""Whether a link looks like one to a report: its text or address holds a name or word of the collection."""

from __future__ import annotations

import functools
import re
from urllib.parse import unquote, urlsplit

from archive import Collection, fold_plain, strip_marks
from crawler.links import Link

GAPS = re.compile(r"[\s\-_/+.,?=&:]+")
REMEMBERED = 20_000  # links: those of a site's navigation are on every page
SHORTEST = 2  # a name of one character is in every address


class Matcher:
    """The names and words of one collection, made comparable."""

    def __init__(self, collection: Collection) -> None:
        phrases = [p for table in (collection.names, collection.words) for group in table.values() for p in group]
        self.phrases = frozenset(text for phrase in phrases if len(text := comparable(phrase)) >= SHORTEST)
        self._asked = functools.lru_cache(REMEMBERED)(self._matches)

    def matches(self, link: Link) -> bool:
        """Whether a link's text or address holds one of them."""
        return self._asked(link.url, link.text)

    def _matches(self, url: str, text: str) -> bool:
        parts = urlsplit(url)
        said = comparable(text), comparable(unquote(f"{parts.path} {parts.query}", errors="replace"))
        return any(phrase in text for text in said for phrase in self.phrases)


def comparable(text: str) -> str:
    """A text in the one form both sides are compared in; addresses lack marks and have - for spaces."""
    return GAPS.sub(" ", strip_marks(fold_plain(text)).replace("'", "")).strip()
