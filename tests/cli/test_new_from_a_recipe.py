"""A sheet that is begun from a network's configuration, the recipe of its training and its results."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import factsheet
from factsheet.crossbar.functional.hardware_sources import read_hardware

BERT = Path(__file__).parents[2] / "sheets" / "bert.yaml"
CONFIG = {
    "architectures": ["BertForMaskedLM"],
    "hidden_size": 768,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "model_type": "bert",
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "type_vocab_size": 2,
    "vocab_size": 30522,
}
"""Dimensions of bert-base-uncased, https://huggingface.co/google-bert/bert-base-uncased/blob/main/config.json."""
RECIPE = """
from aihwkit.simulator.presets import StandardHWATrainingPreset
rpu_config = StandardHWATrainingPreset()
rpu_config.modifier.type = WeightModifierType.PROG_NOISE
rpu_config.modifier.std_dev = 1.0
rpu_config.mapping.max_output_size = 512
"""
RESULTS = """task,digital,analog
RTE,66.40 %,64.00 %
CoLA,52.10 %,55.65 %
"""


def test_figures_of_the_published_sheet_are_found_again(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (tmp_path / "recipe.py").write_text(RECIPE, encoding="utf-8")
    (tmp_path / "results.csv").write_text(RESULTS, encoding="utf-8")
    sources = [word for name in ("config.json", "recipe.py", "results.csv") for word in ("--from", name)]
    outputs = ("--hardware-file", "hardware.yaml", "-o", "sheet.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "factsheet", "new", *sources, "--name", "BERT-base", *outputs],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    made: Any = factsheet.load(tmp_path / "sheet.yaml")
    published: Any = factsheet.load(BERT)
    for name in ("weight_noise", "read_noise", "adc_noise", "input_bound", "output_bound"):
        one, other = getattr(made.hwa_training, name), getattr(published.hwa_training, name)
        assert one.quantity.meant.overlaps(other.quantity.meant), name
    assert made.parameters.tile.rows.whole == published.parameters.tile.rows.whole
    assert made.parameters.tile.cols.whole == published.parameters.tile.cols.whole
    scores = {
        task.task: {name: score.quantity.text for name, score in task.scores.items()}
        for table in published.performance.results
        for task in table.tasks
    }
    (table,) = made.performance.results
    assert {
        task.task: {name: score.quantity.text for name, score in task.scores.items()} for task in table.tasks
    } == {name: scores[name] for name in ("RTE", "CoLA")}
    hardware = read_hardware(tmp_path / "hardware.yaml")
    assert (hardware.tile.rows, hardware.tile.cols, hardware.adc.bits, hardware.adc.bound) == (
        512,
        512,
        8,
        10.0,
    )
