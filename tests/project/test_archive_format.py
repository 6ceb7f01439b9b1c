"""The commands of docs/archive-format.md, followed word for word without Podium, give every text out of an archive."""

from __future__ import annotations

import csv
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from archive import Home
from archive.imports import import_file
from tests.faults.commands import make_material
from tests.project.tree import ROOT

SECTION = "## Every text, without Podium"
PROGRAMS = (
    "bash",
    "cat",
    "echo",
    "export",
    "find",
    "grep",
    "head",
    "mkdir",
    "mv",
    "sed",
    "sha256sum",
    "sort",
    "sqlite3",
    "tail",
    "zcat",
)
FENCE = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)


def commands() -> list[str]:
    """The blocks of commands under the heading."""
    text = (ROOT / "docs/archive-format.md").read_text("utf-8")
    return FENCE.findall(text.partition(f"{SECTION}\n")[2].partition("\n## ")[0])


@pytest.fixture(scope="module")
def followed(demo_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample forum's archive, with imports of several kinds, in which the commands were run, Python being
    out of reach."""
    if missing := [name for name in ("bash", "sqlite3", "zcat", "sha256sum") if shutil.which(name) is None]:
        pytest.skip(f"{', '.join(missing)} is not installed")
    folder = tmp_path_factory.mktemp("reader")
    home, programs = folder / "home", folder / "programs"
    shutil.copytree(demo_home.path, home)
    with Home.open(home).lock(what="test") as writer:
        for path in sorted(make_material(folder / "material").iterdir()):
            import_file(path, writer=writer, ledger=Home.open(home).ledger, who="owner")
    programs.mkdir()
    for name in (*PROGRAMS, "gzip", "rm"):
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    for block in commands():
        done = subprocess.run(
            ["bash", "-eu", "-c", block],
            cwd=home,
            env={"PATH": str(programs), "HOME": os.devnull},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"
    return home


def test_every_text_comes_out_as_it_is(followed: Path) -> None:
    with Home.open(followed).catalogue() as catalogue:
        texts = {f"{v.report}-{v.id}.txt": v.text for r in catalogue.reports() for v in catalogue.versions(r.id)}
    found = {path.name: path.read_text("utf-8") for path in (followed / "texts").iterdir()}
    assert found == texts
    with (followed / "texts.csv").open(encoding="utf-8", newline="") as file:
        listed = {f"{row['id']}-{row['version']}.txt": row["url"] for row in csv.DictReader(file)}
    assert listed.keys() == texts.keys()
    assert all(listed.values())


def test_every_page_comes_out_of_its_record_with_its_digest(followed: Path) -> None:
    with Home.open(followed).catalogue() as catalogue:
        digests = {capture.sha256 for capture in catalogue.captures() if capture.record_type != "revisit"}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (followed / "bodies").iterdir()}
    assert found.keys() == digests
    assert all(name == digest for name, digest in found.items())


def test_every_quote_address_and_decision_comes_out(followed: Path) -> None:
    with Home.open(followed).catalogue() as catalogue:
        quotes = sorted(quote.text for quote in catalogue.quotes())
        urls = {capture.url for capture in catalogue.captures()}
    with (followed / "quotes.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(row["text"] for row in csv.DictReader(file)) == quotes
    addresses = (followed / "addresses.txt").read_text("utf-8")
    assert {url for url in urls if url not in addresses} == set()
    ledger = Home.open(followed).ledger
    entries = [entry for kind in ledger.kinds() for entry in ledger.entries(kind)]
    assert entries
    decided = (followed / "decisions.txt").read_text("utf-8").splitlines()
    assert [line.split("|")[0] for line in decided] == [entry["time"] for entry in entries]
