"""The Wayback-like service: what it says it holds, and how it replays it."""

from __future__ import annotations

import base64
import hashlib
import json
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode

import pytest

from samples import WAYBACK_HOST, SampleServer
from samples.site import build_site
from tests.samples.asking import Answer, ask

PATH = "/2006/1020/a0117.html"
ALL = ["20061021094512", "20090304120000", "20130611080910"]


def page_url(server: SampleServer) -> str:
    return server.url("127.0.0.22", PATH)


def cdx(server: SampleServer, path: str = "/cdx", **query: str) -> list[list[str]]:
    """The rows of an answer of the CDX server."""
    text = urlencode({"url": page_url(server), "output": "json", **query})
    rows: list[list[str]] = json.loads(ask(server, WAYBACK_HOST, f"{path}?{text}").body)
    return rows


def replay(server: SampleServer, timestamp: str) -> Answer:
    return ask(server, WAYBACK_HOST, f"/web/{timestamp}id_/{page_url(server)}")


def test_rows_follow_a_first_row_of_names(server: SampleServer) -> None:
    names, *rows = cdx(server)
    assert names == ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
    assert [row[1] for row in rows] == ALL
    assert {row[2] for row in rows} == {page_url(server)}


def test_both_paths_of_the_cdx_server_answer(server: SampleServer) -> None:
    assert cdx(server, "/cdx/search/cdx") == cdx(server)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"filter": "statuscode:200"}, [ALL[0], ALL[2]]),
        ({"filter": "!statuscode:200"}, [ALL[1]]),
        ({"from": "2007"}, ALL[1:]),
        ({"to": "2009"}, ALL[:2]),
        ({"from": "20061021", "to": "20061021"}, ALL[:1]),
        ({"limit": "2"}, ALL[:2]),
        ({"limit": "-1"}, ALL[2:]),
        ({"closest": "20130101", "limit": "1"}, ALL[2:]),
        ({"closest": "20061101000000", "limit": "1"}, ALL[:1]),
        ({"collapse": "urlkey"}, ALL[:1]),
        ({"collapse": "digest"}, ALL),
    ],
    ids=str,
)
def test_query_chooses_captures(server: SampleServer, query: dict[str, str], wanted: list[str]) -> None:
    assert [row[1] for row in cdx(server, **query)[1:]] == wanted


def test_captures_are_found_by_prefix(server: SampleServer) -> None:
    folder = server.url("127.0.0.22", "/2006/")
    assert len(cdx(server, url=folder, matchType="prefix")) == 4
    assert len(cdx(server, url=f"{folder}*")) == 4
    assert cdx(server, url=folder) == []


def test_columns_can_be_chosen(server: SampleServer) -> None:
    assert cdx(server, fl="timestamp,statuscode", limit="1") == [["timestamp", "statuscode"], [ALL[0], "200"]]


def test_page_that_is_not_held_gives_no_rows(server: SampleServer) -> None:
    assert cdx(server, url=server.url("127.0.0.12", "/content/2021-09/13/content_20217.htm")) == []


def test_question_without_an_address_is_refused(server: SampleServer) -> None:
    assert ask(server, WAYBACK_HOST, "/cdx?output=json").status == 400


def test_replay_gives_the_bytes_and_headers_of_then(server: SampleServer) -> None:
    answer = replay(server, ALL[0])
    assert answer.status == 200
    assert "八十位婦女，一張桌子" in answer.body.decode()
    assert parsedate_to_datetime(answer.headers["Memento-Datetime"]).strftime("%Y%m%d%H%M%S") == ALL[0]
    assert answer.headers["X-Archive-Orig-Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Link"] == f'<{page_url(server)}>; rel="original"'


def test_digests_of_the_cdx_server_are_those_of_the_replayed_bytes(server: SampleServer) -> None:
    for row in cdx(server)[1:]:
        digest = hashlib.sha1(replay(server, row[1]).body, usedforsecurity=False).digest()
        assert base64.b32encode(digest).decode() == row[5]


def test_replay_takes_the_nearest_capture(server: SampleServer) -> None:
    assert replay(server, "2006").body == replay(server, ALL[0]).body
    assert replay(server, "20091231235959").status == 404
    assert b"for sale" in replay(server, "20200101000000").body


def test_address_may_be_replayed_as_it_is_or_escaped_in_the_question_only(server: SampleServer) -> None:
    asked = quote(page_url(server), safe="")
    answer = ask(server, WAYBACK_HOST, f"/cdx?url={asked}&output=json")
    assert len(json.loads(answer.body)) == 4
    assert ask(server, WAYBACK_HOST, f"/web/{ALL[0]}id_/http://127.0.0.22:1/{PATH}").status == 404


def test_the_service_holds_what_no_host_serves(server: SampleServer) -> None:
    live = build_site(server.port)["127.0.0.22"][PATH]
    assert live.status == 410
    assert live.body != replay(server, ALL[0]).body
