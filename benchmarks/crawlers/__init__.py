"""The crawl benchmark's parts: a slow site on loopback, and one runner a crawler.

site            pages over several loopback hosts, each answer late by the same time; counts what it was asked
collection      the same site as a Podium collection
podium, scrapy_peer, wget, bare       each crawls the site once and says what it took
archived        what lies in the WARC files a crawl wrote
"""

from benchmarks.crawlers.archived import bodies
from benchmarks.crawlers.collection import make_home
from benchmarks.crawlers.pages import Page, Pages
from benchmarks.crawlers.served import Served, Site

__all__ = ["Page", "Pages", "Served", "Site", "bodies", "make_home"]
