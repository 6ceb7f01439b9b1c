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
    Relation,
    Report,
    Trust,
    Version,
    Via,
    acknowledge,
    archive_coverage,
    conclude,
    decide,
    find_target,
    urlkey,
)
from tests.archive.runs_made import HEAD, NOW, collection_toml, silent, source
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


def give(home: Home, *given: tuple[str, str]) -> None:
    """Put reports into the catalogue, each of a source and a language."""
    reports, versions = [], []
    for number, (key, language) in enumerate(given):
        id, text, url = f"r{number}", f"v{number}", f"http://{key}.example/{number}"
        versions.append(Version(id=text, report=id, text="Text.", title="Title", extractor="test/1", captures=()))
        reports.append(Report(
            id=id, urlkey=urlkey(url), url=url, title="Title", publisher=key, language=language, trust=Trust.NEWSPAPER,
            via=Via.LIVE, source=key, published=None, first_seen="20260301060000", captured="20260301060000",
            relation=Relation.EDITION, edition="2025", reason="names the forum", confidence=1.0, version=text,
        ))  # fmt: skip
    with home.catalogue() as catalogue:
        catalogue.replace_reports(reports, versions, [])


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
    assert (of_a.pages, of_a.reason) == (1, "it gives 1 page of at least 3")
    assert (of_b.pages, of_b.reason, of_b.last_answer) == (0, "it did not answer when it was last asked", None)
    assert of_a.last_answer == "20260301060000"


def test_editions_and_languages_say_what_they_lack(home: Home) -> None:
    found = coverage(home)
    assert {one.key: (one.reports, len(one.missing), one.reason) for one in found.editions} == {
        "2024": (0, 1, "1 page of it is known and not held"),
        "2025": (0, 1, "1 page of it is known and not held"),
    }
    assert {one.code: (one.sources, one.missing, one.reason) for one in found.languages} == {
        "en": (1, 5, "no report about the forum was found in its sources"),
        "vi": (1, 0, "its sources have never been asked yet"),
    }


def test_a_language_has_the_sources_that_gave_reports_in_it(home: Home) -> None:
    give(home, ("b", "km"), ("b", "km"), ("a", "km"), ("b", "lo"), ("a", "en"))
    assert {one.code: (one.reports, one.sources, one.missing) for one in coverage(home).languages} == {
        "km": (3, 2, 5),
        "lo": (1, 1, 0),
        "en": (1, 1, 5),
        "vi": (0, 1, 0),
    }


def test_a_source_is_of_the_script_its_reports_are_in(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(collection_toml({"a": "zh", "b": "zh", "c": "zh"}), "utf-8")
    home = Home.init(tmp_path / "home", collection=file)
    give(home, ("a", "zh-Hans"), ("b", "zh-Hant"))
    sources = {one.code: one.sources for one in coverage(home).languages}
    assert (sources["zh-Hans"], sources["zh-Hant"]) == (2, 2)


def test_many_missing_pages_are_counted_in_a_sentence_that_is_no_remark(tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    seeds = "".join(f'[[sources.seeds]]\nurl = "http://c.example/{number}"\n' for number in range(2))
    file.write_text(collection_toml({"a": "en", "c": "en"}) + seeds, "utf-8")
    home = Home.init(tmp_path / "home", collection=file)
    conclude(home, started=NOW, ended=NOW, crawled=Crawl(sources=(silent("a"), source("c"))))
    of_a, of_c = coverage(home).sources
    assert (of_c.reason, of_c.remark) == ("2 pages of it are known and not held", None)
    assert of_a.remark == of_a.reason == "it did not answer when it was last asked"


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
