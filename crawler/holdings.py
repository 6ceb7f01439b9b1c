"""What the archive already holds of an address, as a crawl needs to know it."""

from __future__ import annotations

import datetime as dt

from archive import Capture, Catalogue, Home, RecordError, is_notice, read_payload, urlkey
from crawler.fetch import location_of
from crawler.robots import EVERYTHING, MAX_REDIRECTS, Rules, parse_robots
from crawler.wayback import instant_of

GOOD = (200, 304)
ROBOTS_AGE = dt.timedelta(days=1)  # RFC 9309, 2.4: a robots.txt should not be used for longer


def last_good(catalogue: Catalogue, url: str) -> Capture | None:
    """The newest capture of a page that was fetched from its own host, or None."""
    captures = catalogue.captures(urlkey=urlkey(url))
    found = [c for c in captures if c.status in GOOD and c.source_uri is None and not is_notice(c.how)]
    return found[-1] if found else None


def is_held(catalogue: Catalogue, url: str) -> bool:
    """Whether the archive holds a page's text, from wherever."""
    return any(c.status == 200 and not is_notice(c.how) for c in catalogue.captures(urlkey=urlkey(url)))


def first_instant(catalogue: Catalogue, url: str) -> dt.datetime | None:
    """When a page was first fetched from its own host."""
    found = (c for c in catalogue.captures(urlkey=urlkey(url)) if c.status in GOOD and c.source_uri is None)
    first = next(found, None)
    return instant_of(first.timestamp) if first else None


def recent_rules(home: Home, catalogue: Catalogue, url: str, *, now: dt.datetime) -> Rules | None:
    """The rules of a robots.txt that was archived less than a day ago, redirects behind it, or None."""
    for _ in range(MAX_REDIRECTS + 1):
        # http and https share a urlkey, but each has a robots.txt of its own.
        captures = [c for c in catalogue.captures(urlkey=urlkey(url)) if c.url == url]
        if not captures or now - instant_of(captures[-1].timestamp) > ROBOTS_AGE:
            return None
        newest = captures[-1]
        if 400 <= newest.status < 500:
            return EVERYTHING
        try:
            payload = read_payload(home, newest, catalogue=catalogue)
        except RecordError:
            return None
        if newest.status == 200:
            return parse_robots(payload.body)
        target = location_of(url, newest.status, payload.headers)
        if target is None:
            return None
        url = target
    return None
