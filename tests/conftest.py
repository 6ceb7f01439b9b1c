"""For all tests: where nothing may be skipped, a skip is a failure; how hypothesis tries; the demo's home."""

from __future__ import annotations

import os
from collections.abc import Generator
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
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{NO_SKIP} is set, but the test was skipped: {reason}"
    return report


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
