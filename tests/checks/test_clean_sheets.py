"""Sheets as careful authors write them: no rule has anything to say, of whatever severity."""

from __future__ import annotations

from pathlib import Path

import pytest

from factsheet.checks.engine import check_document
from factsheet.source.loader import read_sheet

CLEAN = sorted((Path(__file__).parents[1] / "examples" / "clean").glob("*.yaml"))


def test_there_are_several_and_they_do_not_pretend_to_be_real() -> None:
    assert len(CLEAN) >= 3
    assert all("fictitious" in path.read_text(encoding="utf-8") for path in CLEAN)


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_nothing_is_found(path: Path) -> None:
    assert check_document(read_sheet(path), path.name).diagnostics == ()
