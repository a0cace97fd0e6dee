"""What is found of faults that a careful reader would catch does not fall behind, nor rise what is wrongly said."""

from __future__ import annotations

import pytest
from sheet_faults import (
    HERE,
    SheetFault,
    all_faults,
    changed_lines,
    correct_sheets,
    findings,
    measure,
    plant,
    read_faults,
)

# What is reached, of each list: found at all, and on the line. Raised with every rule that finds more, never lowered.
REACHED = {"faults.yaml": (137, 136, 136), "pairs.yaml": (119, 113, 113), "more.yaml": (60, 59, 59)}
ERRORS_IN_CORRECT_SHEETS = 0


@pytest.mark.parametrize("name", REACHED)
def test_recall(name: str) -> None:
    faults, found, on_their_line = REACHED[name]
    places = [measure(fault).place for fault in read_faults(HERE / name)]
    assert len(places) == faults
    assert len(places) - places.count("no") >= found
    assert places.count("line") >= on_their_line


def test_errors_in_sheets_that_are_right() -> None:
    sheets = correct_sheets()
    assert len(sheets) >= 100
    wrong = [
        str(item)
        for path in sheets
        for item in findings(path.read_text(encoding="utf-8"), path.name)
        if item.severity == "error"
    ]
    assert len(wrong) <= ERRORS_IN_CORRECT_SHEETS, "\n".join(wrong)


def test_faults_are_each_another() -> None:
    faults = all_faults()
    assert len({(fault.sheet, str(fault.edits)) for fault in faults}) == len(faults)


SHEET = """\
# a sheet
performance:
  summary: >-
    On average it stays 0.65 points
    below the digital one.
  power: {value: 3 W, note: of the chip}
  area: {not_disclosed: why}
  results:
    - {name: A, size: 5}
    - {name: B, size: 6}
"""


@pytest.mark.parametrize(
    ("edit", "old", "new", "line"),
    [
        ({"path": "performance.power", "old": "3 W", "new": "4 W"}, "3 W", "4 W", 6),
        ({"path": "performance.area", "old": None, "new": "5 mm²"}, "{not_disclosed: why}", "5 mm²", 7),
        ({"path": "performance.results[name=B].size", "old": "6", "new": "7"}, "size: 6", "size: 7", 10),
        (
            {"path": "performance.summary", "text": "points below the", "new": "points above the"},
            "below",
            "above",
            5,
        ),
        (
            {"path": "performance.results", "append": "{name: C, size: 7}"},
            "size: 6}\n",
            "size: 6}\n    - name: C\n      size: 7\n",
            11,
        ),
        (
            {"path": "performance.results[0].unit", "old": None, "new": "1 s"},
            "size: 5",
            "size: 5, unit: 1 s",
            9,
        ),
    ],
)
def test_an_edit_changes_its_line_and_no_other(
    edit: dict[str, object], old: str, new: str, line: int
) -> None:
    planted = plant(SheetFault("none", "none", "none", (edit,)), SHEET)
    assert planted == SHEET.replace(old, new)
    assert min(changed_lines(SHEET, planted)) == line


@pytest.mark.parametrize(
    "edit",
    [
        {"path": "performance.power", "old": "5 W", "new": "4 W"},
        {"path": "performance.summary", "text": "no such words", "new": "x"},
        {"path": "performance.results[name=D].size", "old": "6", "new": "7"},
    ],
)
def test_an_edit_of_what_is_not_there_is_refused(edit: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"performance|entries"):
        plant(SheetFault("none", "none", "none", (edit,)), SHEET)
