"""The JSON Schema is current, and accepts what the models accept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic_core import ValidationError

from factsheet.readers.audience import STUDY
from factsheet.sheet.json_schema import build_schema, schema_text
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import model_named
from factsheet.sheet_templates.template import shipped_names
from factsheet.source.discovery import find_sheets
from factsheet.source.loader import read_sheet

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "schemas" / "factsheet-1.schema.json"
TEMPLATES = tuple(name for name in shipped_names() if name != STUDY.template)


def bert_data() -> Any:
    document = read_sheet(ROOT / "sheets" / "bert.yaml").document
    assert document is not None
    return document.data


def test_the_schema_in_the_repository_is_current() -> None:
    stored = SCHEMA.read_text(encoding="utf-8")
    assert stored == schema_text(), "run: factsheet schema -o schemas/factsheet-1.schema.json"


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_schema_of_a_template_in_the_repository_is_current(name: str) -> None:
    stored = (ROOT / "schemas" / f"{name}-1.schema.json").read_text(encoding="utf-8")
    made = f"factsheet schema --template {name} -o schemas/{name}-1.schema.json"
    assert stored == schema_text(model_named(name)), f"run: {made}"


def test_the_schema_is_valid_2020_12() -> None:
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def by_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_sheets_carry_the_modeline_and_fit_the_schema(by_schema: Draft202012Validator) -> None:
    sheets = find_sheets([ROOT / "sheets"])
    assert sheets
    for sheet in sheets:
        first = sheet.read_text(encoding="utf-8").splitlines()[0]
        up = "../" * len(sheet.relative_to(ROOT).parent.parts)
        document = read_sheet(sheet).document
        assert document is not None
        assert isinstance(document.data, dict)
        name = document.data.get("template", "factsheet")
        assert first == f"# yaml-language-server: $schema={up}schemas/{name}-1.schema.json"
        schema = by_schema if name == "factsheet" else Draft202012Validator(build_schema(model_named(name)))
        schema.validate(document.data)


PATHS = [
    ("factsheet",),
    ("overview", "name"),
    ("parameters", "power"),
    ("parameters", "operating_points", 0, "batch"),
    ("parameters", "operating_points", 0, "seq_len"),
    ("parameters", "tile", "rows"),
    ("performance", "results", 0, "tasks", 3, "scores", "analog"),
    ("performance", "results", 0, "systems", 0, "id"),
    ("hwa_training", "weight_noise"),
    ("references", 0, "year"),
    ("references",),
    ("training_data", "tasks"),
    ("provenance",),
    ("reviews",),
    ("unknown",),
]
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        [
            "3.13 W",
            "~3 W",
            "66.40 %",
            "32",
            "x y",
            "",
            "not stated",
            "1.5k",
            "declared",
            "2022-11-14",
            "https://a.b/c",
        ]
    ),
    st.text(max_size=8),
    st.sampled_from(
        [
            [],
            {},
            ["a"],
            [1],
            {"value": "3 W"},
            {"value": 3},
            {"not_disclosed": "why"},
            {"value": 1, "not_disclosed": "why"},
            {"source": "declared"},
            {"value": "3 W", "at": {"seq_len": 32, "batch": 4}},
            {"value": 1.0, "relative_to": "w_max"},
            [{"id": "a", "title": "b"}],
            [{"by": "P1", "role": "data-scientist", "completeness": "low"}],
        ]
    ),
)


def replaced(data: Any, path: tuple[str | int, ...], value: object) -> Any:
    if not path:
        return value
    head, *rest = path
    if isinstance(data, list):
        return [
            replaced(entry, tuple(rest), value) if index == head else entry
            for index, entry in enumerate(data)
        ]
    if isinstance(data, dict):
        return {**data, head: replaced(data.get(head), tuple(rest), value)}
    return data


def verdict(validate: Any, data: object) -> list[tuple[object, str]]:
    try:
        validate(data)
    except ValidationError as error:
        return [(detail["loc"], detail["type"]) for detail in error.errors(include_url=False)]
    return []


def as_json(data: Any) -> Any:
    return json.loads(json.dumps(data))


@given(st.sampled_from(PATHS), VALUES)
def test_what_the_models_accept_the_json_schema_accepts(path: tuple[str | int, ...], value: object) -> None:
    # The other way round does not hold to the letter: a pattern can not know the calendar.
    data = replaced(bert_data(), path, value)
    if not verdict(SheetFields.model_validate, data):
        validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
        assert [error.message for error in validator.iter_errors(as_json(data))] == []
