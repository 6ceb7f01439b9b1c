"""For all tests: what a skip means and how it is told; how hypothesis tries; the demo's home."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import hypothesis
import pytest

from archive import Home

R = TypeVar("R", pytest.TestReport, pytest.CollectReport)
NO_SKIP = "PODIUM_NO_SKIP"  # set by .ci/run where all that a test may need is at hand

# How long an example takes says nothing about what holds.
hypothesis.settings.register_profile("podium", deadline=None)
hypothesis.settings.load_profile("podium")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a test; of a skipped one a failure, where nothing may be skipped."""
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    return _no_skip((yield))


def _no_skip(report: R) -> R:
    if os.environ.get(NO_SKIP) and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{NO_SKIP} is set, but the test was skipped: {_reason(report)}"
    return report


class Promise:
    """What is promised, how often it was tried, and how often lost; told at the end of the run."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self._record = record

    def __call__(self, words: str, tried: int, lost: int, *, hit: Mapping[str, int] | None = None) -> None:
        """Tell a promise; `hit` says how often each stage was where it was tried."""
        self._record("promise", [words, tried, lost, dict(hit or {})])


@pytest.fixture
def promise(record_property: Callable[[str, object], None]) -> Promise:
    """Tells a promise at the end of the run."""
    return Promise(record_property)


def _promises(terminalreporter: pytest.TerminalReporter) -> Iterator[str]:
    """A line for each promise that was tried, in whatever number of tests, and one for the stages that were hit."""
    told: dict[str, Counter[str]] = {}
    hits: dict[str, Counter[str]] = {}
    for report in (report for found in terminalreporter.stats.values() for report in found):
        for name, said in report.user_properties if getattr(report, "when", "") == "call" else ():
            if name == "promise":
                words, tried, lost, hit = said
                told.setdefault(words, Counter()).update(tried=tried, lost=lost)
                hits.setdefault(words, Counter()).update(hit)
    for words, count in sorted(told.items()):
        yield f"{words}: tried {count['tried']}, lost {count['lost']}"
        if hits[words]:
            yield "    at " + ", ".join(f"{stage} {number}" for stage, number in sorted(hits[words].items()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a promise; one for each reason to skip, and how many tests it kept from running."""
    for line in _promises(terminalreporter):
        terminalreporter.write_line(line)
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", ()))
    for reason, tests in sorted(reasons.items()):
        terminalreporter.write_line(f"skipped {tests}: {reason}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
    return str(reason).removeprefix("Skipped: ")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The sample forum, crawled from its own server, described and indexed, once for all; tests only read it."""
    return make_demo_home(tmp_path_factory.mktemp("demo"))


def make_demo_home(folder: Path) -> Home:
    """Crawl, describe and index the sample forum into `folder`/home."""
    # Imported here: tests that need no demo do not wait for the extractor and the index to load.
    from crawler import crawl
    from indexer import describe, index
    from samples import HOSTS, SampleServer, collection_text

    with SampleServer() as server:
        collection = folder / "collection.toml"
        collection.write_text(collection_text(server.port), "utf-8")
        settings = {"test_hosts": HOSTS, "delay": 0.0, "wayback_delay": 0.0}
        home = Home.init(folder / "home", collection=collection, contact="tests@podium.invalid", settings=settings)
        crawl(home)
    describe(home)
    index(home)
    return home
