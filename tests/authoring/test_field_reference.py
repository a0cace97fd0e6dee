"""`factsheet fields` and `explain` of a field: every field of the schema is listed, and what is said of it is true."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from factsheet.authoring.field_catalogue import catalogue, entries_at
from factsheet.cli.run import run
from factsheet.readers.needs import needs_of
from factsheet.readers.roles import ROLE_NAMES
from factsheet.sheet.json_schema import build_schema
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def paths_of(
    schema: dict[str, Any], node: dict[str, Any], above: str, seen: tuple[str, ...]
) -> Iterator[str]:
    """Every path of the JSON Schema, which pydantic makes by another way."""
    forms = [node, *node.get("anyOf", [])]
    for name, field in [item for form in forms for item in form.get("properties", {}).items()]:
        path = f"{above}.{name}" if above else name
        yield path
        for reference, rows in references_of(field, rows=False):
            definition = schema["$defs"][reference]
            if reference not in seen and reference.removeprefix("fact-") == reference:
                below = paths_of(schema, definition, f"{path}[*]" if rows else path, (*seen, reference))
                yield from below


def references_of(node: Any, *, rows: bool) -> Iterator[tuple[str, bool]]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rpartition("/")[2], rows
        for key, value in node.items():
            if key in {"items", "anyOf"}:
                yield from references_of(value, rows=rows or key == "items")
    elif isinstance(node, list):
        for value in node:
            yield from references_of(value, rows=rows)


def test_every_field_of_the_json_schema_is_listed() -> None:
    schema = build_schema()
    theirs = {
        path
        for path in paths_of(schema, schema, "", ())
        # Each section has these; they are listed once, for the sheet as a whole.
        if not (path.count(".") and {"provenance", "notes"} & set(path.split(".")[1:2]))
    }
    ours = [entry.path for entry in catalogue()]
    assert len(set(ours)) == len(ours)
    assert theirs == set(ours)


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.path)
def test_a_field_says_what_an_author_needs(entry: Any) -> None:
    assert entry.meaning.endswith((".", "?"))
    assert entry.question.endswith("?") or not entry.path.count(".")
    assert entry.form
    assert entry.example is not None


def test_an_example_of_a_top_level_field_is_valid() -> None:
    whole = {entry.path: entry.example for entry in catalogue() if "." not in entry.path}
    required = {"factsheet": 1, "overview": {"name": "Example", "model": "BERT-base"}}
    for name, example in whole.items():
        sheet, misfits = read_factsheet({**required, name: example} if name not in required else required)
        assert sheet is not None, name
        assert misfits == (), name


def test_who_asks_is_what_the_needs_say() -> None:
    (entry,) = entries_at("parameters.power")
    asking = {role for role, _, core in entry.asked_by if core}
    assert asking == {
        role for role in ROLE_NAMES if any("parameters.power" in one.need.core for one in needs_of(role))
    }


@pytest.mark.parametrize(
    "path", ["parameters.operating_points[0].power", "parameters.operating_points.power"]
)
def test_the_number_of_a_row_does_not_matter(path: str) -> None:
    assert [entry.path for entry in entries_at(path)] == ["parameters.operating_points[*].power"]


def test_a_field_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fields", "parameters.power"]) == 0
    fields = capsys.readouterr().out
    assert "How much power does the chip draw?" in fields
    assert "such as `3.13 W`" in fields
    assert run(["explain", "parameters.power"]) == 0
    assert capsys.readouterr().out == fields


def test_explain_knows_rules_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "FS204"]) == 0
    assert "FS204" in capsys.readouterr().out
    assert run(["explain", "FS999"]) == 2


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("parameters.latency", "parameters.operating_points[…].execution_time"),
        ("hwa_training.lr", "hwa_training.learning_rate"),
        ("power", "parameters.power"),
    ],
)
def test_a_field_that_does_not_exist_is_pointed_to_one_that_does(
    asked: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fields", asked]) == 2
    assert meant in capsys.readouterr().err


def test_json_has_every_field(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fields", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "factsheet.fields/1"
    assert [field["path"] for field in data["fields"]] == [entry.path for entry in catalogue()]


def test_the_reference_page_is_tables_of_four_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fields", "--format", "markdown"]) == 0
    shown = MarkdownIt("commonmark").enable("table").render(capsys.readouterr().out)
    rows = shown.count("<tr>") - shown.count("<thead>")
    assert rows == sum("." in entry.path for entry in catalogue())
    assert shown.count("<td>") == 4 * rows


def test_the_page_of_the_manual_is_the_one_that_the_command_writes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["fields", "--format", "markdown"]) == 0
    page = Path(__file__).parents[2] / "docs" / "fields.md"
    assert page.read_text(encoding="utf-8") == capsys.readouterr().out, (
        "run `factsheet fields --format markdown -o docs/fields.md`"
    )


def test_a_role_sees_what_it_asks_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fields", "performance", "--role", "business-expert", "--format", "json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert fields
    assert all(any(asker["role"] == "business-expert" for asker in field["asked_by"]) for field in fields)
