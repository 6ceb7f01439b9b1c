"""A sentence that only a withdrawn page has, looked for in everything the archive gives: routes, exports, files."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import click
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import MapAdapter, Rule

from archive import Home, urlkey
from archive.rewrite import readable
from podium import main
from tests.project.tree import commands
from tests.withdrawing import COPY, PAGE, files_with, id_of, make_home
from webapp import close_app, create_app

NEEDLE = "violet lighthouse"  # stands in no question asked here
ASKED = "Xylographic herons queued politely behind"
MOST = 250  # pages one walk asks for


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("everywhere") / "home")


def run(home: Home, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["--home", str(home.path), *arguments])
    assert result.exit_code == 0, result.output
    return result.output


class Names:
    """Whatever an address of this archive may name of the page, and of one that stays."""

    def __init__(self, home: Home, *pages: str, other: str = COPY) -> None:
        ids = [id_of(page) for page in pages]
        with home.catalogue() as catalogue:
            captures = [capture for page in pages for capture in catalogue.captures(urlkey=urlkey(page))]
            self.versions = [version.id for id in ids for version in catalogue.versions(id)]
            self.ids = [*ids, *{quote.id for id in ids for quote in catalogue.quotes(id)}, id_of(other)]
        self.known = {
            "id": self.ids,
            "timestamp": sorted({capture.timestamp for capture in captures}),
            "url": [*pages, other],
            "key": [edition.key for edition in home.collection.editions],
            "filename": ["podium.css"],
        }

    def values(self, argument: str) -> list[str]:
        """What an argument of a route may be; of one that is new, any name there is."""
        return self.known.get(argument) or [*self.ids, *self.versions, *self.known["key"], "1"]

    def queries(self, *, plain: bool) -> Iterator[str]:
        """Questions whose answers would hold the sentence; `plain` where the route itself names nothing."""
        word, text = quote(ASKED.split(maxsplit=1)[0]), quote(ASKED)
        yield from ("", f"?q={word}&relation=any")
        if plain:
            yield from (f"?text={text}", "?relation=any", *(f"?id={id}" for id in self.ids))
        else:
            yield from (f"?version={version}&start=0&end=30&recompute=1" for version in self.versions)
            yield from (f"?from={one}&to={other}" for one, other in itertools.permutations(self.versions, 2))


def addresses(app: Flask, names: Names) -> Iterator[str]:
    """Every route with every argument."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            for built in _built(adapter, rule, names):
                yield from (f"{built}{query}" for query in names.queries(plain=not rule.arguments))


def _built(adapter: MapAdapter, rule: Rule, names: Names) -> Iterator[str]:
    arguments = sorted(rule.arguments)
    for values in itertools.product(*(names.values(argument) for argument in arguments)):
        with contextlib.suppress(ValueError):  # a route that takes numbers
            yield adapter.build(rule.endpoint, dict(zip(arguments, values, strict=True)))


def walk(home: Home, names: Names, *needles: str, follow: bool = True) -> dict[str, int]:
    """The addresses whose answers hold a sentence, with their status; every route, then where `follow` every link."""
    app = create_app(home)
    client = app.test_client()
    found: dict[str, int] = {}
    todo, seen = list(dict.fromkeys(addresses(app, names))), set[str]()
    while todo:
        address = todo.pop()
        seen.add(address)
        status, text, links = _asked(client, address)
        if any(needle in text for needle in needles):
            found[address] = status
        todo += [link for link in links if link not in seen and follow and len(seen) < MOST]
    close_app(app)
    return found


def _asked(client: FlaskClient, address: str) -> tuple[int, str, list[str]]:
    with client.get(address) as response:
        assert response.status_code < 500, address
        text = readable(response.get_data()).decode("utf-8", "replace")
    if not response.content_type.startswith("text/html"):
        return response.status_code, text, []
    links = (str(tag["href"]) for tag in BeautifulSoup(text, "lxml").select("[href]"))
    return (
        response.status_code,
        text,
        [link.partition("#")[0] for link in links if not urlsplit(link).netloc and link[:1] == "/"],
    )


def exports(home: Home, folder: Path, *, restricted: bool = True) -> dict[str, str]:
    """Each format of export as text, everything in it unpacked."""
    command = dict(commands())["export"]
    (option,) = (p for p in command.params if isinstance(p, click.Option) and "--format" in p.opts)
    assert isinstance(option.type, click.Choice)
    made = {}
    for name in option.type.choices:
        target = folder / str(name)
        more = ["--restricted"] if restricted else []
        arguments = ["export", "--format", str(name), "--relation", "any", "-o", str(target), *more]
        result = CliRunner().invoke(main, ["--home", str(home.path), *arguments])
        # A format that can leave nothing out is refused, and nothing of it is there.
        assert result.exit_code == 0 or (not restricted and "--restricted" in result.output), result.output
        made[str(name)] = "\n".join(_unpacked(target))
    return made


def _unpacked(path: Path) -> Iterator[str]:
    for file in path.rglob("*") if path.is_dir() else [path]:
        if file.is_file() and zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                yield from (readable(archive.read(name)).decode("utf-8", "replace") for name in archive.namelist())
        elif file.is_file():
            yield readable(file.read_bytes()).decode("utf-8", "replace")


@pytest.mark.parametrize("level", ["hide", "erase"])
def test_nothing_gives_a_sentence_that_only_a_withdrawn_page_had(made: Home, tmp_path: Path, level: str) -> None:
    home = Home.open(shutil.copytree(made.path, tmp_path / "home"))
    names = Names(home, PAGE)
    before = walk(home, names, NEEDLE, follow=False)
    # The walk finds it where it is, or it would prove nothing.
    report, capture = f"/reports/{id_of(PAGE)}", f"/captures/20250719120000/{PAGE}"
    for path in (report, capture, "/search", "/api/v1/search", "/api/v1/check", f"/api/v1{report}"):
        assert any(address.partition("?")[0] == path for address in before), path
    (tmp_path / "before").mkdir()
    assert {name for name, text in exports(home, tmp_path / "before").items() if NEEDLE in text} >= {"warc", "wacz"}
    assert NEEDLE in run(home, "search", ASKED, "--relation", "any")

    run(home, "withdraw", PAGE, "--level", level, "--reason", "legal: an order", "--by", "test", "--ref", "file 7")

    assert walk(home, names, NEEDLE) == {}
    (tmp_path / "after").mkdir()
    assert {name for name, text in exports(home, tmp_path / "after").items() if NEEDLE in text} == set()
    for command in (("search", ASKED, "--relation", "any"), ("check", f"{ASKED} behind the violet")):
        assert NEEDLE not in run(home, *command, "--json")
    assert files_with(home.index, NEEDLE) == []
    assert bool(files_with(home.path, NEEDLE)) == (level == "hide")
    assert "all holds" in run(home, "verify")
