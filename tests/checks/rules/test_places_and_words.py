"""What holds of every finding of every rule: it points at what is there, and quotes what is written there."""

from __future__ import annotations

from pathlib import Path

import pytest
from finding_places import hold_places

from factsheet.checks.engine import check_document
from factsheet.source.loader import load_bytes

TESTS = Path(__file__).parents[2]
FAILING = sorted((TESTS / "examples").glob("FS[2-6]*/fail/*.yaml"))


@pytest.mark.parametrize("path", FAILING, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_finding_points_at_places_of_the_sheet_and_quotes_what_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    hold_places(text, check_document(load_bytes(text.encode(), "x"), "x").diagnostics)
