"""The documents name everything there is, and nothing that is not."""

from __future__ import annotations

import importlib
import inspect
import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import pytest

import archive
import crawler
import indexer
import webapp
from archive import Settings, parse_collection
from archive.collection import collection_text, shipped_collections
from archive.settings import takes
from tests.project.tree import PACKAGES, ROOT, commands, options, texts

DOCS = ROOT / "docs"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a heading of the second rank."""
    match = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert match, f"no heading '## {heading}'"
    return match[1]


@pytest.mark.parametrize(("name", "command"), [pytest.param(*pair, id=pair[0]) for pair in commands()])
def test_every_command_and_option_is_in_the_documents(name: str, command: click.Command) -> None:
    told = section(read("commands.md"), f"podium {name}")
    missing = [
        option.opts[0]
        for option in command.params
        if isinstance(option, click.Option)
        and not re.search(rf"^\| `{option.opts[0]}[ `].*\| {re.escape(option.help or '')} \|$", told, re.M)
    ]
    assert missing == []


def test_the_documents_name_no_command_or_option_that_is_not() -> None:
    known = {name: {*options(command), "--help"} for name, command in commands()}
    for name, told in re.findall(r"^## podium ([a-z ]+)$(.*?)(?=^## |\Z)", read("commands.md"), re.M | re.S):
        assert name in known
        assert set(re.findall(r"^\| `(--[a-z-]+)", told, re.M)) <= known[name], name


def used() -> list[tuple[str, str]]:
    """Each `podium <command>` of the documents, with where it stands."""
    found = {}
    for path, text in texts(".md"):
        for name in re.findall(r"(?:^|`|bin/)podium (?:--\S+ \S+ )?([a-z]+)\b", text, re.M):
            found[name] = str(path)
    return sorted(found.items())


@pytest.mark.parametrize(("name", "where"), used())
def test_every_command_a_document_uses_exists(name: str, where: str) -> None:
    assert name in {name for name, _ in commands()}, f"{where} uses it"


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_in_the_documents_as_it_is_declared(setting: Any) -> None:
    default = json.dumps(list(setting.default) if isinstance(setting.default, tuple) else setting.default)
    row = f"| `{setting.name}` | `{default}` | {takes(setting.name)} | {setting.metadata['help']} |"
    assert row in read("settings.md").splitlines()


@pytest.mark.parametrize(
    "name",
    [
        *("Report", "Correction", "Quote", "Capture", "SearchPage", "Hit", "Fragment", "CheckResult", "CheckMatch"),
        *("RefreshReport", "SourceReport", "Alarm", "ArchiveCoverage", "TextDifference"),
        *("Added", "Tried", "Found", "Difference"),
    ],
)
def test_every_field_of_a_record_is_in_the_documents(name: str) -> None:
    told = re.findall(r"^\| `(\w+)` \|", section(read("json-api.md"), name), re.M)
    kind = next(vars(package)[name] for package in (archive, indexer, crawler) if hasattr(package, name))
    assert told == [field.name for field in fields(kind)]


def test_every_address_of_the_api_is_in_the_documents(tmp_path: Path) -> None:
    app = webapp.create_app(archive.Home.init(tmp_path / "home"))
    rules = {
        re.sub(r"\b(default|string):", "", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    webapp.close_app(app)
    assert {rule for rule in rules if f"| `{rule}` |" not in read("json-api.md")} == set()


def test_every_table_and_ledger_key_is_in_the_documents(tmp_path: Path) -> None:
    told = read("archive-format.md")
    home = archive.Home.init(tmp_path / "home")
    with home.catalogue() as catalogue:
        tables = {row[0] for row in catalogue.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    entry = home.ledger.append("test", subject="a", who="b")
    assert {name for name in tables | entry.keys() if f"`{name}`" not in told} == set()


def errors() -> list[str]:
    """The names of every error the packages declare."""
    found = (importlib.import_module(f"{package}.errors") for package in PACKAGES)
    return sorted(
        {
            name
            for module in found
            for name, kind in inspect.getmembers(module, inspect.isclass)
            if issubclass(kind, Exception)
        }
    )


@pytest.mark.parametrize("name", errors())
def test_every_error_is_in_the_documents(name: str) -> None:
    assert f"| `{name}` |" in read("errors.md")


@pytest.mark.parametrize("key", shipped_collections())
def test_every_source_and_edition_is_in_the_documents(key: str) -> None:
    collection = parse_collection(collection_text(key), where=key)
    told = read("collections.md")
    missing = [s.key for s in collection.sources if f"| `{s.key}` |" not in told]
    missing += [e.key for e in collection.editions if f"| `{e.key}` |" not in told]
    assert missing == []


def test_every_dependency_is_in_the_documents_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    told = read("dependencies.md").lower()
    names = (re.split(r"[=>]", dependency)[0] for dependency in project["dependencies"])
    assert [name for name in names if not re.search(rf"^\| {name} \|", told, re.M)] == []


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M))


def test_every_make_command_of_the_documents_exists() -> None:
    used = {
        (str(path), name)
        for path, text in texts(".md", ".toml", "")
        for name in re.findall(r"(?:^|`)make ([a-z]+)\b", text, re.M)
    }
    assert used
    assert [pair for pair in sorted(used) if pair[1] not in targets()] == []


def test_the_make_file_says_what_each_command_does() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.M)
    assert phony
    assert set(phony[1].split()) == targets()


@pytest.mark.parametrize("path", [path for path, _ in texts(".md")], ids=str)
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    text = FENCE.sub("", (ROOT / path).read_text("utf-8"))
    broken = []
    for link in LINK.findall(text):
        place, _, anchor = link.partition("#")
        target = (ROOT / path.parent / place) if place else ROOT / path
        if "://" in link or link.startswith("mailto:"):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    assert broken == []


def anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as a forge makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_readme_links_every_document() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    linked = {link.partition("#")[0] for link in LINK.findall(text)}
    documents = {f"docs/{path.name}" for path in DOCS.glob("*.md")}
    assert documents - linked == set()
