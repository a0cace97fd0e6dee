"""The pages that lead a newcomer through the code name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_architecture import CHAIN

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`((?:factsheet|tests|docs|templates|schemas)/[\w./-]*)`", page.read_text("utf-8"))
    assert len(named) > 5
    assert not [path for path in named if not (ROOT / path).exists()]


def test_the_table_of_packages_is_whole() -> None:
    rows = re.findall(r"^\| `factsheet/(\w+)/?(?:\.py)?` \|", PAGES[0].read_text("utf-8"), re.MULTILINE)
    packages = {file.parent.name for file in (ROOT / "factsheet").glob("*/__init__.py")}
    assert set(rows) == packages | {"api", "errors"}
    assert len(rows) == len(set(rows))


def test_the_layers_are_those_that_imports_are_held_to() -> None:
    (line,) = re.findall(r"^`(cli → .*)`$", PAGES[0].read_text("utf-8"), re.MULTILINE)
    shown = [
        frozenset(name.replace("factsheet/", "") for name in layer.split(", ")) for layer in line.split(" → ")
    ]
    told = [layer - {"__main__", "_version", "resources"} for layer in CHAIN]
    shown = [layer - {"resources"} for layer in shown]
    assert [layer for layer in shown if layer] == [layer for layer in told if layer]
