from __future__ import annotations

import json
from pathlib import Path

from archive import Home
from tests.crawler.forum import make_home, source
from tests.crawler.test_cli import podium

FEEDS = 'feeds = ["http://127.0.0.2/feed"]\nminimum = 2\n[[sources.seeds]]\nurl = "http://127.0.0.2/a"'


def home(tmp_path: Path) -> Home:
    return make_home(tmp_path, source("one", "127.0.0.2", FEEDS) + source("two", "127.0.0.3", trust="mirror"))


def test_sources_are_listed_with_their_ways_and_what_is_held(tmp_path: Path) -> None:
    result = podium(home(tmp_path), "sources")
    assert result.stdout.splitlines() == [
        "one: one (en, newspaper); seeds 1, feeds 1; 0 pages held, fewer than the 2 expected",
        "two: two (en, mirror); nothing to begin with; 0 pages held",
    ]


def test_sources_are_one_json_object_each(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in podium(home(tmp_path), "sources", "--json").stdout.splitlines()]
    assert [(line["key"], line["ways"]["feeds"]) for line in lines] == [("one", 1), ("two", 0)]


def test_a_copy_of_the_shipped_collection_is_compared_with_it(tmp_path: Path) -> None:
    shipped = Home.init(tmp_path / "shipped")
    assert "no difference" in podium(shipped, "sources", "diff").stdout
    file = shipped.path / "collection.toml"
    file.write_text(file.read_text("utf-8").replace("minimum = 4", "minimum = 3"), "utf-8")
    (line,) = podium(shipped, "sources", "diff", "--json").stdout.splitlines()
    assert json.loads(line)["where"] == "sources cri-filipino minimum"
