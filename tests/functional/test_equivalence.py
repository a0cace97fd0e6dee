"""On ideal hardware a converted module computes what it did; what would not is left digital, by name."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils import parametrizations, prune

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.conversion import analog_layers, conversion_of, convert_to_analog
from factsheet.crossbar.functional.layers.programming import program_analog_weights
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError
from factsheet.networks.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable

IDEAL = AnalogHardware(tile=TileShape(6, 5), device=IdealDevice(), dac=Converter(None), adc=Converter(None))
WIDTH = 8


class Doubled(nn.Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 2 * super().forward(x)


class Called(nn.Linear):
    def __call__(self, *args: Any) -> Any:
        return -super().__call__(*args)


class Adapted(nn.Linear):
    """A dense layer with an adapter of low rank within."""

    def __init__(self) -> None:
        super().__init__(WIDTH, WIDTH)
        self.down, self.up = nn.Linear(WIDTH, 2), nn.Linear(2, WIDTH)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x) + self.up(self.down(x))


class Renamed(nn.Linear):
    """Nothing but a name of its own."""


class Scaled(nn.Module):
    """Reads tensors and sizes of the layer that it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(WIDTH, WIDTH)
        self.layer.register_buffer("factor", torch.tensor(0.5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        product: torch.Tensor = self.layer(x) * self.layer.factor / self.layer.in_features
        return product + nn.functional.linear(x, self.layer.weight)


def hooked() -> nn.Module:
    layer = nn.Linear(WIDTH, WIDTH)
    layer.register_forward_hook(lambda _, __, y: y + 1)
    return layer


def hooked_before() -> nn.Module:
    layer = nn.Linear(WIDTH, WIDTH)
    layer.register_forward_pre_hook(lambda _, x: (x[0] + 1,))
    return layer


def replaced() -> nn.Module:
    layer = nn.Linear(WIDTH, WIDTH)
    layer.forward = lambda x: x
    return layer


def pruned() -> nn.Module:
    return prune.random_unstructured(nn.Linear(WIDTH, WIDTH), "weight", 0.5)


def tied() -> nn.Module:
    first, second = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH, bias=False)
    second.weight = first.weight
    return nn.Sequential(first, second, first)


CONVERTED: dict[str, Callable[[], nn.Module]] = {
    "dense": lambda: nn.Linear(WIDTH, WIDTH),
    "renamed": lambda: Renamed(WIDTH, WIDTH),
    "tied": tied,
    "buffer": Scaled,
    "compiled": lambda: torch.compile(nn.Linear(WIDTH, WIDTH), backend="eager"),
    "normalised": lambda: parametrizations.weight_norm(nn.Linear(WIDTH, WIDTH)),
    "orthogonal": lambda: parametrizations.orthogonal(nn.Linear(WIDTH, WIDTH)),
    "spectral": lambda: parametrizations.spectral_norm(nn.Linear(WIDTH, WIDTH)).eval(),
    "pruned": pruned,
}
DIGITAL: dict[str, Callable[[], nn.Module]] = {
    "own forward": lambda: Doubled(WIDTH, WIDTH),
    "own call": lambda: Called(WIDTH, WIDTH),
    "hook": hooked,
    "hook before": hooked_before,
    "replaced": replaced,
    "spectral in training": lambda: parametrizations.spectral_norm(nn.Linear(WIDTH, WIDTH)).train(),
}
ANY = {**CONVERTED, **DIGITAL, "adapter": Adapted}


def same(network: nn.Module) -> nn.Module:
    """Check that a network computes on ideal hardware what it does, and return it there."""
    analog = convert_to_analog(network, IDEAL)
    program_analog_weights(analog)
    x = torch.randn(3, WIDTH)
    with torch.no_grad(), torch.random.fork_rng():
        expected = network(x)
        assert torch.allclose(analog(x), expected, rtol=1e-4, atol=1e-5)
    return analog


@pytest.mark.parametrize("name", CONVERTED)
def test_what_computes_the_same_is_on_tiles(name: str) -> None:
    torch.manual_seed(1)
    analog = same(nn.Sequential(CONVERTED[name](), nn.Tanh()))
    assert analog_layers(analog)
    assert not conversion_of(analog).digital


@pytest.mark.parametrize("name", DIGITAL)
def test_what_would_lose_something_is_left_digital_by_name(name: str) -> None:
    torch.manual_seed(1)
    network = nn.Sequential(nn.Linear(WIDTH, WIDTH), DIGITAL[name]())
    analog = same(network)
    assert list(analog_layers(analog)) == ["0"]
    (left,) = conversion_of(analog).digital
    assert left.name == "1"
    assert left.reason
    with pytest.raises(AnalogError, match="asked for on tiles"):
        convert_to_analog(network, IDEAL, Policy(analog=("1",)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(sorted(ANY)), min_size=1, max_size=4), st.integers(0, 2**16))
def test_random_modules_on_ideal_hardware_equal_themselves(names: list[str], seed: int) -> None:
    torch.manual_seed(seed)
    network = nn.Sequential(nn.Linear(WIDTH, WIDTH), *(ANY[name]() for name in names))
    analog = same(network)
    told = {one.name.split(".")[0] for one in conversion_of(analog).digital}
    # A power iteration that has come to its end changes no weight any more: then it may be on either side.
    either = {str(at) for at, name in enumerate(names, 1) if name == "spectral in training"}
    lost = {str(at) for at, name in enumerate(names, 1) if name in DIGITAL or name == "adapter"}
    assert told | either == lost | either


def test_pruned_and_normalised_layers_can_be_copied_after_they_have_run() -> None:
    network = nn.Sequential(pruned(), nn.Linear(WIDTH, WIDTH))
    network(torch.randn(2, WIDTH)).sum().backward()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        network.append(nn.utils.weight_norm(nn.Linear(WIDTH, WIDTH)))
    network(torch.randn(2, WIDTH)).sum().backward()
    assert len(analog_layers(same(network))) == 3


def test_an_adapter_can_stay_digital_beside_analog_weights() -> None:
    network = nn.ModuleDict(
        {"base": nn.Linear(WIDTH, WIDTH), "lora_A": nn.Linear(WIDTH, 2), "lora_B": nn.Linear(2, WIDTH)}
    )
    analog = convert_to_analog(network, IDEAL, Policy(digital=("lora_*",)))
    assert list(analog_layers(analog)) == ["base"]
    assert [one.name for one in conversion_of(analog).digital] == ["lora_A", "lora_B"]


def test_attention_with_parts_of_its_own_is_left_digital_whole() -> None:
    attention = nn.MultiheadAttention(WIDTH, 2)
    parametrizations.weight_norm(attention.out_proj)
    network = nn.ModuleList([nn.Linear(WIDTH, WIDTH), attention])
    analog = convert_to_analog(network, IDEAL)
    assert list(analog_layers(analog)) == ["0"]
    assert {one.name for one in conversion_of(analog).digital} == {"1.in_proj_weight", "1.out_proj"}


@pytest.mark.parametrize("converter", ["dac", "adc"])
def test_an_infinity_under_a_dynamic_bound_is_the_last_code(converter: str) -> None:
    layer = nn.Linear(2, 1, bias=False)
    layer.weight.data.fill_(1.0)
    changed: dict[str, Any] = {converter: Converter(8, "dynamic")}
    hardware = replace(IDEAL, **changed)
    analog = convert_to_analog(layer, hardware)
    program_analog_weights(analog)
    found = analog(torch.tensor([[math.inf, 0.5]]))
    if converter == "dac":  # bounded by the largest finite input: 0.5 + 0.5
        assert found.item() == pytest.approx(1.0)
    assert not found.isnan().any()
