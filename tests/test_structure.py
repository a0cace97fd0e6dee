"""Hold the package to a structure that a newcomer finds the way in.

No circle of files, small folders, every class name once, one way to import a name, documented public names.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import factsheet

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(factsheet.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_MODULES_A_FOLDER = 20


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


NAMES = {module_name(file) for file in MODULES}


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every statement below a node, at any depth; an import is in no expression, and these are most of a tree."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for below in getattr(node, name, ()):
            yield below
            yield from statements(below)


def imported(tree: ast.AST, names: set[str]) -> set[str]:
    """Return every module of ours that the source names, at any depth and for type checking too."""
    found: set[str] = set()
    for node in statements(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                found.add(submodule if submodule in names else node.module)
    return found & names


def circle(graph: dict[str, set[str]]) -> list[str]:
    """Return one circle of modules, the first again at its end; nothing where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_circle_of_files() -> None:
    # The face hands its names on lazily; what it names is above it and below it alike.
    graph = {
        module_name(file): imported(tree(file), NAMES) - {"factsheet", module_name(file)} for file in MODULES
    }
    graph["factsheet"] = set()
    found = circle(graph)
    assert not found, " imports ".join(reversed(found))


@pytest.mark.parametrize(
    ("graph", "modules"),
    [
        ({"a": {"b"}, "b": {"a"}}, {"a", "b"}),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, {"a", "b", "c"}),
        ({"a": {"b"}, "b": set()}, set()),
    ],
)
def test_a_circle_is_seen(graph: dict[str, set[str]], modules: set[str]) -> None:
    assert set(circle(graph)) == modules


def test_an_import_in_a_function_or_for_types_counts() -> None:
    source = "def f():\n    from factsheet.b import x\nif TYPE_CHECKING:\n    from factsheet import c"
    assert imported(ast.parse(source), {"factsheet.b", "factsheet.c"}) == {"factsheet.b", "factsheet.c"}


def test_no_folder_is_flat_and_long() -> None:
    counts: dict[str, int] = defaultdict(int)
    for file in MODULES:
        counts[str(file.parent.relative_to(PACKAGE.parent))] += file.name != "__init__.py"
    crowded = {folder: count for folder, count in counts.items() if count > MOST_MODULES_A_FOLDER}
    assert not crowded


def test_no_class_name_is_used_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for file in MODULES:
        for node in tree(file).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(module_name(file))
    twice = {name: where for name, where in places.items() if len(where) > 1}
    assert not twice


def test_packages_hand_nothing_on() -> None:
    # A package that imports from its own modules makes circles, and two ways to import one name.
    offences = [
        module_name(file)
        for file in MODULES
        if file.name == "__init__.py"
        and file.parent != PACKAGE
        and any(name.startswith(module_name(file) + ".") for name in imported(tree(file), NAMES))
    ]
    assert not offences


def test_public_names_are_documented() -> None:
    silent = [
        f"{module_name(file)}.{node.name}"
        for file in MODULES
        for node in tree(file).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent
