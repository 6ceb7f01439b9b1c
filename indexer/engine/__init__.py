"""Answers to queries: array operations over all segments and fields of one commit.

snapshot, columns   a commit opened, with what scores and counts need of all its segments
deleted             what deleted documents take from the frequencies of terms
execute             a query tree to hits, by
postings            what the fields say of a word
words, phrases      words, ranges, patterns; phrases
proximity           words near one another
hits                hits as arrays: joined, and the best of them
counting            filters, facets, histogram
marks               where a query's leaves stand in documents
snippets            the parts of texts that show it
page                all of these for one page of hits
similar             more like this
warming             what is done before the first query
"""

from indexer.engine.counting import FACETS, Filters, count
from indexer.engine.execute import execute
from indexer.engine.hits import best
from indexer.engine.page import Found, Place, find_ids, find_page, find_total
from indexer.engine.postings import WEIGHTS
from indexer.engine.similar import similar
from indexer.engine.snapshot import Snapshot
from indexer.engine.snippets import Fragment
from indexer.engine.warming import warm

__all__ = [
    "FACETS",
    "WEIGHTS",
    "Filters",
    "Found",
    "Fragment",
    "Place",
    "Snapshot",
    "best",
    "count",
    "execute",
    "find_ids",
    "find_page",
    "find_total",
    "similar",
    "warm",
]
