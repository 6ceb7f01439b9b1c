"""All that the sample hosts hold: pages by host and request target."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from samples.discovery import PRIVATE, feed, robots, sitemaps
from samples.pages import Page, list_page, plain_page, report_page
from samples.texts import FOLDER, Outlet, SampleReport, outlets
from samples.wayback import Held, Wayback

WAYBACK_HOST = "127.0.0.30"
HOSTS = (*(outlet.host for outlet in outlets()), WAYBACK_HOST)
LISTING = "/news/"
GONE = {404: "Not Found", 410: "Gone"}
# One grey point: enough for a photo that is there.
PHOTO = bytes.fromhex("47494638396101000100800000aaaaaa00000021f90400000000002c00000000010001000002024401003b")


def build_site(port: int) -> dict[str, dict[str, Page]]:
    """Every outlet's pages: host -> request target -> page."""
    return {outlet.host: _outlet_pages(outlet, f"http://{outlet.host}:{port}") for outlet in outlets()}


def build_wayback(port: int) -> Wayback:
    """The Wayback-like service with the captures that `captures.toml` lists."""
    captures = tomllib.loads((FOLDER / "captures.toml").read_text("utf-8"))["captures"]
    return Wayback([_held(capture, port) for capture in captures])


def _outlet_pages(outlet: Outlet, base: str) -> dict[str, Page]:
    pages = {report.path: _page(outlet, report) for report in outlet.reports}
    pages |= _front(outlet)
    pages["/robots.txt"] = robots(outlet, base)
    pages["/photo.gif"] = Page(body=PHOTO, content_type="image/gif")
    if outlet.sitemap:
        pages |= sitemaps(outlet, base)
    if outlet.feed:
        pages["/feed.xml"] = feed(outlet, base)
    if outlet.closed:
        text = "This page is closed to crawlers: whoever fetched it did not read robots.txt."
        pages[PRIVATE] = plain_page(outlet, title="Members of the Mangrove Coast Women's Forum", text=text)
    return pages


def _page(outlet: Outlet, report: SampleReport) -> Page:
    if report.gone:
        return plain_page(outlet, title=f"{report.gone} {GONE[report.gone]}", text="", status=report.gone)
    return report_page(outlet, report)


def _front(outlet: Outlet) -> dict[str, Page]:
    """The front page with all reports; or a bare one, and a listing in pages."""
    linked = [report for report in outlet.reports if not report.unlinked and not report.gone]
    if not outlet.listing:
        return {"/": list_page(outlet, linked, private=PRIVATE if outlet.closed else None)}
    parts = [linked[at : at + outlet.listing] for at in range(0, len(linked), outlet.listing)]
    addresses = [LISTING, *(f"{LISTING}?page={number}" for number in range(2, len(parts) + 1))]
    older = [*addresses[1:], None]
    pages = {a: list_page(outlet, part, older=next_) for a, part, next_ in zip(addresses, parts, older, strict=True)}
    return {"/": list_page(outlet, [], older=LISTING), **pages}


def _held(capture: Mapping[str, str], port: int) -> Held:
    outlet = next(outlet for outlet in outlets() if outlet.key == capture["outlet"])
    return Held(
        timestamp=capture["timestamp"],
        original=f"http://{outlet.host}:{port}{capture['path']}",
        page=_held_page(outlet, capture),
    )


def _held_page(outlet: Outlet, capture: Mapping[str, str]) -> Page:
    """The report as it was; or what the service met later: an error, or a page of whoever took over the name."""
    if "status" in capture:
        return plain_page(outlet, title=capture["title"], text="", status=int(capture["status"]))
    return report_page(outlet, next(report for report in outlet.reports if report.path == capture["path"]))
