"""What is installed is pinned and hashed, and under licences that let anyone use Podium for anything."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

from tests.project.tree import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PERMISSIVE = {
    "0BSD", "Apache 2.0", "Apache License 2.0", "Apache Software License", "Apache-2.0", "BSD", "BSD License", "BSD-2-Clause",
    "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT License", "MIT-0", "PSF-2.0", "Python Software Foundation License",
    "The BSD 2-Clause License", "Two-clause BSD license", "Unlicense", "ZPL 2.1", "Zlib", "Zope Public License",
}  # fmt: skip
# Every other term, by package, with the reason it is taken.
NAMED = {
    (
        "certifi",
        "MPL-2.0",
    ): "the list of certificate authorities that requests needs; the MPL covers its own files only",
    ("tld", "MPL-1.1"): "offered as a choice; the MPL covers its own files only; courlan needs it, trafilatura courlan",
    (
        "pypdfium2",
        "dependency licenses",
    ): "those of PDFium and what it is built with, all permissive; its wheel carries them",
}


def pins(path: Path) -> dict[str, str]:
    """Each requirement of a lock with all its lines, by name and marker."""
    return {block.split("==")[0] + block.partition(";")[2]: block for block in _blocks(path.read_text("utf-8"))}


def _blocks(text: str) -> list[str]:
    return [block for block in re.split(r"\n(?=\S)", text.strip()) if not block.startswith("#")]


def names(lock: str) -> list[str]:
    return sorted({block.split("==")[0] for block in _blocks((ROOT / "requirements" / lock).read_text("utf-8"))})


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_and_hashed(path: Path) -> None:
    blocks = _blocks(path.read_text("utf-8"))
    assert blocks
    assert [block for block in blocks if not re.match(r"[a-z0-9-]+==\S+( ;[^\\]+)? \\\n", block)] == []
    assert [block for block in blocks if not re.search(r"^    --hash=sha256:[0-9a-f]{64}", block, re.M)] == []


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_no_lock_holds_an_address(path: Path) -> None:
    assert re.findall(r"https?:|//|--index-url|--find-links", path.read_text("utf-8")) == []


@pytest.mark.parametrize("lock", ["podium.txt", "build.txt"])
def test_tests_run_with_what_readers_get(lock: str) -> None:
    wanted, tested = pins(ROOT / "requirements" / lock), pins(ROOT / "requirements" / "test.txt")
    assert {name: block for name, block in wanted.items() if tested.get(name) != block} == {}


def test_the_lock_holds_every_dependency_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned = {block.split("==")[0] for block in pins(ROOT / "requirements" / "podium.txt").values()}
    assert {re.split(r"[=>]", dependency)[0] for dependency in project["dependencies"]} <= pinned


@pytest.mark.parametrize("name", names("podium.txt"))
def test_licence_is_permissive_or_named_with_its_reason(name: str) -> None:
    alternatives = stated(importlib.metadata.metadata(name))
    assert any(all(term in PERMISSIVE or (name, term) in NAMED for term in terms) for terms in alternatives), (
        alternatives
    )


def test_no_licence_is_named_in_vain() -> None:
    installed = {
        (name, term)
        for name in names("podium.txt")
        for terms in stated(importlib.metadata.metadata(name))
        for term in terms
    }
    assert set(NAMED) - installed == set()


def stated(metadata: importlib.metadata.PackageMetadata) -> list[list[str]]:
    """The licences a package states: alternatives, each a list of terms that hold together."""
    said = metadata.json
    if expression := said.get("license_expression"):
        return [re.split(r"\s+AND\s+", part.strip("() ")) for part in re.split(r"\s+OR\s+", str(expression))]
    text = str(said.get("license", "")).strip()
    if text and "\n" not in text:
        return [re.split(r",\s*", text)]
    classifiers = [str(classifier) for classifier in said.get("classifier", [])]
    return [[c.split(" :: ")[-1] for c in classifiers if c.startswith("License :: ")] or ["none stated"]]
