"""Workflow commands, read back as a runner reads them."""

from __future__ import annotations

from runs import a_run
from workflow_commands import read_commands

from factsheet.reports.github import write
from factsheet.reports.text import Style


def test_each_finding_is_an_annotation_at_its_place() -> None:
    unreadable, error, note, warning = read_commands(write(a_run(), Style()))
    assert unreadable.name == "error"
    assert unreadable.properties == {"file": "gone.yaml", "title": "unreadable"}
    assert (error.name, note.name, warning.name) == ("error", "notice", "warning")
    assert error.properties == {
        "file": "sheets/first sheet.yaml",
        "line": "10",
        "col": "54",
        "endLine": "10",
        "endColumn": "55",
        "title": "FS204 classes-on-regression",
    }
    assert error.message == (
        "a regression has no classes\nwhy: the count belongs to another row\nhelp: remove `classes`"
    )


def test_an_annotation_over_lines_has_no_columns() -> None:
    # The toolkit's `AnnotationProperties`: columns cannot be sent when the lines differ.
    note = read_commands(write(a_run(), Style()))[2]
    assert note.properties == {
        "file": "sheets/first sheet.yaml",
        "line": "11",
        "endLine": "13",
        "title": "FS999 no-rule-of-ours",
    }


def test_escapes_are_those_of_the_documentation() -> None:
    line = write(a_run(), Style()).splitlines()[2]
    assert "::two lines, 100 %25 of them%0Awhy: " in line
