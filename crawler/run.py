"""A run: what becomes of each answer. Everything here is in one thread; the network's threads only fetch."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from archive import (
    NOTICE,
    ArchiveWriter,
    Capture,
    Home,
    RecordError,
    Source,
    Via,
    read_payload,
    urlkey,
)
from crawler.appearance import Appearance
from crawler.discover import Discovery
from crawler.fetch import Failure, FetchResult
from crawler.finding import Finding, entry_of
from crawler.frontier import Frontier
from crawler.holdings import GOOD, is_held, last_good, recent_rules
from crawler.matching import Matcher
from crawler.network import Network, Outcome, PutOff, Refusal
from crawler.notices import leads_to_notice, notice_in
from crawler.pages import GONE, Pages
from crawler.plan import mirror_task
from crawler.recovery import Recovery
from crawler.report import Tally
from crawler.robots import Rules
from crawler.sameness import Sameness
from crawler.tasks import Role, Task
from crawler.wayback import instant_of

Progress = Callable[[str], None]
MAX_HOPS = 10
BATCH, BATCH_SECONDS = 200, 5.0  # answers, seconds between two times that all is put on disk


class Run:
    """One crawl of some sources, with the archive lock held."""

    def __init__(
        self,
        home: Home,
        writer: ArchiveWriter,
        *,
        progress: Progress,
        clock: Callable[[], dt.datetime],
        follow: bool = True,
    ) -> None:
        """`follow` is whether pages are looked for in what is fetched."""
        self.home = home
        self.writer = writer
        self.progress = progress
        self.clock = clock
        self.follow = follow
        self.now = clock()
        self.frontier = Frontier(writer.catalogue.connection)
        self.pages = Pages(writer.catalogue, self.frontier, home.collection, now=self.now)
        self.matcher = Matcher(home.collection)
        self.tally = Tally()
        self.network = Network(home.settings, validators=self.pages.validators, known_rules=self._known_rules)
        self.finding = Finding(self)
        self.recovery = Recovery(self)
        self.appearance = Appearance(self)
        self.sameness = Sameness(writer.catalogue)
        self.ends: dict[str, tuple[Task, Outcome]] = {}  # what came last of each page, where none are looked for
        self._seen: set[str] = set()
        self._budget = home.settings.max_pages
        self._spent: Counter[str] = Counter()  # by host
        self._unsaved = 0
        self._saved_at = time.monotonic()

    def push(self, task: Task) -> None:
        """Queue a task unless its page was queued before or is withdrawn; past the budget it is left to the next run."""
        key = urlkey(task.url)
        if key in self._seen:
            return
        self._seen.add(key)
        if self.writer.catalogue.withdrawn.of(key):
            self.tally.add("withdrawn", task.source)
            return
        if self.follow and (capture := self.pages.visited(task)) and self._settled_by(capture, task):
            return
        self.pages.queued(task)
        if not self._may_spend(task):
            self.tally.add("left", task.source)
            return
        self.network.push(task)

    def _may_spend(self, task: Task) -> bool:
        """Take a page from the budgets of the run and of its host, if both have one left."""
        if self._budget <= 0 or self._spent[task.host] >= self.home.settings.max_host_pages:
            return False
        self._budget -= 1
        self._spent[task.host] += 1
        return True

    def go(self, sources: Iterable[Source] = ()) -> None:
        """Work through what was pushed and what it leads to, then look below archived prefixes and for dead pages elsewhere."""
        self.drain()
        if not self.tally.offline:
            self.recovery.look_below(sources)
            self.drain()
            self.save()  # so that what was just fetched is known to be held
            self.recovery.ask()
            self.drain()
            if self.home.settings.requisites:
                self.appearance.ask(sources)
                self.drain()
        self.recovery.conclude()

    def drain(self) -> None:
        """Settle outcomes until no task is left."""
        for task, outcome in self.network.outcomes():
            self._settle(task, outcome)
            self._unsaved += 1
            if self._unsaved >= BATCH or time.monotonic() - self._saved_at > BATCH_SECONDS:
                self.save()

    def save(self) -> None:
        """Put all on disk: what was archived and what the frontier says of it, so that neither is ever without the other."""
        self.writer.flush(beside=self.frontier.write)
        self.frontier.written()
        self._unsaved, self._saved_at = 0, time.monotonic()

    # --- outcomes ----------------------------------------------------------------------------

    def _settle(self, task: Task, outcome: Outcome) -> None:
        if not task.role.aside:
            self._note_answer(task, outcome)
        if not self.follow and task.role.is_page:
            self.ends[urlkey(task.origin)] = task, outcome
        match outcome:
            case _ if task.role in (Role.REQUISITE, Role.LOOK):
                self.appearance.settle(task, outcome)
            case _ if task.role.wayback:
                self.recovery.settle(task, outcome)
            case Refusal():
                self._refused(task)
            case PutOff(seconds=seconds):
                self.tally.add("left", task.source)
                self.pages.put_off(task, dt.timedelta(seconds=seconds))
            case Failure() if task.role is not Role.ROBOTS:
                self._failed(task, outcome.reason, silent=outcome.cause.silent)
            case FetchResult():
                self._answered(task, outcome)

    def _refused(self, task: Task) -> None:
        self.tally.add("refused", task.source)
        self.pages.refused(task)
        if task.role.discovers:
            self.tally.unread(task.source, entry_of(task))
        elif not is_held(self.writer.catalogue, task.url):
            self.tally.miss(task.url, task.source, "robots.txt does not allow it")
        self._ask_mirror(task, "its robots.txt does not allow it")

    def _note_answer(self, task: Task, outcome: Outcome) -> None:
        self.progress(f"{self.tally.total('fetched')} fetched, {len(self.tally.problems)} failed: {task.url}")
        if isinstance(outcome, FetchResult | Failure):
            silent = isinstance(outcome, Failure) and outcome.cause.silent
            self.tally.note(task.host, task.source, answered=isinstance(outcome, FetchResult), silent=silent)

    def _answered(self, task: Task, answer: FetchResult) -> None:
        if answer.status >= 500 or answer.status == 429:
            if task.role is not Role.ROBOTS:
                self._failed(task, f"answered {answer.status}", silent=False)
            return
        earlier = last_good(self.writer.catalogue, task.url)
        notice = self._notice(task, answer)
        discovery = Discovery() if notice else self.finding.look(task, answer, earlier)
        how = f"{task.how}{NOTICE}" if notice else task.how
        capture = self.archive(replace(task, how=how), answer, outlinks=[link.url for link in discovery.pages])
        if task.role is Role.ROBOTS:
            return
        if answer.location is not None:
            self._redirected(task, answer, answer.location)
        elif answer.status in GONE:
            self.dead(task, f"answered {answer.status}", status=answer.status)
        elif notice:
            self.dead(task, notice, status=answer.status)
        elif answer.status == 304 or 200 <= answer.status < 300:
            self._arrived(task, answer, capture, earlier)
            self.finding.take(task, discovery)
        else:
            self._failed(task, f"answered {answer.status}", silent=False)

    def _notice(self, task: Task, answer: FetchResult) -> str | None:
        """In which words an answer of 200 to a page says that there is none."""
        if not task.role.is_page or answer.status != 200:
            return None
        source = self.home.collection.source(task.source)
        content = answer.content(limit=self.home.settings.max_body)
        language = source.language if source else None
        said = notice_in(content, content_type=answer.content_type, language=language)
        return said or self.sameness.notice_in(answer)

    def _settled_by(self, capture: Capture, task: Task) -> bool:
        """Settle a task by what a stopped run has archived of it, if that can be done; nothing is asked for twice."""
        if capture.status in GONE:
            self.dead(task, f"answered {capture.status}", status=capture.status)
            return True
        if capture.status not in GOOD:
            return False
        try:
            payload = read_payload(self.home, capture, catalogue=self.writer.catalogue)
        except RecordError:
            return False
        answer = FetchResult(
            url=capture.url, status=200, reason="", headers=payload.headers, body=b"", decoded=payload.body,
            fetched=instant_of(capture.timestamp), ip=None, request_headers=(),
        )  # fmt: skip
        self.pages.arrived(task, answer)
        self.finding.take(task, self.finding.look(task, answer, None))
        return True

    def archive(self, task: Task, answer: FetchResult, *, outlinks: list[str]) -> Capture:
        """Write an answer to the archive."""
        return self.writer.add_response(
            url=answer.url,
            status=answer.status,
            reason=answer.reason,
            headers=answer.headers,
            body=answer.body,
            fetched=answer.fetched,
            request_headers=answer.request_headers,
            source=task.source,
            how=task.how,
            ip=answer.ip,
            outlinks=outlinks,
            via=Via.LIVE,
        )

    def _arrived(self, task: Task, answer: FetchResult, capture: Capture, earlier: Capture | None) -> None:
        """Count a page that answered, and set when it is asked for again."""
        self.tally.add("fetched", task.source)
        if capture.record_type == "revisit":
            self.tally.add("unchanged", task.source)
        elif earlier is None and task.role.is_page:
            self.tally.add("new", task.source)
        self.pages.arrived(task, answer)

    def _redirected(self, task: Task, answer: FetchResult, target: str) -> None:
        # What is asked for to find pages stays that, wherever it has moved.
        how = task.how if task.role.discovers else f"redirect from {task.url}"
        moved = replace(task, url=target, hops=task.hops + 1, how=how)
        if task.hops >= MAX_HOPS:
            self._failed(task, f"more than {MAX_HOPS} redirects, the last to {target}", silent=False)
        elif task.role.is_page and _is_front(target) and not _is_front(task.url):
            # What was a page and now leads to a front page is gone, however politely.
            self.dead(task, f"leads to the front page {target}", status=answer.status)
        elif task.role.is_page and leads_to_notice(target):
            self.dead(task, f"leads to {target}", status=answer.status)
        elif urlkey(target) == urlkey(task.url):  # http to https, or a cookie set: the same page, asked again
            self.network.push(moved)
        else:
            self.pages.moved(task, answer.status)
            self.push(moved)

    def _failed(self, task: Task, reason: str, *, silent: bool) -> None:
        if silent:
            self.dead(task, reason, status=None)
            return
        self.pages.failed(task)
        self.tally.fail(task.url, task.source, reason)
        self.tally.unread(task.source, entry_of(task))
        self._ask_mirror(task, reason)

    def dead(self, task: Task, reason: str, *, status: int | None) -> None:
        """Note a page that is gone (`status` says how it answered) or silent; ask the mirror of a probable original."""
        self.recovery.add(task, reason, status=status)
        if task.role.discovers and status is None:
            self.tally.unread(task.source, entry_of(task))
        elif task.role.discovers:
            self.tally.offer(task.source, entry_of(task), 0)
        self._ask_mirror(task, reason)

    def _ask_mirror(self, task: Task, reason: str) -> None:
        if mirror := mirror_task(task, reason):
            self.push(mirror)

    def _known_rules(self, url: str) -> Rules | None:
        return recent_rules(self.home, self.writer.catalogue, url, now=self.now)


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
