"""Sameness: one payload under many addresses of a host, as hosts answer that know no 404."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

from archive import Catalogue, is_notice, urlkey
from crawler.fetch import FetchResult

OTHERS = 2  # pages of the host that had the same answer before; two addresses of one report are no rarity


class Sameness:
    """What was answered in this run and before, by host and digest."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._seen: dict[tuple[str, str], dict[str, str]] = {}  # url by urlkey

    def notice_in(self, answer: FetchResult) -> str | None:
        """In which words an answer says nothing of its own: it is the front page's, or that of several others."""
        host, digest = urlsplit(answer.url).netloc, _sha1(answer.body)
        seen = self._seen.setdefault((host, digest), {})
        others = {**self._before(host, digest), **seen}
        others.pop(urlkey(answer.url), None)
        seen[urlkey(answer.url)] = answer.url
        if not answer.body or _is_front(answer.url):
            return None
        if front := next((url for url in others.values() if _is_front(url)), None):
            return f"it answers as the front page {front} does"
        return f"it answers as {len(others)} other addresses do" if len(others) >= OTHERS else None

    def _before(self, host: str, digest: str) -> dict[str, str]:
        captures = self.catalogue.captures_by_digest(digest)
        return {c.urlkey: c.url for c in captures if urlsplit(c.url).netloc == host and not is_notice(c.how)}


def _sha1(body: bytes) -> str:
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
