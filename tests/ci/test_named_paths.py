"""The pages for contributors name files and folders that exist, and name every package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/architecture.md", "CONTRIBUTING.md", "docs/rendering.md", "docs/api.md", "SECURITY.md")
PATH = re.compile(r"`((?:factsheet|tests|docs|benchmarks|templates|schemas|sheets)/[\w./-]*)`")


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_exists(page: str) -> None:
    named = PATH.findall((ROOT / page).read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_architecture_names_every_package() -> None:
    named = set(PATH.findall((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")))
    packages = {
        f"factsheet/{folder.name}/"
        for folder in (ROOT / "factsheet").iterdir()
        if (folder / "__init__.py").is_file()
    }
    assert packages - named == set()
