"""The page on what is held and missing, and those of single refreshes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import Home, Problem, conclude
from tests.archive.runs_made import NOW, silent, small_home, source
from tests.archive.test_conclusion import Crawl
from tests.webapp.pages import read, read_json
from webapp import close_app, create_app

FAILED = Problem(url="http://a.example/x", source="a", reason="answered 500")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[FlaskClient]:
    """A reader of an archive refreshed three times: well, with less of one source, and with a failure of its own."""
    home = small_home(tmp_path, alarm_command="/nowhere/secret")
    crawls = (
        Crawl(sources=(source("a"), source("b"))),
        Crawl(sources=(source("a", alive=1), silent("b")), failed=(FAILED,)),
    )
    for day, crawl in enumerate(crawls):
        at = NOW + dt.timedelta(days=day)
        conclude(home, started=at, ended=at + dt.timedelta(seconds=9), crawled=crawl)
    at = NOW + dt.timedelta(days=3)
    conclude(home, started=at, ended=at, error="/srv/podium/lock: in use")
    app = create_app(home)
    app.testing = True
    yield app.test_client()
    close_app(app)


def test_the_footer_of_every_page_leads_to_the_coverage(client: FlaskClient) -> None:
    for address in ("/", "/search", "/nowhere"):
        assert "/coverage" in read(client, address, status=404 if address == "/nowhere" else 200).links_in("footer")


def test_coverage_shows_sources_alarms_and_the_last_refreshes(reader: FlaskClient) -> None:
    page = read(reader, "/coverage")
    assert "a gives fewer than it used to (pages still there: 1 of 4)." in page.words
    sources = {row.one("th").words.split()[0]: row.words for row in page.all("#sources + div tbody tr")}
    assert "It did not answer when it was last asked." in sources["b"]
    runs = [row.words for row in page.all("#refreshes + div tbody tr")]
    assert [row[:16] for row in runs] == ["2026-03-04 06:00", "2026-03-02 06:00", "2026-03-01 06:00"]
    assert runs[0].endswith("failed")
    assert "1 new alarm" in runs[1]


def test_the_number_of_missing_pages_is_said_once_above_their_list(demo_home: Home) -> None:
    app = create_app(demo_home)
    rows = read(app.test_client(), "/coverage").all("#sources + div tbody tr")
    close_app(app)
    courier = next(row for row in rows if "The Selani Courier" in row.words).one("[data-name=Missing]")
    assert courier.one("summary").words == "1 page known, not held"
    assert "known and not held" not in courier.words


def test_a_language_with_reports_has_a_source(demo_home: Home) -> None:
    app = create_app(demo_home)
    rows = [row.words for row in read(app.test_client(), "/coverage").all("#languages + div tbody tr")]
    close_app(app)
    assert "Burmese 4 1 none known" in rows


def test_each_refresh_has_a_page_and_a_twin(reader: FlaskClient) -> None:
    links = sorted(set(read(reader, "/coverage").links_in("#refreshes + div")))
    assert len(links) == 3
    page = read(reader, links[1])
    assert page.one("h1").words == "Refresh of 2026-03-02 06:00 UTC"
    assert page.one(".lead").words == "It took 9 s."
    assert ("http://a.example/x", "answered 500") in [
        (item.one("a")["href"], item.one(".meta").words) for item in page.all(".problems li")
    ]
    twin = read_json(reader, page.one("link[type='application/json']")["href"])
    assert (twin["report"]["failed"][0]["reason"], twin["report"]["sources"][1]["answered"]) == ("answered 500", False)


def test_a_crawl_that_was_no_part_of_a_refresh_is_a_run_too(demo_home: Home) -> None:
    app = create_app(demo_home)
    reader = app.test_client()
    rows = [row.words for row in read(reader, "/coverage").all("#refreshes + div tbody tr")]
    assert [("a crawl alone" in row, row.split()[3:5]) for row in rows] == [(True, ["79", "67"])]
    page = read(reader, read(reader, "/coverage").links_in("#refreshes + div")[0])
    assert page.one("h1").words.startswith("Crawl of ")
    assert "indexed" not in page.one(".figures").words
    close_app(app)


def test_what_concerns_the_operator_alone_is_not_shown_to_readers(reader: FlaskClient) -> None:
    answers = [reader.get(address).get_data(as_text=True) for address in ("/coverage", "/api/v1/coverage")]
    links = set(read(reader, "/coverage").links_in("#refreshes + div"))
    answers += [reader.get(prefix + link).get_data(as_text=True) for link in links for prefix in ("", "/api/v1")]
    assert len(answers) == 8
    assert not [text for text in answers if "/srv/podium" in text or "/nowhere/secret" in text]


@pytest.mark.parametrize("number", ["99", "0", "9" * 30])
def test_a_refresh_that_there_was_not_is_said(client: FlaskClient, number: str) -> None:
    assert "There is no run" in read(client, f"/coverage/{number}", status=404).words
    assert read_json(client, f"/api/v1/coverage/{number}", status=404)["status"] == 404


def test_an_archive_that_was_never_refreshed_says_so(client: FlaskClient) -> None:
    assert "This archive has not been crawled yet." in read(client, "/coverage").words
