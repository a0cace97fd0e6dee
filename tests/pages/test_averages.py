"""Averages on pages: scores and the gap between them come from one source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.pages.model import TableBlock
from factsheet.pages.rendering import PageSet
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
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
    return PageSet(sheet).page("business-expert")


def accuracy(page: Page) -> tuple[str, str]:
    """Return the sentence and the headline on accuracy."""
    sentence = next(text for text in page.summary.sentences if "on analog hardware" in text)
    headline = next(entry.text for entry in page.summary.headlines if entry.label == "Accuracy")
    return sentence, headline


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
    for text in accuracy(page):
        assert "recomputed from the rows" in text
        numbers = {float(number) for number in re.findall(r"\d+\.\d+", text)}
        assert numbers == {80.57, 81.23, 0.66}
        assert "0.66 points less" in text
    stated, recomputed = ([cell for cell in row if cell] for row in closing(page))
    # 82 - 81.23 = 0.77, to the digits of 82.
    assert stated == ["Average of 2", "81.23 % ✓", f"82 % {sign}", "+1"]
    assert recomputed == ["Recomputed from the rows", "81.23 %", "80.57 %", "−0.66"]


def test_averages_that_are_those_of_the_rows_stand_as_published() -> None:
    page = averaged("80.57 %")
    for text in accuracy(page):
        assert "recomputed" not in text
        assert "0.66 points less" in text
    assert len(closing(page)) == 1
