"""The JSON form: a contract with programs, so its keys are written down here once more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.recompute.engine import recompute
from factsheet.recompute.json_shape import to_json
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields


def test_version_1_has_these_keys(bert: SheetFields) -> None:
    shape = json.loads(json.dumps(to_json(recompute(bert)), allow_nan=False))
    assert list(shape) == [
        *("schema", "sheet", "operating_point", "sizes", "convention", "tile", "totals", "at_least"),
        *("unreached", "layers", "facts"),
        *("conventions", "notes", "policy", "run", "chip", "digital", "field", "problem"),
    ]
    assert shape["schema"] == "factsheet.derive/1"
    assert shape["sheet"] == {"name": "BERT-base on analog AI hardware", "model": "BERT-base"}
    assert shape["operating_point"] == {"seq_len": 32, "batch": 4}
    assert (shape["convention"], shape["tile"]) == ("consistent", {"rows": 512, "cols": 512})
    assert list(shape["totals"]) == [
        *(
            "parameters",
            "analog_weights",
            "logical_weights",
            "analog_macs",
            "dynamic_macs",
            "digital_static_macs",
        ),
        *("analog_ops", "digital_ops", "total_ops", "tiles", "tiles_dense", "utilisation", "devices"),
        "inferences",
    ]
    assert {tuple(layer) for layer in shape["layers"]} == {
        (
            *("name", "rows", "cols", "calls", "tiles", "utilisation", "macs", "ops", "uses", "reuse", "on"),
            *("kind", "matrices", "active", "storage"),
        )
    }
    assert {tuple(fact) for fact in shape["facts"]} == {
        (
            *("name", "path", "claimed", "derived", "derived_low", "derived_high", "derived_text", "unit"),
            *("verdict", "relative_difference", "formula", "standing", "weakest_constant", "note"),
        )
    }
    assert {tuple(total) for total in shape["conventions"]} == {
        ("name", "digital_ops", "total_ops", "explains", "verdict")
    }
    assert list(shape["policy"]) == ["rule", "digital", "analog"]
    assert shape["run"] == {"cache_length": None, "image_size": None, "source": None}
    assert shape["problem"] is None


def test_values_keep_their_exact_size(bert: SheetFields) -> None:
    shape = json.loads(json.dumps(to_json(recompute(bert))))
    facts = {fact["path"]: fact for fact in shape["facts"]}
    analog = facts["parameters.operating_points[0].analog_ops"]
    assert (analog["derived"], analog["claimed"], analog["unit"]) == (21_743_271_936, "21.74 G ops", "ops")
    assert analog["derived_low"] is None
    assert facts["parameters.operating_points[0].energy"]["unit"] == "J"
    explains = {total["name"]: total["explains"] for total in shape["conventions"]}
    assert (explains["consistent"], explains["mult-adds"]) == (True, False)


def test_a_bare_sheet_is_all_nulls_and_reasons(sheet_with: Callable[..., SheetFields]) -> None:
    shape = json.loads(json.dumps(to_json(recompute(sheet_with(model_architecture=None))), allow_nan=False))
    assert shape["operating_point"] == {"seq_len": None, "batch": None}
    assert shape["tile"] is None
    assert shape["layers"] == shape["conventions"] == []
    assert set(shape["totals"].values()) == {None}
    assert {fact["verdict"] for fact in shape["facts"]} == {"not_derivable"}
    assert all(fact["note"] for fact in shape["facts"])
    assert shape["problem"]["path"] == "model_architecture.transformer_encoder"


def test_nothing_claimed_is_neither_explained_nor_not(sheet_with: Callable[..., SheetFields]) -> None:
    shape = to_json(recompute(sheet_with(), Request(seq_len=8, batch=1)))
    conventions = shape["conventions"]
    assert isinstance(conventions, list)
    assert conventions
    assert all(isinstance(total, dict) and total["explains"] is None for total in conventions)


def test_an_open_end_is_null(sheet_with: Callable[..., SheetFields]) -> None:
    row = {"seq_len": 8, "batch": 1, "power": "at least 1 W", "execution_time": "1 s"}
    shape = to_json(recompute(sheet_with(parameters={"operating_points": [row]})))
    facts = json.loads(json.dumps(shape, allow_nan=False))["facts"]
    energy = next(fact for fact in facts if fact["name"] == "energy")
    assert energy["derived_high"] is None
    # At least 1 W for 0.5 s, the shortest that is written "1 s".
    assert energy["derived_low"] == 0.5
