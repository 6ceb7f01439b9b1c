"""What the views read from: the home, its catalogue, search and check."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass, field

from flask import current_app, g

from archive import Catalogue, Home, Relation, urlkey
from indexer import Searcher
from webapp.errors import GoneError

Counts = Counter[tuple[str | None, str, Relation]]


@dataclass
class Reading:
    """One archive as the views see it; counts are kept until describing changes the reports."""

    home: Home
    searcher: Searcher
    _counts: tuple[int, Counts] | None = field(default=None, repr=False)

    def counts(self, catalogue: Catalogue) -> Counts:
        """How many reports there are by edition, language and relation."""
        sequence = catalogue.sequence()
        if self._counts is None or self._counts[0] != sequence:
            counted = Counter((report.edition, report.language, report.relation) for report in catalogue.reports())
            self._counts = sequence, counted
        return self._counts[1]


def reading() -> Reading:
    """The archive of the application at work."""
    found: Reading = current_app.extensions["podium"]
    return found


def home() -> Home:
    """The home of the application at work."""
    return reading().home


def catalogue() -> Catalogue:
    """The catalogue, opened once a request and closed after it."""
    if "catalogue" not in g:
        g.catalogue_stack = contextlib.ExitStack()
        g.catalogue = g.catalogue_stack.enter_context(home().catalogue())
    opened: Catalogue = g.catalogue
    return opened


def refuse_withdrawn(*, report: str | None = None, url: str | None = None) -> None:
    """GoneError when a report or an address is withdrawn."""
    withdrawn = catalogue().withdrawn
    if not withdrawn:
        return
    aliases = catalogue().aliases()
    while report in aliases and not withdrawn.of_report(report):
        report = aliases.pop(report)
    found = withdrawn.of_report(report) if report else withdrawn.of(urlkey(url or ""))
    if found:
        raise GoneError(found)


def close(exc: BaseException | None = None) -> None:
    """Close what the request opened."""
    if (stack := g.pop("catalogue_stack", None)) is not None:
        stack.close()
