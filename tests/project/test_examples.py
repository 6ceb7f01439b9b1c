"""The commands that the documents show are commands that Podium takes, and those that only read do what they say."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from archive import Context, Home
from podium import main
from tests.project.tree import texts

FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.M | re.S)
LINE = re.compile(r"^(?:\$ )?(?:\S*/)?podium (.*)$", re.M)
READING = ("check", "editions", "history", "quotes", "search", "sources", "status")  # and change nothing


def lines() -> Iterator[tuple[str, list[str]]]:
    """Where each command of a document stands, and its words."""
    for path, text in texts(".md"):
        for fence in FENCE.findall(text):
            for number, line in enumerate(LINE.findall(fence)):
                # A word in capitals stands for what the reader puts there: such a line is a form, not an example.
                words = shlex.split(re.sub(r"\[[A-Z]*\]", "", line), comments=True)
                if not any(re.fullmatch(r"[A-Z]{2,}\W*", word) for word in words):
                    yield f"{path}:{number}:{line}", words


LINES = list(lines())


def parsed(words: list[str]) -> list[str]:
    """The names of the command that these words call; click's own error where there is none that takes them."""
    names: list[str] = []
    command: click.Command = main
    context = main.make_context("podium", words)
    context.obj = Context(Path("data"))
    while isinstance(command, click.Group) and (rest := [*context._protected_args, *context.args]):
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        assert name is not None
        names.append(name)
        command = found
        context = command.make_context(name, rest, parent=context)
    return names


def test_the_documents_show_commands() -> None:
    assert len(LINES) > 50


@pytest.mark.parametrize("words", [pytest.param(words, id=where) for where, words in LINES])
def test_podium_takes_every_command_that_a_document_shows(words: list[str]) -> None:
    assert parsed(words)


ASKED = [
    pytest.param(words, id=where)
    for where, words in LINES
    if (names := [word for word in words if not word.startswith("-")]) and words[0] in READING
    if names[0] != "sources" or len(names) == 1
]


@pytest.mark.parametrize("words", ASKED)
def test_what_only_reads_does_so_with_the_demo(demo_home: Home, words: list[str]) -> None:
    result = CliRunner().invoke(main, ["--home", str(demo_home.path), *words])
    assert result.exit_code == 0, result.output
