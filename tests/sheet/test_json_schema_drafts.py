"""The schema in draft-07 holds the same sheets valid as the one in draft 2020-12; jsonschema is the judge of both."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from factsheet.sheet.json_schema import schema_text
from factsheet.sheet_templates.known_templates import model_named
from factsheet.source.loader import read_sheet

ROOT = Path(__file__).parent.parent.parent


@cache
def validators(template: str | None = None) -> tuple[Any, Any]:
    model = model_named(template)
    return (
        jsonschema.Draft202012Validator(json.loads(schema_text(model))),
        jsonschema.Draft7Validator(json.loads(schema_text(model, draft="07"))),
    )


@pytest.mark.parametrize("template", [None, "digital-accelerator"])
def test_it_is_a_schema_of_draft_07(template: str | None) -> None:
    draft_07 = json.loads(schema_text(model_named(template), draft="07"))
    assert draft_07["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(draft_07)
    assert "$defs" not in json.dumps(draft_07)
    # Its own section on `$ref` (draft-handrews-json-schema-01, 8.3): all other properties beside one are ignored.
    waiting = [draft_07]
    while waiting:
        node = waiting.pop()
        assert "$ref" not in node or len(node) == 1
        below = node.values() if isinstance(node, dict) else node
        waiting += [one for one in below if isinstance(one, dict | list)]


def data_of(name: str) -> Any:
    document = read_sheet(ROOT / "sheets" / name).document
    assert document is not None
    assert isinstance(document.data, dict)
    return document.data


def places(data: Any) -> tuple[list[str], list[str]]:
    """Where each of the two finds something wrong."""
    later, earlier = (sorted(error.json_path for error in one.iter_errors(data)) for one in validators())
    return later, earlier


@pytest.mark.parametrize("name", ["bert.yaml", "albert.yaml"])
def test_published_sheets_are_valid_in_both(name: str) -> None:
    assert places(data_of(name)) == ([], [])


@pytest.mark.parametrize("wrong", [7, "", {"value": "3 W", "source": "guessed"}, {"nobody": 1}, [[1]], None])
def test_what_one_refuses_the_other_refuses_at_the_same_places(wrong: object) -> None:
    found = set()
    for section in ("overview", "parameters", "performance", "references", "provenance"):
        data = data_of("bert.yaml")
        data[section] = wrong
        later, earlier = places(data)
        assert later == earlier
        found.update(later)
    assert "$.overview" in found


def test_faults_deep_in_a_sheet_are_found_by_both() -> None:
    data = data_of("bert.yaml")
    data["overview"]["status"] = "ready"
    data["reviews"] = [{"by": "P7", "role": "nobody"}]
    data["parameters"]["power"] = "3 Kelvin"
    del data["overview"]["model"]
    later, earlier = places(data)
    assert later == earlier
    assert {"$.overview", "$.overview.status", "$.parameters", "$.reviews"} <= set(later)
