"""A sheet that repeats one slip gives a report of bounded length, with the number of what is left out."""

from __future__ import annotations

import json

import pytest

from factsheet.checks.capping import MOST
from factsheet.checks.engine import check_document
from factsheet.checks.settings import Settings
from factsheet.reports.report import CheckedFile, CheckReport, count
from factsheet.reports.sarif import write
from factsheet.reports.text import Style
from factsheet.source.loader import load_bytes

HEAD = "factsheet: 1\noverview: {name: Example, model: BERT-base}\n"


def slips(number: int, comment: str = "") -> str:
    """A sheet with that many scores of systems that no table has, FS203, each on a line of its own."""
    rows = "".join(f"        - {{task: T{row}, scores: {{b: 1 %}}}}{comment}\n" for row in range(number))
    table = "    - name: T\n      systems: [{id: a, name: A}]\n      tasks:\n"
    return f"{HEAD}performance:\n  results:\n{table}{rows}"


def found(text: str) -> CheckReport:
    settings = Settings(select=("FS203", "FS7"))
    loaded = load_bytes(text.encode(), "sheet.yaml")
    checked = check_document(loaded, "sheet.yaml", settings)
    return CheckReport((CheckedFile("sheet.yaml", loaded.document, checked.diagnostics),), (), "1")


@pytest.mark.parametrize("number", [1, MOST - 1, MOST])
def test_up_to_the_limit_each_finding_is_listed(number: int) -> None:
    diagnostics = found(slips(number)).files[0].diagnostics
    assert len(diagnostics) == number
    assert not any("not listed" in diagnostic.message for diagnostic in diagnostics)


def test_beyond_it_the_last_one_says_how_many_more_there_are_and_every_count_includes_them() -> None:
    report = found(slips(MOST + 650))
    diagnostics = report.files[0].diagnostics
    assert len(diagnostics) == MOST
    assert diagnostics[-1].stands_for == 651
    assert "650 more findings of FS203" in diagnostics[-1].message
    assert count(report).errors == MOST + 650
    results = json.loads(write(report, Style()))["runs"][0]["results"]
    assert [result.get("occurrenceCount", 1) for result in results] == [1] * (MOST - 1) + [651]


def test_accepted_findings_are_not_among_those_that_are_counted() -> None:
    text = slips(MOST + 5, "  # factsheet: ignore[FS203] the table is cut")
    assert found(text).files[0].diagnostics == ()


def test_the_schema_s_own_findings_are_capped_too() -> None:
    rows = "".join(
        f"        - {{task: T{row}, scores: {{a: 1 %}}, nonsense: 1}}\n" for row in range(MOST + 20)
    )
    table = "    - name: T\n      systems: [{id: a, name: A}]\n      tasks:\n"
    diagnostics = found(f"{HEAD}performance:\n  results:\n{table}{rows}").files[0].diagnostics
    unknown = [diagnostic for diagnostic in diagnostics if diagnostic.rule_id == "FS152"]
    assert len(unknown) == MOST
    assert unknown[-1].stands_for == 21
