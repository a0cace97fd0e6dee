"""Readings that a sheet does not state: what they make of an error, and what they do not excuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.settings import Settings
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic


def found(text: str, *rules: str) -> list[Diagnostic]:
    head = "factsheet: 1\noverview: {name: Example, model: Net}\n"
    loaded = load_bytes((head + text).encode(), "sheet.yaml")
    return list(
        check_document(loaded, "sheet.yaml", Settings(select=("FS1", *(rules or ("FS3",))))).diagnostics
    )


STRUCTURE = "model_architecture:\n  "
TINY_ENCODER = (
    STRUCTURE
    + "transformer_encoder: {layers: 2, hidden_size: 128, heads: 2, intermediate_size: 512, pooler: true}\n"
)
TWO_CONVOLUTIONS = (
    STRUCTURE
    + "convolutional: {image_size: 32, layers: [{kind: conv, channels: 16, kernel: 3, name: a},"
    + " {kind: conv, channels: 16, kernel: 3, groups: 16, name: b}, {kind: linear, channels: 10}]}\n"
)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        # 2 · (4 · 128² + 2 · 128 · 512) = 393,216 weights; the pooler has 128² = 16,384 more.
        (TINY_ENCODER + "parameters: {analog_weights: 409600}\n", "its pooler is on tiles too"),
        # 3 · 3 · 3 · 16 = 432, 16 · 3 · 3 = 144, 16 · 28 · 28 · 10 = 125,440.
        (
            TWO_CONVOLUTIONS + "parameters: {analog_weights: 125872}\n",
            "its convolutions in groups are digital",
        ),
        (TWO_CONVOLUTIONS + "parameters: {analog_weights: 576}\n", "its last layer, `linear.2`, is digital"),
    ],
)
def test_a_usual_placement_that_is_not_stated_is_a_warning_that_names_it(text: str, reading: str) -> None:
    (finding,) = found(text)
    assert (finding.rule_id, finding.severity) == ("FS311", "warning")
    assert reading in finding.message


@pytest.mark.parametrize(
    ("figures", "severity"),
    [
        ("analog_weights: 262144", "warning"),  # the feed-forward blocks alone: 2 · 2 · 128 · 512
        ("analog_weights: 393215", "error"),  # no matrices add up to it
        ("analog_weights: 2 million", "error"),  # more than there are
        ("tile: {rows: 128, cols: 128}, tiles: 30", "warning"),  # copies
        ("tile: {rows: 128, cols: 128}, tiles: 22", "error"),  # 24 are full to the last cell
        ("tile: {rows: 128, cols: 128, devices_per_weight: 2}, devices: 700000", "error"),  # 786,432
        ("tile: {rows: 128, cols: 128, devices_per_weight: 2}, devices: 900000", "warning"),
        ("reuse_factor: 7", "error"),
    ],
)
def test_only_what_cannot_be_right_is_an_error(figures: str, severity: str) -> None:
    (finding,) = found(f"{TINY_ENCODER}parameters: {{{figures}}}\n")
    assert finding.severity == severity
    assert finding.confidence == ("high" if severity == "error" else "medium")


def test_uses_of_a_convolution_within_an_inference_are_a_reuse_factor() -> None:
    # 30 x 30 positions of a window of 3 x 3 in 32 x 32 pixels, and 28 x 28 in those.
    assert found(TWO_CONVOLUTIONS + "parameters: {reuse_factor: 900}\n") == []
    assert found(TWO_CONVOLUTIONS + "parameters: {reuse_factor: 1 to 900}\n") == []
    (finding,) = found(TWO_CONVOLUTIONS + "parameters: {reuse_factor: 901}\n")
    assert finding.rule_id == "FS304"


def test_a_finding_names_the_fields_that_enter_and_no_others() -> None:
    text = TINY_ENCODER.replace("}", ", vocabulary: 1000, positions: 64, token_types: 2}")
    (finding,) = found(f"{text}parameters: {{tile: {{rows: 128, cols: 128}}, tiles: 22}}\n")
    assert {related.path[-1] for related in finding.related} == {
        "layers",
        "hidden_size",
        "intermediate_size",
        "rows",
        "cols",
    }


@pytest.mark.parametrize(
    ("size", "severity"),
    [
        ("55 MB", "warning"),
        ("62 MB", "warning"),
        ("1.4 GB", "warning"),
        ("438 kB", "error"),
        ("44 GB", "error"),
    ],
)
def test_files_in_other_forms_are_no_errors(size: str, severity: str) -> None:
    # 110 million parameters: 55 MB in 4 bits, 62 MB with scales, 1.4 GB with an optimiser's two states and buffers.
    (finding,) = found(f"parameters: {{parameters: 110 million}}\nperformance: {{size_on_disk: {size}}}\n")
    assert (finding.rule_id, finding.severity) == ("FS305", severity)


def of_a_row(row: str, sections: str = "") -> list[Diagnostic]:
    text = f"parameters:\n  operating_points:\n    - {{seq_len: 32, {row}}}\n{sections}"
    return found(text, "FS207", "FS306")


ONE_RUN = "batch: 1, execution_time: 10 ms, power: 1 W"
"""10 mJ, 100 inferences/s and as many per joule, if one run follows the other."""


@pytest.mark.parametrize(
    ("figures", "reading"),
    [
        ("throughput: 4000 inferences/s", "overlap"),
        ("throughput: 2 inferences/s", "rests"),
        ("energy_efficiency: 4000 inferences/s/W", "overlap"),
        ("energy_efficiency: 2 inferences/s/W", "rests"),
        ("energy: 0.25 mJ", "overlap"),
        ("energy: 1 J", "rests"),
    ],
)
def test_a_pipeline_or_a_pause_explains_what_one_run_after_the_other_does_not(
    figures: str, reading: str
) -> None:
    (finding,) = of_a_row(f"{ONE_RUN}, {figures}")
    assert (finding.severity, finding.confidence) == ("warning", "medium")
    assert reading in finding.message


@pytest.mark.parametrize(
    "figures",
    [
        "throughput: 100 inferences/s, energy: 1 J",  # runs follow each other, so that 1 W for 10 ms is 10 mJ
        "energy: 10 mJ, energy_efficiency: 2 inferences/s/W",
        "energy: 10 mJ, throughput: 4000 inferences/s",
    ],
)
def test_another_figure_of_the_point_rules_that_out(figures: str) -> None:
    (finding,) = of_a_row(f"{ONE_RUN}, {figures}")
    assert (finding.severity, finding.confidence) == ("error", "high")


def test_an_average_over_sleep_is_found_once_where_all_else_agrees() -> None:
    row = "batch: 1, execution_time: 10 ms, energy: 1 mJ, energy_efficiency: 1000 inferences/s/W"
    (finding,) = of_a_row(f"{row}, power: 1 mW")
    assert finding.severity == "warning"


@pytest.mark.parametrize("rate", ["3200 tokens/s", "100 tokens/s", "100 frames/s", "3200 samples/s"])
def test_tokens_are_those_of_a_sequence_or_of_a_step(rate: str) -> None:
    assert of_a_row(f"{ONE_RUN}, throughput: {rate}") == []


def test_tokens_that_are_neither_are_reported_and_are_no_witness() -> None:
    (finding,) = of_a_row(f"{ONE_RUN}, throughput: 320 tokens/s, energy: 10 mJ")
    assert finding.path[-1] == "throughput"


def test_reciprocals_cannot_both_be_right() -> None:
    (finding,) = of_a_row("batch: 4, energy: 4 mJ, energy_efficiency: 250 inferences/s/W")
    assert finding.severity == "error"
    assert {item.path[-1] for item in finding.related} >= {"energy_efficiency", "batch"}
