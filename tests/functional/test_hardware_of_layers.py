"""Hardware that differs by layer, pairs beyond the second, and what compensation brings outputs back to."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware, for_layers
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.layers.conversion import analog_layers, conversion_of, convert_to_analog
from factsheet.crossbar.functional.layers.programming import drift_analog_weights, program_analog_weights
from factsheet.crossbar.functional.studies.error_sources import sources, without
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.training.injection import inject
from factsheet.crossbar.functional.training.recipe import HwaRecipe
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError

EXACT = AnalogHardware(device=IdealDevice(), dac=Converter(None), adc=Converter(None))


def network() -> nn.Sequential:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(12, 10), nn.ReLU(), nn.Linear(10, 4))


def programmed(module: nn.Module, hardware: AnalogHardware, seed: int = 0) -> nn.Module:
    analog = convert_to_analog(module, hardware)
    program_analog_weights(analog, seed)
    return analog


def test_each_layer_is_on_its_own_hardware() -> None:
    hardware = replace(EXACT, layers=(for_layers("2", tile=TileShape(4, 4), adc=Converter(3, 1.0)),))
    module, x = network(), torch.randn(5, 12)
    analog = programmed(module, hardware)
    first, second = analog_layers(analog).values()
    assert (first.matrix.mapped.tiles, second.matrix.mapped.tiles) == (1, 3)
    torch.testing.assert_close(first(x), module[0](x))
    alone = programmed(module[2], replace(EXACT, tile=TileShape(4, 4), adc=Converter(3, 1.0)))
    hidden = module[:2](x)
    assert torch.equal(second(hidden), alone(hidden))
    assert not torch.allclose(analog(x), module(x), atol=1e-3)


def test_a_pattern_without_a_layer_is_refused() -> None:
    with pytest.raises(AnalogError, match="`head`: the pattern fits no layer on tiles") as refusal:
        convert_to_analog(network(), replace(EXACT, layers=(for_layers("head", stuck_rate=0.1),)))
    assert "0, 2" in str(refusal.value.help)


def test_shared_weights_are_on_one_hardware() -> None:
    module = nn.ModuleDict({"a": nn.Linear(4, 4), "b": nn.Linear(4, 4)})
    module["b"].weight = module["a"].weight
    with pytest.raises(AnalogError, match="b has the weights of a"):
        convert_to_analog(module, replace(EXACT, layers=(for_layers("b", stuck_rate=0.1),)))
    both = convert_to_analog(module, replace(EXACT, layers=(for_layers("[ab]", stuck_rate=0.1),)))
    assert conversion_of(both).analog[1].shares_with == "a"


def test_matrices_of_a_recurrent_layer_are_named_one_by_one() -> None:
    hardware = replace(EXACT, layers=(for_layers("weight_hh_l0", tile=TileShape(4, 4)),))
    tiles = {one.name: one.tiles for one in conversion_of(convert_to_analog(nn.LSTM(8, 8), hardware)).analog}
    assert tiles == {"weight_ih_l0": 1, "weight_hh_l0": 16}


def test_training_is_noisy_by_layer() -> None:
    hardware = replace(EXACT, layers=(for_layers("2", adc=Converter(2, 0.5)),))
    module, x = network(), torch.randn(5, 12)
    noisy = inject(module, HwaRecipe(), hardware).train()
    torch.testing.assert_close(noisy[0](x), module[0](x))
    assert not torch.allclose(noisy[2](module[:2](x)), module[2](module[:2](x)), atol=1e-3)


def test_an_ablation_leaves_a_source_out_of_every_layer() -> None:
    hardware = AnalogHardware(output_noise=0.0, layers=(for_layers("2", output_noise=0.1),))
    assert "output noise" in sources(hardware)
    assert without(hardware, "output noise").of("2").output_noise == 0.0


@pytest.mark.parametrize("split", ["full", "even"])
@pytest.mark.parametrize("unlimited", ["neither", "rows", "columns", "both"])
@pytest.mark.parametrize("groups", [1, 3])
def test_tiles_of_any_cut_multiply_exactly(split: Any, unlimited: Any, groups: int) -> None:
    hardware = replace(EXACT, tile=TileShape(5, 7), split=split, unlimited=unlimited)
    module = nn.Conv1d(12, 33, 3, groups=groups)
    x = torch.randn(2, 12, 9)
    torch.testing.assert_close(programmed(module, hardware)(x), module(x), atol=1e-5, rtol=1e-5)


def weights_of(hardware: AnalogHardware, weight: torch.Tensor, seed: int = 0) -> torch.Tensor:
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight.data = weight.clone()
    return next(iter(analog_layers(programmed(layer, hardware, seed)).values())).matrix.acting()


@pytest.mark.parametrize("slicing", ["equal", "fill"])
@pytest.mark.parametrize("pair", ["one-sided", "both"])
@pytest.mark.parametrize("significance", [(1.0, 1.0, 1.0), (1.0, 4.0, 16.0, 64.0), (8.0, 1.0)])
def test_several_ideal_pairs_hold_the_weight(
    slicing: Any, pair: Any, significance: tuple[float, ...]
) -> None:
    hardware = replace(
        EXACT,
        devices_per_weight=2 * len(significance),
        significance=significance,
        slicing=slicing,
        pair=pair,
    )
    weight = torch.randn(20, 30)
    torch.testing.assert_close(weights_of(hardware, weight), weight, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("pairs", [1, 2, 3, 4])
def test_digits_hold_the_weight_to_half_of_the_last_one(pairs: int) -> None:
    """Bit slicing: two bits a device, digits to the base of 4; the most that they hold is 4ⁿ - 1 of the last one."""
    hardware = replace(
        EXACT,
        devices_per_weight=2 * pairs,
        significance=(64.0, 16.0, 4.0, 1.0)[: max(pairs, 2)],
        slicing="digits",
        device_levels=4,
        scale="tile",
    )
    weight = torch.randn(40, 50)
    held = weights_of(hardware, weight) / weight.abs().max()
    steps, wanted = 4**pairs - 1, weight / weight.abs().max()
    torch.testing.assert_close(held * steps, (held * steps).round(), atol=2e-3, rtol=0.0)
    assert float((held - wanted).abs().max()) * steps <= 0.502


def test_filled_pairs_are_programmed_as_aihwkit_converts_them() -> None:
    """`NPairConductanceConverter` of aihwkit (inference/converter/conductance.py), written out for one weight each.

    g_k = clip((w·Σf·g_max - Σ_{j<k} f_j·g_max) / f_k, 0, g_max). A device whose conductance is doubled in reading
    shows which pairs are used.
    """
    f = (1.0, 3.0)
    weight = torch.tensor([[1.0, 0.5, 0.25, 0.1]])
    by_hand = []
    for w in weight[0].tolist():
        total = w * sum(f) * 25.0
        low = min(total / f[0], 25.0)
        high = min(max((total - f[0] * 25.0) / f[1], 0.0), 25.0)
        by_hand.append((low, high))
    hardware = replace(
        EXACT,
        devices_per_weight=4,
        significance=f,
        slicing="fill",
        device=Pcm(drift_exponent=0, read_noise=0),
    )
    # Programming noise of a device has its size from the conductance: over many, it tells both conductances.
    many = weight.repeat(1, 4000)
    many = torch.cat([torch.ones(1, 1), many], 1)
    found = weights_of(hardware, many)[0, 1:].view(-1, 4)
    for place, (low, high) in enumerate(by_hand):
        sigmas = [0.26348 + 1.9650 * (g / 25) - 1.1731 * (g / 25) ** 2 for g in (low, high)]
        # The other device of each pair is at 0; its noise is cut off below 0: variance σ²·(1/2 - 1/(2π)) is left.
        zero = 0.26348**2 * (0.5 - 1 / (2 * torch.pi))
        shares = [one / sum(f) for one in f]
        clipped = [zero if g == 0 else s**2 for g, s in zip((low, high), sigmas, strict=True)]
        sigma = sum(share**2 * (s + zero) for share, s in zip(shares, clipped, strict=True)) ** 0.5 / 25
        assert float(found[:, place].std()) == pytest.approx(sigma, rel=0.05)


def test_following_aihwkit_filled_pairs_are_exact_without_noise() -> None:
    quiet = Pcm(programming=0, read_noise=0, drift_exponent=0)
    hardware = replace(EXACT, devices_per_weight=4, significance=(1.0, 3.0), slicing="fill", device=quiet)
    weight = torch.randn(20, 30)
    following = replace(hardware, follow="aihwkit", adc=Converter(None))
    torch.testing.assert_close(weights_of(following, weight), weight, atol=1e-5, rtol=1e-5)


def test_compensation_to_the_target_also_takes_out_what_programming_lost() -> None:
    """With the weights themselves as reference, outputs come back to their digital size, not to the programmed one.

    Half of the devices are stuck at 0, so that the array reads half of what it should: the factor is the target's
    read-out over that of now (`GlobalDriftCompensationWithExactReference` of aihwkit, inference/compensation/drift.py).
    """
    layer = nn.Linear(256, 64, bias=False)
    hardware = replace(EXACT, stuck_rate=0.5, compensation="global")
    sums = {}
    for reference in ("programmed", "target"):
        analog = programmed(copy.deepcopy(layer), replace(hardware, reference=reference))
        drift_analog_weights(analog, 3600.0)
        sums[reference] = float(next(iter(analog_layers(analog).values())).matrix.acting().abs().sum())
    digital = float(layer.weight.detach().abs().sum())
    assert sums["target"] / digital == pytest.approx(1.0, abs=0.02)
    assert sums["programmed"] / digital == pytest.approx(0.5, abs=0.03)


def test_a_noisy_read_out_can_be_had_with_the_equations() -> None:
    layer = nn.Linear(256, 64, bias=False)
    noisy = replace(EXACT, device=Pcm(), adc=Converter(4, 1.0), output_noise=0.3, compensation="global")
    gains = []
    for read_out in ("as followed", "exact", "noisy"):
        analog = programmed(layer, replace(noisy, read_out=read_out))
        drift_analog_weights(analog, 86_400.0)
        gain = next(iter(analog_layers(analog).values())).matrix.gain
        assert gain is not None
        gains.append(gain)
    assert torch.equal(gains[0], gains[1])
    assert not torch.equal(gains[1], gains[2])


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"adc": 8}, "hardware: `adc` is 8"),
        ({"tile": [512, 512]}, "hardware: `tile` is"),
        ({"g_max_us": "25"}, "hardware: `g_max_us` is '25'"),
        ({"significance": 2}, "hardware: `significance` is 2"),
        ({"device": {"kind": ["pcm"]}}, "a device of kind"),
        ({"device": {"kind": "pcm", "read_noise": [1.0]}}, "device: `read_noise` is"),
        ({"adc": {"bits": 8, "bound": [1.0]}}, "adc: `bound` is"),
        ({"layers": {"fc": {"significance": 2}}}, "hardware of the layers `fc`: `significance` is 2"),
        ({"layers": {"fc": {"dac": True}}}, "hardware of the layers `fc`: `dac` is True"),
    ],
)
def test_a_value_of_another_kind_is_refused_with_its_name(values: dict[str, Any], what: str) -> None:
    with pytest.raises(AnalogError) as refused:
        AnalogHardware.from_dict(values)
    assert what in str(refused.value)
    assert refused.value.help
