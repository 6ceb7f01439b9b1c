"""Network in, captures out: finds the pages of a collection's sources and writes them to the archive.

crawl, run, recovery, report          one run, what becomes of each answer, what it says at the end
plan, frontier, pages, schedule,
    holdings                              what is to be asked for, and when
network, hosts, robots, retry         who may be asked what, and how soon
fetch, connection, address, coding    one request: deadline, limits, public addresses only
discover, sitemaps, feeds, links,
matching, charset                     pages found in what was fetched
wayback                               captures that Wayback-like servers hold
tasks, errors, cli                    one request to be made; what can go wrong; the commands
"""

from crawler.crawl import add, crawl
from crawler.errors import CrawlError, UnknownSourceError
from crawler.fetch import Failure, Fetcher, FetchResult, user_agent
from crawler.report import CrawlReport

__all__ = [
    "CrawlError",
    "CrawlReport",
    "Failure",
    "FetchResult",
    "Fetcher",
    "UnknownSourceError",
    "add",
    "crawl",
    "user_agent",
]
