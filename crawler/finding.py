"""Finding: what answers lead to, and which of it a run asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive import NEXT_PAGE, SITEMAP_INDEX, Capture, RecordError, read_payload, urlkey
from crawler.discover import Discovery, discover, follows
from crawler.errors import SizeError
from crawler.fetch import FetchResult
from crawler.links import Link
from crawler.plan import first_of, original_first
from crawler.tasks import Role, Task

if TYPE_CHECKING:
    from crawler.run import Run

NAMES = {Role.SITEMAP: "sitemap", Role.FEED: "feed", Role.LISTING: "listing"}


class Finding:
    """The pages a run finds on its way."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._given: dict[str, set[str]] = {}  # pages of each listing

    def look(self, task: Task, answer: FetchResult, earlier: Capture | None) -> Discovery:
        """What an answer leads to; nothing where that is not looked for, or cannot be read, which is told."""
        source = self.run.home.collection.source(task.source)
        if source is None or not self.run.follow or not (task.role.discovers or follows(task, source)):
            return Discovery()
        if answer.status not in (200, 304):
            return Discovery()
        try:
            content, content_type = self._content(answer, earlier)
            return discover(
                task,
                content,
                content_type=content_type,
                source=source,
                matcher=self.run.matcher,
                settings=self.run.home.settings,
            )
        except (SizeError, RecordError, ValueError) as exc:
            self.run.tally.fail(task.url, task.source, str(exc))
        except Exception as exc:  # noqa: BLE001 (parsers of foreign pages fail in ways of their own; one page stops no run)
            self.run.tally.fail(task.url, task.source, f"cannot be parsed: {type(exc).__name__}: {exc}"[:300])
        return Discovery()

    def _content(self, answer: FetchResult, earlier: Capture | None) -> tuple[bytes, str]:
        """The content of an answer; of a 304 what is archived, since its pages may not all have been fetched yet."""
        if answer.status != 304 or earlier is None:
            return answer.content(limit=self.run.home.settings.max_body), answer.content_type
        payload = read_payload(self.run.home, earlier, catalogue=self.run.writer.catalogue)
        return payload.body, payload.content_type

    def take(self, task: Task, discovery: Discovery) -> None:
        """Queue what an answer leads to."""
        if task.role is Role.SITEMAP or (task.role.discovers and task.level == 0):
            self.run.tally.offer(task.source, entry_of(task), len(discovery.pages))
        for link in discovery.sitemaps:
            if self.run.pages.may_have_changed(link):
                self.run.push(_further(task, link.url, how=f"{SITEMAP_INDEX}{task.url}"))
            else:
                self.run.tally.unread(task.source, entry_of(task))
        fresh = [self._take_page(task, link) for link in discovery.pages]
        first = first_of(task)
        if first and discovery.next_page and self._goes_on(first, discovery, any(fresh)):
            self.run.push(_further(task, discovery.next_page, how=f"{NEXT_PAGE}{first}"))

    def _goes_on(self, first: str, discovery: Discovery, fresh: bool) -> bool:
        """Whether a listing or feed is read on: while it gives other pages than before, up to where an earlier run has read."""
        given = self._given.setdefault(first, set())
        others = {urlkey(link.url) for link in discovery.pages} - given
        given |= others
        known = self.run.frontier.get(urlkey(discovery.next_page or ""))
        return bool(others) and (fresh or known is None or known.last_status is None)

    def _take_page(self, task: Task, link: Link) -> bool:
        """Queue a page that was found if it is due; give whether it was not known before."""
        depth = task.depth + 1 if task.role.is_page else 0
        role = Role.LIKELY if self.run.matcher.matches(link) else Role.PAGE
        how = task.how if task.role is Role.PREFIX else f"{NAMES.get(task.role, 'link on')} {task.url}"
        found = Task(url=link.url, origin=link.url, role=role, source=task.source, how=how, depth=depth)
        page = original_first(self.run.home.collection, found)
        known = self.run.frontier.get(urlkey(page.url))
        if known is None or self.run.pages.is_due(known, link):
            self.run.push(page)
        return known is None


def entry_of(task: Task) -> str:
    """The name under which the pages that a task leads to are counted: an index spreads them over sitemaps as it likes."""
    return "sitemaps" if task.role is Role.SITEMAP else task.origin


def _further(task: Task, url: str, *, how: str) -> Task:
    """The task for another part of the same sitemap or listing."""
    level = task.level + 1
    return replace(task, url=url, origin=url, level=level, depth=level, how=how, hops=0, spent=0.0)
