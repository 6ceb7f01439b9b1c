"""The README shows what really comes out."""

from __future__ import annotations

import re
import shlex

from click.testing import CliRunner

from archive import Home
from podium import main
from tests.project.tree import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def fixed(text: str) -> list[str]:
    """The lines without what differs from run to run: the port, and the ids that come from addresses."""
    return re.sub(r"(?<=127\.0\.0\.\d\d):\d+|\b[0-9a-f]{12}\b", "", text.strip()).splitlines()


def test_the_search_it_shows_gives_what_it_shows(demo_home: Home) -> None:
    shown = re.search(r"^```console\n\$ \S+/podium --home demo-data ([^\n]*)\n(.*?)^```", README, re.M | re.S)
    assert shown
    result = CliRunner().invoke(main, ["--home", str(demo_home.path), *shlex.split(shown[1])])
    assert result.exit_code == 0
    assert fixed(result.stdout) == fixed(shown[2])


def test_the_demo_it_shows_finds_as_many_reports_and_quotes(demo_home: Home) -> None:
    shown = re.search(r"^described \d+ pages: (\d+) reports .*, (\d+) quotes", README, re.M)
    assert shown
    with demo_home.catalogue() as catalogue:
        assert (catalogue.report_count(), len(list(catalogue.quotes()))) == (int(shown[1]), int(shown[2]))


def test_two_commands_do_all_the_setting_up() -> None:
    commands = re.search(r"## Two commands.*?```sh\n(.*?)```", README, re.S)
    assert commands
    assert [line.split("#")[0].strip() for line in commands[1].splitlines()] == ["make demo", "make test"]
