"""The arithmetic that is shown of the published sheet's figures, and the JSON of the same, with the numbers by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factsheet.api.fact_sheet import load
from factsheet.errors import DeriveError
from factsheet.recompute.explanation import explain
from factsheet.recompute.json_shape import to_json

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"
A100 = "a100-fp16-fastertransformer-pytorch"
SLOT = 123.75e-9
"""Of the profile ibm-2022: fitted to the time of ResNet32 in AnalogNAS, arXiv:2305.10459, table IV."""


def test_operations_layer_by_layer() -> None:
    # BERT-base (Devlin et al. 2019) has 12 layers of four matrices of 768 x 768 and two of 768 x 3,072; each weight is
    # two operations for each of 32 tokens in four sequences.
    lines = explain(load(BERT).derive(hardware="ibm-2022"), "analog_ops")
    assert lines[0] == "parameters.operating_points[0].analog_ops = 21.743 G ops (21,743,271,936)"
    assert lines[2:5] == [
        "with sequence length = 32 (parameters.operating_points[0])",
        "with batch = 4 (parameters.operating_points[0])",
        "with counting convention = consistent (chosen)",
    ]
    small, large = 2 * 768 * 768 * 128, 2 * 768 * 3072 * 128
    block = 4 * small + 2 * large
    start = lines.index("layer.0 to layer.11, 12 alike, each:")
    assert lines[start + 1 : start + 9] == [
        *(
            f"  {name}: 2 · 768 · 768 · 32 · 4 = {small:,}"
            for name in ("query", "key", "value", "attention_output")
        ),
        f"  intermediate: 2 · 768 · 3,072 · 32 · 4 = {large:,}",
        f"  output: 2 · 3,072 · 768 · 32 · 4 = {large:,}",
        f"  together {block:,}; 12 · {block:,} = {12 * block:,}",
        f"sum: {12 * block:,}",
    ]
    # 21.743 of 21.74.
    assert lines[start + 9] == (
        "the sheet claims 21.74 G ops: the derived value rounds to it (relative difference +0.02%)"
    )


def test_a_claim_from_others() -> None:
    # 3.13 W · 0.19 ms; by their digits 3.125 · 0.18 = 562.5 µJ to 3.135 · 0.2 = 627 µJ.
    lines = explain(load(BERT).derive(), "energy")
    assert lines[:6] == [
        "parameters.operating_points[0].energy = 594.7 µJ",
        "formula: power · execution time",
        "with power = 3.13 W (parameters.power)",
        "with execution time = approx. 0.19 ms (parameters.operating_points[0].execution_time)",
        "3.13 W · approx. 0.19 ms = 594.7 µJ",
        "the digits of the claims allow 562.5 µJ to 627 µJ",
    ]


def test_time_stage_by_stage() -> None:
    # 12 stages, each of 32 vectors of 123.75 ns, once for each of four sequences: 190.08 µs.
    lines = explain(load(BERT).derive(hardware="ibm-2022"), "parameters.operating_points[0].execution_time")
    assert f"{12 * 4 * 32 * SLOT * 1e6:.2f}" == "190.08"
    assert "sum: 0.19008 ms" in lines
    assert (
        "layer.1 to layer.10, 10 alike: 32 vectors · 123.75 ns = 3.96 µs, and 3 · 3.96 µs: 15.84 µs; "
        "10 · 15.84 µs = 0.1584 ms"
    ) in lines
    claimed = "the sheet claims approx. 0.19 ms: the derived value rounds to it (relative difference +0.04%)"
    assert claimed in lines
    assert any(line.startswith("assumed: batch-synchronous: each stage works through") for line in lines)
    # What the chip's model has no part in assumes nothing of it.
    assert not any(line.startswith("assumed") for line in explain(load(BERT).derive(), "analog_ops"))


def test_several_facts_of_one_name_and_a_name_of_none() -> None:
    derivation = load(BERT).derive(hardware="ibm-2022")
    lines = explain(derivation, "latency")
    assert "" in lines
    assert lines[0].startswith("parameters.operating_points[0].execution_time = ")
    assert lines[lines.index("") + 1].startswith("performance.classification_time = ")
    with pytest.raises(DeriveError) as caught:
        explain(derivation, "analog_opps")
    assert caught.value.candidates[0] == "analog_ops"
    assert len(caught.value.candidates) <= 3
    with pytest.raises(DeriveError, match="no fact is called"):
        explain(derivation, "zzz")


def shape(hardware: str) -> tuple[Any, dict[str, Any]]:
    derivation = load(BERT).derive(hardware=hardware)
    return derivation, to_json(derivation)


def test_json_of_a_digital_device() -> None:
    derivation, made = shape(A100)
    (found,) = (value for value in made.values() if isinstance(value, dict) and "dtype" in value)
    run = derivation.digital
    given, estimate = run.profile.description, run.estimate
    assert [found[name] for name in ("profile", "device", "dtype", "stack")] == [
        A100,
        given.device,
        given.dtype,
        given.stack,
    ]
    assert found["problem"] is None
    assert [found[name] for name in ("kernels", "kernel_share", "spread")] == [
        estimate.launches,
        estimate.kernel_share,
        estimate.spread,
    ]
    assert found["extrapolated"] == list(estimate.outside)
    assert len(found["facts"]) == len(derivation.chip_facts)


@pytest.mark.parametrize("profile", ["ibm-2022", "hermes-64", "isaac-ce"])
def test_json_of_a_chip(profile: str) -> None:
    derivation, made = shape(profile)
    (found,) = (value for value in made.values() if isinstance(value, dict) and "left_out" in value)
    assert found["profile"] == profile
    estimate, model = found["estimate"], derivation.chip.estimate
    if model is None:
        assert estimate is None
        assert found["problem"]
        return
    assert [estimate[name] for name in ("structure", "chips", "tiles")] == [
        model.structure,
        model.chips,
        model.tiles,
    ]
    assert estimate["tiles"] == sum(layer["tiles"] for layer in estimate["layers"] if layer["on"] == "analog")
    each = estimate["tiles_per_chip"]
    placed = estimate["placements"]
    assert (placed is None) is (each is None)
    if placed is not None:
        # Chips are counted from 1; matrices follow each other, and the last is on the last chip.
        assert placed[0]["first"] == 1
        assert placed[-1]["last"] == estimate["chips"]
        assert all(one["first"] <= one["last"] for one in placed)
