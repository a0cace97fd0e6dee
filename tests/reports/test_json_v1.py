"""The shape of `factsheet.check/1`, which other programs rely on."""

from __future__ import annotations

import json
from typing import Any

from runs import TEXT, a_run

from factsheet.reports.json_v1 import write
from factsheet.reports.report import CheckReport
from factsheet.reports.text import Style

COUNTED = ("sheets", "unreadable", "errors", "warnings", "infos", "safe_fixes", "unsafe_fixes", "known")
PLACE = {"line": int, "column": int, "offset": int}
SPAN = {"start": PLACE, "end": PLACE}
DIAGNOSTIC = {
    "rule": str,
    "slug": str,
    "severity": str,
    "confidence": str,
    "message": str,
    "why": str,
    "help": str,
    "file": str,
    **SPAN,
    "path": str,
    "related": [{"message": str, **SPAN}],
    "stands_for": int,
    "fix": {"safe": bool, "edits": [{**SPAN, "text": str}]},
}
SHAPE = {
    "schema": str,
    "tool": {"name": str, "version": str},
    "sheets": [{"file": str, "diagnostics": [DIAGNOSTIC]}],
    "unreadable": [{"file": str, "reason": str}],
    "summary": dict.fromkeys(COUNTED, int),
}


def has_shape(data: Any, shape: Any) -> bool:
    if isinstance(shape, dict):
        return list(data) == list(shape) and all(has_shape(data[key], shape[key]) for key in shape)
    if isinstance(shape, list):
        return isinstance(data, list) and all(has_shape(item, shape[0]) for item in data)
    return type(data) is shape


def written(report: CheckReport) -> Any:
    return json.loads(write(report, Style()))


def test_the_keys_of_version_one() -> None:
    data = written(a_run())
    assert data["schema"] == "factsheet.check/1"
    first = data["sheets"][0]["diagnostics"]
    assert [item["fix"] is None for item in first] == [False, True, False]
    first[1]["fix"] = first[0]["fix"]  # `null` where there is none
    assert has_shape(data, SHAPE)
    assert all(item["severity"] in {"error", "warning", "info"} for item in first)


def test_places_count_code_points() -> None:
    item = written(a_run())["sheets"][0]["diagnostics"][0]
    start, end = item["start"], item["end"]
    assert TEXT[start["offset"] : end["offset"]] == "2"
    line = TEXT.split("\n")[start["line"] - 1]
    assert line[start["column"] - 1 : end["column"] - 1] == "2"
    assert "🧪" in line
    assert item["path"] == "performance.results[0].tasks[0].classes"


def test_edits_carried_out_mend_the_text() -> None:
    (edit,) = written(a_run())["sheets"][0]["diagnostics"][0]["fix"]["edits"]
    mended = TEXT[: edit["start"]["offset"]] + edit["text"] + TEXT[edit["end"]["offset"] :]
    assert mended == TEXT.replace("classes: 2, ", "")


def test_the_summary_counts() -> None:
    assert written(a_run())["summary"] == {
        "sheets": 2,
        "unreadable": 1,
        "errors": 1,
        "warnings": 1,
        "infos": 1,
        "safe_fixes": 1,
        "unsafe_fixes": 1,
        "known": 0,
    }


def test_a_run_over_nothing_has_all_keys() -> None:
    assert written(CheckReport((), (), "1.2.3")) == {
        "schema": "factsheet.check/1",
        "tool": {"name": "factsheet", "version": "1.2.3"},
        "sheets": [],
        "unreadable": [],
        "summary": dict.fromkeys(COUNTED, 0),
    }


def test_the_same_run_gives_the_same_bytes() -> None:
    assert write(a_run(), Style()) == write(a_run(), Style())
