"""Ranges: what is impossible is refused with its reason, what is unusual is kept, records are usual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.range_page import page, ranged_fields
from factsheet.checks.settings import Settings
from factsheet.quantities.quantity import parse_quantity
from factsheet.source.loader import load_bytes

ROOT = Path(__file__).parents[2]
IMPOSSIBLE = [
    ("hwa_training: {weight_noise: -0.1}", "a standard deviation is not negative"),
    ("hwa_training: {input_bound: 0}", "a bound of 0 lets nothing through"),
    ("hwa_training: {output_bound: {value: -3, relative_to: absolute}}", "lets nothing through"),
    ("hwa_training: {learning_rate: 0}", "trains nothing"),
    ("hwa_training: {learning_rate: -1e-3 to 1e-3}", "trains nothing"),
    ("hwa_training: {adc_bits: 80}", "none has more than 32"),
    ("hwa_training: {dac_bits: 0}", "a bit at least"),
    ("hwa_training: {epochs: 0}", "trains nothing"),
    ("hwa_training: {seeds: 2.5}", "cannot be divided"),
    ("hwa_training: {drift: {exponent: 49}}", "nothing is left"),
    ("inference_methodology: {temperature: -400 °C}", "absolute zero"),
    ("inference_methodology: {temperature: -300 °C to 25 °C}", "absolute zero"),
    ("hardware: {inference: {node: 0.01 nm}}", "smaller than an atom"),
    ("hardware: {training: {duration: 0 h}}", "training takes time"),
    ("parameters: {power: 0 W}", "draws power"),
    ("parameters: {tiles: 2.5}", "cannot be divided"),
    ("parameters: {parameters: 0}", "has learnt nothing"),
    ("performance: {throughput: 0 inferences/s}", "finishes no inference"),
    ("performance: {size_on_chip: 0 tiles}", "take up area"),
    ("training_data: {task_count: 0}", "one task at least"),
]
# From outside of the project: TSMC's and Intel's processes, LHC-grade cryogenics, the works that ranges.py names.
RECORDS = [
    "parameters: {parameters: 1.6 trillion, tiles: 4000000, tile: {rows: 2304, cols: 256}}",
    "inference_methodology: {temperature: 20 mK to 300 K}",
    "hwa_training: {drift: {exponent: 0.06 ± 0.02}, optimiser: AdamW, learning_rate: 5e-4}",
    "parameters: {power: {value: 142 nW, at: {seq_len: 1, batch: 1}}}",
    "parameters: {power: {value: 23 kW, at: {seq_len: 1, batch: 1}}}",
    "parameters: {operating_points: [{seq_len: 10000000, batch: 1}, {seq_len: 1, batch: 65536}]}",
    "hwa_training: {adc_bits: 1, dac_bits: 1, learning_rate: 0 to 1e-6, epochs: 0.5}",
    "hwa_training: {weight_noise: {value: 0, relative_to: w_max}, read_noise: 4 µS}",
    "hwa_training: {learning_rate: 29, epochs: 1000}",
    "inference_methodology: {temperature: 4 K}",
    "inference_methodology: {temperature: -40 °C to 125 °C}",
    "hardware: {inference: {node: 3 nm, tiles: 1}, training: {carbon: 0 kg CO2e, energy: 21.5 GWh}}",
    "performance: {refresh_interval: 40 µs}",
    'performance: {refresh_interval: "> 10 years"}',
    "performance: {tops_per_watt: {value: 19635 TOPS/W, at: {seq_len: 1, batch: 1}}}",
    "robustness: {over_time: [{after: 0 s, score: 90 %}]}",
    "training_data: {size: 15 trillion tokens}",
]

UNUSUAL = [
    ("inference_methodology: {temperature: 25 °C to 850 °C}", "FS250"),
    ("hwa_training: {learning_rate: 5e-5 to 1.5e4}", "FS250"),
    ("hwa_training: {drift: {exponent: 0.6}}", "FS250"),
    ("model_architecture: {mlp: {sizes: [784, 1000000000, 10]}}", "FS250"),
    ("hardware: {inference: {node: 14 mm}}", "FS250"),
    ("parameters: {parameters: 1e17}", "FS250"),
    ("training_data: {max_seq_len: 128000000}", "FS250"),
    ("hwa_training: {optimiser: AdamW, learning_rate: 5}", "FS258"),
    ("hardware: {training: {energy: 1.2 MWh, duration: 4 h, accelerator_count: 1}}", "FS258"),
]


def found(section: str, *rules: str) -> list[tuple[str, str]]:
    text = f"factsheet: 1\noverview: {{name: Example, model: Example}}\n{section}\n"
    settings = Settings(select=rules)
    checked = check_document(load_bytes(text.encode(), "x"), "x", settings)
    return [(item.rule_id, item.why) for item in checked.diagnostics if item.rule_id in rules]


@pytest.mark.parametrize(("section", "why"), IMPOSSIBLE)
def test_what_is_impossible_is_refused_with_its_reason(section: str, why: str) -> None:
    ((rule, reason),) = found(section, "FS150", "FS250")
    assert rule == "FS150"
    assert why in reason


@pytest.mark.parametrize("section", RECORDS)
def test_what_was_published_is_usual(section: str) -> None:
    assert found(section, "FS150", "FS250") == []


@pytest.mark.parametrize(("section", "rule"), UNUSUAL)
def test_what_no_work_reports_is_a_warning(section: str, rule: str) -> None:
    assert [name for name, _ in found(section, "FS150", "FS250", "FS258")] == [rule]


def test_usual_values_are_possible_and_every_range_has_its_words() -> None:
    for field in ranged_fields():
        assert field.within.reason, field.path
        for usual in field.within.usual:
            assert usual.source, field.path
            assert usual.low <= usual.high, field.path
            assert field.within.allows(usual.high), field.path


def test_every_figure_of_the_sheet_declares_its_range() -> None:
    ranged = {field.path for field in ranged_fields()}
    assert not {path for path in figures() if path not in ranged and "score" not in path}


def figures() -> set[str]:
    """The fields that hold a quantity other than a score, by the JSON Schema's own names."""
    import json

    schema: Any = json.loads((ROOT / "schemas" / "factsheet-1.schema.json").read_text(encoding="utf-8"))
    kinds = {
        name
        for name in schema["$defs"]
        if name.startswith("fact-quantity-") and name != "fact-quantity-score" and "ratio" not in name
    }
    found: set[str] = set()
    for section in ("Parameters", "HwaTraining", "InferenceMethodology", "TrainingData", "Performance"):
        for name, field in schema["$defs"][section]["properties"].items():
            references = {part.get("$ref", "").rpartition("/")[2] for part in field.get("anyOf", ())}
            if references & kinds:
                path = {"HwaTraining": "hwa_training", "InferenceMethodology": "inference_methodology"}
                words = {"TrainingData": "training_data"}
                found.add(f"{path.get(section) or words.get(section) or section.lower()}.{name}")
    return found


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("0 to 1", True),
        ("0", False),
        ("at most 0", False),
        ("> 0", True),
        ("-1 to 1", False),
        ("1 ± 2", True),
    ],
)
def test_a_range_may_start_at_a_limit_that_no_value_alone_may_have(text: str, admitted: bool) -> None:
    learning_rate = next(f.within for f in ranged_fields() if f.path == "hwa_training.learning_rate")
    assert learning_rate.admits(parse_quantity(text, "number")) is admitted


def test_the_page_is_current() -> None:
    stored = (ROOT / "docs" / "ranges.md").read_text(encoding="utf-8")
    assert stored == page(), "run: python -m factsheet.checks.range_page docs/ranges.md"
