"""A small home, and the shared archive files where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive import Home

COLLECTION = """\
[collection]
key = "tiny"
title.en = "Tiny Forum"
fictional = true
[names]
en = ["Tiny Forum"]
"""


@pytest.fixture
def collection_file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(COLLECTION, "utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path, collection_file: Path) -> Home:
    return Home.init(tmp_path / "home", collection=collection_file, contact="owner@example.org")


@pytest.fixture
def shared_warcs() -> Path:
    folder = Path(os.environ.get("PODIUM_SHARED", "../shared")) / "warcs"
    if not folder.is_dir():
        pytest.skip("the shared WARC files are not here (PODIUM_SHARED)")
    return folder
