"""The wheel ships the packages and the command, with their data, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project.tree import ROOT, SHIPPED, files

LOOK = """
import pathlib, archive, crawler, indexer, podium, webapp
for module in (archive, crawler, indexer, podium, webapp):
    print(module.__file__)
print(*archive.shipped_collections())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_wheel_ships_exactly_the_files_of_its_roots(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = {name for name in names if ".dist-info/" not in name}
    assert shipped == {path.as_posix() for path in files() if path.parts[0] in SHIPPED}
    assert {name for name in names if name.endswith(("entry_points.txt", "licenses/LICENSE"))} != set()


@pytest.mark.parametrize("kind", ["*.toml", "*.sql", "*.html", "*.css"])
def test_wheel_carries_data_beside_the_code(wheel: Path, kind: str) -> None:
    assert any(Path(name).match(kind) for name in zipfile.ZipFile(wheel).namelist())


def test_what_was_unpacked_works_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=tmp_path, env=environment, check=True, capture_output=True, text=True
    )
    *places, collections = run.stdout.splitlines()
    assert [place for place in places if not place.startswith(str(tmp_path))] == []
    assert "china-asean-women" in collections.split()
