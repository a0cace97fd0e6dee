"""Fields that hold nothing, too much or another kind: one clear message, in bounded time and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from configs import CONFIGS
from fuzzing import config_cases, header_cases, run_config, run_header
from test_hub import MULTIMODAL

from factsheet.errors import WorkloadError
from factsheet.networks.from_models import huggingface

if TYPE_CHECKING:
    from pathlib import Path


def test_every_field_of_a_header(tmp_path: Path) -> None:
    assert [what for what, content in header_cases() if not run_header(tmp_path, content).is_bounded] == []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "step"), [("bert", 17), ("mixtral", 23), ("wav2vec2", 23), ("llava", 37)])
def test_fields_of_configs(name: str, step: int, tmp_path: Path) -> None:
    values = (
        MULTIMODAL[name][0]
        if name in MULTIMODAL
        else CONFIGS.get(name, {"model_type": name, "architectures": []})
    )
    if name == "wav2vec2":
        values = {"model_type": name, "architectures": ["Wav2Vec2ForCTC"], "num_hidden_layers": 1}
    run_config(tmp_path, values)  # what is imported for it takes longer than any case may
    cases = list(config_cases(values))[::step]
    assert len(cases) >= 12
    assert [what for what, changed in cases if not run_config(tmp_path, changed).is_bounded] == []


@pytest.mark.parametrize(
    "field",
    [
        "num_hidden_layers",
        "hidden_size",
        "vocab_size",
        "intermediate_size",
        "num_labels",
        "num_attention_heads",
    ],
)
def test_a_number_that_no_model_has_is_named(field: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(f'{{"model_type": "bert", "{field}": {10**18}}}', "utf-8")
    with pytest.raises(WorkloadError, match=f"`{field}` is 1,000,000,000,000,000,000"):
        huggingface.read(tmp_path)


def test_a_million_layers_are_not_built(tmp_path: Path) -> None:
    values = {**CONFIGS["qwen2_moe"], "num_hidden_layers": 10**6}
    assert "no model has more than 256" in run_config(tmp_path, values).message


@pytest.mark.parametrize("layers", [257, 2000])
def test_layers_that_would_take_minutes_to_run_are_not_built(layers: int, tmp_path: Path) -> None:
    """Llama 3.1 405B, the deepest of the large models, has 126."""
    values = {**CONFIGS["qwen2_moe"], "num_hidden_layers": layers}
    with patch.object(huggingface, "build", side_effect=AssertionError("it was built")):
        said = run_config(tmp_path, values)
    assert f"`num_hidden_layers` is {layers:,}, and no model has more than 256" in said.message
    assert "declare `model_architecture`" in said.message
