"""What the tests of faults share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive import Home
from tests.faults.commands import make_material
from tests.faults.killing import Zygote, zygote

COLLECTION = """\
[collection]
key = "harbours"
title.en = "Forum of the Harbours"
fictional = true
[names]
en = ["Forum of the Harbours"]
"""


@pytest.fixture(scope="session")
def forking() -> Iterator[Zygote]:
    with zygote() as process:
        yield process


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_material(tmp_path_factory.mktemp("material") / "files")


@pytest.fixture
def new_home(tmp_path: Path) -> Callable[[str], Home]:
    """Makes a home of that name."""
    collection = tmp_path / "harbours.toml"
    collection.write_text(COLLECTION, "utf-8")

    def make(name: str) -> Home:
        return Home.init(tmp_path / name, collection=collection, settings={"workers": 1})

    return make
