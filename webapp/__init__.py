"""Pages and JSON API over one archive: a view parses arguments, calls one function, renders.

    app        the application factory
    views/     one blueprint a family of pages; `api` answers the same as JSON
    arguments  query strings to requests, and back to addresses
    reading    what the views read from: the home, its catalogue, search and check
    overview, reports, captures, evidence   what a page shows, as records
    text       a text cut into paragraphs and runs, so that quotes and hits can be marked
    words      languages, dates and labels in words
    failures   errors as pages and as JSON
    server     the same application behind a server
"""

from webapp.app import create_app
from webapp.cli import commands
from webapp.errors import ArgumentError, PortError, WebError
from webapp.server import address_of, open_server

__all__ = ["ArgumentError", "PortError", "WebError", "address_of", "commands", "create_app", "open_server"]
