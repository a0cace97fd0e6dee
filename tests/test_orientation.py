"""The pages that lead a newcomer through the code name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
