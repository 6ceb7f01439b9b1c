"""Network in, captures out: finds the pages of a collection's sources and writes them to the archive.

crawl, run, finding, recovery, report one run, what becomes of each answer, what it says at the end
plan, frontier, pages, schedule,
    holdings                              what is to be asked for, and when
network, hosts, robots, retry         who may be asked what, and how soon
fetch, connection, address, coding    one request: deadline, limits, public addresses only
discover, sitemaps, feeds, links,
    matching, traps, charset              pages found in what was fetched
notices, sameness                     answers of 200 that are no page
wayback, prefixes                     captures that Wayback-like servers hold
requisites, appearance                pictures and styles of reports' pages
adding, trying                        pages named by hand; what a source would give
tasks, errors, cli, cli_sources       one request to be made; what can go wrong; the commands
"""

from crawler.adding import Added
from crawler.crawl import add, crawl
from crawler.errors import CrawlError, UnknownSourceError
from crawler.fetch import Failure, Fetcher, FetchResult, user_agent
from crawler.report import CrawlReport
from crawler.trying import Found, Tried

__all__ = [
    "Added",
    "CrawlError",
    "CrawlReport",
    "Failure",
    "FetchResult",
    "Fetcher",
    "Found",
    "Tried",
    "UnknownSourceError",
    "add",
    "crawl",
    "user_agent",
]
