"""Noise of products, repeated products and bounds of inputs as aihwkit and aihwkit-lightning have them."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
import torch
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import calibrating, matrices, program_analog_weights
from factsheet.crossbar.functional.rpu_configuration import rpu_configuration
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.fitted_ir_drop import FittedIrDrop
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError

EXACT = AnalogHardware(device=IdealDevice(), dac=Converter(None), adc=Converter(None), scale="tile")


def on_tiles(layer: nn.Module, hardware: AnalogHardware) -> nn.Module:
    analog = convert_to_analog(layer, hardware)
    program_analog_weights(analog)
    return analog


def layer_of(rows: int, cols: int, seed: int = 0) -> nn.Linear:
    torch.manual_seed(seed)
    return nn.Linear(rows, cols, bias=False)


@pytest.mark.parametrize("rows", [512, 40])
def test_noise_of_pcm_reads_grows_with_the_root_of_the_current(rows: int) -> None:
    """σ_j = σ_w·√(Σ_i |w_ij|·x_i²), per tile: aihwkit 1.1.0, `applyOutputWeightNoise`, `PCMRead`.

    (`src/rpucuda/rpu_forward_backward_pass.cpp`); weights are relative to the largest.
    """
    hardware = replace(EXACT, tile=TileShape(rows, 512), weight_noise=0.05, weight_noise_kind="pcm read")
    layer = layer_of(100, 6)
    x = torch.randn(1, 100)
    y = on_tiles(layer, hardware)(x.expand(20_000, 100))
    weight = layer.weight.detach()
    variance = torch.zeros(6)
    for at in range(0, 100, rows):
        own, largest = weight[:, at : at + rows], weight[:, at : at + rows].abs().max()
        variance += 0.05**2 * (own.abs() / largest) @ (x[0, at : at + rows] ** 2) * largest**2
    torch.testing.assert_close(y.std(0), variance.sqrt(), rtol=0.03, atol=0.0)
    torch.testing.assert_close(y.mean(0), layer(x)[0].detach(), rtol=0.0, atol=0.02)


def test_columns_differ_in_their_output_noise_and_keep_it() -> None:
    """σ_j = |σ·(1 + s·ξ_j)|, drawn once: aihwkit 1.1.0, `out_noise_std`, `populateFBParameter` (same file)."""
    hardware = replace(EXACT, output_noise=0.1, output_noise_spread=0.3)
    layer = layer_of(20, 400)
    analog, x = on_tiles(layer, hardware), torch.ones(4000, 20)
    relative = analog(x).std(0) / (0.1 * layer.weight.detach().abs().max())
    assert float(relative.mean()) == pytest.approx(1.0, abs=0.05)
    assert float(relative.std()) == pytest.approx(0.3, rel=0.15)
    again = analog(x).std(0) / (0.1 * layer.weight.detach().abs().max())
    torch.testing.assert_close(again, relative, rtol=0.1, atol=0.02)


def by_hand(
    layer: nn.Linear, x: torch.Tensor, rows: int, dac: Converter, adc: Converter, *, worst: bool = False
) -> torch.Tensor:
    """Iterative bound management for each vector and tile, one by one, as `forwardVector` in the same file writes it.

    The input is halved while an output of the tile is clipped, until the reduction exceeds `max_bm_factor` (1000) or
    `max_bm_res` over the resolution of the input (0.25·127 codes of 8 bits). In the worst case the second pass is
    scaled by `computeNoiseManagement` with AbsMaxNPSum, and the reduction begins at 1 again.
    """
    weight = layer.weight.detach()
    largest = weight.abs().max()
    levels_in, levels_out = dac.levels, adc.levels
    bound_out = float(adc.bound or 0)
    y = torch.zeros(len(x), len(weight), dtype=x.dtype)
    for n, vector in enumerate(x):
        for at in range(0, x.shape[1], rows):
            part, own = vector[at : at + rows], weight[:, at : at + rows]
            largest = own.abs().max()
            full = part.abs().max() if dac.bound == "dynamic" else torch.tensor(float(dac.bound or 1))
            reduction, passes = 1.0, 0
            amax = min(part.abs().max(), full)
            while True:
                passes += 1
                # In this order: half of the largest input is half-way between two codes.
                scaled = part * (levels_in / (full * reduction))
                driven = scaled.round().clamp(-levels_in, levels_in) / levels_in
                out = (own / largest) @ driven
                codes = (out * levels_out / bound_out).round()
                clipped = bool((codes.abs() > levels_out).any())
                shown = codes.clamp(-levels_out, levels_out) * bound_out / levels_out
                if not clipped or reduction > min(1000.0, 0.25 * levels_in):
                    break
                reduction *= 2.0
                if worst and passes == 1:
                    sums = max(part.clamp(min=0).sum(), -part.clamp(max=0).sum())
                    full = max(amax, min(amax * levels_in * 0.25, sums * 0.6 / bound_out))
                    reduction = 1.0
            y[n] += shown * largest * full * reduction
    return y


@pytest.mark.parametrize("bound", ["dynamic", 2.0])
@pytest.mark.parametrize("adc_bound", [0.3, 1.5, 100.0])
@pytest.mark.parametrize("managed", ["iterative", "iterative worst case"])
def test_products_that_reach_the_bound_are_repeated_with_half_the_input(
    bound: Any, adc_bound: float, managed: Any
) -> None:
    dac, adc = Converter(8, bound), Converter(8, adc_bound)
    hardware = replace(EXACT, tile=TileShape(32, 512), dac=dac, adc=adc, bound_management=managed)
    layer = layer_of(64, 9).double()
    x = torch.randn(30, 64).double()
    expected = by_hand(layer, x, 32, dac, adc, worst=managed != "iterative")
    torch.testing.assert_close(on_tiles(layer, hardware)(x), expected, rtol=1e-9, atol=1e-9)
    without = on_tiles(layer, replace(hardware, bound_management="none"))(x)
    exact = layer(x).detach()
    if adc_bound < 100:
        assert float((expected - exact).norm()) < 0.5 * float((without - exact).norm())
    else:
        torch.testing.assert_close(without, expected)


def test_outputs_lose_by_their_current_what_aihwkit_fits() -> None:
    """`applyIrDrop` and `computeTotalCurrent` of the same file, one output at a time; the first input is farthest."""
    hardware = replace(EXACT, tile=TileShape(48, 512), ir_drop=FittedIrDrop(0.8, 5000.0))
    layer, x = layer_of(70, 4).double(), torch.rand(3, 70).double() * 2 - 1
    weight, expected = layer.weight.detach(), torch.zeros(3, 4).double()
    for rows in (slice(0, 48), slice(48, 70)):
        own, count = weight[:, rows], rows.stop - rows.start
        largest = own.abs().max()
        for n, vector in enumerate(x[:, rows]):
            for i, relative in enumerate(own / largest):
                a = count / 5000.0 * sum(abs(float(w * v)) for w, v in zip(relative, vector, strict=True))
                c = a * (a * (0.05 * a - 0.2) + 0.5)
                kept = [float(w * v) for w, v in zip(relative, vector, strict=True)]
                lost = sum(one * (1 - (1 - j / count) ** 2) for j, one in enumerate(kept))
                expected[n, i] += (sum(kept) - 0.8 * c * lost) * largest
    found = on_tiles(layer, hardware)(x)
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-9)
    assert float((found - layer(x).detach()).abs().max()) > 0.01  # it is no rounding
    none = on_tiles(layer, replace(hardware, ir_drop=FittedIrDrop(0.0)))(x)
    torch.testing.assert_close(none, layer(x).detach())


def test_repeated_products_have_noise_of_their_own_whatever_the_batch() -> None:
    hardware = replace(
        EXACT, dac=Converter(8, 1.0), adc=Converter(8, 0.5), output_noise=0.02, bound_management="iterative"
    )
    layer, x = layer_of(32, 5), torch.randn(12, 32)
    whole = on_tiles(layer, hardware)(x)
    cut = on_tiles(layer, hardware)
    torch.testing.assert_close(torch.cat([cut(x[:5]), cut(x[5:])]), whole, rtol=0.0, atol=1e-5)


def calibrated(layer: nn.Linear, batches: list[torch.Tensor], method: Any, **options: float) -> torch.Tensor:
    hardware = replace(EXACT, tile=TileShape(64, 512), split="even", dac=Converter(8, "learnt"))
    analog = convert_to_analog(layer, hardware)
    with calibrating(analog, method, **options):
        for batch in batches:
            analog(batch)
    return matrices(analog)[0].input_bound


def batches_of(count: int) -> list[torch.Tensor]:
    torch.manual_seed(4)
    return [torch.randn(16, 150) * (1 + n) + torch.linspace(0, 2, 150) for n in range(count)]


@pytest.mark.parametrize("share", [0.5, 0.99, 1.0])
def test_a_quantile_is_the_mean_over_batches_of_each_ones_sizes(share: float) -> None:
    batches = batches_of(3)
    found = calibrated(layer_of(150, 7), batches, "quantile", share=share)
    expected = [
        sum(float(batch[:, at : at + 50].abs().quantile(share)) for batch in batches) / 3
        for at in (0, 50, 100)
    ]
    assert found.tolist() == pytest.approx(expected, rel=1e-5)


def test_calibration_is_refused_where_it_means_nothing() -> None:
    analog = convert_to_analog(layer_of(4, 4), replace(EXACT, dac=Converter(8, "learnt")))
    for method, options in (("median", {}), ("std", {"sigmas": 0.0}), ("quantile", {"share": 1.5})):
        bad: Any = method
        with pytest.raises(AnalogError, match="calibration"), calibrating(analog, bad, **options):
            pass


def test_padding_says_nothing_of_the_inputs() -> None:
    batch = torch.randn(16, 150)
    padded = torch.cat([batch, torch.zeros(100, 150)])
    for method in ("max", "std", "quantile"):
        found = [calibrated(layer_of(150, 7), [one], method) for one in (batch, padded)]
        torch.testing.assert_close(found[0], found[1])


def test_each_row_of_tiles_has_its_own_bound() -> None:
    layer = layer_of(150, 7).double()
    hardware = replace(EXACT, tile=TileShape(64, 512), split="even", dac=Converter(6, "learnt"))
    analog = on_tiles(layer, hardware)
    matrix = matrices(analog)[0]
    matrix.take_input_bounds(torch.tensor([1.0, 2.0, 4.0]))
    x = torch.randn(20, 150).double()
    expected = torch.zeros(20, 7).double()
    for at, bound in zip((0, 50, 100), (1.0, 2.0, 4.0), strict=True):
        driven = (x[:, at : at + 50] * 31 / bound).round().clamp(-31, 31) * bound / 31
        expected += driven @ layer.weight.detach()[:, at : at + 50].T
    torch.testing.assert_close(analog(x), expected)
    with pytest.raises(AnalogError, match="2 learnt bounds"):
        matrix.take_input_bounds(torch.tensor([1.0, 2.0]))


LIGHTNING = pytest.mark.skipif(
    not __import__("importlib.util").util.find_spec("aihwkit_lightning"),
    reason="aihwkit-lightning, of the dependency group `tests`, is not installed",
)


@LIGHTNING
@pytest.mark.parametrize(("method", "kind"), [("max", "MAX"), ("std", "MOVING_STD")])
def test_bounds_are_those_that_lightning_calibrates(method: str, kind: str) -> None:
    theirs: Any = import_module("aihwkit_lightning.inference.calibration")
    analog_nn: Any = import_module("aihwkit_lightning.nn")
    layer, batches = layer_of(150, 7), batches_of(4)
    hardware = replace(EXACT, tile=TileShape(64, 512), unlimited="columns", split="even")
    config: Any = rpu_configuration(hardware).to_object()
    model = analog_nn.AnalogSequential(analog_nn.AnalogLinear.from_digital(layer, config)).eval()
    theirs.calibrate_input_ranges(
        model,
        theirs.InputRangeCalibrationType[kind],
        iter([((batch,), {}) for batch in batches]),
        std_alpha=2.5,
        verbose=False,
    )
    found = calibrated(layer, batches, method, sigmas=2.5)
    torch.testing.assert_close(found, model[0].input_range.detach(), rtol=1e-5, atol=1e-6)
