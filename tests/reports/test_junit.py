"""JUnit XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from runs import ROW, a_run, a_run_of, diagnostic_at, document_of_text
from schema_checks import check_junit
from xmlschema import XMLSchemaValidationError

from factsheet.reports.junit import write
from factsheet.reports.report import CheckReport
from factsheet.reports.text import Style


def read(report: CheckReport) -> ET.Element:
    return ET.fromstring(write(report, Style()))  # noqa: S314  what we have written ourselves


def test_a_run_fits_the_schema() -> None:
    check_junit(write(a_run(), Style()))
    check_junit(write(CheckReport((), (), "1.2.3"), Style()))


def test_the_schema_refuses_a_suite_without_counts() -> None:
    with pytest.raises(XMLSchemaValidationError):
        check_junit(write(a_run(), Style()).replace(' failures="3"', "", 2))


def test_a_suite_a_sheet_and_a_case_a_finding() -> None:
    root = read(a_run())
    gone, first, clean = root
    assert [root.get(key) for key in ("tests", "failures", "errors")] == ["5", "3", "1"]
    assert [suite.get("name") for suite in root] == [
        "gone.yaml",
        "sheets/first sheet.yaml",
        "sheets/clean.yaml",
    ]
    assert [suite.get("tests") for suite in root] == ["1", "3", "1"]
    assert gone.find("testcase/error") is not None
    assert [case.get("name") for case in first] == [
        "FS204 classes-on-regression performance.results[0].tasks[0].classes",
        "FS999 no-rule-of-ours performance.results[0].tasks[1]",
        "FS702 unused-suppression",
    ]
    assert {case.get("classname") for case in first} == {"sheets/first sheet"}
    failures = first.findall("testcase/failure")
    assert [failure.get("type") for failure in failures] == ["error FS204", "info FS999", "warning FS702"]
    assert failures[0].get("message") == "a regression has no classes"
    assert (failures[0].text or "").startswith("sheets/first sheet.yaml:10:54: a regression has no classes\n")
    assert [(case.get("name"), len(case)) for case in clean] == [("no findings", 0)]


def test_cases_are_told_apart_without_line_numbers() -> None:
    found = diagnostic_at(document_of_text(), ROW)
    names = [case.get("name") for case in read(a_run_of(found, found))[0]]
    assert names == [
        "FS204 classes-on-regression performance.results[0].tasks[0]",
        "FS204 classes-on-regression performance.results[0].tasks[0] (2)",
    ]
