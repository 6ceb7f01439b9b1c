"""Recovery: pages that are gone or silent, looked for at the collection's Wayback-like servers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive import Record, Source, Via, WaybackServer, urlkey
from crawler.fetch import Failure, FetchResult
from crawler.frontier import Known
from crawler.holdings import is_held
from crawler.network import Outcome, PutOff
from crawler.notices import notice_in
from crawler.prefixes import Prefixes
from crawler.tasks import Role, Task
from crawler.wayback import Memento, cdx_url, memento_instant, nearest, parse_cdx, replay_url, wanted_instant

if TYPE_CHECKING:
    from crawler.run import Run

MAX_HOPS = 10
SERVERS = "(wayback)"  # stands for a source in the frontier's rows of the servers themselves
TRIES = 3  # captures of one page asked for, should the nearest not be given


@dataclass(frozen=True, slots=True, kw_only=True)
class Dead(Record):
    """A page that is gone (it answered with `status`) or silent (None), and in what words."""

    task: Task
    reason: str
    status: int | None


class Recovery:
    """The dead pages of a run, and what could be got of them elsewhere."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.dead: dict[str, Dead] = {}
        self.prefixes = Prefixes(run, self)
        self._recovered: set[str] = set()
        self._put_off: set[str] = set()

    def add(self, task: Task, reason: str, *, status: int | None) -> None:
        """Take in a page that is gone or silent."""
        self.dead.setdefault(urlkey(task.origin), Dead(task=task, reason=reason, status=status))

    def has(self, key: str) -> bool:
        """Whether a capture of the page was got in this run."""
        return key in self._recovered

    def look_below(self, sources: Iterable[Source]) -> None:
        """Queue a question for each archived prefix of the sources that is due."""
        for source in sources:
            self.prefixes.ask(source, self.servers())

    def ask(self) -> None:
        """Queue a question for each dead page the archive does not hold yet."""
        servers = self.servers()
        for key, dead in self.dead.items():
            if not servers or not dead.task.role.is_page or is_held(self.run.writer.catalogue, dead.task.origin):
                continue
            known = self.prefixes.held.get(key)
            if known and known[0] in servers:
                self._replay(dead.task, known[0], [known[1]], (known[0], *(s for s in servers if s != known[0])))
            else:
                self._list(dead.task, servers)

    def servers(self) -> tuple[WaybackServer, ...]:
        """The servers that may be asked now."""
        return tuple(server for server in self.run.home.collection.wayback if not self._is_paused(server))

    def settle(self, task: Task, outcome: Outcome) -> None:
        """Take what a Wayback server said."""
        if isinstance(outcome, PutOff):
            self._put_off_by(task, outcome.seconds)
        elif task.role is Role.PREFIX:
            self.prefixes.settle(task, outcome)
        elif isinstance(outcome, FetchResult) and task.role is Role.CDX:
            self._listed(task, outcome)
        elif isinstance(outcome, FetchResult):
            self._replayed(task, outcome)
        elif isinstance(outcome, Failure):
            self._next(task)

    def conclude(self) -> None:
        """Say of each dead page what became of it; when no host answered, nothing is known to be gone."""
        for key, dead in self.dead.items():
            task, tally = dead.task, self.run.tally
            if tally.offline:
                tally.fail(task.origin, task.source, dead.reason)
                continue
            was_gone = self.run.pages.dead(task, status=dead.status)
            held = key in self._recovered or is_held(self.run.writer.catalogue, task.origin)
            if dead.status is not None and not held and task.role.is_page:
                tally.miss(task.origin, task.source, f"gone: {dead.reason}")
            if dead.status is not None and not was_gone:
                tally.add("gone", task.source)
            elif key in self._put_off:
                tally.add("left", task.source)
            elif dead.status is None and not held and not was_gone:
                tally.fail(task.origin, task.source, dead.reason)

    # --- a server's answers ------------------------------------------------------------------

    def _list(self, dead: Task, servers: tuple[WaybackServer, ...]) -> None:
        if servers:
            self.run.network.push(
                replace(
                    dead, url=cdx_url(servers[0], dead.origin), role=Role.CDX, server=servers[0], servers=servers[1:],
                    others=(), hops=0, spent=0.0, again=0,
                )
            )  # fmt: skip

    def _listed(self, task: Task, answer: FetchResult) -> None:
        collection, settings = self.run.home.collection, self.run.home.settings
        try:
            held = parse_cdx(answer.content(limit=settings.max_body)).mementos if answer.status == 200 else ()
        except ValueError:
            held = ()
        edition = collection.edition(task.seed.edition) if task.seed and task.seed.edition else None
        chosen = nearest(held, wanted_instant(task.seed, edition, url=task.origin))[:TRIES]
        if chosen and task.server:
            self._replay(task, task.server, chosen, task.servers)
        else:
            self._list(task, task.servers)

    def _replay(
        self, task: Task, server: WaybackServer, chosen: list[Memento], servers: tuple[WaybackServer, ...]
    ) -> None:
        first, *rest = (replay_url(server, memento) for memento in chosen)
        self.run.network.push(
            replace(
                task, url=first, role=Role.REPLAY, server=server, servers=servers, others=tuple(rest),
                hops=0, spent=0.0, again=0,
            )
        )  # fmt: skip

    def _replayed(self, task: Task, answer: FetchResult) -> None:
        target = answer.location
        memento = memento_instant(answer.header("Memento-Datetime"), answer.url)
        if target and task.hops < MAX_HOPS and _host(target) == _host(task.url):
            self.run.network.push(replace(task, url=target, hops=task.hops + 1))
        elif answer.status == 200 and memento is not None and not self._is_notice(task, answer):
            self._keep(task, answer, memento)
        else:
            self._next(task)

    def _is_notice(self, task: Task, answer: FetchResult) -> bool:
        """Whether the capture is of what stood there when the page was gone already."""
        source = self.run.home.collection.source(task.source)
        content = answer.content(limit=self.run.home.settings.max_body)
        language = source.language if source else None
        return notice_in(content, content_type=answer.content_type, language=language) is not None

    def _keep(self, task: Task, answer: FetchResult, memento: dt.datetime) -> None:
        where = _host(task.server.cdx) if task.server else ""
        self.run.writer.add_response(
            url=task.origin, status=answer.status, reason=answer.reason, headers=answer.headers, body=answer.body,
            fetched=answer.fetched, request_headers=answer.request_headers, via=Via.WAYBACK, source=task.source,
            how=f"{task.how}; gone from its host, from {where}", source_uri=answer.url, memento=memento, ip=answer.ip,
        )  # fmt: skip
        self._recovered.add(urlkey(task.origin))
        self.run.tally.add("from_wayback", task.source)
        if task.server:
            self._resume(task.server)

    def _next(self, task: Task) -> None:
        """Ask for the next of the captures, or the next of the servers."""
        if task.role is Role.REPLAY and task.others:
            self.run.network.push(replace(task, url=task.others[0], others=task.others[1:], hops=0, spent=0.0))
        else:
            self._list(task, task.servers)

    # --- a server that wants to be left alone ------------------------------------------------

    def _state(self, server: WaybackServer) -> Known:
        known = self.run.frontier.get(urlkey(server.cdx))
        return known or Known(
            urlkey=urlkey(server.cdx), url=server.cdx, source=SERVERS, how="Wayback server", due=self.run.now
        )

    def _is_paused(self, server: WaybackServer) -> bool:
        return self._state(server).due > self.run.now

    def _put_off_by(self, task: Task, seconds: float) -> None:
        """Leave a server alone for so long, and longer each time; ask the next of them meanwhile."""
        if task.server is not None:
            self.pause(task.server, seconds)
        others = tuple(server for server in task.servers if not self._is_paused(server))
        if others and task.role is Role.PREFIX:
            self.prefixes.list_at(task, others)
        elif others:
            self._list(task, others)
        elif task.role is Role.PREFIX:
            self.run.tally.add("left", task.source)
        else:
            self._put_off.add(urlkey(task.origin))

    def pause(self, server: WaybackServer, seconds: float) -> None:
        """Leave a server alone for so long, and twice as long the next time."""
        state = self._state(server)
        if state.due <= self.run.now:  # once a run, however many questions were waiting
            due = self.run.now + dt.timedelta(seconds=seconds * 2**state.failures)
            self.run.frontier.put(state, due=due, failures=state.failures + 1)

    def _resume(self, server: WaybackServer) -> None:
        state = self._state(server)
        if state.failures:
            self.run.frontier.put(state, due=self.run.now, failures=0)


def _host(url: str) -> str | None:
    return urlsplit(url).hostname
