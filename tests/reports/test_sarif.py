"""SARIF 2.1.0: the official schema, and what the standard asks beyond it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import ValidationError
from runs import TEXT, a_run
from schema_checks import check_sarif

from factsheet.checks.engine import check_document
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.reports.sarif import write
from factsheet.reports.text import Style
from factsheet.source.loader import load_bytes


def the_run(report: CheckReport) -> Any:
    (run,) = json.loads(write(report, Style()))["runs"]
    return run


def cut(text: str, region: dict[str, int]) -> tuple[int, int]:
    """Offsets of a region, by the standard's own account of lines and columns (3.30)."""
    lines = text.splitlines(keepends=True)
    before = [sum(map(len, lines[: region[end] - 1])) for end in ("startLine", "endLine")]
    return before[0] + region["startColumn"] - 1, before[1] + region["endColumn"] - 1


def test_a_run_fits_the_schema() -> None:
    check_sarif(write(a_run(), Style()))
    check_sarif(write(CheckReport((), (), "1.2.3"), Style()))


def test_the_schema_refuses_an_unknown_level() -> None:
    with pytest.raises(ValidationError):
        check_sarif(write(a_run(), Style()).replace('"level": "note"', '"level": "info"'))


def test_results_name_their_rule_by_id_and_by_index() -> None:
    run = the_run(a_run())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["FS204", "FS702", "FS999"]
    assert [result["ruleId"] for result in run["results"]] == ["FS204", "FS999", "FS702"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert [result["level"] for result in run["results"]] == ["error", "note", "warning"]


def test_rules_bring_their_documentation() -> None:
    rules = the_run(a_run())["tool"]["driver"]["rules"]
    first = rules[0]
    assert first["name"] == "ClassesOnRegression"
    assert first["defaultConfiguration"] == {"level": "error"}
    assert "```yaml" in first["help"]["markdown"]
    for rule in rules:
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"], rule["help"]["text"]):
            assert text[0] == text[0].upper()
            assert text.endswith(".")


def test_columns_are_code_points() -> None:
    run = the_run(a_run())
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    start, end = cut(TEXT, region)
    assert TEXT[start:end] == "2"
    assert "🧪" in TEXT.splitlines()[region["startLine"] - 1][: region["startColumn"]]


def test_related_places_are_numbered_and_worded() -> None:
    (related,) = the_run(a_run())["results"][0]["relatedLocations"]
    start, end = cut(TEXT, related["physicalLocation"]["region"])
    assert TEXT[start:end] == "regression"
    assert related["id"] == 1
    assert related["message"]["text"] == "the type is stated here"


def test_fixes_carried_out_mend_the_text() -> None:
    result = the_run(a_run())["results"][0]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    start, end = cut(TEXT, replacement["deletedRegion"])
    mended = TEXT[:start] + replacement["insertedContent"]["text"] + TEXT[end:]
    assert mended == TEXT.replace("classes: 2, ", "")
    assert fix["properties"] == {"safe": False}
    assert fix["description"]["text"].endswith("look it over.")


def test_places_are_relative_to_a_root_that_is_not_told() -> None:
    run = the_run(a_run())
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "sheets/first%20sheet.yaml", "uriBaseId": "%SRCROOT%", "index": 0}
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"]
    assert run["artifacts"][0]["location"] == {"uri": "sheets/first%20sheet.yaml", "uriBaseId": "%SRCROOT%"}


def test_what_can_not_be_read_is_told_of_the_run() -> None:
    (invocation,) = the_run(a_run())["invocations"]
    assert not invocation["executionSuccessful"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gone.yaml"
    assert the_run(CheckReport((), (), "1"))["invocations"] == [{"executionSuccessful": True}]


SHEET = """\
factsheet: 1
overview: {name: Example, model: BERT-base}
parameters:
  area: 780,4 mm²
  area_of_one: 3
performance:
  results:
    - name: GLUE
      systems: [{id: analog, name: Analog, kind: analog}]
      tasks:
        - {task: STS-B, type: regression, classes: 2, scores: {analog: 84.52 %}}
        - {task: SICK-R, type: regression, classes: 5, scores: {analog: 81.00 %}}
"""


def fingerprints_of(text: str) -> list[str]:
    loaded = load_bytes(text.encode(), "sheet.yaml")
    diagnostics = check_document(loaded, "sheet.yaml").diagnostics
    assert len(diagnostics) == 4
    run = the_run(CheckReport((CheckedFile("sheet.yaml", loaded.document, diagnostics),), (), "1"))
    return [result["partialFingerprints"]["factsheetFinding/v1"] for result in run["results"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("parameters:", "# a line\n\nparameters:"),
        ("performance:", "purpose: {summary: Text.}\nperformance:"),
        ("BERT-base}", "BERT-large}   # another model"),
        ("factsheet: 1\n", "factsheet: 1\r\n"),
    ],
)
def test_a_fingerprint_outlives_changes_around_it(old: str, new: str) -> None:
    changed = SHEET.replace(old, new)
    assert changed != SHEET
    assert fingerprints_of(changed) == fingerprints_of(SHEET)


def test_a_fingerprint_outlives_a_figure_in_the_message() -> None:
    assert fingerprints_of(SHEET.replace("780,4 mm²", "812,7 mm²")) == fingerprints_of(SHEET)


def test_words_in_a_message_are_no_link() -> None:
    # 3.11.6: `[words](target)` in plain text is a link; a backslash before the bracket makes it text.
    found = a_run().files[0].diagnostics[0]._replace(message="see [the row](https://example.org) in tasks[0]")
    (result,) = the_run(CheckReport((CheckedFile("a.yaml", None, (found,)),), (), "1"))["results"]
    assert result["message"]["text"].startswith(r"see \[the row](https://example.org) in tasks[0].")


def test_fingerprints_tell_findings_apart() -> None:
    assert len(set(fingerprints_of(SHEET))) == 4
