"""Discover: the pages that a sitemap, feed, listing or page leads to."""

from __future__ import annotations

from dataclasses import dataclass

from archive import Record, Settings, Source
from crawler.charset import text_of
from crawler.coding import gunzip
from crawler.feeds import parse_feed
from crawler.links import Link, is_page, is_trap, listing_links, page_links
from crawler.matching import Matcher
from crawler.plan import hosts_of, is_on
from crawler.sitemaps import MAX_LEVELS, parse_sitemap
from crawler.tasks import Role, Task

MAX_LISTING_PAGES = 100
HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery(Record):
    """What an answer leads to: pages, further sitemaps, the next page of a listing."""

    pages: tuple[Link, ...] = ()
    sitemaps: tuple[Link, ...] = ()
    next_page: str | None = None


def discover(
    task: Task, content: bytes, *, content_type: str, source: Source, matcher: Matcher, settings: Settings
) -> Discovery:
    """What the answer to a task leads to on the source's hosts, content coding undone.

    Pages give only links that match the collection, and only within the source's depth. ValueError says which
    selector of the collection cannot be used, SizeError that a sitemap is too large.
    """
    found = _read(task, content, content_type, source, settings)
    hosts = hosts_of(source)

    def kept(link: Link) -> bool:
        return is_on(link.url, hosts) and is_page(link.url) and not is_trap(link.url)

    pages = tuple(link for link in found.pages if kept(link) and (not task.role.is_page or matcher.matches(link)))
    sitemaps = tuple(link for link in found.sitemaps if is_on(link.url, hosts) and task.level < MAX_LEVELS)
    more = found.next_page if found.next_page and is_on(found.next_page, hosts) else None
    return Discovery(pages=pages, sitemaps=sitemaps, next_page=more if task.level < MAX_LISTING_PAGES else None)


def follows(task: Task, source: Source) -> bool:
    """Whether the links of a page are read."""
    return task.role.is_page and task.depth < source.follow


def _read(task: Task, content: bytes, content_type: str, source: Source, settings: Settings) -> Discovery:
    if task.role is Role.SITEMAP:
        sitemap = parse_sitemap(gunzip(content, limit=settings.max_body))
        return Discovery(pages=sitemap.pages, sitemaps=sitemap.sitemaps)
    if task.role is Role.FEED:
        return Discovery(pages=tuple(parse_feed(content, base=task.url, content_type=content_type)))
    if len(content) > settings.max_html or content_type.partition(";")[0].strip().lower() not in HTML:
        return Discovery()
    html = text_of(content, content_type=content_type, language=source.language)
    if task.listing is not None:
        links, following = listing_links(html, task.listing, base=task.url)
        return Discovery(pages=tuple(links), next_page=following)
    return Discovery(pages=tuple(page_links(html, base=task.url)) if follows(task, source) else ())
