"""Averages on pages: scores and the gap between them come from one source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.pages.model import TableBlock
from factsheet.pages.rendering import PageSet
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from factsheet.pages.first_screen import KeyFigure
    from factsheet.pages.model import Page

SYSTEMS = [
    {"id": "gpu", "name": "GPU", "kind": "digital"},
    {"id": "chip", "name": "Chip", "kind": "analog"},
]
TASKS = [
    {"task": "MRPC", "scores": {"gpu": "80.00 %", "chip": "79.40 %"}},
    {"task": "RTE", "scores": {"gpu": "82.46 %", "chip": "81.74 %"}},
]
# Means of 81.23 % and 80.57 %, 0.66 points apart.


def averaged(chip: Any) -> Page:
    averages = {"gpu": "81.23 %", "chip": chip}
    table = {"name": "GLUE", "metric": "accuracy", "systems": SYSTEMS, "tasks": TASKS, "averages": averages}
    overview = {"name": "A sheet", "model": "A model"}
    sheet, misfits = read_factsheet(
        {"factsheet": 1, "overview": overview, "performance": {"results": [table]}}
    )
    assert sheet is not None
    assert misfits == ()
    return PageSet(sheet).page("data-scientist")


def opening(page: Page) -> tuple[str, KeyFigure, KeyFigure]:
    """Return the figures of the analog score and of the gap, and what the page says of them."""
    found = {figure.name: figure for figure in page.opening.figures}
    gap = found["Analog minus digital score"]
    return " ".join((*page.opening.answer, gap.value)), found["Accuracy: Chip (analog)"], gap


def closing(page: Page) -> tuple[tuple[str, ...], ...]:
    blocks = (block for made in (*page.sections, *page.whole.sections) for block in made.blocks)
    return next(
        block for block in blocks if isinstance(block, TableBlock) and block.caption == "GLUE"
    ).closing


@pytest.mark.parametrize(
    ("chip", "sign"),
    [({"value": "82 %", "tolerance": {"within": "5 %", "reason": "x"}}, "≈"), ("82 %", "✗")],
)
def test_an_average_that_is_not_that_of_the_rows_is_not_mixed_with_their_gap(chip: Any, sign: str) -> None:
    page = averaged(chip)
    text, score, gap = opening(page)
    assert {float(number) for number in re.findall(r"\d+\.\d+", text)} == {0.66}
    assert gap.value == "−0.66 points (worse)"
    assert (score.value, score.provenance) == (
        "80.57 %",
        "mean of the rows, derived here; the rows: origin not stated",
    )
    assert "80.57" in score.check
    stated, recomputed = ([cell for cell in row if cell] for row in closing(page))
    # 82 - 81.23 = 0.77, to the digits of 82.
    assert stated == ["Average of 2", "81.23 % ✓", f"82 % {sign}", "+1"]
    assert recomputed == ["Recomputed from the rows", "81.23 %", "80.57 %", "−0.66"]


def test_averages_that_are_those_of_the_rows_stand_as_published() -> None:
    page = averaged("80.57 %")
    text, score, gap = opening(page)
    assert "0.66 points below" in text
    assert gap.value == "−0.66 points (worse)"
    assert (score.value, score.provenance) == ("80.57 %", "origin not stated")
    assert len(closing(page)) == 1
