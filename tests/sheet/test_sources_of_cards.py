"""What model cards, configurations of analog training and logs of energy state has a place in the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.checks.diagnostic import Diagnostic

# The recipe is that of a Trainer's card, the noise that of a configuration of aihwkit, the energy that of CodeCarbon.
SHEET = """\
factsheet: 1
overview:
  name: Example
  model: Example
  licence: Other
  licence_link: https://example.org/licence
  languages: [Norwegian, English]
provenance: {source: declared}
purpose: {task_ids: [automatic-speech-recognition]}
setup:
  weights_format: safetensors, bfloat16
  weights_digest: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
model_architecture:
  layout: {digital: [classifier], copies: [{layer: conv1, copies: 4}], biases: digital}
  base_models:
    - {name: openai/whisper-tiny, relation: finetune, revision: 169d4a4}
    - {name: example/adapter, relation: adapter, rank: 8}
parameters:
  tile: {rows: 512, cols: {not_applicable: Only inputs are limited.}}
training:
  optimiser: AdamW, betas 0.9 and 0.999
  learning_rate: 2e-5
  schedule: linear
  warm_up: 500 steps
  weight_decay: 0.01
  gradient_clipping: 1.0
  batch_size: 16
  gradient_accumulation: 2
  total_batch_size: 32
  epochs: 3.0
  steps: 5000
  seed: 42
  precision: bfloat16
hwa_training:
  noise_applied_in: forward and backward pass
  weight_noise: {value: 0.06, relative_to: w_max, per: channel}
  adc_noise: {value: 0.04, relative_to: w_max, applied_in: forward pass}
  weight_clip: {value: {value: 2.5, relative_to: weight_std, per: layer}}
  input_range: {learnt: true, start: {value: 3.0, relative_to: input_std}, batches: 500, decay: 0.01}
  noise_management: none
  bound_management: none
  dac_bits: 8
  dac_steps: 254
  remapping: each column by its largest weight
  output_scales: learnt, per column
  biases: digital
  failing_devices: 1 %
  drop_connect: 0.5 %
  noise_in_evaluation: false
inference_methodology:
  drift_compensation: global
  dac_bits: 8
  adc_steps: {not_applicable: Outputs are not quantised.}
  adc_bits: {not_applicable: Outputs are not quantised.}
  input_bound: {value: 1.0, relative_to: absolute}
  output_noise: {value: 0.04, relative_to: w_max}
  voltage_drop: 1.0
  wire_resistance: 0.35 ohm
  devices:
    model: PCMLikeNoiseModel
    g_max: 25 µS
    g_min: 0 µS
    pairs: 1
    programming_scale: 1.0
    read_scale: 1.0
    drift_scale: 1.0
    drift_exponent: 0.049 to 0.1
    reference_time: 20 s
    acceptance: 0.2 µS
training_data:
  name: NCC_S, NPSC and NST
  datasets:
    - {name: NbAiLab/ncc_speech, split: train, revision: 1.0.0}
    - {name: NbAiLab/NPSC, configuration: 16K_mp3_bokmaal, split: train, size: 40k}
test_data:
  name: FLEURS
  datasets: [{name: google/fleurs, configuration: nb_no, split: test}]
hardware:
  training:
    accelerator: NVIDIA A100
    accelerator_count: 1
    cpu: AMD EPYC 7742
    cpu_count: 2
    memory: 512 GB
    energy: 1.2 kWh
    energy_cpu: 0.2 kWh
    energy_gpu: 0.9 kWh
    energy_memory: 0.1 kWh
    tracking: whole machine
    country: Norway
    region: Oslo
    cloud: gcp europe-north1
    carbon_intensity: 30 g CO2e/kWh
    carbon: 36 g CO2e
    energy_source: hydropower
    offset: 0 kg CO2e
    usage_effectiveness: 1.1
    water: 2 L
    activities: [{activity: preparing data, energy: 0.3 kWh}]
performance:
  latency_p50: 0.18 ms
  latency_p99: 0.31 ms
  host_transfer: included
  inference_unit: utterance
  energy_boundary: board
"""


def diagnostics(text: str) -> list[Diagnostic]:
    from factsheet.checks.engine import check_document

    return list(check_document(load_bytes(text.encode(), "x"), "x").diagnostics)


def test_all_of_it_is_valid_and_consistent() -> None:
    assert [str(item) for item in diagnostics(SHEET) if item.rule_id != "FS501"] == []


def test_it_comes_back_as_it_was_written() -> None:
    sheet = factsheet.loads(SHEET)
    assert factsheet.FactSheet.model_validate(sheet.model_dump()) == sheet


@pytest.mark.parametrize(
    "words",
    [
        "Whole machine".lower(),
        "each channel",
        "in the forward pass",
        "google/fleurs",
        "openai/whisper-tiny",
        "preparing data",
        "99th percentile",
        "0.35 ohm",
        "warm-up".capitalize(),
        "utterance",
    ],
)
def test_every_part_of_it_is_on_the_page_of_the_whole_sheet(words: str) -> None:
    assert words in factsheet.loads(SHEET).render(role="full", format="md")


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("usage_effectiveness: 1.1", "usage_effectiveness: 0.9", "FS150"),
        ("failing_devices: 1 %", "failing_devices: 101 %", "FS150"),
        ("weight_decay: 0.01", "weight_decay: -0.01", "FS150"),
        ("gradient_clipping: 1.0", "gradient_clipping: 0", "FS150"),
        ("g_max: 25 µS", "g_max: 0 µS", "FS150"),
        ("wire_resistance: 0.35 ohm", "wire_resistance: -1 ohm", "FS150"),
        ("pairs: 1", "pairs: 0", "FS150"),
        ("dac_steps: 254", "dac_steps: 0.004", "FS150"),
        ("b0f00a08", "b0f00a0", "FS150"),
        ("relation: finetune", "relation: fine", "FS151"),
        ("per: channel", "per: chanel", "FS151"),
        ("rank: 8", "rank: 80000", "FS250"),
        ("water: 2 L", "water: 2e12 m³", "FS250"),
        ("warm_up: 500 steps", "warm_up: 5e9 steps", "FS250"),
        ("carbon_intensity: 30 g", "carbon_intensity: 30 kg", "FS250 FS256"),
        ("acceptance: 0.2 µS", "acceptance: 200 S", "FS250"),
        ("start: {value: 3.0, relative_to: input_std}", "start: 3.0", "FS251"),
        ("latency_p99: 0.31 ms", "latency_p99: 0.13 ms", "FS254"),
        ("total_batch_size: 32", "total_batch_size: 48", "FS256"),
        ("carbon: 36 g", "carbon: 63 g", "FS256"),
        ("energy_gpu: 0.9 kWh", "energy_gpu: 0.6 kWh", "FS256"),
        ("dac_steps: 254", "dac_steps: 126", "FS257"),
        ("noise_applied_in: forward and backward pass", "noise_applied_in: forward pass", ""),
    ],
)
def test_what_is_wrong_in_it_is_found(old: str, new: str, rule: str) -> None:
    assert old in SHEET
    found = [item.rule_id for item in diagnostics(SHEET.replace(old, new, 1)) if item.rule_id != "FS501"]
    assert set(found) == set(rule.split())


def test_the_whole_of_it_fits_the_json_schema() -> None:
    from jsonschema import Draft202012Validator

    from factsheet.sheet.json_schema import build_schema

    document = load_bytes(SHEET.encode(), "x").document
    assert document is not None
    data: Any = document.data
    assert list(Draft202012Validator(build_schema()).iter_errors(data)) == []
