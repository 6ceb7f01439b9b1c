"""robots.txt as RFC 9309 reads it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from protego import Protego

from crawler.fetch import PRODUCT, Cause, Failure, FetchResult

PATH = "/robots.txt"
MAX_REDIRECTS = 5  # RFC 9309, 2.3.1.2
MAX_SIZE = 500 * 1024  # RFC 9309, 2.5: what stands behind may be ignored
BREAK = re.compile(r"\r\n|\r|\n")  # 2.2: EOL; Python would also break lines where a path has U+0085 or U+2028
# The records there are, under the misspellings that are met. Others must not interfere with these (2.2.4), which they
# would: Protego ends a group at any line that is none of its own.
RECORD = re.compile(
    r"(?:(?P<agent>user[- ]?agent)|(?P<allow>allow)|(?P<disallow>dis?s?s?all?[oa]w|diasllow)|(?P<delay>crawl[- ]delay))"
    r"(?:\s*:\s*|\s+)(?P<value>.*)",
    re.IGNORECASE | re.DOTALL,
)
PART_OF_MARK = re.compile(rb"^\xef(\xbb\xbf?)?")
TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)  # 2.2.1
NOBODY = "nobody"  # stands for every other crawler
MAX_DELAY = 3600.0  # a host that wants more between two requests is better left to its owner's attention


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
        return min(float(self._parsed.crawl_delay(PRODUCT) or 0), MAX_DELAY) if self._parsed else 0.0


EVERYTHING = Rules(None)


def parse_robots(content: bytes) -> Rules:
    """The rules of a robots.txt, content coding undone."""
    return Rules(Protego.parse("\n".join(_records(_text(content[:MAX_SIZE])))))


def _text(content: bytes) -> str:
    """The text, which is UTF-8 (2.2), behind a byte order mark or what is left of one."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    return PART_OF_MARK.sub(b"", content).decode("utf-8", "replace").lstrip("\ufeff")


def _records(text: str) -> Iterator[str]:
    """The records of a robots.txt, in the one spelling that Protego reads as RFC 9309 means them."""
    for line in BREAK.split(text):
        record = RECORD.fullmatch(line.partition("#")[0].strip())
        if record is None:
            continue
        kind, value = _kind(record), record["value"].strip()
        yield f"{kind}: {_agent(value) if kind == 'user-agent' else ''.join(map(_escaped, value))}"


def _kind(record: re.Match[str]) -> str:
    names = {"agent": "user-agent", "allow": "allow", "disallow": "disallow", "delay": "crawl-delay"}
    return next(name for group, name in names.items() if record[group] is not None)


def _agent(value: str) -> str:
    """Whom a group is for: us, all, or others. Product tokens are compared whole (2.2.1), Protego finds them within."""
    if value == "*" or re.match(r"\*\s", value):
        return "*"
    token = TOKEN.match(value)
    return PRODUCT if token and token[0].lower() == PRODUCT.lower() else NOBODY


def _escaped(character: str) -> str:
    """A character that Python takes for a line end, as a path has it."""
    ends_line = len(f"a{character}a".splitlines()) > 1
    return "".join(f"%{byte:02X}" for byte in character.encode()) if ends_line else character


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
