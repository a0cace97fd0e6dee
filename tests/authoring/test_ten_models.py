"""Sheets of ten models, begun from what a team has of each: valid, and right by sources other than this program."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from factsheet.quantities.quantity import parse_quantity

pytest.importorskip("torch")
pytest.importorskip("transformers")

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
benchmark: Any = import_module("benchmarks.authoring")  # benchmarks are scripts, and no package
SUBJECT = {subject.name: subject for subject in benchmark.SUBJECTS}


def _bert(vocabulary: int, width: int, layers: int, once: int = 0) -> int:
    """Return the parameters of an encoder by hand: tables, norms, attention, feed-forward, and what is stored once."""
    tables = (vocabulary + 512 + 2) * width + 2 * width
    layer = 4 * (width * width + width) + 2 * width * 4 * width + 5 * width + 4 * width
    return tables + layers * layer + once


PARAMETERS = {
    # Devlin et al. 2019: 12 layers of width 768, 30,522 word pieces; with the pooler. The paper rounds to 110 M.
    "bert-base": (_bert(30522, 768, 12, 768 * 768 + 768),) * 2,
    # Lan et al. 2020, table 1: 12 M; embeddings of 128, one layer shared by twelve; with the pooler.
    "albert-base": (
        _bert(0, 768, 1) - 514 * 768 - 2 * 768 + (30000 + 514) * 128 + 2 * 128 + 128 * 768 + 768 + 768 * 769,
    )
    * 2,
    # The Hub shows 1.24 B for meta-llama/Llama-3.2-1B.
    "llama-3.2-1b": (1.235e9, 1.245e9),
    # The Hub shows 37.8 M for openai/whisper-tiny.
    "whisper-tiny": (37.75e6, 37.85e6),
    # torchvision's documentation of vit_b_16.
    "vit-b16": (86_567_656,) * 2,
    # torchvision's documentation of resnet18.
    "resnet-18": (11_689_512,) * 2,
    # torchvision's documentation of mobilenet_v2, 3,504,872 for 1,000 classes; this one has 1,001.
    "mobilenet-v2": (3_504_872 + 1281,) * 2,
    # The Hub shows 46.7 B for mistralai/Mixtral-8x7B-v0.1.
    "mixtral-8x7b": (46.65e9, 46.75e9),
    # torch.nn.LSTM: 4 gates of (128 + 256) inputs and two biases; then a layer of 40.
    "lstm": (4 * 256 * (128 + 256 + 2) + 256 * 40 + 40,) * 2,
    "digits": (64 * 64 + 64 + 64 * 10 + 10,) * 2,
}


@cache
def _measured(name: str) -> tuple[Any, dict[str, Any]]:
    with TemporaryDirectory() as folder:
        found = benchmark.measure(SUBJECT[name], Path(folder))
    return found, yaml.safe_load(found.made.text)


@pytest.mark.parametrize("name", SUBJECT)
def test_the_sheet_is_valid_and_its_size_is_the_published_one(name: str) -> None:
    found, data = _measured(name)
    assert found.errors == ()
    least, most = PARAMETERS[name]
    stated = data["parameters"]["parameters"]
    assert least <= parse_quantity(stated["value"], "count").value <= most
    assert stated["source"] == "derived"
    assert "ibm-2022" in data["parameters"]["power"]["note"]


@pytest.mark.parametrize("name", SUBJECT)
def test_most_of_what_researchers_and_designers_ask_is_answered(name: str) -> None:
    found, _ = _measured(name)
    assert found.share("hardware-researcher") >= 0.6
    assert found.share("algorithm-designer") >= 0.6


def test_no_question_is_counted_as_a_fact() -> None:
    found, data = _measured("llama-3.2-1b")
    taken = {".".join(map(str, one.path)) for one in found.made.taken}
    for question in found.made.questions:
        assert question.path not in taken
    assert data["limitations"]["challenges"] is None


def test_bert_has_the_figures_of_the_published_sheet() -> None:
    _, data = _measured("bert-base")
    published = yaml.safe_load((ROOT / "sheets" / "bert.yaml").read_text(encoding="utf-8"))
    declared = published["model_architecture"]["transformer_encoder"]
    for key in ("layers", "hidden_size", "heads", "intermediate_size", "vocabulary", "positions"):
        stated = declared[key]
        number = stated["value"] if isinstance(stated, dict) else stated
        assert data["model_architecture"]["transformer_encoder"][key] == number, key
    (point,) = data["parameters"]["operating_points"]
    assert (point["seq_len"], point["batch"]) == (32, 4)
    was = published["parameters"]["operating_points"][0]

    def near(field: str, said: Any, stated: Any, dimension: str, within: float) -> None:
        one, other = (
            parse_quantity(each["value"] if isinstance(each, dict) else each, dimension).value
            for each in (said, stated)
        )
        assert one == pytest.approx(other, rel=within), field

    near("analog ops", point["analog_ops"], was["analog_ops"], "ops", 0.001)
    near("all ops", point["total_ops"], was["total_ops"], "ops", 0.01)
    near("time", point["execution_time"], was["execution_time"], "time", 0.03)
    near("power", point["power"], published["parameters"]["power"], "power", 0.03)
    near("area", data["parameters"]["area"], published["parameters"]["area"], "area", 0.03)
    efficiency = published["performance"]["energy_efficiency"]
    near(
        "efficiency",
        data["performance"]["energy_efficiency"],
        efficiency,
        "inferences_per_second_per_watt",
        0.03,
    )
    near("rows", data["parameters"]["tile"]["rows"], published["parameters"]["tile"]["rows"], "count", 0)
    near("cols", data["parameters"]["tile"]["cols"], published["parameters"]["tile"]["cols"], "count", 0)


def test_the_recipe_of_bert_is_that_of_the_published_sheet() -> None:
    _, data = _measured("bert-base")
    published = yaml.safe_load((ROOT / "sheets" / "bert.yaml").read_text(encoding="utf-8"))["hwa_training"]
    for field in ("weight_noise", "read_noise", "adc_noise", "input_bound", "output_bound"):
        assert data["hwa_training"][field]["value"] == published[field]["value"], field
