"""The two reports for people."""

from __future__ import annotations

import pytest
from runs import ROW, a_run, a_run_of, diagnostic_at, document_of_text

from factsheet.checks.diagnostic import Fix
from factsheet.reports.concise import concise
from factsheet.reports.concise import write as write_concise
from factsheet.reports.full import full
from factsheet.reports.full import write as write_full
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.reports.text import Style
from factsheet.source.editing import Edit

PLAIN = Style()


def test_a_finding_takes_one_line_and_says_where() -> None:
    found = diagnostic_at(document_of_text(), (*ROW, "classes"))
    assert concise(found, PLAIN) == (
        "sheet.yaml:10:54: error FS204 classes-on-regression: a regression has no classes"
    )


@pytest.mark.parametrize(
    ("safe", "line"),
    [
        (True, "   = fix: available with `--fix`"),
        (False, "   = fix: available with `--fix --unsafe-fixes`, which needs your eye"),
    ],
)
def test_a_fix_is_announced_below_the_help(safe: bool, line: str) -> None:
    document = document_of_text()
    found = diagnostic_at(document, (*ROW, "classes"), fix=Fix((Edit(0, 1, ""),), safe))
    lines = full(found, document, PLAIN).splitlines()
    assert lines[-2:] == ["   = help: remove `classes`", line]


def test_nothing_is_said_of_a_fix_that_there_is_not() -> None:
    document = document_of_text()
    assert "fix:" not in full(diagnostic_at(document, (*ROW, "classes")), document, PLAIN)


def test_carets_stand_under_the_value_behind_wide_characters() -> None:
    # U+1F9EA is two columns wide in a terminal (Unicode TR 11, East Asian Width W).
    document = document_of_text()
    lines = full(diagnostic_at(document, (*ROW, "classes")), document, PLAIN).splitlines()
    quoted, carets = lines[1], lines[2]
    assert quoted[quoted.index("classes: ") + len("classes: ")] == "2"
    assert carets.index("^") == quoted.index("2, scores") + 1
    assert carets.count("^") == 1


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (CheckReport((), (), "1"), "no sheet was checked"),
        (CheckReport((CheckedFile("a", None, ()),), (), "1"), "1 sheet checked: nothing found"),
        (a_run(), "2 sheets checked, 1 not readable: 1 error, 1 warning, 1 info"),
        (
            a_run_of(*[diagnostic_at(document_of_text(), ROW, severity="info")] * 2),
            "1 sheet checked: 2 info",
        ),
        (a_run_of(*[diagnostic_at(document_of_text(), ROW)] * 2), "1 sheet checked: 2 errors"),
    ],
)
def test_the_last_line_counts(report: CheckReport, line: str) -> None:
    assert write_full(report, PLAIN).splitlines()[-1] == line


def test_what_can_not_be_read_is_named_once() -> None:
    assert write_concise(a_run(), PLAIN).splitlines()[0] == (
        "gone.yaml: error unreadable: cannot be read: No such file or directory."
    )


def test_a_name_at_the_beginning_of_a_line_is_no_workflow_command() -> None:
    found = diagnostic_at(document_of_text(), ROW, file="::add-mask::x.yaml")
    assert concise(found, PLAIN).startswith("./::add-mask::x.yaml:10:")
