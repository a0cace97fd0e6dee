"""Holds the package to its layers: imports run one way, and only the command line speaks to the outside.

The checker reads source text, so that it can be tried on sources that offend.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

import factsheet

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = Path(factsheet.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the top down. A module may import from its own package and from those in a line below its own; what stands
# in one line stands side by side and knows nothing of its neighbours.
CHAIN: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "__main__",
        "cli",
        "__init__",
        "api",
        "attestation exchange language_server",
        "catalog comparing",
        "pages",
        "authoring",
        "reports",
        "checks sweeps",
        "review",
        "recompute",
        "crossbar digital",
        "hardware",
        "sheet_templates",
        "sheet",
        "networks",
        "facts",
        "readers quantities source jobs",
        "resources systems installation",
        "errors _version",
    )
)
RANK = {package: rank for rank, line in enumerate(CHAIN) for package in line}
FRONT = frozenset({"__main__", "cli"})
"""The packages that may print, read arguments and exit."""
LONGEST_MODULE = 400
LISTS = frozenset({"factsheet.errors"})
"""Modules that are a list, one entry as short as the next, which nobody reads from top to bottom."""


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts)


def package_of(module: str) -> str:
    """The package a module belongs to, directly below `factsheet`: `factsheet.sheet.kinds` lies in `sheet`."""
    _, _, below = module.partition(".")
    return below.partition(".")[0] or "__init__"


def absolute(node: ast.ImportFrom, module: str) -> str:
    """The module that `from … import` names, written out in full."""
    if not node.level:
        return node.module or ""
    # A package's `__init__` is named as such here, so that one level up is the package for every module alike.
    above = module.split(".")[: -node.level]
    return ".".join([*above, *([node.module] if node.module else [])])


def imports(nodes: Iterable[ast.AST], module: str) -> list[tuple[str, int]]:
    """Every module of ours that the source imports, with the line; at any depth, for type checking or not."""
    found: list[tuple[str, int]] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = absolute(node, module)
            for alias in node.names:
                # `from factsheet import cli` is an import of a package, `from factsheet import __version__` is not.
                within = origin == "factsheet" and alias.name in RANK
                found.append((f"{origin}.{alias.name}" if within else origin, node.lineno))
        elif isinstance(node, ast.Call) and called(node) in {
            "importlib.import_module",
            "import_module",
            "__import__",
        }:
            found += [
                (argument.value, node.lineno)
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
    return [(name, line) for name, line in found if name.partition(".")[0] == "factsheet"]


@cache
def nodes_of(source: str) -> tuple[ast.AST, ...]:
    """Every node of the source, the module itself first: parsed once for all that look at it."""
    return tuple(ast.walk(ast.parse(source)))


def called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def backward_imports(source: str, module: str) -> list[str]:
    """Each import of the module that does not run down the chain."""
    own = package_of(module)
    return [
        f"{module}, line {line}: {own} may not import {name}"
        for name, line in imports(nodes_of(source), module)
        if package_of(name) != own and RANK[package_of(name)] <= RANK[own]
    ]


def outward_acts(source: str, module: str) -> list[str]:
    """Each place where the module prints, reads arguments, exits or uses typer, though it is not the command line."""
    if package_of(module) in FRONT:
        return []
    found = []
    for node in nodes_of(source):
        act: str | None = None
        match node:
            case ast.Call(func=ast.Name(id="print" | "input" | "exit" | "quit" as name)):
                act = f"{name}()"
            case ast.Attribute(
                value=ast.Name(id="sys"), attr="exit" | "argv" | "stdout" | "stderr" | "stdin" as name
            ):
                act = f"sys.{name}"
            case ast.ImportFrom(module="sys", names=names):
                taken = {alias.name for alias in names} & {"exit", "argv", "stdout", "stderr", "stdin"}
                act = f"sys.{min(taken)}" if taken else None
            case ast.Name(id="SystemExit"):
                act = "SystemExit"
            case ast.Import(names=names) if any(alias.name.partition(".")[0] == "typer" for alias in names):
                act = "typer"
            case ast.ImportFrom(module=str(name)) if name.partition(".")[0] == "typer":
                act = "typer"
        if act is not None:
            line = getattr(node, "lineno", 0)
            found.append(f"{module}, line {line}: {act} belongs to the command line")
    return found


def test_every_package_has_a_place_in_the_chain() -> None:
    placed = {package_of(module_name(file)) for file in MODULES}
    assert placed <= set(RANK)
    assert {"cli", "sheet", "source"} <= placed


def test_imports_run_one_way() -> None:
    offences = [
        offence
        for file in MODULES
        for offence in backward_imports(file.read_text("utf-8"), module_name(file))
    ]
    assert not offences, "\n".join(offences)


def test_only_the_command_line_prints_reads_arguments_or_exits() -> None:
    offences = [
        offence for file in MODULES for offence in outward_acts(file.read_text("utf-8"), module_name(file))
    ]
    assert not offences, "\n".join(offences)


def test_modules_are_short() -> None:
    lengths = {module_name(file): len(file.read_text("utf-8").splitlines()) for file in MODULES}
    long = {
        module: lines for module, lines in lengths.items() if lines >= LONGEST_MODULE and module not in LISTS
    }
    assert not long, f"of {LONGEST_MODULE} lines or more: {long}"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        module_name(file)
        for file in MODULES
        if not ast.get_docstring(cast("ast.Module", nodes_of(file.read_text("utf-8"))[0]))
    ]
    assert not silent


def test_no_module_knows_a_path_of_the_machine_it_was_written_on() -> None:
    own = re.compile(r"(?<![\w.*}/-])/(?:home|root|Users|work|opt|mnt|tmp|srv)/\w")
    offences = [module_name(file) for file in MODULES if own.search(file.read_text("utf-8"))]
    assert not offences


@pytest.mark.parametrize(
    ("module", "source", "offender"),
    [
        ("factsheet.sheet.fact", "from factsheet.checks import Rule", "factsheet.checks"),
        ("factsheet.sheet.fact", "import factsheet.cli.app as app", "factsheet.cli.app"),
        ("factsheet.sheet.fact", "from factsheet import recompute", "factsheet.recompute"),
        ("factsheet.sheet.fact", "def f():\n    from factsheet.pages import View", "factsheet.pages"),
        (
            "factsheet.source.span",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from factsheet.sheet.model import FactSheet",
            "factsheet.sheet.model",
        ),
        ("factsheet.sheet.model", "from ..recompute import engine", "factsheet.recompute"),
        ("factsheet.networks.policy", "from .. import sheet", "factsheet.sheet"),
        ("factsheet.source.__init__", "from ..cli import app", "factsheet.cli"),
        (
            "factsheet.sheet.fact",
            "import importlib\nimportlib.import_module('factsheet.cli')",
            "factsheet.cli",
        ),
        ("factsheet.authoring.todo", "from factsheet.pages import model", "factsheet.pages"),
        (
            "factsheet.hardware.profile",
            "import os, factsheet.crossbar.mapping",
            "factsheet.crossbar.mapping",
        ),
        ("factsheet.resources", "from factsheet.source import Span", "factsheet.source"),
    ],
)
def test_an_import_up_or_across_the_chain_is_named(module: str, source: str, offender: str) -> None:
    (offence,) = backward_imports(source, module)
    assert offence.startswith(f"{module}, line ")
    assert offence.endswith(f"may not import {offender}")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "factsheet.checks.rules.one",
            "from factsheet.checks.rule import Rule\nfrom factsheet.sheet.fact import Fact",
        ),
        ("factsheet.checks.service", "from .rules import one\nfrom ..source import Span"),
        ("factsheet.cli.app", "from factsheet._version import __version__\nimport factsheet.reports, typing"),
        ("factsheet.pages.rendering", "from factsheet import resources, recompute"),
        ("factsheet.__main__", "from factsheet.cli.run import run"),
    ],
)
def test_imports_within_a_package_and_down_the_chain_pass(module: str, source: str) -> None:
    assert not backward_imports(source, module)


@pytest.mark.parametrize(
    ("source", "act"),
    [
        ("print('found')", "print()"),
        ("import sys\nsys.exit(1)", "sys.exit"),
        ("import sys\nfirst = sys.argv[1]", "sys.argv"),
        ("from sys import argv", "sys.argv"),
        ("import sys\nsys.stdout.write('found')", "sys.stdout"),
        ("raise SystemExit(1)", "SystemExit"),
        ("def f():\n    import typer", "typer"),
        ("from typer.models import Option", "typer"),
    ],
)
def test_what_only_the_command_line_may_do_is_named(source: str, act: str) -> None:
    assert any(
        f"{act} belongs to the command line" in offence
        for offence in outward_acts(source, "factsheet.sheet.fact")
    )
    assert not outward_acts(source, "factsheet.cli.app")


def test_every_test_module_has_a_name_of_its_own() -> None:
    # pytest imports them by their names alone, and refuses a second one.
    names = [file.name for file in Path(__file__).parent.rglob("test_*.py")]
    assert [name for name in sorted(set(names)) if names.count(name) > 1] == []


def test_the_layers_are_those_that_imports_are_held_to() -> None:
    (line,) = re.findall(
        r"^`(cli → .*)`$",
        (Path(__file__).parents[1] / "docs" / "architecture.md").read_text("utf-8"),
        re.MULTILINE,
    )
    shown = [
        frozenset(name.replace("factsheet/", "") for name in layer.split(", ")) for layer in line.split(" → ")
    ]
    told = [layer - {"__main__", "_version", "resources", "systems", "installation"} for layer in CHAIN]
    shown = [layer - {"resources", "systems", "installation"} for layer in shown]
    assert [layer for layer in shown if layer] == [layer for layer in told if layer]
