"""The tables that answer a role's tasks: each row follows from the sheet, caveats come along, gaps are named once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.pages.model import TableBlock
from factsheet.pages.rendering import PageSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

MEASURED, USE = (
    "How the accuracy was measured",
    "What it takes to use it",
)


def table(sheet: SheetFields, view: ViewName, caption: str) -> TableBlock | None:
    page = PageSet(sheet).page(view)
    blocks = (block for made in page.sections for block in made.blocks)
    return next((b for b in blocks if isinstance(b, TableBlock) and b.caption == caption), None)


def test_a_data_scientist_finds_how_the_accuracy_was_measured_in_one_place(bert: SheetFields) -> None:
    found = table(bert, "data-scientist", MEASURED)
    assert found is not None
    rows = {row[0]: row[1] for row in found.rows}
    # The appendix of the study: averages 80.57 and 81.23 on GLUE.
    assert rows["Score of the analog model"] == "80.57 %"
    assert rows["Score of the baseline"] == "81.23 %"
    assert rows["Data"] == "GLUE"
    notes = {note.about: note.text for note in found.notes}
    # The sheet names no split, and its own erratum limits the comparison: said once, where it applies.
    assert "split" in notes["Not in the sheet"]
    shared = [note.about for note in found.notes if "can not be compared without care" in note.text]
    assert shared == ["Score of the baseline, difference"]


@pytest.mark.parametrize("view", ["ai-engineer", "software-developer"])
def test_who_builds_with_it_finds_times_at_two_lengths_and_the_upkeep(
    bert: SheetFields, view: ViewName
) -> None:
    found = table(bert, view, USE)
    assert found is not None
    rows = {row[0]: row for row in found.rows}
    # 12 blocks, one input of 32 and of 128 tokens, 123.75 ns a token: 47.5 µs and 0.19 ms.
    times = "47.5 µs at sequence length 32; 0.19 ms at sequence length 128"
    assert rows["Time of one input, estimated"][1] == times
    assert rows["Time of one input, estimated"][2] == (
        "a batch of 1; estimated with the chip model ibm-2022, tiles of 512 × 512"
    )
    assert rows["Weights programmed again after"][1] == "4 weeks"
    # 109,482,240 parameters of 4 bytes.
    assert rows["Size on disk"][1] == "437.93 MB"


@pytest.mark.parametrize(
    ("view", "caption"),
    [("data-scientist", MEASURED), ("ai-engineer", USE)],
)
def test_a_sheet_that_says_nothing_has_no_such_table(
    make_sheet: Callable[[str], SheetFields], view: ViewName, caption: str
) -> None:
    sheet = make_sheet("factsheet: 1\noverview: {name: A sheet, model: A model}\n")
    assert table(sheet, view, caption) is None
