"""For all tests: where nothing may be skipped, a skip is a failure; and how hypothesis tries."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import hypothesis
import pytest

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
