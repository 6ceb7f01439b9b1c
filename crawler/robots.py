"""robots.txt as RFC 9309 reads it."""

from __future__ import annotations

import codecs
from urllib.parse import urlsplit

from protego import Protego

from crawler.fetch import PRODUCT, Cause, Failure, FetchResult

PATH = "/robots.txt"
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
MAX_SIZE = 500 * 1024  # RFC 9309, 2.5: what stands behind may be ignored


def origin_of(url: str) -> str:
    """Scheme, host and port: what a robots.txt speaks for."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def robots_url(url: str) -> str:
    """The address of the robots.txt that an address falls under."""
    return origin_of(url) + PATH


class Rules:
    """What a host lets this crawler fetch, and how often."""

    def __init__(self, parsed: Protego | None, *, closed: Failure | None = None) -> None:
        self._parsed = parsed
        self.closed = closed  # why nothing may be fetched for now; None when the rules are known

    def allow(self, url: str) -> bool:
        """Whether an address may be fetched."""
        if self.closed is not None:
            return False
        return self._parsed is None or bool(self._parsed.can_fetch(url, PRODUCT))

    @property
    def delay(self) -> float:
        """The crawl delay in seconds; 0 when none is asked for."""
        return float(self._parsed.crawl_delay(PRODUCT) or 0) if self._parsed else 0.0


EVERYTHING = Rules(None)


def parse_robots(content: bytes) -> Rules:
    """The rules of a robots.txt, content coding undone."""
    text = content[:MAX_SIZE].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    # Protego does not see the group behind a BOM, also where one was sent twice.
    return Rules(Protego.parse(text.lstrip("\ufeff")))


def rules_of(answer: FetchResult | Failure, *, limit: int) -> Rules:
    """What an answer to a request for robots.txt says, redirects behind it.

    4xx: everything may be fetched (2.3.1.3); 5xx, 429 and no answer: nothing, for now (2.3.1.4).
    """
    if isinstance(answer, Failure):
        return Rules(None, closed=answer)
    if answer.status == 429 or answer.status >= 500:
        return Rules(None, closed=_unreadable(answer))
    if answer.status == 200:
        return parse_robots(answer.content(limit=limit))
    return EVERYTHING


def _unreadable(answer: FetchResult) -> Failure:
    detail = f"{answer.url} answered {answer.status}, so the host is closed for now"
    return Failure(url=answer.url, cause=Cause.PROTOCOL, detail=detail)
