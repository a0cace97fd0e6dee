"""`import factsheet`: the sheet as an object, and what can be done with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import factsheet

ROOT = Path(__file__).parents[2]
BERT = ROOT / "sheets" / "bert.yaml"


def test_what_is_loaded_is_the_model() -> None:
    sheet = factsheet.load(BERT)
    assert isinstance(sheet, factsheet.FactSheet)
    assert factsheet.FactSheet.model_validate(sheet.model_dump()) == sheet
    assert factsheet.FactSheet.model_validate_json(sheet.model_dump_json()) == sheet


def test_its_json_schema_is_the_shipped_one() -> None:
    shipped = (ROOT / "schemas" / "factsheet-1.schema.json").read_text(encoding="utf-8")
    assert factsheet.FactSheet.model_json_schema() == json.loads(shipped)
    assert "$defs" in factsheet.FactSheet.model_json_schema(mode="serialization")


def test_a_copy_that_was_changed_is_another_sheet() -> None:
    sheet = factsheet.load(BERT)
    copy = sheet.model_copy(update={"purpose": None})
    assert sheet.purpose is not None
    assert copy.purpose is None
    assert copy != sheet
    assert sheet.model_copy() == sheet


def test_a_text_that_is_no_sheet_is_refused_with_every_fault() -> None:
    with pytest.raises(factsheet.InvalidSheetError) as caught:
        factsheet.loads("factsheet: 1\noverview: {nme: x}", "mine.yaml")
    assert {fault.path for fault in caught.value.faults} == {("overview",), ("overview", "nme")}
    assert "mine.yaml: overview.nme: `nme` is not a field" in caught.value.diagnostics()
    assert "did you mean `name`?" in caught.value.diagnostics()


def test_every_name_of_the_face_is_there() -> None:
    assert dir(factsheet) == sorted(factsheet.__all__)
    for name in factsheet.__all__:
        assert getattr(factsheet, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'loadd'"):
        _ = factsheet.loadd  # type: ignore[attr-defined]  # the point of the test


def test_importing_the_face_loads_nothing() -> None:
    program = "import sys, factsheet; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "factsheet" in loaded
    assert not {"pydantic", "yaml", "factsheet.api"} & loaded
