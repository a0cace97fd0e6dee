"""Architectures of the Hub from their configs, against the published number of parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hub_sizes import PUBLISHED, Published

from factsheet.networks.family import Run
from factsheet.networks.from_models import huggingface

if TYPE_CHECKING:
    from pathlib import Path

SMALL = 300_000_000
"""Larger ones take seconds each; `python -m benchmarks.hub_models` counts all."""


def test_twenty_architectures_of_every_task_are_listed() -> None:
    assert len({(str(model.config["model_type"]), model.parameters) for model in PUBLISHED}) >= 20
    assert {model.task for model in PUBLISHED} == {"text", "vision", "audio", "multimodal", "diffusion"}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "model", [model for model in PUBLISHED if model.parameters < SMALL], ids=lambda model: model.repository
)
def test_parameters_are_the_published_ones(model: Published, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(model.config), "utf-8")
    network = huggingface.read(tmp_path, Run(model.seq_len, asked=frozenset({"seq_len"})))
    assert network.parameters == model.parameters, model.source
    assert network.unknown == ()
    assert network.sizes
