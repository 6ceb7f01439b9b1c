"""Imports point one way, and come in by the front door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.project.tree import PACKAGES, ROOT, imported, modules

MAY_IMPORT = {
    "archive": {"archive"},
    "crawler": {"archive", "crawler"},
    "indexer": {"archive", "indexer"},
    "webapp": {"archive", "indexer", "webapp"},
}
OUTSIDE = {"benchmarks", "podium", "samples", "tests"}  # stand beside the packages; no package knows them


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_stands_before_it(package: str) -> None:
    forbidden = (set(PACKAGES) | OUTSIDE) - MAY_IMPORT[package]
    wrong = [
        f"{path}:{line} imports {name}"
        for path, tree in modules(package)
        for line, name in imported(tree)
        if name.split(".")[0] in forbidden
    ]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_other_packages_come_in_by_the_front_door(package: str) -> None:
    wrong = [
        f"{path}:{line} imports {name}; import it from {name.split('.')[0]}"
        for path, tree in modules(package)
        for line, name in imported(tree)
        if name.split(".")[0] in set(PACKAGES) - {package} and "." in name
    ]
    assert wrong == []


def test_the_command_imports_front_doors_and_commands_only() -> None:
    wrong = [
        f"podium.py:{line} imports {name}"
        for _, tree in modules("podium.py")
        for line, name in imported(tree)
        if name.split(".")[0] in PACKAGES and name not in {*PACKAGES, *(f"{package}.cli" for package in PACKAGES)}
    ]
    assert wrong == []


def doors() -> list[Path]:
    return [path for path, _ in modules(*PACKAGES) if path.name == "__init__.py"]


@pytest.mark.parametrize("path", doors(), ids=str)
def test_a_front_door_holds_a_docstring_imports_and_all(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    inner_and_empty = len(path.parts) > 2 and not tree.body
    assert inner_and_empty or ast.get_docstring(tree), f"{path} does not say what lives there"
    others = [f"{path}:{node.lineno}" for node in tree.body[1:] if not _is_import(node) and not _names_all(node)]
    assert others == []


@pytest.mark.parametrize("package", PACKAGES)
def test_all_of_a_front_door_is_what_it_imports(package: str) -> None:
    tree = ast.parse((ROOT / package / "__init__.py").read_text("utf-8"))
    names = [
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    listed = next(ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    assert sorted(listed) == sorted(set(names) - {"annotations"})


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path, _ in modules("tests")}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _names_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]
