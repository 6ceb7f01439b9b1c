"""Tasks: one request that is to be made, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

from archive import Listing, Record, Seed, WaybackServer


class Role(IntEnum):
    """What an answer is read as; a host's tasks are done in this order."""

    ROBOTS = 0
    SEED = 1
    SITEMAP = 2
    FEED = 3
    LISTING = 4
    LIKELY = 5  # a page whose address or link names the forum
    PAGE = 6
    PREFIX = 7  # what a Wayback server holds below an address
    CDX = 8  # of one page
    REPLAY = 9
    REQUISITE = 10  # a picture or style of a report's page
    LOOK = 11  # the same of a page that came from a Wayback server, from there

    @property
    def is_page(self) -> bool:
        """Whether the answer may be a report."""
        return self in (Role.SEED, Role.LIKELY, Role.PAGE)

    @property
    def discovers(self) -> bool:
        """Whether the answer is asked for only to find pages in it."""
        return self in (Role.SITEMAP, Role.FEED, Role.LISTING)

    @property
    def aside(self) -> bool:
        """Whether the answer is no business of the pages' own: a Wayback server's, or a requisite."""
        return self.wayback or self is Role.REQUISITE

    @property
    def wayback(self) -> bool:
        """Whether a Wayback server is asked."""
        return self in (Role.PREFIX, Role.CDX, Role.REPLAY, Role.LOOK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Record):
    """One request. `origin` is the address first asked for, `url` where redirects have led since."""

    url: str
    origin: str
    role: Role
    source: str | None
    how: str
    depth: int = 0
    hops: int = 0
    spent: float = 0.0  # seconds the requests before this one took: one deadline for all of them
    again: int = 0  # how often it was put off
    seed: Seed | None = None
    listing: Listing | None = None
    level: int = 0  # nesting of sitemaps, page of a listing
    copy: tuple[str, str | None] | None = None  # the mirror's page this may be the original of, and its source
    server: WaybackServer | None = None  # the one asked
    servers: tuple[WaybackServer, ...] = ()  # to ask next, should this one not do
    others: tuple[str, ...] = ()  # captures to ask for next

    @property
    def host(self) -> str:
        """The host asked: never two requests to one at once, whatever the port."""
        return (urlsplit(self.url).hostname or "").lower()
