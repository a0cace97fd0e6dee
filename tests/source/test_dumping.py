"""What is written as YAML reads back as the same data, whatever it holds."""

from __future__ import annotations

from typing import Any

import pytest
from generated_sheets import sheets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factsheet.sheet.model import SheetFields
from factsheet.source.dumping import dump_yaml
from factsheet.source.loader import load_bytes
from factsheet.source.scalars import WrittenFloat, WrittenInt, written


def read(text: str) -> Any:
    loaded = load_bytes(text.encode(), "dumped")
    assert loaded.problems == (), text
    assert loaded.document is not None
    return loaded.document.data


@settings(suppress_health_check=list(HealthCheck), max_examples=25)
@given(sheets())
def test_a_sheet_reads_back(data: dict[str, Any]) -> None:
    sheet = SheetFields.model_validate(data)
    text = dump_yaml(sheet.model_dump(exclude_none=True))
    assert SheetFields.model_validate(read(text)) == sheet


@given(st.dictionaries(st.sampled_from("abc"), st.text(st.characters(categories=("L", "N", "P", "S", "Zs")))))
def test_any_text_reads_back(data: dict[str, str]) -> None:
    assert read(dump_yaml({"key": data})) == {"key": data}


@pytest.mark.parametrize(
    "number", [WrittenFloat("66.40"), WrittenFloat("5e-5"), WrittenInt("+5"), 0.1, 3, True]
)
def test_a_number_keeps_its_digits(number: object) -> None:
    text = dump_yaml({"number": number})
    assert text == f"number: {written(number)}\n"
    assert written(read(text)["number"]) == written(number)


def test_what_others_read_as_something_else_is_quoted() -> None:
    words = ["yes", "No", "null", "1.10", "007", "2022-11-14", "12:30"]
    lines = dump_yaml({"words": words}).splitlines()
    assert [line.strip("- ")[0] in "'\"" for line in lines[1:6]] == [True] * 5
    assert read("\n".join(lines))["words"] == words


def test_long_text_goes_below_its_key_and_sections_are_apart() -> None:
    text = dump_yaml(
        {"factsheet": 1, "overview": {"name": "a", "summary": "word " * 40 + "end"}, "setup": {}}
    )
    assert text.startswith("factsheet: 1\n\noverview:\n  name: a\n  summary: >-\n    word word")
    assert text.endswith("end\nsetup: {}\n")
