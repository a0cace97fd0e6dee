"""`model_dump` and `model_validate` are each other's inverse, in Python and in JSON."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from generated_sheets import sheets
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from factsheet.facts.fact import Fact
from factsheet.facts.kinds import Measure
from factsheet.sheet.load import read_factsheet
from factsheet.sheet.model import SheetFields
from factsheet.source.loader import read_sheet

ROOT = Path(__file__).parents[2]
SHEETS = sorted(
    path
    for folder in ("sheets", "examples", "tests/examples")
    for path in (ROOT / folder).rglob("*.yaml")
    if path.read_text(encoding="utf-8").lstrip("#-% \n").startswith(("yaml-language-server", "factsheet:"))
)


def comes_back(sheet: SheetFields) -> None:
    """Assert that a sheet is the same after a round trip through plain data and through JSON, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert SheetFields.model_validate(sheet.model_dump()) == sheet
        assert SheetFields.model_validate(sheet.model_dump(mode="json")) == sheet
        assert SheetFields.model_validate(sheet.model_dump(exclude_none=True)) == sheet
        assert SheetFields.model_validate_json(sheet.model_dump_json()) == sheet


def test_there_are_sheets() -> None:
    assert ROOT / "sheets" / "bert.yaml" in SHEETS
    assert len(SHEETS) > 20


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_sheet_of_the_repository_comes_back(path: Path) -> None:
    document = read_sheet(path).document
    sheet, _ = read_factsheet(None if document is None else document.data)
    if sheet is not None:
        comes_back(sheet)


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    return Draft202012Validator(
        json.loads((ROOT / "schemas" / "factsheet-1.schema.json").read_text(encoding="utf-8"))
    )


@settings(suppress_health_check=list(HealthCheck), max_examples=40)
@given(data=sheets())
def test_any_valid_sheet_comes_back_and_its_dump_fits_the_schema(
    schema: Draft202012Validator, data: dict[str, Any]
) -> None:
    sheet = SheetFields.model_validate(data)
    comes_back(sheet)
    dumped = sheet.model_dump(mode="json", exclude_none=True)
    assert [error.message for error in schema.iter_errors(dumped)] == []


def test_digits_come_back() -> None:
    data = {
        "factsheet": 1,
        "overview": {"name": "a", "model": "b"},
        "hwa_training": {"read_noise": "0.0170", "weight_noise": {"value": 1, "relative_to": "w_max"}},
    }
    sheet = SheetFields.model_validate(data)
    for dumped in (sheet.model_dump(exclude_none=True), sheet.model_dump(mode="json", exclude_none=True)):
        assert SheetFields.model_validate(dumped) == sheet
    assert sheet.model_dump(mode="json", exclude_none=True)["hwa_training"] == data["hwa_training"]


def test_a_copy_with_changes_is_valid_and_leaves_the_sheet_alone() -> None:
    document = read_sheet(ROOT / "sheets" / "bert.yaml").document
    assert document is not None
    sheet = SheetFields.model_validate(document.data)
    assert sheet.parameters is not None
    power = Fact(Measure("power").parse("3.2 W"), source="measured")
    changed = sheet.model_copy(update={"parameters": sheet.parameters.model_copy(update={"power": power})})
    assert sheet.parameters.power != power
    assert changed.model_dump()["parameters"]["power"] == {"value": "3.2 W", "source": "measured"}
    comes_back(changed)


def test_models_and_facts_are_taken_as_values() -> None:
    document = read_sheet(ROOT / "sheets" / "bert.yaml").document
    assert document is not None
    sheet = SheetFields.model_validate(document.data)
    assert SheetFields(**dict(sheet)) == sheet
