"""Appearance: pictures and styles of pages that describing has found to be reports, captured within a budget.

One requisite of a page is asked for at a time, styles first, so that what the budget does not reach is the last of
its pictures.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive import REQUISITE, Capture, RecordError, Relation, Source, Via, WaybackServer, read_payload, urlkey
from crawler.charset import text_of
from crawler.fetch import FetchResult
from crawler.frontier import ALWAYS, Known
from crawler.network import Outcome, PutOff
from crawler.requisites import css_requisites, page_requisites
from crawler.tasks import Role, Task
from crawler.wayback import Memento, instant_of, memento_instant, replay_url

if TYPE_CHECKING:
    from crawler.run import Run

HTML = ("text/html", "application/xhtml+xml")
MAX_REQUISITES = 80  # of one page
MAX_LOOKS = 20  # of one that came from a Wayback server, which is asked once in three seconds
RECENT = dt.timedelta(days=30)  # a site's own styles stand under every page: one capture of them does for all
LEVELS = 3  # styles that import styles
SOURCE = "(requisites)"  # stands for a source in the frontier's rows of pages whose requisites were looked for


@dataclass
class _Page:
    """A page whose requisites are being asked for."""

    capture: Capture
    left: int  # bytes
    server: WaybackServer | None = None  # the one the page came from
    waiting: deque[tuple[str, int]] = field(default_factory=deque)  # address, level
    seen: set[str] = field(default_factory=set)


class Appearance:
    """The requisites of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._pages: dict[str, _Page] = {}

    def ask(self, sources: Iterable[Source]) -> None:
        """Begin with each page of a report of these sources whose requisites have not been looked for."""
        sources = tuple(sources)
        keys: set[str | None] = {source.key for source in sources}
        if sources == self.run.home.collection.sources:
            keys.add(None)  # pages the owner added, which are no source's
        for capture in self.run.writer.catalogue.captures_of_reports(Relation.EDITION, Relation.RELATED):
            if capture.source in keys and _is_page(capture) and self.run.frontier.get(_mark(capture)) is None:
                self._begin(capture)

    def settle(self, task: Task, outcome: Outcome) -> None:
        """Archive a requisite, if the page's budget holds it, and ask for the next."""
        page = self._pages[task.origin]
        if isinstance(outcome, PutOff) and page.server is not None:
            self.run.recovery.pause(page.server, outcome.seconds)
            return  # the page is begun with again by the first run that may ask the server
        if isinstance(outcome, FetchResult):
            if outcome.location is not None and task.hops < LEVELS:
                self.run.network.push(replace(task, url=outcome.location, hops=task.hops + 1, spent=0.0))
                return
            if outcome.status == 200:
                self._keep(page, task, outcome)
        self._next(page)

    def _begin(self, capture: Capture) -> None:
        page = _Page(capture=capture, left=self.run.home.settings.requisites)
        if capture.via is Via.WAYBACK:
            page.server = next((s for s in self.run.recovery.servers() if _replays(s, capture)), None)
            if page.server is None:
                return
        try:
            payload = read_payload(self.run.home, capture, catalogue=self.run.writer.catalogue)
        except RecordError:
            return  # verify names it
        source = self.run.home.collection.source(capture.source)
        language = source.language if source else None
        html = text_of(payload.body, content_type=payload.content_type, language=language)
        self._pages[_mark(capture)] = page
        self._add(page, page_requisites(html, base=capture.url), level=0)
        self._next(page)

    def _add(self, page: _Page, urls: Iterable[str], *, level: int) -> None:
        most = MAX_LOOKS if page.server else MAX_REQUISITES
        for url in urls:
            if url not in page.seen and len(page.seen) < most:
                page.seen.add(url)
                page.waiting.append((url, level))

    def _next(self, page: _Page) -> None:
        while page.waiting and page.left > 0:
            url, level = page.waiting.popleft()
            if not self._is_held(url, page):
                self.run.network.push(_task(page, url, level))
                return
        self._done(page)

    def _keep(self, page: _Page, task: Task, answer: FetchResult) -> None:
        page.left -= len(answer.body)
        kind = answer.content_type.partition(";")[0].strip().lower()
        if page.left < 0 or not (kind.startswith("image/") or kind == "text/css"):
            return
        url = answer.url
        if page.server is None:
            self.run.archive(task, answer, outlinks=[])
        elif not self._keep_replayed(url := task.others[0], task, answer):
            return
        self.run.tally.add("requisites", task.source)
        if kind == "text/css" and task.level < LEVELS:
            css = text_of(answer.content(limit=self.run.home.settings.max_body), content_type=answer.content_type)
            self._add(page, css_requisites(css, base=url), level=task.level + 1)

    def _keep_replayed(self, url: str, task: Task, answer: FetchResult) -> bool:
        """Archive what a Wayback server gave for an address; whether it said when that was captured."""
        memento = memento_instant(answer.header("Memento-Datetime"), answer.url)
        if memento is None:
            return False
        self.run.writer.add_response(
            url=url, status=answer.status, reason=answer.reason, headers=answer.headers, body=answer.body,
            fetched=answer.fetched, request_headers=answer.request_headers, via=Via.WAYBACK, source=task.source,
            how=task.how, source_uri=answer.url, memento=memento, ip=answer.ip,
        )  # fmt: skip
        return True

    def _is_held(self, url: str, page: _Page) -> bool:
        """Whether the archive has a capture of it of about the time, or may have none."""
        catalogue = self.run.writer.catalogue
        key = urlkey(url)
        if catalogue.withdrawn.of(key):
            return True
        wanted = instant_of(page.capture.timestamp) if page.server else self.run.now
        captures = (capture for capture in catalogue.captures(urlkey=key) if capture.url == url)
        return any(abs(wanted - instant_of(capture.timestamp)) < RECENT for capture in captures)

    def _done(self, page: _Page) -> None:
        """Note that a page's requisites have been looked for, so that no later run does."""
        known = Known(
            urlkey=_mark(page.capture), url=page.capture.url, source=SOURCE, how="requisites looked for", due=ALWAYS
        )
        self.run.frontier.put(known, last_status=200)


def _task(page: _Page, url: str, level: int) -> Task:
    """The request for a requisite: on its own host, or at the server and time its page came from."""
    capture = page.capture
    task = Task(
        url=url, origin=_mark(capture), role=Role.REQUISITE, source=capture.source,
        how=f"{REQUISITE}{capture.url}", level=level,
    )  # fmt: skip
    if page.server is None:
        return task
    memento = Memento(url=url, timestamp=capture.timestamp, status="200")
    return replace(task, url=replay_url(page.server, memento), role=Role.LOOK, server=page.server, others=(url,))


def _replays(server: WaybackServer, capture: Capture) -> bool:
    return (capture.source_uri or "").startswith(server.replay)


def _mark(capture: Capture) -> str:
    """The frontier's key of a page as it stood in a capture."""
    return f"requisites {capture.sha256}"


def _is_page(capture: Capture) -> bool:
    return (
        capture.via in (Via.LIVE, Via.WAYBACK)
        and capture.record_type == "response"
        and capture.mime in HTML
        and urlsplit(capture.url).scheme in ("http", "https")
    )
