"""The tables that answer a role's tasks: each row follows from the sheet, caveats come along, gaps are named once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.model import TableBlock
from factsheet.pages.rendering import PageSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.readers.roles import ViewName
    from factsheet.sheet.model import SheetFields

MEASURED = "How the accuracy was measured"


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
    # The sheet names no split but in notes, and by its own erratum the size is that of other data.
    assert rows["Split"] == "analog scores: validation data; digital scores: test data"
    assert "how many examples were tested on" in notes["Not in the sheet"]
    assert "training splits" in notes["Examples"]
    shared = [note.about for note in found.notes if "This is no fair comparison" in note.text]
    assert shared == ["Score of the baseline, difference"]


def test_a_sheet_that_says_nothing_has_no_such_table(make_sheet: Callable[[str], SheetFields]) -> None:
    sheet = make_sheet("factsheet: 1\noverview: {name: A sheet, model: A model}\n")
    assert table(sheet, "data-scientist", MEASURED) is None
