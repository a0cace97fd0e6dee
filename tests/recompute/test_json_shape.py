"""The JSON form: a contract with programs, so its keys are written down here once more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from factsheet.recompute.engine import recompute
from factsheet.recompute.json_shape import to_json
from factsheet.recompute.request import Request, request_with

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


def test_a_chip_is_given_with_what_the_estimate_says(bert: SheetFields) -> None:
    derivation = recompute(bert, request_with(None, hardware="ibm-2022"))
    estimate = derivation.chip.estimate
    assert estimate is not None
    chip = json.loads(json.dumps(to_json(derivation), allow_nan=False))["chip"]
    assert list(chip) == ["profile", "named", "problem", "left_out", "facts", "estimate"]
    assert (chip["profile"], chip["problem"], chip["left_out"]) == ("ibm-2022", None, [])
    given = chip["estimate"]
    assert list(given) == [
        *("structure", "chips", "tiles", "tiles_per_chip", "packing", "copies", "placements", "latencies"),
        *("totals", "missing", "layers", "sensitivity", "notes"),
    ]
    for name in ("structure", "chips", "tiles"):
        assert given[name] == getattr(estimate, name)
    # 480 tiles of 512 x 512 by the paper's table, in order, each matrix behind the one before it.
    assert given["tiles"] == sum(layer["tiles"] for layer in given["layers"]) == 480
    each = given["tiles_per_chip"]
    if each is not None:
        assert given["placements"][0]["first"] == 1
        assert max(place["last"] for place in given["placements"]) == given["chips"]
    for layer in given["layers"]:
        assert list(layer) == [
            *(
                "name",
                "on",
                "stage",
                "tiles",
                "vectors",
                "energy",
                "cells",
                "ports",
                "digital",
                "standby",
                "time",
            )
        ]
    for name, total in given["totals"].items():
        assert total["value"] == estimate.totals[name].value
        assert list(total) == ["value", "standing", "constants", "bound"]
    assert given["notes"]


def test_a_digital_device_is_given_with_what_its_profile_says(bert: SheetFields) -> None:
    derivation = recompute(bert, request_with(None, hardware="v100-fp16-onnxruntime"))
    shape = json.loads(json.dumps(to_json(derivation), allow_nan=False))
    digital = shape["digital"]
    assert shape["chip"] is None
    assert list(digital) == [
        *("profile", "device", "dtype", "stack", "problem", "facts", "kernels", "kernel_share", "spread"),
        "extrapolated",
    ]
    run = derivation.digital
    assert run is not None
    assert run.estimate is not None
    assert digital["profile"] == "v100-fp16-onnxruntime"
    description = run.profile.description
    for name in ("device", "dtype", "stack"):
        assert digital[name] == getattr(description, name)
    assert (digital["problem"], digital["kernels"]) == (None, run.estimate.launches)
    assert (digital["spread"], digital["kernel_share"]) == (run.estimate.spread, run.estimate.kernel_share)
    assert [fact["name"] for fact in digital["facts"]] == [fact.name for fact in derivation.chip_facts]
