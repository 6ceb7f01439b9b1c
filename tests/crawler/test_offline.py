"""A machine without a network says so soon, source by source, and still serves what it holds."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive import Home, Settings
from crawler import network
from crawler.fetch import Cause, Failure, Fetcher, FetchResult
from crawler.network import HURRY, HURRY_AFTER, Network
from crawler.tasks import Role, Task
from podium import main
from tests.crawler.forum import make_home, source


def task(number: int) -> Task:
    url = f"http://host-{number}.invalid/"
    return Task(url=url, origin=url, role=Role.SEED, source="s", how="seed")


@pytest.mark.parametrize("answering", [False, True], ids=["no host answers", "one host answers"])
def test_hosts_get_few_seconds_each_once_none_of_many_has_answered(
    monkeypatch: pytest.MonkeyPatch, answering: bool
) -> None:
    given: list[float] = []

    def fetch(fetcher: Fetcher, url: str, *, seconds: float, **said: Any) -> Any:
        given.append(seconds)
        if answering and url.startswith("http://host-0."):
            return FetchResult(
                url=url, status=404, reason="Not Found", headers=(), body=b"", fetched=dt.datetime.now(dt.UTC), ip=None,
                request_headers=(),
            )  # fmt: skip
        return Failure(url=url, cause=Cause.NAME, detail="no such name")

    monkeypatch.setattr(Fetcher, "fetch", fetch)
    monkeypatch.setattr(network, "THREADS", 1)
    asked = Network(Settings(delay=0.0), validators=lambda task: (None, None), known_rules=lambda url: None)
    for number in range(HURRY_AFTER + 4):
        asked.push(task(number))
    outcomes = list(asked.outcomes())
    asked.close()
    assert len(outcomes) >= HURRY_AFTER + 4
    assert (HURRY in given) is not answering
    assert given[:HURRY_AFTER] == [30.0] * HURRY_AFTER


def many_names(path: Path, count: int) -> Home:
    """A home whose sources are on names that lead nowhere."""
    entries = [
        source(f"s{n}", f"host-{n}.invalid", f'minimum = 1\n[[sources.seeds]]\nurl = "https://host-{n}.invalid/report"')
        for n in range(count)
    ]
    return make_home(path, "".join(entries), contact="tests@podium.invalid", delay=2.0)


def test_names_that_do_not_resolve_are_said_source_by_source_and_nothing_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(host: str, *_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # no resolver is asked
    home = many_names(tmp_path, 20)
    result = CliRunner().invoke(main, ["--home", str(home.path), "refresh"])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("Offline: no host answered")
    told = [line for line in lines if ": no answer, it cannot be reached (name not resolved" in line]
    assert len(told) == 20
    assert not [line for line in lines if "ALARM" in line]
    found = CliRunner().invoke(main, ["--home", str(home.path), "search", "anything"])
    assert (found.exit_code, found.stdout.splitlines()[0]) == (0, "0 reports for anything")
    with home.catalogue() as catalogue:
        assert catalogue.connection.execute("SELECT count(*) FROM frontier WHERE gone").fetchone()[0] == 0
