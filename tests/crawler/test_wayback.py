from __future__ import annotations

import datetime as dt
import json

import pytest

from archive import Claim, Edition, Seed, Settings, WaybackServer
from crawler.fetch import Cause, Failure, Fetcher
from crawler.network import Network
from crawler.tasks import Role, Task
from crawler.wayback import (
    Held,
    Memento,
    cdx_url,
    memento_instant,
    nearest,
    parse_cdx,
    prefix_url,
    replay_url,
    wanted_instant,
)

BASE = WaybackServer(cdx="http://127.0.0.9:80/cdx/search/cdx", replay="http://127.0.0.9:80/web/")
URL = "http://example.org/a?p=1&q=2"


def memento(timestamp: str) -> Memento:
    return Memento(url=URL, timestamp=timestamp, status="200")


def test_addresses_are_those_of_the_field() -> None:
    assert cdx_url(BASE, URL).startswith(
        "http://127.0.0.9:80/cdx/search/cdx?url=http%3A%2F%2Fexample.org%2Fa%3Fp%3D1%26q%3D2&output=json"
    )
    assert replay_url(BASE, memento("20250716000000")) == f"http://127.0.0.9:80/web/20250716000000id_/{URL}"


def test_cdx_answer_is_read_by_its_header_row() -> None:
    rows = [
        ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
        ["org,example)/a", "20250801000000", URL, "text/html", "200", "A", "9"],
        ["org,example)/a", "20250716120000", URL, "text/html", "200", "B", "9"],
        ["org,example)/a", "20250101000000", URL, "text/html", "404", "C", "9"],
        ["org,example)/a", "20259901000000", URL, "text/html", "200", "D", "9"],
        ["short"],
    ]
    assert [m.timestamp for m in parse_cdx(json.dumps(rows).encode()).mementos] == ["20250716120000", "20250801000000"]


def test_cdx_answers_come_as_lines_of_json_and_as_plain_lines_too() -> None:
    objects = [
        {"urlkey": "org,example)/a", "timestamp": "20250716120000", "url": URL, "mime": "text/html", "status": "200"},
        {"urlkey": "org,example)/a", "timestamp": "20250717120000", "url": URL, "mime": "text/html", "status": "404"},
    ]
    plain = f"org,example)/a 20250716120000 {URL} text/html 200 B 9\norg,example)/a 20250717120000 {URL} - 404 C 9\n"
    for content in ("\n".join(map(json.dumps, objects)), plain):
        (found,) = parse_cdx(content.encode()).mementos
        assert (found.url, found.timestamp, found.status, found.mime) == (URL, "20250716120000", "200", "text/html")


def test_list_that_is_not_all_says_how_to_ask_for_the_rest() -> None:
    rows = [["timestamp", "original", "statuscode"], ["20250716120000", URL, "200"], [], ["org,example)/b 2025"]]
    held = parse_cdx(json.dumps(rows).encode())
    assert (len(held.mementos), held.resume) == (1, "org,example)/b 2025")
    assert prefix_url(BASE, URL, resume=held.resume).endswith("&resumeKey=org%2Cexample%29%2Fb%202025")
    assert "resumeKey=" not in prefix_url(BASE, URL)


@pytest.mark.parametrize("content", [b"", b"[]", b"\n"])
def test_cdx_answer_without_captures_is_empty(content: bytes) -> None:
    assert parse_cdx(content) == Held(mementos=())


@pytest.mark.parametrize("content", [b"<html>", b"{}", b"[1]", b"null"])
def test_what_is_no_cdx_answer_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no array"):
        parse_cdx(content)


def test_capture_nearest_to_the_edition_comes_first() -> None:
    found = [memento(stamp) for stamp in ("20080101000000", "20250710000000", "20250722000000", "20260101000000")]
    wanted = dt.datetime(2025, 7, 16, tzinfo=dt.UTC)
    assert [m.timestamp for m in nearest(found, wanted)][:2] == ["20250722000000", "20250710000000"]
    assert nearest(found, None)[0].timestamp == "20080101000000"


def test_wanted_instant_is_the_published_date_then_the_editions() -> None:
    edition = Edition(
        key="2025", year=2025, claims=(Claim(field="start", value="2025-07-15"), Claim(field="end", value="2025-07-17"))
    )
    cases = [
        (Seed(url=URL, published="2025-07-16"), edition, "2025-07-16"),
        (Seed(url=URL, published="2023-09"), edition, "2023-09-01"),
        (Seed(url=URL, published="2023"), edition, "2023-01-01"),
        (Seed(url=URL), edition, "2025-07-17"),
        (None, Edition(key="2010", year=2010), "2010-07-01"),
    ]
    for seed, of_edition, day in cases:
        assert str(wanted_instant(seed, of_edition)).startswith(day)
    assert wanted_instant(None, None) is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2008/10/23/2s71574.htm", "2008-10-23"),
        ("/sh/news/2007/10-27/1061151.shtml", "2007-10-27"),
        ("/n20161222215157269.htm", None),
        ("/html1/20190428/a.html", "2019-04-28"),
        ("/2016-10/6543.html", "2016-10-01"),
        ("/a?id=20251340", None),
    ],
)
def test_date_in_an_address_says_which_capture_is_wanted(path: str, day: str | None) -> None:
    found = wanted_instant(None, None, url=f"http://example.org:8080{path}")
    assert (found and found.date().isoformat()) == day


def test_memento_is_dated_by_its_header_then_its_address() -> None:
    url = replay_url(BASE, memento("20250716120000"))
    assert memento_instant("Wed, 16 Jul 2025 10:00:00 GMT", url) == dt.datetime(2025, 7, 16, 10, tzinfo=dt.UTC)
    assert memento_instant("nonsense", url) == dt.datetime(2025, 7, 16, 12, tzinfo=dt.UTC)
    assert memento_instant(None, "http://127.0.0.9/x") is None


def test_a_server_is_asked_once_in_three_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now, asked = [0.0], []

    def fetch(fetcher: Fetcher, url: str, **more: object) -> Failure:
        asked.append(now[0])
        return Failure(url=url, cause=Cause.PROTOCOL, detail="")

    def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(Fetcher, "fetch", fetch)
    network = Network(
        Settings(),
        validators=lambda task: (None, None),
        known_rules=lambda url: None,
        clock=lambda: now[0],
        sleep=sleep,
    )
    for role in (Role.PREFIX, Role.CDX, Role.REPLAY):
        url = f"http://web.example/{role}"
        network.push(Task(url=url, origin=url, role=role, source=None, how=""))
    assert len(list(network.outcomes())) == 3
    assert asked == [0.0, 3.0, 6.0]
