"""One running sample server for the tests that only read from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from samples import SampleServer


@pytest.fixture(scope="module")
def server() -> Iterator[SampleServer]:
    """The sample forum, served."""
    with SampleServer() as running:
        yield running
