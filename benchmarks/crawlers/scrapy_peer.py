"""Scrapy crawls the site once into a WARC: python -m benchmarks.crawlers.scrapy_peer FOLDER FRONT...

The same politeness (robots.txt, one request to a host at once, no delay), the same links (all of them, on every page),
and a request and a response record a page with the body as received, by warcio with its own compression. Tuned as
Scrapy's page on broad crawls says: no log, no cookies, no retries, as many requests as there are hosts.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


class WarcMiddleware:
    """Writes each exchange; it stands before Scrapy undoes the content coding."""

    def __init__(self, folder: str) -> None:
        self.writer = WARCWriter(Path(folder, "scrapy.warc.gz").open("wb"), gzip=True, warc_version="WARC/1.1")  # noqa: SIM115 (open until the process ends)

    @classmethod
    def from_crawler(cls, crawler: Any) -> WarcMiddleware:
        return cls(crawler.settings["WARC_FOLDER"])

    def process_response(self, request: Any, response: Any) -> Any:
        date = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        http = StatusAndHeaders(f"{response.status} OK", _lines(response.headers), protocol="HTTP/1.1")
        answer = self._record(request.url, "response", response.body, http, {"WARC-Date": date})
        parts = urlsplit(request.url)
        line = StatusAndHeaders(
            f"GET {parts.path or '/'} HTTP/1.1",
            [("Host", parts.netloc), *_lines(request.headers)],
            is_http_request=True,
        )
        asked = self._record(request.url, "request", b"", line, {"WARC-Date": date})
        self.writer.write_request_response_pair(asked, answer)
        return response

    def _record(self, url: str, kind: str, body: bytes, http: StatusAndHeaders, said: dict[str, str]) -> Any:
        return self.writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=said
        )


def _lines(headers: Any) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values]


class Follow(scrapy.Spider):  # type: ignore[misc]
    """Follows every link of every page on the hosts it began with."""

    name = "follow"

    def __init__(self, fronts: list[str], **more: Any) -> None:
        super().__init__(**more)
        self.start_urls = fronts
        self.links = LinkExtractor()  # the site links to nowhere else

    def parse(self, response: Any) -> Iterator[Any]:
        for link in self.links.extract_links(response):
            yield scrapy.Request(link.url)


def main(folder: str, fronts: list[str]) -> None:
    """Print the seconds of wall clock and of processor it took."""
    process = CrawlerProcess(
        {
            "WARC_FOLDER": folder, "DOWNLOADER_MIDDLEWARES": {WarcMiddleware: 900}, "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0, "LOG_ENABLED": False,
            "COOKIES_ENABLED": False, "RETRY_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
            "USER_AGENT": "benchmark (+bench@podium.invalid)",
        }
    )  # fmt: skip
    process.crawl(Follow, fronts=fronts)
    began, busy = time.perf_counter(), time.process_time()
    process.start()
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - busy}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
