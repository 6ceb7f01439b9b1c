"""A small forum of sites for whole crawls."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive import Capture, Home
from tests.crawler.servers import Answer, Site

HEAD = """
[collection]
key = "small"
title.en = "Small forum"
wayback = [{wayback}]

[names]
en = ["Women's Forum"]

[[editions]]
key = "2025"
[[editions.claims]]
field = "start"
value = "2025-07-16"
sources = ["http://example.org/"]
"""


def make_home(path: Path, sources: str, *, wayback: tuple[str, ...] = (), **settings: Any) -> Home:
    """A home for a collection with these sources, which may crawl loopback."""
    file = path / "small.toml"
    path.mkdir(exist_ok=True)
    file.write_text(HEAD.format(wayback=", ".join(f'"{base}"' for base in wayback)) + sources, "utf-8")
    settings = {"test_hosts": tuple(f"127.0.0.{n}" for n in range(2, 20)), "fetch_timeout": 2.0, **settings}
    return Home.init(path / "home", collection=file, settings=settings)


def source(key: str, host: str, body: str = "", *, trust: str = "newspaper") -> str:
    """The TOML of a source."""
    return f'\n[[sources]]\nkey = "{key}"\npublisher = "{key}"\nlanguage = "en"\ntrust = "{trust}"\nhosts = ["{host}"]\n{body}\n'


def page(text: str, *links: str, **more: Any) -> Answer:
    """A page with links; its ETag is its text."""
    body = f"<html><title>{text}</title><p>{text}</p>" + "".join(f'<a href="{link}">{link}</a>' for link in links)
    return Answer(body, **{"etag": f'"{abs(hash(text))}"', **more})


def sitemap(*urls: str, index: bool = False) -> Answer:
    """A gzipped sitemap, or an index of sitemaps."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    text = f"<{outer}>" + "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls) + f"</{outer}>"
    return Answer(gzip.compress(text.encode(), mtime=0), type="application/gzip", etag=f'"{len(text)}"')


def wayback(site: Site, held: dict[tuple[str, str], str]) -> None:
    """Make a site a Wayback-like server that holds texts by (timestamp, address)."""
    from urllib.parse import parse_qs, urlsplit

    def cdx(path: str) -> Answer:
        asked = parse_qs(urlsplit(path).query)
        wanted = asked["url"][0]
        if asked.get("matchType") == ["prefix"]:
            first = {url: stamp for stamp, url in sorted(held, reverse=True) if url.startswith(wanted)}
            rows = [[stamp, url, "200"] for url, stamp in first.items()]
        else:
            rows = [[stamp, url, "200"] for stamp, url in held if url == wanted]
        return Answer(
            json.dumps([["timestamp", "original", "statuscode"], *rows] if rows else []), type="application/json"
        )

    def replay(path: str) -> Answer:
        stamp, _, url = path.removeprefix("/web/").partition("id_/")
        text = held.get((stamp, url))
        return Answer(status=404) if text is None else Answer(text, headers={"X-Archive-Orig-Server": "old"})

    site.pages["/cdx/search/cdx"] = cdx
    site.pages["*"] = lambda path: replay(path) if path.startswith("/web/") else Answer(status=404)


def captures(home: Home) -> list[Capture]:
    """All captures, oldest first."""
    with home.catalogue() as catalogue:
        return list(catalogue.captures())


def captured(home: Home, keep: Callable[[Capture], bool] = lambda c: c.status == 200) -> set[str]:
    """The addresses of captures."""
    return {capture.url for capture in captures(home) if keep(capture)}


def known(home: Home, url: str) -> dict[str, Any]:
    """The frontier's row of an address."""
    from archive import urlkey

    with home.catalogue() as catalogue:
        row = catalogue.connection.execute("SELECT * FROM frontier WHERE urlkey = ?", (urlkey(url),)).fetchone()
        return dict(row) if row else {}
