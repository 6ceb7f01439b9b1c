"""The tree as the tests of it see it: files, imports, commands."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("archive", "crawler", "indexer", "webapp")
SHIPPED = (*PACKAGES, "podium.py")
TEXTS = {".cfg", ".css", ".html", ".in", ".js", ".md", ".py", ".sql", ".toml", ".txt", ".yaml", ".yml", ""}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or may become part of the repository, relative to its root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0 and (ROOT / ".git").exists():
        names = (Path(name) for name in listed.stdout.split("\0") if name)
        return tuple(sorted(name for name in names if (ROOT / name).is_file()))
    return tuple(sorted(_walk()))


def _walk() -> Iterator[Path]:
    """The files of a copy that is no repository: all but hidden, made and home folders."""
    for folder, folders, names in os.walk(ROOT):
        made = {"__pycache__", *(("data", "demo-data", "dist") if Path(folder) == ROOT else ())}
        folders[:] = [name for name in folders if name == ".ci" or not (name in made or name.startswith("."))]
        yield from ((Path(folder) / name).relative_to(ROOT) for name in names)


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    """Path and content of every text file, or of those with these suffixes."""
    for path in files():
        if path.suffix in (suffixes or TEXTS):
            yield path, (ROOT / path).read_text("utf-8")


def modules(*roots: str) -> Iterator[tuple[Path, ast.Module]]:
    """Path and syntax tree of every Python file under these roots."""
    for path, text in texts(".py"):
        if path.parts[0] in roots:
            yield path, ast.parse(text, str(path))


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything a module imports, by statement or by `import_module`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield node.lineno, module
            case ast.Call(
                func=ast.Attribute(attr="import_module") | ast.Name(id="import_module"),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield node.lineno, name


def commands() -> Iterator[tuple[str, click.Command]]:
    """Name and command of all that `podium` can be asked for, those of a group behind its name."""
    group = importlib.import_module("podium").main
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, f"podium lists {name}, but has no such command"
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", inner) for part, inner in sorted(command.commands.items()))


def options(command: click.Command) -> Iterator[str]:
    """The long names of a command's options."""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield from (name for name in parameter.opts if name.startswith("--"))
