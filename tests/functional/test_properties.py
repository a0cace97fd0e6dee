"""How the error of a product moves with time, bits and noise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import drift_analog_weights, program_analog_weights
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.mapping import TileShape

EXACT = AnalogHardware(tile=TileShape(128, 128), dac=Converter(None), adc=Converter(None))
IDEAL = replace(EXACT, device=IdealDevice())


def changed(hardware: AnalogHardware, **values: Any) -> AnalogHardware:
    return replace(hardware, **values)


def error(hardware: AnalogHardware, t_s: float = 0.0, seed: int = 0) -> float:
    """Relative error of 100 products with a 200×120 matrix."""
    generator = torch.Generator().manual_seed(99)
    layer = nn.Linear(200, 120, bias=False)
    layer.weight.data = torch.randn(120, 200, generator=generator)
    x = torch.randn(100, 200, generator=generator)
    analog = convert_to_analog(layer, hardware, inplace=True)
    program_analog_weights(analog, seed)
    drift_analog_weights(analog, t_s)
    exact = x @ layer.weight.detach().t()
    return float((analog(x) - exact).norm() / exact.norm())


@given(seed=st.integers(0, 1000), first=st.floats(0, 1e6), later=st.floats(2, 1000))
@settings(max_examples=15, deadline=None)
def test_without_compensation_the_error_grows_with_time(seed: int, first: float, later: float) -> None:
    # From twenty seconds on, each factor of two costs several per cent of every conductance.
    assert error(EXACT, (first + 20) * later, seed) > error(EXACT, first + 20, seed)


@given(bits=st.integers(4, 10), converter=st.sampled_from(["dac", "adc"]))
@settings(max_examples=10, deadline=None)
def test_the_error_falls_with_more_bits(bits: int, converter: str) -> None:
    bound = {"dac": 5.0, "adc": 60.0}[converter]
    fewer, more = (changed(IDEAL, **{converter: Converter(b, bound)}) for b in (bits, bits + 1))
    assert error(more) < 0.7 * error(fewer)  # a bit halves the steps


@given(factor=st.floats(1.2, 10), seed=st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
@pytest.mark.parametrize("source", ["programming", "read_noise", "drift_exponent"])
def test_the_error_falls_with_smaller_noise_of_devices(source: str, factor: float, seed: int) -> None:
    others = {"programming": 0.0, "read_noise": 0.0, "drift_exponent": 0.0}
    more, less = (replace(EXACT, device=Pcm(**{**others, source: scale})) for scale in (1.0, 1.0 / factor))
    assert error(less, 3600.0, seed) < error(more, 3600.0, seed)


@given(factor=st.floats(1.2, 10), seed=st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
@pytest.mark.parametrize("source", ["input_noise", "output_noise", "weight_noise"])
def test_the_error_falls_with_smaller_noise_of_products(source: str, factor: float, seed: int) -> None:
    hardware = replace(IDEAL, dac=Converter(None, 6.0))
    more, less = (changed(hardware, **{source: size}) for size in (0.1, 0.1 / factor))
    assert 0 < error(less, 0.0, seed) < error(more, 0.0, seed)


def test_the_spread_of_reram_grows_from_a_second_to_a_day() -> None:
    hardware = replace(EXACT, device=Reram(), g_max_us=40.0)
    assert error(hardware, 1.0) < error(hardware, 3600.0) < error(hardware, 86_400.0)


def test_more_devices_a_weight_average_their_noise() -> None:
    # Two pairs that count the same: √2 less, of what is random. 24,000 weights tell it to 1 %.
    noise = Pcm(drift_exponent=0)
    two, four = (error(changed(EXACT, device=noise, devices_per_weight=n)) for n in (2, 4))
    assert two / four == pytest.approx(2**0.5, rel=0.05)


def test_wires_cost_current() -> None:
    assert 0 < error(replace(IDEAL, ir_drop=IrDrop(0.1))) < error(replace(IDEAL, ir_drop=IrDrop(1.0)))
