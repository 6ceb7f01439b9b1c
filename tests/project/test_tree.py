"""What holds for every file: its size, and words that have no place in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.project.tree import SHIPPED, modules, texts

LONGEST_FILE = 500
LONGEST_FUNCTION = 60
SHORT_FUNCTION = 35
# What would tie the tree to the machine or the package index somebody once used.
OUT_OF_PLACE = {
    "a path of somebody's machine": r"(?<![\w.])/(?:work|root|home|Users)/\w",
    "a package index": r"pypi[.]org|python[h]osted|index[-]url\s*=",
    "a secret": r"BEGIN [A-Z ]*PRIVATE KEY|(?i:password|secret|token)\s*=\s*[\"'][^\"'{]{8,}",
    "an unmerged change": r"^(?:<{7}|>{7}) ",
}


@pytest.mark.parametrize("what", OUT_OF_PLACE)
def test_no_file_holds_what_is_out_of_place(what: str) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(OUT_OF_PLACE[what], line)
    ]
    assert found == []


def test_no_file_of_code_is_too_long_to_be_one_idea() -> None:
    lengths = {str(path): text.count("\n") for path, text in texts(".py")}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def functions() -> Iterator[tuple[str, int]]:
    """Place and length of every function of the product; a command's decorators and docstring do not count."""
    for path, tree in modules(*SHIPPED):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.body[0].lineno + 1


def test_no_function_is_too_long_to_be_read_at_once() -> None:
    assert {place: length for place, length in functions() if length > LONGEST_FUNCTION} == {}


def test_nine_in_ten_functions_are_short() -> None:
    lengths = [length for _, length in functions()]
    assert sum(length < SHORT_FUNCTION for length in lengths) >= 0.9 * len(lengths)


def test_every_text_ends_with_one_line_end_and_has_no_tab_or_carriage_return() -> None:
    wrong = [
        str(path)
        for path, text in texts(".css", ".html", ".md", ".py", ".sql", ".toml")
        if text and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text or "\t" in text)
    ]
    assert wrong == []
