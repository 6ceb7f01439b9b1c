"""The site's server, started and asked by the benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from benchmarks.crawlers.pages import Pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the server was asked: answers by status, distinct pages, pages asked again, body bytes, most at once of a host."""

    statuses: dict[str, int]
    pages: int
    repeated: int
    sent: int
    most: int


class Site:
    """The running site."""

    def __init__(self, count: int, *, hosts: int, latency: float) -> None:
        self.pages = Pages(count, hosts=hosts)
        self._command = [
            sys.executable, "-m", "benchmarks.crawlers.site",
            "--pages", str(count), "--hosts", str(hosts), "--latency", str(latency),
        ]  # fmt: skip

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.port = int(json.loads(self._process.stdout.readline())["port"])
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    @property
    def fronts(self) -> list[str]:
        """The front page of every host."""
        return [f"http://{host}:{self.port}/" for host in self.pages.hosts]

    @property
    def urls(self) -> list[str]:
        """Every page."""
        return [f"http://{host}:{self.port}{path}" for host, pages in self.pages.hosts.items() for path in pages]

    def asked(self) -> Served:
        """What was asked since this was last called."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return Served(**json.loads(self._process.stdout.readline()))
