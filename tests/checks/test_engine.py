"""A check of a sheet that was not read from text finds what the check of its text finds, by path."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

import factsheet
from factsheet.checks.engine import check_document, check_sheet
from factsheet.reports.concise import concise
from factsheet.reports.formats import FormatName, write_report
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.reports.text import Style
from factsheet.source.loader import read_sheet

EXAMPLES = Path(__file__).parents[1] / "examples"
FILES = sorted(EXAMPLES.glob("FS[236]*/fail/*.yaml"))
"""Families whose findings no setting and no comment of the text decides on."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_without_text_the_same_is_found_by_path(path: Path) -> None:
    checked = check_document(read_sheet(path), path.name)
    assert checked.sheet is not None
    found = check_sheet(checked.sheet)
    assert {(item.rule_id, item.path, item.message) for item in found} == {
        (item.rule_id, item.path, item.message) for item in checked.diagnostics
    }
    assert all(item.span is None and item.fix is None and item.line == 0 for item in found)


def test_a_changed_sheet_reports_paths_instead_of_lines() -> None:
    sheet = factsheet.load(EXAMPLES / "FS207" / "fail" / "example.yaml")
    (before,) = sheet.check()
    assert before.span is not None
    found = sheet.model_copy(update={"limitations": None}).check()
    assert [item.message for item in found] == [before.message]
    assert all(item.span is None for item in found)
    line = concise(found[0], Style())
    assert line.startswith(f"{found[0].file}:{found[0].place}: ")
    assert str(found[0]) == line


@pytest.mark.parametrize("name", get_args(FormatName))
def test_every_format_takes_a_diagnostic_without_a_line(name: FormatName) -> None:
    path = EXAMPLES / "FS207" / "fail" / "example.yaml"
    sheet = check_document(read_sheet(path), path.name).sheet
    assert sheet is not None
    report = CheckReport((CheckedFile("sheet", None, check_sheet(sheet)),), (), "1.2.3")
    assert "FS207" in write_report(report, name, Style())
