"""The published sheet of BERT: what follows from it, against numbers that others published or that are plain sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.crossbar.mapping import TileShape
from factsheet.recompute.engine import recompute
from factsheet.recompute.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields

POINT = "parameters.operating_points[0]"


@pytest.mark.parametrize(
    ("path", "value", "verdict"),
    [
        # Hugging Face's BertModel, bert-base-uncased; "110 million" in the BERT paper and the sheet.
        ("parameters.parameters", 109_482_240, "rounds_to"),
        # IBM/3D-CiM-LLM-Inference-Simulator: "84,934,656 parameters and requires 480 tiles".
        ("parameters.analog_weights", 84_934_656, "unclaimed"),
        ("parameters.tiles", 480, "unclaimed"),
        ("performance.size_on_chip", 480, "unclaimed"),
        # 84,934,656 / 512² is 324 to the last digit; 324 / 480 = 0.675.
        ("derived.tiles_dense", 324, "unclaimed"),
        ("derived.utilisation", 0.675, "unclaimed"),
        # Two conductances a weight.
        ("parameters.devices", 169_869_312, "unclaimed"),
        ("parameters.reuse_factor", 1, "agrees"),
        # 4 bytes a parameter.
        ("performance.size_on_disk", 437_928_960, "unclaimed"),
        # 84,934,656 weights, 32 · 4 tokens, 2 ops a MAC; 21.74B in the sheet.
        (f"{POINT}.analog_ops", 21_743_271_936, "rounds_to"),
        # 4 is the batch that the sheet counts operations for.
        (f"{POINT}.batch", 4, "agrees"),
    ],
)
def test_whole_numbers(bert_facts: dict[str, DerivedFact], path: str, value: float, verdict: str) -> None:
    fact = bert_facts[path]
    assert (fact.derived, fact.verdict.kind) == (value, verdict)


@pytest.mark.parametrize(
    ("path", "value", "unit", "verdict"),
    [
        # (66.4 + 88.9 + 85.8 + 52.1 + 93.5 + 90.5 + 89.2 + 83.4) / 8; the sheet's text has 81.2 %.
        ("performance.results[0].averages.digital", 0.81225, "1", "rounds_to"),
        ("hwa_training.baseline_accuracy", 0.81225, "1", "rounds_to"),
        # (64 + 88.62 + 84.52 + 55.65 + 91.03 + 89.01 + 89.63 + 82.12) / 8; the sheet's text has 80.6 %.
        ("performance.results[0].averages.analog", 0.805725, "1", "rounds_to"),
        ("hwa_training.accuracy", 0.805725, "1", "rounds_to"),
        ("derived.results[0].gap.analog", -0.006525, "1", "unclaimed"),
        # 3.13 W · 0.19 ms; 4 / 0.19 ms; 4 / (0.19 ms · 3.13 W); 21.84 G / (0.19 ms · 3.13 W); 1 / 6589.
        (f"{POINT}.energy", 0.5947e-3, "J", "unclaimed"),
        (f"{POINT}.throughput", 21052.6315789, "inferences/s", "unclaimed"),
        ("performance.energy_efficiency", 6726.0803766, "inferences/s/W", "within_written"),
        ("performance.tops_per_watt", 36.7243988566e12, "ops/s/W", "unclaimed"),
        ("performance.energy_per_inference", 151.76809834e-6, "J", "unclaimed"),
    ],
)
def test_fractions(
    bert_facts: dict[str, DerivedFact], path: str, value: float, unit: str, verdict: str
) -> None:
    fact = bert_facts[path]
    assert fact.derived == pytest.approx(value, rel=1e-9)
    assert (fact.unit, fact.verdict.kind) == (unit, verdict)


def test_nothing_that_the_sheet_claims_differs(bert: SheetFields) -> None:
    claimed = [fact for fact in recompute(bert).facts if fact.claimed is not None]
    assert len(claimed) >= 10
    assert not [fact for fact in claimed if fact.verdict.kind in {"differs", "not_comparable"}]


def test_only_a_batch_of_four_makes_time_power_and_efficiency_agree(
    bert_facts: dict[str, DerivedFact],
) -> None:
    # 6589 · 0.19 ms · 3.13 W = 3.918; a batch of one would need a quarter of the time.
    fact = bert_facts[f"{POINT}.batch"]
    assert fact.reach is not None
    assert fact.reach.contains(3.9184783)
    assert not any(fact.reach.contains(batch) for batch in (1, 2, 3, 5))
    assert "4 is the only whole batch" in fact.note
    assert "parameters.power" in fact.note


def test_the_total_is_within_about_and_its_convention_open(bert: SheetFields) -> None:
    derivation = recompute(bert)
    total = next(fact for fact in derivation.facts if fact.name == "total_ops")
    assert total.verdict.kind == "within_written"
    assert "does not determine its convention" in total.note
    explained = {convention.name: convention.verdict.kind for convention in derivation.conventions}
    assert explained["attention-mac-is-one-op"] == "rounds_to"
    assert explained["consistent"] == "within_written"
    assert explained["mult-adds"] == "differs"


def test_the_claimed_total_leaves_under_102_million_digital_ops(bert_facts: dict[str, DerivedFact]) -> None:
    # [21.835, 21.845) G less 21,743,271,936.
    assert "91.73 M ops to 101.7 M ops" in bert_facts[f"{POINT}.digital_ops"].note


def test_a_convention_can_be_chosen(bert: SheetFields) -> None:
    derivation = recompute(bert, Request(convention="attention-mac-is-one-op"))
    total = next(fact for fact in derivation.facts if fact.name == "total_ops")
    assert total.verdict.kind == "rounds_to"


def test_a_convention_that_the_sheet_names_is_used(
    bert_data: dict[str, Any], read: Callable[[dict[str, Any]], SheetFields]
) -> None:
    parameters = bert_data["parameters"]
    point = {**parameters["operating_points"][0], "counting": "matmul-only"}
    sheet = read({**bert_data, "parameters": {**parameters, "operating_points": [point]}})
    derivation = recompute(sheet)
    assert (derivation.convention.name, derivation.convention_is_stated) == ("matmul-only", True)
    total = next(fact for fact in derivation.facts if fact.name == "total_ops")
    assert total.note == "counted under `matmul-only`, as the sheet says"
    other = recompute(sheet, Request(convention="mult-adds"))
    assert not other.convention_is_stated
    note = next(fact for fact in other.facts if fact.name == "total_ops").note
    assert note == "counted under `mult-adds`; the sheet says that it counts under `matmul-only`"


def test_totals_and_layers_are_the_same_network(bert: SheetFields) -> None:
    derivation = recompute(bert)
    totals, layers = derivation.totals, derivation.layers
    on_tiles = [layer for layer in layers if layer.on == "analog"]
    assert len(on_tiles) == 72
    assert [layer.name for layer in layers if layer.on == "digital"] == ["pooler.dense"]
    assert sum(layer.tiles or 0 for layer in layers) == totals.tiles
    assert sum(layer.macs or 0 for layer in on_tiles) == totals.analog_macs
    assert sum(layer.ops or 0 for layer in on_tiles) == totals.analog_ops
    assert totals.inferences == 4
    # The closed form of a traced model: 18432 · B · L² attention MACs.
    assert totals.dynamic_macs == 75_497_472
    query = on_tiles[0]
    assert (query.calls, query.reuse, query.tiles) == (4 * 32, 32, 4)
    assert query.utilisation == 768 * 768 / (4 * 512 * 512)
    pooler = layers[-1]
    assert (pooler.calls, pooler.reuse, pooler.tiles, pooler.utilisation) == (4, 1, 0, None)


def test_another_tile_is_not_held_against_the_sheet(
    bert_data: dict[str, Any], read: Callable[[dict[str, Any]], SheetFields]
) -> None:
    sheet = read({**bert_data, "parameters": {**bert_data["parameters"], "tiles": 480}})
    own = next(fact for fact in recompute(sheet).facts if fact.name == "tiles")
    assert own.verdict.kind == "agrees"
    # 768 / 256 = 3 and 3072 / 256 = 12: 4 · 9 + 2 · 36 tiles in each of 12 blocks.
    other = next(
        fact for fact in recompute(sheet, Request(tile=TileShape(256, 256))).facts if fact.name == "tiles"
    )
    assert (other.derived, other.verdict.kind, other.claimed) == (12 * 108, "unclaimed", None)
    assert "not compared" in other.note


def test_fused_projections_take_456_tiles(
    bert_data: dict[str, Any], read: Callable[[dict[str, Any]], SheetFields]
) -> None:
    # ⌈768/512⌉ · ⌈2304/512⌉ = 10 in place of 12 in each of 12 blocks.
    architecture = bert_data["model_architecture"]
    encoder = {**architecture["transformer_encoder"], "fused_qkv": True}
    sheet = read({**bert_data, "model_architecture": {**architecture, "transformer_encoder": encoder}})
    assert recompute(sheet).totals.tiles == 456
