"""Discover: the pages that a sitemap, feed, listing or page leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive import Record, Settings, Source, fits, is_form, urlkey
from crawler.charset import text_of
from crawler.coding import gunzip
from crawler.feeds import parse_feed
from crawler.links import Link, listing_links, page_links
from crawler.matching import Matcher
from crawler.plan import hosts_of, is_on
from crawler.sitemaps import MAX_LEVELS, parse_sitemap
from crawler.tasks import Role, Task
from crawler.traps import is_endless, is_page, is_trap

MAX_LISTING_PAGES = 200  # of one listing, in one run
HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery(Record):
    """What an answer leads to: pages, further sitemaps, the next page of a listing."""

    pages: tuple[Link, ...] = ()
    sitemaps: tuple[Link, ...] = ()
    next_page: str | None = None
    given: int = 0  # pages before any was left out


def discover(
    task: Task, content: bytes, *, content_type: str, source: Source, matcher: Matcher, settings: Settings
) -> Discovery:
    """What the answer to a task leads to on the source's hosts, content coding undone.

    Pages give only links that match the collection, and only within the source's depth. ValueError says which
    selector of the collection cannot be used, SizeError that a sitemap is too large.
    """
    found = _read(task, content, content_type, source, settings)
    hosts = hosts_of(source)
    pages = kept_pages(found.pages, source=source, matcher=matcher, role=task.role)
    sitemaps = tuple(link for link in found.sitemaps if is_on(link.url, hosts) and task.level < MAX_LEVELS)
    more = found.next_page if found.next_page and is_on(found.next_page, hosts) else None
    return Discovery(
        pages=pages,
        sitemaps=sitemaps,
        next_page=more if task.level < MAX_LISTING_PAGES else None,
        given=len(found.pages),
    )


def kept_pages(links: Iterable[Link], *, source: Source, matcher: Matcher, role: Role) -> tuple[Link, ...]:
    """The links that may lead to a source's reports: on its hosts, in its paths, no traps, naming the forum where asked.

    What a publisher lists in a sitemap or feed is believed to be a page, however its address looks.
    """
    hosts = hosts_of(source)
    named = source.named or role.is_page
    odd = is_endless if role in (Role.SITEMAP, Role.FEED) else is_trap
    kept = (
        link
        for link in links
        if is_on(link.url, hosts)
        and is_page(link.url)
        and not odd(link.url)
        and fits(link.url, source.paths)
        and (not named or matcher.matches(link))
    )
    return _plain_forms(kept)


def _plain_forms(links: Iterable[Link]) -> tuple[Link, ...]:
    """Each page once, as itself where a list has its mobile, AMP or print form too."""
    forms: dict[str, Link] = {}
    for link in links:
        key = urlkey(link.url)
        if key not in forms or (is_form(forms[key].url) and not is_form(link.url)):
            forms[key] = link
    return tuple(forms.values())


def follows(task: Task, source: Source) -> bool:
    """Whether the links of a page are read."""
    return task.role.is_page and task.depth < source.follow


def _read(task: Task, content: bytes, content_type: str, source: Source, settings: Settings) -> Discovery:
    if task.role is Role.SITEMAP:
        sitemap = parse_sitemap(gunzip(content, limit=settings.max_body))
        return Discovery(pages=sitemap.pages, sitemaps=sitemap.sitemaps)
    if task.role is Role.FEED:
        feed = parse_feed(content, base=task.url, content_type=content_type)
        return Discovery(pages=feed.pages, next_page=feed.next_page)
    if len(content) > settings.max_html or content_type.partition(";")[0].strip().lower() not in HTML:
        return Discovery()
    html = text_of(content, content_type=content_type, language=source.language)
    if task.listing is not None:
        links, following = listing_links(html, task.listing, base=task.url)
        return Discovery(pages=tuple(links), next_page=following)
    return Discovery(pages=tuple(page_links(html, base=task.url)) if follows(task, source) else ())
