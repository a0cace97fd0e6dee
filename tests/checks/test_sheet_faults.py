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

# The lists that the rules are held to; what is not found of them is named here, and is to become less.
LISTS = ("faults.yaml", "pairs.yaml", "more.yaml")
NOT_FOUND = {
    ("digits", "seq_len is 8 in place of 1"),
    ("albert", "analog_ops is given as 12.9 G ops"),
    ("albert", "area is given as 5 mm²"),
    ("albert", "classification_time is given as {value: 5 s, at: {seq_len: 64, batch: 1}}"),
    ("digits", "parameters is 2368 in place of 2410"),
}
FAULTS = [
    pytest.param(fault, id=f"{name.removesuffix('.yaml')}-{number}")
    for name in LISTS
    for number, fault in enumerate(read_faults(HERE / name))
]
ERRORS_IN_CORRECT_SHEETS = 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_where_it_is(fault: SheetFault) -> None:
    place = measure(fault).place
    assert place == ("no" if (fault.sheet, fault.wrong) in NOT_FOUND else "line"), fault.wrong


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
