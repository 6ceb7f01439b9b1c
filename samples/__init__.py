"""The sample forum: an openly fictional women's forum, its outlets and reports, served over HTTP on loopback.

collection.toml, collection   the forum as a collection; its addresses moved to the server's port
outlets.toml, reports/        who published what; each text with the truth about it
labels.toml, hosts/           the words and templates around the texts
texts, pages, discovery       records of both; pages; robots.txt, sitemaps, feeds
captures.toml, wayback        what a Wayback-like service holds, and the service
site, server                  all pages by host and address; the one server of them all
words.toml, expected          the truth for tests
"""

from samples.collection import PLACEHOLDER, collection_text, port_of
from samples.expected import ExpectedReport, ExpectedWord, expected, expected_words, url_of
from samples.server import Request, SampleError, SampleServer
from samples.site import HOSTS, WAYBACK_HOST
from samples.texts import Outlet, SampleReport, Words, all_reports, outlets

__all__ = [
    "HOSTS",
    "PLACEHOLDER",
    "WAYBACK_HOST",
    "ExpectedReport",
    "ExpectedWord",
    "Outlet",
    "Request",
    "SampleError",
    "SampleReport",
    "SampleServer",
    "Words",
    "all_reports",
    "collection_text",
    "expected",
    "expected_words",
    "outlets",
    "port_of",
    "url_of",
]
