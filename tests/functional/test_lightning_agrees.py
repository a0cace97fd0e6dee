"""Our hardware against aihwkit-lightning, an independent implementation of the same equations."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
import torch
from torch import nn

from factsheet.authoring.importing.analog.hardware_source import hardware_from
from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import matrices, program_analog_weights
from factsheet.crossbar.functional.rpu_configuration import rpu_configuration
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength
from factsheet.crossbar.mapping import TileShape

pytest.importorskip(
    "aihwkit_lightning", reason="aihwkit-lightning, of the dependency group `tests`, is not installed"
)


def lightning_layer(layer: nn.Linear, config: Any, bound: float | None) -> Any:
    nn_of_theirs: Any = import_module("aihwkit_lightning.nn")

    made = nn_of_theirs.AnalogLinear.from_digital(layer, config).eval()
    if bound is not None and made.input_range is not None:
        made.input_range.data.fill_(bound)
    return made


def ours(layer: nn.Linear, hardware: AnalogHardware, bound: float | None) -> nn.Module:
    analog = convert_to_analog(layer, hardware)
    program_analog_weights(analog)
    if bound is not None:
        for matrix in matrices(analog):
            matrix.input_bound.fill_(bound)
    return analog


@pytest.mark.parametrize("rows", [-1, 64, 70])
@pytest.mark.parametrize("bound", ["dynamic", "learnt", 2.0])
@pytest.mark.parametrize("adc", [Converter(None), Converter(8, 6.0), Converter(5, 3.0)])
def test_lightning_computes_what_our_hardware_does(rows: int, bound: Any, adc: Converter) -> None:
    hardware = AnalogHardware(
        device=IdealDevice(),
        tile=TileShape(max(rows, 1), 1),
        unlimited="both" if rows < 0 else "columns",
        split="even",
        scale="tile",
        dac=Converter(8, bound),
        adc=adc,
    )
    made = rpu_configuration(hardware)
    assert not made.left
    torch.manual_seed(5)
    layer, x = nn.Linear(200, 30).double(), torch.randn(40, 200).double()
    limit = None if bound == "dynamic" else 2.0
    with torch.no_grad():
        found = lightning_layer(layer, made.to_object(), limit)(x.clone())
        expected = ours(layer, hardware, limit)(x)
    torch.testing.assert_close(found, expected, atol=1e-9, rtol=1e-9)


def test_the_example_of_lightnings_readme_is_simulated_as_lightning_computes_it() -> None:
    """From https://github.com/IBM/aihwkit-lightning, README; weights clipped by channel, outputs bounded by column."""
    configs: Any = import_module("aihwkit_lightning.simulator.configs")

    config = configs.TorchInferenceRPUConfig()
    config.forward.inp_res = 2**8 - 2
    config.forward.out_noise = 0.01
    config.forward.out_bound = 12.0
    config.forward.out_res = 2**8 - 2
    config.clip.type = configs.WeightClipType.LAYER_GAUSSIAN_PER_CHANNEL
    config.clip.sigma = 2.5
    config.mapping.max_input_size = 512
    config.pre_post.input_range.enable = True
    torch.manual_seed(6)
    layer, x = nn.Linear(768, 20).double(), torch.randn(64, 768).double()
    named = hardware_from(config)
    assert [one.what for one in named.left] == ["a model of the memory devices", "0.01"]
    with torch.no_grad():
        found = lightning_layer(layer, config, 2.5)(x.clone())
        expected = ours(layer, named.hardware, 2.5)(x)
    torch.testing.assert_close(found, expected, atol=1e-9, rtol=1e-9)


def test_an_export_names_only_fields_that_lightning_has() -> None:
    recipe = HwaRecipe(
        weight_noise=Strength(0.05, "w_max"),
        adc_noise=Strength(0.1, "w_max"),
        input_bound=Strength(2.0, "absolute"),
    )
    for hardware in (replace(AnalogHardware(), split="even"), AnalogHardware(dac=Converter(8, "learnt"))):
        config: Any = rpu_configuration(hardware, recipe).to_object()
        assert config.forward.out_noise == 0.1
        assert config.modifier.noise_type.name.startswith("ADD_NORMAL")
        assert json.loads(json.dumps(rpu_configuration(hardware, recipe).values))
