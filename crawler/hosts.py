"""Hosts: what is to be asked of each, one request at a time and not too soon after the last."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator

from crawler.fetch import Fetcher
from crawler.tasks import Role, Task


class Host:
    """One host's queue and clock; times are those of a monotonic clock, in seconds."""

    def __init__(self, name: str, *, delay: float, fetcher: Fetcher) -> None:
        self.name = name
        self.delay = delay
        self.fetcher = fetcher
        self.busy = False
        self.waits = False  # for its robots.txt
        self.free_at = 0.0
        self.strikes = 0  # failures in a row
        self._tasks: list[tuple[Role, int, int, Task]] = []
        self._numbers = itertools.count()

    def push(self, task: Task) -> None:
        """Put a task in its place: by role, then depth, then first come."""
        heapq.heappush(self._tasks, (task.role, task.depth, next(self._numbers), task))

    def __len__(self) -> int:
        return len(self._tasks)

    def is_ready(self, now: float) -> bool:
        """Whether the next request may be made."""
        return self._may_ask() and self.free_at <= now

    def _may_ask(self) -> bool:
        if self.busy or not self._tasks:
            return False
        return not self.waits or self._tasks[0][0] is Role.ROBOTS

    def pop(self) -> Task:
        """Take the next task."""
        return heapq.heappop(self._tasks)[-1]

    def drain(self) -> list[Task]:
        """Take all tasks."""
        tasks = [entry[-1] for entry in sorted(self._tasks, key=lambda entry: entry[:3])]
        self._tasks.clear()
        return tasks

    def rest(self, now: float, *, at_least: float = 0.0) -> None:
        """Note that a request has ended: the next may follow after the delay."""
        self.busy = False
        self.free_at = max(self.free_at, now + max(self.delay, at_least))

    def hold(self, now: float) -> None:
        """Let the delay pass before the next request, as one that has just become known."""
        self.free_at = max(self.free_at, now + self.delay)


class Hosts:
    """All hosts of a run."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}

    def __getitem__(self, name: str) -> Host:
        return self._hosts[name]

    def __iter__(self) -> Iterator[Host]:
        return iter(list(self._hosts.values()))

    def __contains__(self, name: object) -> bool:
        return name in self._hosts

    def add(self, host: Host) -> Host:
        """Take in a host."""
        self._hosts[host.name] = host
        return host

    def ready(self, now: float) -> list[Host]:
        """The hosts of which something may be asked now."""
        return [host for host in self if host.is_ready(now)]

    def next_at(self) -> float | None:
        """When the next host is free to be asked something; None when none has anything to be asked."""
        return min((host.free_at for host in self if host._may_ask()), default=None)

    def close(self) -> None:
        """Close all connections."""
        for host in self:
            host.fetcher.close()
