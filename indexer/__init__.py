"""Archive in, search out: describes captures, builds the index, answers searches. All of it can be made again offline.

describe, describing    captures to reports, versions and quotes
analysis, stemming      texts to tokens
index, documents,
generations, segments   reports into the index on disk
query, tree             a reader's text to a query tree
engine                  answers by array operations
search, facets          a request to a page of hits
suggest                 other queries for one that found nothing
standing                where a query stands in a whole text
check, likeness,
parted, wording         is a quote in the archive, how is it printed, and who said it
differences             what edits changed
withdraw, purge, family  a report out of sight: everywhere, and at once
verify_index            the index against the catalogue
errors, cli             what can go wrong; the commands
"""

from indexer.analysis import Tokens, analyse, analysis_stamp
from indexer.check import CheckMatch, CheckResult, check
from indexer.describe import DescribeResult, describe
from indexer.differences import Size, TextDifference, difference
from indexer.engine import Fragment
from indexer.errors import DamagedIndexError, DescribeError, IndexerError, NoIndexError, QueryError
from indexer.facets import Facet, FacetValue
from indexer.index import IndexResult, index, is_of_another_version
from indexer.query import parse_query
from indexer.search import Coverage, Hit, Searcher, SearchPage, SearchRequest, Similar, check_request, search
from indexer.standing import Match, find
from indexer.suggest import Change, Suggestion
from indexer.tree import leaves, render
from indexer.verify_index import verify_index
from indexer.withdraw import WithdrawResult, reinstate, withdraw

__all__ = [
    "Change",
    "CheckMatch",
    "CheckResult",
    "Coverage",
    "DamagedIndexError",
    "DescribeError",
    "DescribeResult",
    "Facet",
    "FacetValue",
    "Fragment",
    "Hit",
    "IndexResult",
    "IndexerError",
    "Match",
    "NoIndexError",
    "QueryError",
    "SearchPage",
    "SearchRequest",
    "Searcher",
    "Similar",
    "Size",
    "Suggestion",
    "TextDifference",
    "Tokens",
    "WithdrawResult",
    "analyse",
    "analysis_stamp",
    "check",
    "check_request",
    "describe",
    "difference",
    "find",
    "index",
    "is_of_another_version",
    "leaves",
    "parse_query",
    "reinstate",
    "render",
    "search",
    "verify_index",
    "withdraw",
]
