from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from archive import (
    ArchiveCoverage,
    Home,
    Level,
    Problem,
    Reason,
    acknowledge,
    archive_coverage,
    conclude,
    decide,
    find_target,
)
from tests.archive.runs_made import HEAD, NOW, silent, source
from tests.archive.test_conclusion import Crawl

SOURCES = """
[[sources]]
key = "a"
publisher = "A"
language = "en"
trust = "newspaper"
minimum = 3
[[sources.seeds]]
url = "http://a.example/held"
edition = "2025"
[[sources.seeds]]
url = "http://a.example/refused"
edition = "2025"
[[sources.seeds]]
url = "http://a.example/new"
edition = "2024"
[[sources.seeds]]
url = "http://mirror.example/copy"
original = "http://a.example/original"

[[sources]]
key = "b"
publisher = "B"
language = "vi"
trust = "newspaper"
hosts = ["b.example"]
"""
EDITION = """
[[editions]]
key = "2024"
[[editions.claims]]
field = "city"
value = "Example"
sources = ["http://a.example/"]
"""
FRONTIER = {
    # address: source, last status, failures, gone
    "http://a.example/held": ("a", 200, 0, 0),
    "http://a.example/dead": ("a", 404, 1, 1),
    "http://a.example/slow": ("a", None, 2, 0),
    "http://a.example/moved": ("a", 301, 0, 0),
    "http://a.example/queued": ("a", None, 0, 0),
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two pages held, one of them as a mirror's original; others known."""
    file = tmp_path / "small.toml"
    file.write_text(HEAD + EDITION + SOURCES, "utf-8")
    home = Home.init(tmp_path / "home", collection=file)
    with home.lock(what="test") as writer:
        for path in ("held", "original"):
            writer.add_response(
                url=f"http://a.example/{path}", status=200, reason="OK", headers=(), body=path.encode(), fetched=NOW,
                request_headers=(), source="a", how="seed", ip="127.0.0.1",
            )  # fmt: skip
        writer.flush()
    with home.catalogue() as catalogue:
        for url, (key, status, failures, gone) in FRONTIER.items():
            host, _, path = url.removeprefix("http://").partition("/")
            catalogue.connection.execute(
                "INSERT INTO frontier (urlkey, url, source, how, due, last_status, failures, gone)"
                " VALUES (?, ?, ?, 'feed', '2026-04-01T00:00:00+00:00', ?, ?, ?)",
                (f"{','.join(reversed(host.split('.')))})/{path}", url, key, status, failures, gone),
            )
    return home


def coverage(home: Home) -> ArchiveCoverage:
    with home.catalogue() as catalogue:
        return archive_coverage(home, catalogue, today=NOW.date())


def test_each_missing_page_has_the_reason_that_is_known(home: Home) -> None:
    refused = Problem(url="http://a.example/refused", source="a", reason="robots.txt does not allow it")
    conclude(home, started=NOW, ended=NOW, crawled=Crawl(sources=(source("a"), silent("b")), unheld=(refused,)))
    of_a, of_b = coverage(home).sources
    assert {(page.url, page.edition): page.reason for page in of_a.missing} == {
        ("http://a.example/refused", "2025"): "robots.txt does not allow it",
        ("http://a.example/new", "2024"): "not fetched yet",
        ("http://a.example/dead", None): "gone: answered 404",
        ("http://a.example/slow", None): "failed 2 times; tried again on 2026-04-01",
        ("http://a.example/queued", None): "not fetched yet",
    }
    assert (of_a.pages, of_a.reason) == (1, "it gives 1 pages of at least 3")
    assert (of_b.pages, of_b.reason, of_b.last_answer) == (0, "it did not answer when it was last asked", None)
    assert of_a.last_answer == "20260301060000"


def test_editions_and_languages_say_what_they_lack(home: Home) -> None:
    found = coverage(home)
    assert {one.key: (one.reports, len(one.missing), one.reason) for one in found.editions} == {
        "2024": (0, 1, "1 of its pages are known and not held"),
        "2025": (0, 1, "1 of its pages are known and not held"),
    }
    assert {one.code: (one.sources, one.missing, one.reason) for one in found.languages} == {
        "en": (1, 5, "no report about the forum was found in its sources"),
        "vi": (1, 0, "its sources have never been asked yet"),
    }


def test_what_an_earlier_run_said_of_a_page_is_not_forgotten(home: Home) -> None:
    refused = Problem(url="http://a.example/refused", source="a", reason="robots.txt does not allow it")
    for day, unheld in enumerate(((refused,), ())):
        at = NOW + dt.timedelta(days=day)
        conclude(home, started=at, ended=at, crawled=Crawl(sources=(source("a"),), unheld=unheld))
    found = coverage(home)
    assert [kept.report.started.day for kept in found.runs] == [2, 1]
    assert "robots.txt does not allow it" in {page.reason for page in found.sources[0].missing}


def test_what_is_acknowledged_stands_with_its_reason(home: Home) -> None:
    acknowledge(home, "b", reason="the paper has closed", who="me")
    assert [one.acknowledged for one in coverage(home).sources] == [None, "the paper has closed"]


def test_a_withdrawn_page_is_not_named_as_missing(home: Home) -> None:
    with home.catalogue() as catalogue:
        target = find_target(catalogue, "http://a.example/held")
        decide(catalogue, home.ledger, target, level=Level.HIDE, reason=Reason.PRIVACY, why="asked", who="me")
        catalogue.connection.execute("DELETE FROM captures WHERE url LIKE '%/held'")
    assert "http://a.example/held" not in {page.url for page in coverage(home).sources[0].missing}


def test_the_alarms_that_stand_are_those_of_the_last_run(home: Home) -> None:
    worse = replace(source("a"), minimum=9)
    conclude(home, started=NOW, ended=NOW, crawled=Crawl(sources=(worse,)))
    assert "short:a" in [alarm.key for alarm in coverage(home).alarms]
