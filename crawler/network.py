"""The network: tasks in, answers out; robots.txt and delays kept, hosts in parallel, never two requests to one at once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from archive import Record, Settings
from crawler.connection import tls_context
from crawler.fetch import Cause, Failure, Fetcher, FetchResult
from crawler.hosts import Host, Hosts
from crawler.retry import retry_after
from crawler.robots import MAX_REDIRECTS, Rules, origin_of, robots_url, rules_of
from crawler.tasks import Role, Task

THREADS = 16  # requests in flight over all hosts
PATIENCE = 120.0  # seconds a run waits for a host that asks to; longer, and its tasks are left to the next run
LEAST = 1.0  # seconds even the last of many redirects gets
STRIKES = 3  # failures in a row after which a host is left alone for the run
# Where so many hosts gave no answer, or none for long, and no other gave one, this machine is likely offline: each
# of the rest gets few seconds.
HURRY_AFTER, HURRY = 8, 5.0
AGAIN = 2  # times one task is asked again after a 429 or 503
BUSY = (429, 503)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Record):
    """The host's robots.txt does not allow the request; it was not made."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff(Record):
    """The host wants to be left alone for longer than a run waits."""

    url: str
    seconds: float


Outcome = FetchResult | Failure | Refusal | PutOff
Validators = Callable[[Task], tuple[str | None, str | None]]


class Network:
    """Requests of one run. Its methods are for one thread; only `Fetcher.fetch` runs in others."""

    def __init__(
        self,
        settings: Settings,
        *,
        validators: Validators,
        known_rules: Callable[[str], Rules | None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`validators` gives ETag and Last-Modified for a task, `known_rules` what is archived of a robots.txt."""
        self.settings = settings
        self.hosts = Hosts()
        self._tls = tls_context()
        self._validators = validators
        self._known_rules = known_rules
        self._clock = clock
        self._sleep = sleep
        self._rules: dict[str, Rules] = {}
        self._heard = False
        self._silent: set[str] = set()
        self._running: dict[Future[FetchResult | Failure], tuple[Host, Task, float]] = {}
        self._outcomes: deque[tuple[Task, Outcome]] = deque()

    def push(self, task: Task) -> None:
        """Queue a task with its host."""
        self._host(task).push(task)

    def close(self) -> None:
        """Close all connections."""
        self.hosts.close()

    def outcomes(self) -> Iterator[tuple[Task, Outcome]]:
        """What became of each task, as it happens, until none is left; more may be pushed meanwhile."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="fetch") as pool:
            while True:
                self._start(pool)
                if self._outcomes:
                    yield self._outcomes.popleft()
                elif self._running:
                    self._await()
                elif not self._pause():
                    return

    # --- starting ----------------------------------------------------------------------------

    def _start(self, pool: ThreadPoolExecutor) -> None:
        for host in self.hosts.ready(self._clock()):
            while len(self._running) < THREADS and host.is_ready(self._clock()):
                task = host.pop()
                if self._may_ask(host, task):
                    self._send(pool, host, task)

    def _send(self, pool: ThreadPoolExecutor, host: Host, task: Task) -> None:
        host.busy = True
        etag, last_modified = self._validators(task)
        limit = self._limit()
        seconds = max(limit - task.spent, min(limit, LEAST))
        future = pool.submit(host.fetcher.fetch, task.url, etag=etag, last_modified=last_modified, seconds=seconds)
        self._running[future] = host, task, self._clock()

    def _limit(self) -> float:
        """Seconds one request may take."""
        waiting = sum(self._clock() - started > HURRY for _, _, started in self._running.values())
        offline = not self._heard and len(self._silent) + waiting >= HURRY_AFTER
        return min(self.settings.fetch_timeout, HURRY) if offline else self.settings.fetch_timeout

    def _may_ask(self, host: Host, task: Task) -> bool:
        """Whether a task may be sent now; if not, it waits for robots.txt, or its outcome is settled."""
        if task.role is Role.ROBOTS or task.role.wayback:
            return True
        rules = self._rules_for(task.url)
        if rules is None:
            host.push(task)
            host.push(_robots_task(task.url))
            host.waits = True
        elif rules.closed is not None:
            self._outcomes.append((task, replace(rules.closed, url=task.url)))
        elif not rules.allow(task.url):
            self._outcomes.append((task, Refusal(url=task.url)))
        else:
            return True
        return False

    def _rules_for(self, url: str) -> Rules | None:
        origin = origin_of(url)
        if origin not in self._rules and (known := self._known_rules(robots_url(url))):
            self._learn(origin, known)
        return self._rules.get(origin)

    def _learn(self, origin: str, rules: Rules) -> None:
        self._rules[origin] = rules
        host = self._host(_robots_task(origin))
        host.delay = max(host.delay, rules.delay)
        host.waits = False

    # --- answers -----------------------------------------------------------------------------

    def _await(self) -> None:
        """Wait for an answer, or until another host is free."""
        next_at = self.hosts.next_at() if len(self._running) < THREADS else None
        timeout = None if next_at is None else max(next_at - self._clock(), 0)
        done, _ = wait(self._running, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in done:
            host, task, started = self._running.pop(future)
            host.rest(self._clock())
            self._receive(host, replace(task, spent=task.spent + self._clock() - started), future.result())

    def _receive(self, host: Host, task: Task, answer: FetchResult | Failure) -> None:
        failed = isinstance(answer, Failure) and (answer.cause.silent or answer.cause is Cause.DEADLINE)
        host.strikes = host.strikes + 1 if failed else 0
        self._heard |= isinstance(answer, FetchResult)
        if failed:
            self._silent.add(host.name)
        if task.role is Role.ROBOTS:
            self._receive_robots(task, answer)
        elif isinstance(answer, FetchResult) and answer.status in BUSY:
            self._wait_for(host, task, answer)
        else:
            self._outcomes.append((task, answer))
        if isinstance(answer, Failure) and host.strikes >= STRIKES:
            self._leave(
                host, lambda left: replace(answer, url=left.url, detail=f"{answer.detail}; left alone for this run")
            )

    def _receive_robots(self, task: Task, answer: FetchResult | Failure) -> None:
        self._outcomes.append((task, answer))
        target = answer.location if isinstance(answer, FetchResult) else None
        if target and task.hops < MAX_REDIRECTS:
            self.push(replace(task, url=target, hops=task.hops + 1))
        else:
            self._learn(origin_of(task.origin), rules_of(answer, limit=self.settings.max_body))
            self._host(_robots_task(task.origin)).hold(self._clock())  # the delay holds from the rules on

    def _wait_for(self, host: Host, task: Task, answer: FetchResult) -> None:
        seconds = retry_after(answer, again=task.again, wayback=task.role.wayback)
        if seconds > PATIENCE:
            self._outcomes.append((task, PutOff(url=task.url, seconds=seconds)))
            self._leave(host, lambda left: PutOff(url=left.url, seconds=seconds))
        elif task.again >= AGAIN:
            self._outcomes.append((task, answer))
        else:
            host.rest(self._clock(), at_least=seconds)
            host.push(replace(task, again=task.again + 1, spent=0.0))

    def _leave(self, host: Host, outcome: Callable[[Task], Outcome]) -> None:
        """Settle all that is queued with a host without asking it."""
        for task in host.drain():
            left = outcome(task)
            if task.role is Role.ROBOTS:
                closed = (
                    left if isinstance(left, Failure) else Failure(url=task.url, cause=Cause.DEADLINE, detail="busy")
                )
                self._learn(origin_of(task.origin), Rules(None, closed=closed))
            else:
                self._outcomes.append((task, left))

    def _pause(self) -> bool:
        """Sleep until a host is free again; False when nothing is left to do in this run."""
        next_at = self.hosts.next_at()
        if next_at is None:
            return False
        seconds = next_at - self._clock()
        if seconds > PATIENCE:
            for host in self.hosts:
                self._leave(host, lambda left: PutOff(url=left.url, seconds=seconds))
            return bool(self._outcomes)
        self._sleep(max(seconds, 0))
        return True

    def _host(self, task: Task) -> Host:
        if task.host in self.hosts:
            return self.hosts[task.host]
        delay = self.settings.wayback_delay if task.role.wayback else self.settings.delay
        delay = 0.0 if task.host in self.settings.test_hosts else delay
        return self.hosts.add(Host(task.host, delay=delay, fetcher=Fetcher(self.settings, tls=self._tls)))


def _robots_task(url: str) -> Task:
    return Task(url=robots_url(url), origin=robots_url(url), role=Role.ROBOTS, source=None, how="robots.txt")
