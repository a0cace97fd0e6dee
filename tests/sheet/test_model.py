"""The model of the sheet: what it accepts, what it refuses, and how each field is documented."""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from factsheet.facts.fact import Entry, Fact
from factsheet.facts.section import Record
from factsheet.sheet.load import read_factsheet
from factsheet.sheet.model import SheetFields
from factsheet.sheet.walk import citations, facts
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes, read_sheet

ROOT = Path(__file__).parents[2]
MINIMAL: dict[str, Any] = {"factsheet": 1, "overview": {"name": "Sheet", "model": "BERT-base"}}


def with_section(name: str, section: object) -> dict[str, Any]:
    return {**MINIMAL, name: section}


def records(record: type[Record], seen: set[type[Record]]) -> set[type[Record]]:
    if record not in seen:
        seen.add(record)
        for field in record.model_fields.values():
            for nested in nested_records(field.annotation):
                records(nested, seen)
    return seen


def nested_records(annotation: object) -> list[type[Record]]:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return [annotation]
    return [record for argument in typing.get_args(annotation) for record in nested_records(argument)]


ALL_RECORDS = sorted(records(SheetFields, {Entry}), key=lambda record: record.__name__)
ALL_FIELDS = [(record, name) for record in ALL_RECORDS for name in record.model_fields]


@pytest.mark.parametrize(("record", "name"), ALL_FIELDS, ids=[f"{r.__name__}.{n}" for r, n in ALL_FIELDS])
def test_every_field_is_documented(record: type[Record], name: str) -> None:
    field = record.model_fields[name]
    assert field.description is not None
    assert field.description.endswith((".", "?"))
    assert isinstance(field.json_schema_extra, dict)
    assert str(field.json_schema_extra["x-question"]).endswith("?")
    assert field.examples


@pytest.mark.parametrize(("record", "name"), ALL_FIELDS, ids=[f"{r.__name__}.{n}" for r, n in ALL_FIELDS])
def test_every_example_is_valid(record: type[Record], name: str) -> None:
    examples = record.model_fields[name].examples
    assert examples
    for example in examples:
        # Other fields may be missing; this one may not be refused.
        assert name not in refused_fields(record, {name: example})


def refused_fields(record: type[Record], data: dict[str, Any]) -> set[object]:
    """The fields that validation complains of."""
    try:
        record.model_validate(data)
    except ValidationError as error:
        return {detail["loc"][0] for detail in error.errors()}
    return set()


def test_the_published_bert_sheet_fits_the_schema() -> None:
    loaded = read_sheet(ROOT / "sheets" / "bert.yaml")
    assert loaded.problems == ()
    assert loaded.document is not None
    sheet, misfits = read_factsheet(loaded.document.data)
    assert misfits == ()
    assert isinstance(sheet, SheetFields)


# The figures of the published FactSheet, as it prints them (appendix "BERT FactSheet" of the study).
PUBLISHED = {
    "parameters.parameters": "110 million",
    "parameters.tile.rows": "512",
    "parameters.tile.cols": "512",
    "parameters.power": "3.13 W",
    "parameters.area": "780.4 mm²",
    "parameters.operating_points[0].total_ops": "approx. 21.84 G ops",
    "parameters.operating_points[0].analog_ops": "21.74 G ops",
    "parameters.operating_points[0].execution_time": "approx. 0.19 ms",
    "hwa_training.weight_noise": "1.0",
    "hwa_training.read_noise": "0.0175",
    "hwa_training.adc_noise": "0.04",
    "hwa_training.input_bound": "3.0",
    "hwa_training.output_bound": "10.0",
    "hwa_training.learning_rate": "5e-5 to 1.5e-4",
    "hwa_training.accuracy": "80.6 %",
    "hwa_training.baseline_accuracy": "81.2 %",
    "performance.results[0].averages.digital": "81.23 %",
    "performance.results[0].averages.analog": "80.57 %",
    "performance.classification_time": "0.19 ms",
    "performance.energy_efficiency": "6589 inferences/s/W",
    "performance.refresh_interval": "4 weeks",
    "model_architecture.transformer_encoder.layers": "12",
    "model_architecture.transformer_encoder.heads": "12",
    "training_data.size": "2.5k to 393k",
    "training_data.max_seq_len": "up to 128",
}
# Rows of the published result table: task, size, digital, analog.
TABLE = [
    ("RTE", "2.5k", "66.40 %", "64.00 %"),
    ("MRPC", "3.7k", "88.90 %", "88.62 %"),
    ("STS-B", "5.7k", "85.80 %", "84.52 %"),
    ("CoLA", "8.5k", "52.10 %", "55.65 %"),
    ("SST-2", "67k", "93.50 %", "91.03 %"),
    ("QNLI", "105k", "90.50 %", "89.01 %"),
    ("QQP", "364k", "89.20 %", "89.63 %"),
    ("MNLI", "393k", "83.40 %", "82.12 %"),
]


def bert() -> SheetFields:
    document = read_sheet(ROOT / "sheets" / "bert.yaml").document
    assert document is not None
    return SheetFields.model_validate(document.data)


def test_the_bert_sheet_holds_the_published_figures() -> None:
    stated = {dotted(placed.path): placed.fact.words() for placed in facts(bert())}
    assert {path: stated.get(path) for path in PUBLISHED} == PUBLISHED


def test_the_bert_sheet_holds_the_published_table() -> None:
    performance = bert().performance
    assert performance is not None
    assert performance.results is not None
    rows = [
        (
            task.task,
            task.size.words() if task.size else "",
            *(score.words() for score in task.scores.values()),
        )
        for task in performance.results[0].tasks
    ]
    assert rows == TABLE


def test_every_figure_of_the_bert_sheet_has_provenance() -> None:
    sheet = bert()
    known = {reference.id for reference in sheet.references or ()}
    for placed in facts(sheet):
        if placed.fact.quantity is not None:
            assert placed.source is not None, placed.path
            assert placed.evidence, placed.path
    assert {name for _, names in citations(sheet) for name in names} <= known


@pytest.mark.parametrize(
    ("section", "value", "path"),
    [
        ("parameters", {"power": "3.13"}, ("parameters", "power")),
        ("parameters", {"power": "3.13 mm²"}, ("parameters", "power")),
        ("parameters", {"power": {"value": "3.13 volts"}}, ("parameters", "power", "value")),
        ("parameters", {"power": {"value": "3 W", "not_disclosed": "why"}}, ("parameters", "power")),
        ("parameters", {"power": {"source": "declared"}}, ("parameters", "power")),
        ("parameters", {"power": {"value": "3 W", "source": "guessed"}}, ("parameters", "power", "source")),
        ("parameters", {"power": True}, ("parameters", "power")),
        ("parameters", {"power": ["3 W"]}, ("parameters", "power")),
        ("parameters", {"tile": {"rows": 512}}, ("parameters", "tile")),
        ("parameters", {"tile": {"rows": 0, "cols": 512}}, ("parameters", "tile", "rows")),
        ("parameters", {"tile": {"rows": 512.5, "cols": 512}}, ("parameters", "tile", "rows")),
        ("parameters", {"operating_points": [{"seq_len": 32}]}, ("parameters", "operating_points", 0)),
        ("parameters", {"operating_points": {"seq_len": 32}}, ("parameters", "operating_points")),
        (
            "parameters",
            {"operating_points": [{"seq_len": 32, "batch": "some"}]},
            ("parameters", "operating_points", 0, "batch"),
        ),
        ("overview", {"name": "a", "model": "b", "date": "2022-13-01"}, ("overview", "date")),
        ("overview", {"name": "a", "model": "b", "date": "2022-02-30"}, ("overview", "date")),
        (
            "overview",
            {"name": "a", "model": "b", "homepage": "javascript:alert(1)"},
            ("overview", "homepage"),
        ),
        ("overview", {"name": "a", "model": "b", "status": "done"}, ("overview", "status")),
        ("overview", {"name": "", "model": "b"}, ("overview", "name")),
        ("purpose", {"applications": []}, ("purpose", "applications")),
        ("references", [{"id": "UPPER", "title": "t"}], ("references", 0, "id")),
        (
            "performance",
            {"results": [{"name": "a", "systems": [{"id": "b"}], "tasks": [{"task": "c", "scores": {}}]}]},
            ("performance", "results", 0, "systems", 0),
        ),
        ("provenance", {"date": "last spring"}, ("provenance", "date")),
        ("references", [{"id": "a", "title": "t", "doi": "doi:10.1/x"}], ("references", 0, "doi")),
        ("reviews", [{"by": "P1", "role": "manager"}], ("reviews", 0, "role")),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(
    section: str, value: object, path: tuple[str | int, ...]
) -> None:
    _, misfits = read_factsheet(with_section(section, value))
    assert [misfit.path for misfit in misfits] == [path]
    assert misfits[0].message
    assert misfits[0].why
    assert misfits[0].help


def test_a_misspelt_key_is_named_with_the_one_that_was_meant() -> None:
    _, misfits = read_factsheet(with_section("purpose", {"sumary": "text"}))
    assert misfits[0].path == ("purpose", "sumary")
    assert "`summary`" in misfits[0].help


def test_a_key_of_another_section_is_sent_there() -> None:
    _, misfits = read_factsheet(with_section("purpose", {"refresh_interval": "4 weeks"}))
    assert "`performance`" in misfits[0].help


def test_the_rest_of_a_sheet_with_misfits_is_still_read() -> None:
    data = with_section("parameters", {"power": "much", "area": "780.4 mm²"})
    sheet, misfits = read_factsheet(data)
    assert len(misfits) == 1
    assert sheet is not None
    assert sheet.parameters is not None
    assert sheet.parameters.power is None
    assert sheet.parameters.area is not None


def test_blank_means_not_yet_answered() -> None:
    sheet, misfits = read_factsheet(with_section("parameters", {"power": None}))
    assert misfits == ()
    assert sheet is not None
    assert sheet.parameters is not None
    assert sheet.parameters.power is None


def test_digits_survive_from_text_to_quantity() -> None:
    loaded = load_bytes(
        b"factsheet: 1\noverview: {name: a, model: b}\nhwa_training: {read_noise: 0.0170}\n", "x"
    )
    assert loaded.document is not None
    sheet, _ = read_factsheet(loaded.document.data)
    assert sheet is not None
    assert sheet.hwa_training is not None
    noise = sheet.hwa_training.read_noise
    assert isinstance(noise, Fact)
    assert noise.quantity is not None
    assert noise.quantity.text == "0.0170"
    # Half a unit of the last digit written, not of the last digit that a float would print.
    assert noise.quantity.high - noise.quantity.low == pytest.approx(0.0001)
