"""Pages and JSON API over one archive: a view parses arguments, calls one function, renders.

app        the application factory
views/     one blueprint a family of pages; `api` answers the same as JSON
arguments  query strings to requests, and back to addresses
reading    what the views read from: the home, its catalogue, search and check
overview, reports, captures, evidence   what a page shows, as records
text       a text cut into paragraphs and runs, so that quotes and hits can be marked
words      languages, dates and labels in words
marks, rights   where a query's words stand; how much of a text may be shown
failures   errors as pages and as JSON
server, cli     the application behind a server, and the command for it
"""

from webapp.app import close_app, create_app
from webapp.errors import ArgumentError, GoneError, PortError, WebappError
from webapp.server import address_of, open_server, serve

__all__ = [
    "ArgumentError",
    "GoneError",
    "PortError",
    "WebappError",
    "address_of",
    "close_app",
    "create_app",
    "open_server",
    "serve",
]
