"""Requests to the sample server, with the answer's status, headers and bytes as they came."""

from __future__ import annotations

import http.client
from dataclasses import dataclass

from samples import SampleServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(server: SampleServer, host: str, target: str = "/", *, method: str = "GET", **headers: str) -> Answer:
    """The answer to one request; an underscore in a header's name stands for a hyphen."""
    connection = http.client.HTTPConnection(host, server.port, timeout=10)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        return Answer(status=answer.status, headers=dict(answer.headers.items()), body=answer.read())
    finally:
        connection.close()
