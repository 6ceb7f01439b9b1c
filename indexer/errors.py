"""What can go wrong in the indexer.

    IndexerError
    ├── DescribeError    a page cannot be described
    ├── QueryError       a query or filter cannot be understood, or asks too much
    └── NoIndexError     there is no index to search, or it is of another analysis
        └── DamagedIndexError    the index's files cannot be read

Every message says what, where and what to do next; the command prints it as it is.
"""


class IndexerError(Exception):
    """Root of the errors a caller of the indexer may meet."""


class DescribeError(IndexerError):
    """A page cannot be described."""


class QueryError(IndexerError):
    """A query cannot be answered as it is written."""

    wrong_call = True  # of a command that asks so


class NoIndexError(IndexerError):
    """There is no index that can be searched."""


class DamagedIndexError(NoIndexError):
    """The files of the index cannot be read."""
