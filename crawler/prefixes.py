"""Archived prefixes: pages below an address that Wayback-like servers hold, when nothing else leads to them any more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from archive import Source, WaybackServer, normalise, urlkey
from crawler.discover import Discovery, kept_pages
from crawler.fetch import FetchResult
from crawler.frontier import Known
from crawler.links import Link
from crawler.network import Outcome
from crawler.tasks import Role, Task
from crawler.wayback import PAGES, Held, Memento, parse_cdx, prefix_url

if TYPE_CHECKING:
    from crawler.recovery import Recovery
    from crawler.run import Run

AGAIN = dt.timedelta(days=30)  # what has been gone for years gains few captures
MAX_PARTS = 20  # answers read for one prefix: 100,000 addresses


class Prefixes:
    """The archived prefixes of a run, and which captures are known from their lists."""

    def __init__(self, run: Run, recovery: Recovery) -> None:
        self.run = run
        self.recovery = recovery
        self.held: dict[str, tuple[WaybackServer, Memento]] = {}

    def ask(self, source: Source, servers: tuple[WaybackServer, ...]) -> None:
        """Queue a question for each prefix of a source that is due, for the first of the servers."""
        for prefix in source.archived:
            if servers and self._state(prefix).due <= self.run.now:
                self.list_at(prefix_task(source, prefix), servers)

    def settle(self, task: Task, outcome: Outcome) -> None:
        """Take the pages a server lists; of one that cannot say ask the next."""
        held = self._read(outcome)
        if held is None:
            self.list_at(task, task.servers)
            if not task.servers:
                self.run.tally.fail(task.url, task.source, f"no Wayback server lists what is below {task.origin}")
            return
        self._take(task, held)
        if held.resume and task.server and task.level < MAX_PARTS:
            further = prefix_url(task.server, task.origin, resume=held.resume)
            self.run.network.push(replace(task, url=further, level=task.level + 1, spent=0.0, again=0))
        else:
            self.run.frontier.put(self._state(task.origin), due=self.run.now + AGAIN, last_status=200)

    def list_at(self, task: Task, servers: tuple[WaybackServer, ...]) -> None:
        """Queue the question for the first of the servers."""
        if servers:
            url = prefix_url(servers[0], task.origin)
            self.run.network.push(replace(task, url=url, server=servers[0], servers=servers[1:], spent=0.0, again=0))

    def _read(self, outcome: Outcome) -> Held | None:
        if not isinstance(outcome, FetchResult) or outcome.status != 200:
            return None
        try:
            return parse_cdx(outcome.content(limit=self.run.home.settings.max_body))
        except ValueError:
            return None

    def _take(self, task: Task, held: Held) -> None:
        source = self.run.home.collection.source(task.source)
        if source is None or task.server is None:
            return
        mementos = pages_of(held)
        links = kept_pages([Link(url=url) for url in mementos], source=source, matcher=self.run.matcher, role=task.role)
        for link in links:
            self.held.setdefault(urlkey(link.url), (task.server, mementos[link.url]))
        self.run.finding.take(task, Discovery(pages=links))

    def _state(self, prefix: str) -> Known:
        key = f"prefix {prefix}"
        return self.run.frontier.get(key) or Known(
            urlkey=key, url=prefix, source="(wayback)", how="archived prefix", due=self.run.now
        )


def pages_of(held: Held) -> dict[str, Memento]:
    """The addresses of pages in a list, normalised, each with its first capture."""
    mementos: dict[str, Memento] = {}
    for memento in held.mementos:
        if memento.mime in PAGES and (url := _normal(memento.url)):
            mementos.setdefault(url, memento)
    return mementos


def prefix_task(source: Source, prefix: str) -> Task:
    """The task that asks what is held below a prefix; its address is set for each server."""
    return Task(url=prefix, origin=prefix, role=Role.PREFIX, source=source.key, how=f"archived prefix {prefix}")


def _normal(url: str) -> str | None:
    try:
        return normalise(url)
    except ValueError:
        return None
