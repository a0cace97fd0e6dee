"""Gradients through a programmed network, and adapters of PEFT that stay digital beside analog weights."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
import torch
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.conversion import analog_layers, conversion_of, convert_to_analog
from factsheet.crossbar.functional.layers.programming import (
    drift_analog_weights,
    pass_gradients,
    program_analog_weights,
)
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.training.injection import inject
from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError
from factsheet.networks.from_models.module import trace
from factsheet.networks.policy import Policy

EXACT = AnalogHardware(
    tile=TileShape(5, 7),
    device=IdealDevice(),
    dac=Converter(None),
    adc=Converter(None),
    compensation="global",
)
PEFT = pytest.mark.skipif(
    not find_spec("peft"), reason="peft, of the dependency group `tests`, is not installed"
)


def programmed(module: nn.Module, hardware: AnalogHardware, policy: Policy | None = None) -> nn.Module:
    analog = convert_to_analog(module, hardware, policy)
    program_analog_weights(analog)
    return analog


LAYERS: list[tuple[nn.Module, tuple[int, ...]]] = [
    (nn.Linear(12, 9), (4, 12)),
    (nn.Conv1d(4, 6, 3, padding=1), (2, 4, 8)),
    (nn.Conv2d(4, 6, 3, groups=2, stride=2), (2, 4, 9, 9)),
    (nn.Conv3d(2, 3, 2), (2, 2, 4, 4, 4)),
    (nn.ConvTranspose2d(4, 6, 3, stride=2), (2, 4, 5, 5)),
    (nn.GRU(6, 5), (3, 2, 6)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=[type(one).__name__ for one, _ in LAYERS])
def test_on_ideal_tiles_gradients_are_the_digital_ones(layer: nn.Module, shape: tuple[int, ...]) -> None:
    torch.manual_seed(1)
    analog = programmed(layer, EXACT)
    pass_gradients(analog)
    found = []
    for module in (layer, analog):
        x = torch.randn(shape, generator=torch.Generator().manual_seed(0)).requires_grad_()
        y = module(x)
        (y[0] if isinstance(y, tuple) else y).square().sum().backward()
        found.append(x.grad)
    torch.testing.assert_close(found[0], found[1], rtol=1e-4, atol=1e-5)


def test_gradients_are_those_of_the_conductances_at_the_time_of_the_product() -> None:
    layer = nn.Linear(12, 9)
    analog = programmed(layer, AnalogHardware(tile=TileShape(5, 7)))
    pass_gradients(analog)
    drift_analog_weights(analog, 86_400.0)
    (matrix,) = (one.matrix for one in analog_layers(analog).values())
    then = matrix.acting().clone()
    x = torch.randn(4, 12, requires_grad=True)
    y = analog(x)
    drift_analog_weights(analog, 864_000.0)
    y.sum().backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad, then.sum(0).expand(4, 12))
    assert not torch.allclose(matrix.acting(), then)


def test_gradients_that_were_not_asked_for_are_an_error_and_no_silence() -> None:
    network = nn.Sequential(nn.Embedding(10, 8), nn.Linear(8, 3))
    analog = programmed(network, EXACT)
    y = analog(torch.tensor([1, 2]))
    assert y.requires_grad  # of the embedding before it
    with pytest.raises(AnalogError, match="gradients through 1, which is programmed") as refusal:
        y.sum().backward()
    assert "pass_gradients" in str(refusal.value.help)
    pass_gradients(analog)
    analog(torch.tensor([1, 2])).sum().backward()
    assert analog[0].weight.grad is not None
    pass_gradients(analog, False)
    with torch.no_grad():
        assert not analog(torch.tensor([1, 2])).requires_grad


def test_layers_behind_a_programmed_one_are_trained_without_asking() -> None:
    network = nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8))
    analog = programmed(network, EXACT)
    analog(torch.randn(4, 8)).square().sum().backward()
    assert analog[1].weight.grad is not None


class Network(nn.Module):  # type: ignore[misc,unused-ignore]
    def __init__(self) -> None:
        super().__init__()
        self.first, self.norm, self.last = nn.Linear(16, 20), nn.LayerNorm(20), nn.Linear(20, 4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Two dense layers."""
        y: torch.Tensor = self.last(torch.relu(self.norm(self.first(x))))
        return y


def adapted(**options: Any) -> Any:
    peft: Any = import_module("peft")
    torch.manual_seed(2)
    config = peft.LoraConfig(r=2, target_modules=["first", "last"], init_lora_weights=False, **options)
    return peft.get_peft_model(Network(), config)


@PEFT
@pytest.mark.parametrize("options", [{}, {"use_rslora": True}, {"lora_alpha": 32}])
def test_adapters_stay_digital_and_the_network_computes_the_same(options: dict[str, Any]) -> None:
    model, x = adapted(**options), torch.randn(5, 16)
    analog = programmed(model, EXACT)
    conversion = conversion_of(analog)
    assert [one.name.rpartition("model.")[2] for one in conversion.analog] == [
        "first.base_layer",
        "last.base_layer",
    ]
    counted = trace(model, x)
    assert [one.name for one in counted.analog] == [one.name for one in conversion.analog]
    assert any("4 matrices of adapters counted as digital" in note for note in counted.notes)
    adapters = [one for one in conversion.digital if "lora_" in one.name]
    assert len(adapters) == 4
    assert {one.reason for one in adapters} == {"an adapter beside analog weights stays digital"}
    with torch.no_grad():
        torch.testing.assert_close(analog(x), model(x), rtol=1e-5, atol=1e-5)
        model.disable_adapter_layers()
        without = model(x)
        assert not torch.allclose(analog(x), without, atol=1e-2)


@PEFT
def test_adapters_go_on_tiles_where_they_are_asked_to() -> None:
    analog = convert_to_analog(adapted(), EXACT, Policy(analog=("lora_A",)))
    assert sum("lora_A" in one.name for one in conversion_of(analog).analog) == 2


@PEFT
def test_adapters_are_trained_beside_a_programmed_chip_that_has_drifted() -> None:
    """AHWA-LoRA (C. Li et al., arXiv:2411.17367): analog weights stay, adapters take up what the chip got wrong."""
    torch.manual_seed(3)
    model, x = adapted(), torch.randn(256, 16)
    target = Network()(x).detach()
    hardware = AnalogHardware(tile=TileShape(16, 16))
    analog = programmed(model, hardware)
    drift_analog_weights(analog, 86_400.0)
    pass_gradients(analog)
    trained = [value for name, value in analog.named_parameters() if "lora_" in name]
    weights = [one.matrix.acting().clone() for one in analog_layers(analog).values()]
    optimiser = torch.optim.Adam(trained, 0.01)
    losses = []
    for _ in range(60):
        loss = (analog(x) - target).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.6 * losses[0]
    for before, layer in zip(weights, analog_layers(analog).values(), strict=True):
        assert torch.equal(before, layer.matrix.acting())


@PEFT
def test_adapters_are_trained_with_noise_on_the_weights_beside_them() -> None:
    noisy = inject(
        adapted(), HwaRecipe(weight_noise=Strength(0.1, "w_max")), replace(EXACT, tile=TileShape(512, 512))
    )
    noisy.train()
    x = torch.randn(5, 16)
    assert not torch.equal(noisy(x), noisy(x))
    noisy(x).sum().backward()
    with_gradient = [name for name, value in noisy.named_parameters() if value.grad is not None]
    assert with_gradient
    assert all("lora_" in name for name in with_gradient)
