"""GitLab's Code Quality report."""

from __future__ import annotations

import json

import pytest
from jsonschema import ValidationError
from runs import ROW, a_run, diagnostic_at, document_of_text
from schema_checks import check_gitlab

from factsheet.reports.gitlab import write
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.reports.text import Style


def test_a_run_fits_the_schema() -> None:
    check_gitlab(write(a_run(), Style()))
    check_gitlab(write(CheckReport((), (), "1.2.3"), Style()))


def test_the_schema_refuses_what_gitlab_would_not_show() -> None:
    issues = json.loads(write(a_run(), Style()))
    del issues[0]["fingerprint"]
    with pytest.raises(ValidationError):
        check_gitlab(json.dumps(issues))


def test_severities_places_and_names() -> None:
    issues = json.loads(write(a_run(), Style()))
    assert [issue["severity"] for issue in issues] == ["blocker", "major", "info", "minor"]
    assert issues[1]["check_name"] == "FS204 classes-on-regression"
    assert issues[1]["description"] == "a regression has no classes (remove `classes`)"
    assert issues[1]["location"] == {"path": "sheets/first sheet.yaml", "lines": {"begin": 10, "end": 10}}
    assert issues[2]["location"]["lines"] == {"begin": 11, "end": 13}


def test_the_same_finding_in_two_sheets_and_twice_in_one_has_three_fingerprints() -> None:
    found = diagnostic_at(document_of_text(), ROW)
    report = CheckReport(
        (CheckedFile("a.yaml", None, (found, found)), CheckedFile("b.yaml", None, (found,))), (), "1"
    )
    assert len({issue["fingerprint"] for issue in json.loads(write(report, Style()))}) == 3


def test_paths_are_those_of_the_repository() -> None:
    report = CheckReport((CheckedFile("./a.yaml", None, (diagnostic_at(document_of_text(), ROW),)),), (), "1")
    assert json.loads(write(report, Style()))[0]["location"]["path"] == "a.yaml"
