"""A check of a sheet that was not read from text finds what the check of its text finds, by path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

import factsheet
from factsheet.checks.diagnostic import Finding
from factsheet.checks.engine import check_document, check_sheet
from factsheet.checks.rule import Rule
from factsheet.checks.settings import Settings
from factsheet.reports.concise import concise
from factsheet.reports.formats import FormatName, write_report
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.reports.text import Style
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext

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


def test_an_uncertain_finding_of_a_grave_rule_can_be_milder_and_settings_decide_over_both() -> None:
    def check(_: RuleContext) -> Iterator[Finding]:
        yield Finding(("overview", "name"), "sure", "help")
        yield Finding(("overview", "name"), "unsure", "help", severity="warning", confidence="medium")

    rule = Rule("FS299", "an-example", "error", "why", check)
    sheet = factsheet.FactSheet.from_data({"factsheet": 1, "overview": {"name": "a", "model": "b"}})
    found = check_sheet(sheet, rules=[rule])
    assert [(item.severity, item.confidence) for item in found] == [("error", "high"), ("warning", "medium")]
    found = check_sheet(sheet, Settings(severities={"FS2": "info"}), rules=[rule])
    assert [(item.severity, item.confidence) for item in found] == [("info", "high"), ("info", "medium")]
