"""What can go wrong in the crawler.

    CrawlError
    ├── UnknownSourceError    a source or edition that the collection does not have
    ├── AddressError          a host that has no address which may be crawled
    └── SilenceError          nothing usable came back from a host
        ├── NoConnectionError no address of it takes a connection
        ├── DeadlineError     the time of a request ran out
        └── SizeError         a body is larger than settings allow, as sent or decompressed

A page that fails stops no run: `Fetcher` turns these into a `Failure`, which is counted and reported.
"""


class CrawlError(Exception):
    """Root of the errors a caller of the crawler may meet; the command prints the message as it is."""


class UnknownSourceError(CrawlError):
    """A run was asked for something the collection does not have."""


class AddressError(CrawlError):
    """A host may not be connected to."""


class SilenceError(CrawlError):
    """A host gave no answer that can be used."""


class NoConnectionError(SilenceError):
    """A host takes no connection."""


class DeadlineError(SilenceError):
    """The time of a request ran out."""


class SizeError(SilenceError):
    """A body grew over the limit."""
