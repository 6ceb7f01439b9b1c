"""The site's server, a process of its own: each answer comes late by the same time, and what was asked is counted.

Every line on stdin is answered by one line on stdout: what was asked since the last, as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import sys
from collections import Counter
from functools import partial
from typing import Any

from benchmarks.crawlers.pages import Page, Pages

MODIFIED = "Wed, 16 Jul 2025 08:00:00 GMT"


class Asked:
    """What the server was asked."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.pages: Counter[str] = Counter()
        self.sent = 0
        self.now: Counter[str] = Counter()
        self.most = 0  # requests to one host at once

    def begin(self, host: str) -> None:
        self.now[host] += 1
        self.most = max(self.most, self.now[host])

    def as_json(self) -> dict[str, Any]:
        repeated = sum(count - 1 for count in self.pages.values())
        return {
            "statuses": self.statuses, "pages": len(self.pages), "repeated": repeated, "sent": self.sent, "most": self.most,
        }  # fmt: skip


class Connection(asyncio.Protocol):
    """One kept connection."""

    def __init__(self, server: Server, host: str) -> None:
        self.server = server
        self.host = host
        self.buffer = b""

    def connection_made(self, transport: Any) -> None:
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.server.asked.begin(self.host)
            asyncio.get_running_loop().call_later(self.server.latency, self.answer, head.decode("latin-1"))

    def answer(self, head: str) -> None:
        line, *rest = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in rest)}
        answer = self.server.answer(self.host, line.split(" ")[1], headers)
        self.server.asked.now[self.host] -= 1
        if not self.transport.is_closing():
            self.transport.write(answer)
            if headers.get("connection", "").lower() == "close":
                self.transport.close()


class Server:
    """All hosts at one port."""

    def __init__(self, pages: Pages, *, latency: float) -> None:
        self.pages = pages
        self.latency = latency
        self.asked = Asked()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        port, servers = 0, []
        for host in self.pages.hosts:
            server = await loop.create_server(partial(Connection, self, host), host, port)
            port = server.sockets[0].getsockname()[1]
            servers.append(server)
        print(json.dumps({"port": port}), flush=True)
        while await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(self.asked.as_json()), flush=True)
            self.asked = Asked()

    def answer(self, host: str, path: str, headers: dict[str, str]) -> bytes:
        page = self.pages.hosts[host].get(path)
        if page is None:
            return self._head(404, 0, [])
        self.asked.pages[f"{host}{path}"] += 1
        validators = [f"ETag: {page.etag}", f"Last-Modified: {MODIFIED}"]
        if headers.get("if-none-match") == page.etag:
            return self._head(304, None, validators)
        return self._whole(page, validators, packed="gzip" in headers.get("accept-encoding", ""))

    def _whole(self, page: Page, validators: list[str], *, packed: bool) -> bytes:
        body = page.packed if packed else page.plain
        more = [*validators, "Content-Type: text/html; charset=utf-8", *(["Content-Encoding: gzip"] if packed else [])]
        self.asked.sent += len(body)
        return self._head(200, len(body), more) + body

    def _head(self, status: int, length: int | None, headers: list[str]) -> bytes:
        self.asked.statuses[status] += 1
        size = [] if length is None else [f"Content-Length: {length}"]
        lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not so'}", "Server: benchmark", *headers, *size]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--hosts", type=int, required=True)
    parser.add_argument("--latency", type=float, required=True, help="milliseconds")
    given = parser.parse_args()
    asyncio.run(Server(Pages(given.pages, hosts=given.hosts), latency=given.latency / 1000).run())


if __name__ == "__main__":
    main()
