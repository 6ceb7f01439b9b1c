from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from archive import Context, Home
from crawler import add
from crawler.cli import commands
from tests.crawler.forum import make_home, page, source
from tests.crawler.servers import Answer, Site, site

group = click.Group("podium", commands=list(commands))


@pytest.fixture
def server() -> Iterator[Site]:
    with site("127.0.0.2") as one:
        one.pages["/a"] = page("a")
        yield one


@pytest.fixture
def home(tmp_path: Path, server: Site) -> Home:
    return make_home(tmp_path, source("s", server.host, f'minimum = 1\n[[sources.seeds]]\nurl = "{server.url("/a")}"'))


def podium(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(group, arguments, obj=Context(home.path))


def test_crawl_gives_its_report_as_one_json_object(home: Home) -> None:
    result = podium(home, "crawl", "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert (report["new"], report["failed"], report["sources"][0]["found"]) == (1, [], 1)


def test_crawl_says_in_words_what_came_of_each_source(home: Home) -> None:
    result = podium(home, "crawl")
    assert "fetched 1 (new 1" in result.stdout
    assert "s: 1 pages held" in result.stdout


def test_failing_page_makes_exit_code_1_and_a_gone_one_does_not(home: Home, server: Site) -> None:
    server.pages["/a"] = Answer(status=500)
    failed = podium(home, "crawl")
    assert failed.exit_code == 1
    assert f"failed: {server.url('/a')}: answered 500" in failed.stdout
    assert "Warning: s gave 0 pages, fewer than the 1" in failed.stderr
    server.pages["/a"] = Answer(status=404)
    assert add(home, [server.url("/a")]).ok


def test_offline_run_says_so_source_by_source(home: Home) -> None:
    offline = make_home(
        home.path.parent / "x", source("far", "127.0.0.3", '[[sources.seeds]]\nurl = "http://127.0.0.3:1/"')
    )
    result = podium(offline, "crawl")
    assert result.exit_code == 1
    assert result.stdout.startswith("Offline: no host answered")
    assert "far: no answer" in result.stdout


def test_dry_run_lists_addresses(home: Home, server: Site) -> None:
    result = podium(home, "crawl", "--dry-run")
    assert result.stdout.splitlines()[1:] == [server.url("/a")]
    assert server.log == []


@pytest.mark.parametrize("arguments", [["crawl", "--source", "nobody"], ["crawl", "--edition", "1850"]])
def test_wrong_use_is_exit_code_2_in_one_line(home: Home, arguments: list[str]) -> None:
    result = podium(home, *arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
