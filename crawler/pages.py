"""Pages: what the frontier comes to say of an address after each answer, and when it is due again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from archive import Capture, Catalogue, Collection, Via, is_notice, urlkey
from crawler.fetch import FetchResult
from crawler.frontier import ALWAYS, Frontier, Known
from crawler.holdings import GOOD, first_instant, last_good
from crawler.links import Link
from crawler.schedule import GONE_AFTER, after_failure, after_gone, in_window, next_visit
from crawler.tasks import Role, Task
from crawler.wayback import instant_of

GONE = (404, 410)
REFUSED = dt.timedelta(days=1)  # robots.txt is read again after a day


class Pages:
    """The frontier as one run changes it."""

    def __init__(self, catalogue: Catalogue, frontier: Frontier, collection: Collection, *, now: dt.datetime) -> None:
        self.catalogue = catalogue
        self.frontier = frontier
        self.collection = collection
        self.now = now

    def known(self, task: Task) -> Known:
        """What is known of a task's address; of a new one, that it is due."""
        found = self.frontier.get(urlkey(task.url))
        if found is not None:
            return found
        return Known(
            urlkey=urlkey(task.url), url=task.url, source=task.source, how=task.how, depth=task.depth,
            due=ALWAYS if _is_entry(task) else self.now,
        )  # fmt: skip

    def queued(self, task: Task) -> None:
        """Note a task that is yet to be done, so that a run after this one finds it should this one be stopped."""
        if self.frontier.get(urlkey(task.url)) is None:
            self.frontier.put(self.known(task))

    def arrived(self, task: Task, answer: FetchResult) -> None:
        """The page answered."""
        known, fresh = self.known(task), answer.status != 304
        self.frontier.put(
            known, url=answer.url, due=ALWAYS if task.role.discovers else self._next_visit(task), last_status=answer.status, failures=0, gone=False,
            etag=answer.header("ETag") if fresh else known.etag,
            last_modified=answer.header("Last-Modified") if fresh else known.last_modified,
        )  # fmt: skip

    def moved(self, task: Task, status: int) -> None:
        """The page leads elsewhere."""
        due = ALWAYS if task.role.discovers else self._next_visit(task)
        self.frontier.put(self.known(task), due=due, last_status=status, failures=0, gone=False)

    def refused(self, task: Task) -> None:
        """The page may not be asked for."""
        self.put_off(task, REFUSED)

    def put_off(self, task: Task, wait: dt.timedelta) -> None:
        """The page was not asked for, and is not to be for a while."""
        self.frontier.put(self.known(task), due=self._at(task, self.now + wait))

    def failed(self, task: Task) -> None:
        """The page gave no answer that can be used."""
        known = self.known(task)
        failures = known.failures + 1
        self.frontier.put(known, due=self._at(task, after_failure(failures=failures, now=self.now)), failures=failures)

    def visited(self, task: Task) -> Capture | None:
        """The capture of a page since it fell due, made by a run that was stopped before the frontier was told; or None."""
        known, latest = self.frontier.get(urlkey(task.url)), self.catalogue.latest(urlkey(task.url))
        if not task.role.is_page or latest is None or latest.via is not Via.LIVE or is_notice(latest.how):
            return None
        if known is not None and (known.due == ALWAYS or known.gone or instant_of(latest.timestamp) < known.due):
            return None
        if known is None and latest.status in GOOD and self._next_visit(task) <= self.now:
            return None
        return latest

    def dead(self, task: Task, *, status: int | None) -> bool:
        """The page is gone (it answered with `status`) or silent (None); give whether it had been known to be gone."""
        known = self.known(replace(task, url=task.origin))
        failures = known.failures + 1
        gone = status is not None or failures >= GONE_AFTER
        due = after_gone(failures=failures, now=self.now) if gone else after_failure(failures=failures, now=self.now)
        self.frontier.put(known, due=self._at(task, due), failures=failures, gone=gone, last_status=status)
        return known.gone

    def is_due(self, known: Known, link: Link) -> bool:
        """Whether a page that was found again is to be fetched: by its own time, or because a sitemap dates a change."""
        if known.due <= self.now:
            return True
        if not link.changed or known.due == ALWAYS or known.gone:
            return False
        latest = self.catalogue.latest(known.urlkey)
        digits = "".join(c for c in link.changed[:10] if c.isdigit())
        return latest is not None and len(digits) == 8 and digits > latest.timestamp[:8]

    def may_have_changed(self, link: Link) -> bool:
        """Whether a sitemap that an index lists is to be read: it was not yet, or changed since, as far as the index says."""
        known = self.frontier.get(urlkey(link.url))
        if known is None or known.last_status not in (200, 304) or not link.changed:
            return True
        return self._changed_since(known.urlkey, link.changed)

    def _changed_since(self, urlkey: str, changed: str) -> bool:
        """Whether a change on that day is later than the newest capture, or of its day."""
        latest = self.catalogue.latest(urlkey)
        digits = "".join(c for c in changed[:10] if c.isdigit())
        return latest is None or len(digits) != 8 or digits >= latest.timestamp[:8]

    def validators(self, task: Task) -> tuple[str | None, str | None]:
        """ETag and Last-Modified to ask with, where the archive holds what they speak of."""
        if task.role.aside or task.role is Role.ROBOTS:
            return None, None
        known = self.frontier.get(urlkey(task.url))
        # A 304 without the page it speaks of would be worth nothing.
        if known is None or known.url != task.url or last_good(self.catalogue, task.url) is None:
            return None, None
        return known.etag, known.last_modified

    def _next_visit(self, task: Task) -> dt.datetime:
        first = first_instant(self.catalogue, task.url) or self.now
        edition = self.collection.edition(task.seed.edition) if task.seed and task.seed.edition else None
        return self._at(task, next_visit(first=first, now=self.now, busy=in_window(edition, self.now)))

    def _at(self, task: Task, due: dt.datetime) -> dt.datetime:
        return ALWAYS if _is_entry(task) else due


def _is_entry(task: Task) -> bool:
    """Whether every run begins with a task anyhow; later parts of it are due until they have been read."""
    return task.role.discovers and task.level == 0
