"""Sitemaps: indexes, lists of pages with the news extension, plain text; gzip or not."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from archive import Record, normalise
from crawler.links import Link

MAX_ADDRESSES = 50_000  # the protocol's own limit for one file
MAX_LEVELS = 3  # an index of indexes is not allowed, but met


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap(Record):
    """What a sitemap lists: pages, or further sitemaps."""

    pages: tuple[Link, ...] = ()
    sitemaps: tuple[Link, ...] = ()


def parse_sitemap(content: bytes) -> Sitemap:
    """The sitemap in these bytes, content coding and gzip undone; an empty one when they are none."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or not isinstance(root.tag, str):
        return _from_lines(content)
    entries = [_entry(element) for element in root[:MAX_ADDRESSES] if isinstance(element.tag, str)]
    links = tuple(link for link in entries if link is not None)
    return Sitemap(sitemaps=links) if etree.QName(root).localname == "sitemapindex" else Sitemap(pages=links)


def _from_lines(content: bytes) -> Sitemap:
    lines = content.decode("utf-8-sig", "replace").splitlines()[:MAX_ADDRESSES]
    links = [_link(line) for line in lines if line.strip().startswith(("http://", "https://"))]
    return Sitemap(pages=tuple(link for link in links if link is not None))


def _entry(element: etree._Element) -> Link | None:
    # By local name: sitemaps are met under wrong namespaces and under none.
    location = element.findtext("{*}loc")
    title = next((e.text for e in element.iter("{*}title") if e.text), "")
    return _link(
        location or "", text=" ".join(title.split()), changed=(element.findtext("{*}lastmod") or "").strip() or None
    )


def _link(url: str, text: str = "", changed: str | None = None) -> Link | None:
    try:
        return Link(url=normalise(url), text=text, changed=changed)
    except ValueError:
        return None
