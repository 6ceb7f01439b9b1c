"""What tells a crawler where an outlet's reports are: robots.txt, sitemaps, feeds."""

from __future__ import annotations

import gzip
from xml.sax.saxutils import escape

from samples.pages import Page, changed, teaser
from samples.texts import Outlet, SampleReport

PRIVATE = "/private/members.html"
PER_SITEMAP = 6


def robots(outlet: Outlet, base: str) -> Page:
    """The rules of a host; one closes a part, one names its sitemap."""
    lines = ["User-agent: *", "Disallow: /private/" if outlet.closed else "Disallow:"]
    if outlet.sitemap:
        lines += ["", f"Sitemap: {base}/sitemap.xml"]
    return Page(body=("\n".join(lines) + "\n").encode(), content_type="text/plain; charset=utf-8")


def sitemaps(outlet: Outlet, base: str) -> dict[str, Page]:
    """A sitemap; where there are many reports an index of two, the older one gzipped."""
    reports = [report for report in outlet.reports if not report.gone]
    if len(reports) <= PER_SITEMAP:
        return {"/sitemap.xml": _xml(_urlset(reports, base))}
    newer, older = reports[:PER_SITEMAP], reports[PER_SITEMAP:]
    packed = gzip.compress(_urlset(older, base).encode(), mtime=0)
    return {
        "/sitemap.xml": _xml(_sitemap_index(base, ("/sitemap-new.xml", "/sitemap-old.xml.gz"))),
        "/sitemap-new.xml": _xml(_urlset(newer, base)),
        "/sitemap-old.xml.gz": Page(body=packed, content_type="application/gzip"),
    }


def feed(outlet: Outlet, base: str) -> Page:
    """The outlet's feed in the form it has chosen."""
    return _rss(outlet, base) if outlet.feed == "rss" else _atom(outlet, base)


def _urlset(reports: list[SampleReport], base: str) -> str:
    rows = "".join(
        f"<url><loc>{escape(base + r.path)}</loc><lastmod>{changed(r).date()}</lastmod></url>\n" for r in reports
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'


def _sitemap_index(base: str, paths: tuple[str, ...]) -> str:
    rows = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>\n" for path in paths)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</sitemapindex>\n'


def _rss(outlet: Outlet, base: str) -> Page:
    items = "".join(
        f"<item><title>{escape(r.title)}</title><link>{escape(base + r.path)}</link>"
        f"<description>{escape(teaser(r))}</description><pubDate>{changed(r):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>\n"
        for r in outlet.reports
    )
    head = f"<title>{escape(outlet.name)}</title><link>{base}/</link><description>Fictional</description>"
    return _xml(f'<rss version="2.0"><channel>{head}\n{items}</channel></rss>\n', "application/rss+xml")


def _atom(outlet: Outlet, base: str) -> Page:
    entries = "".join(
        f'<entry><title>{escape(r.title)}</title><id>{escape(base + r.path)}</id><link href="{escape(base + r.path)}"/>'
        f"<updated>{changed(r).isoformat()}</updated><summary>{escape(teaser(r))}</summary></entry>\n"
        for r in outlet.reports
    )
    newest = changed(outlet.reports[0]).isoformat() if outlet.reports else "2006-01-01T00:00:00+00:00"
    head = f"<title>{escape(outlet.name)}</title><id>{base}/</id><updated>{newest}</updated>"
    return _xml(f'<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{entries}</feed>\n', "application/atom+xml")


def _xml(text: str, content_type: str = "application/xml") -> Page:
    return Page(body=f'<?xml version="1.0" encoding="utf-8"?>\n{text}'.encode(), content_type=content_type)
