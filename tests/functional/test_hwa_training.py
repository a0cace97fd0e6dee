"""Noise in the forward pass only: what a noisy layer computes, what its gradients are, and that training helps."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Literal

import pytest
import torch
from torch import nn
from torch.nn import functional

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import drift_analog_weights, program_analog_weights
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.ir_drop import IrDrop
from factsheet.crossbar.functional.training.injection import clip_weights, finished, inject, recipe_for
from factsheet.crossbar.functional.training.recipe import HwaRecipe, Strength, TrainedDrift
from factsheet.crossbar.functional.training.straight_through import converted
from factsheet.crossbar.functional.training.weight_noise import largest_weights, noisy_weights
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import StudyError
from factsheet.networks.policy import Policy

IDEAL = AnalogHardware(device=IdealDevice(), dac=Converter(None), adc=Converter(None), tile=TileShape(8, 8))
NOISE = HwaRecipe(read_noise=Strength(0.1, "w_max"))


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, stride=2, padding=1, groups=2), nn.ReLU(), nn.Flatten(), nn.Linear(64, 5)
    )


def inputs() -> torch.Tensor:
    return torch.randn(6, 2, 8, 8, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Linear(20, 7), (5, 3, 20)),
        (nn.Linear(20, 7, bias=False), (20,)),
        (nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2), (3, 4, 15)),
        (nn.Conv2d(4, 6, (3, 2), padding="same", groups=2, padding_mode="reflect"), (3, 4, 9, 7)),
        (nn.Conv2d(3, 5, 3, stride=(2, 1), padding=(1, 0), bias=False), (2, 3, 8, 8)),
    ],
)
def test_without_noise_a_layer_computes_and_learns_as_torch_does(
    layer: nn.Module, shape: tuple[int, ...]
) -> None:
    values = torch.randn(shape, requires_grad=True)
    noisy = inject(nn.Sequential(layer), HwaRecipe(), IDEAL).train()
    outputs, expected = noisy(values), layer(values)
    assert torch.allclose(outputs, expected, atol=1e-5)
    expected.square().sum().backward()
    wanted = values.grad
    assert wanted is not None
    values.grad = None
    outputs.square().sum().backward()
    assert values.grad is not None
    assert torch.allclose(values.grad, wanted, atol=1e-4)
    for own, other in zip(noisy.parameters(), layer.parameters(), strict=True):
        assert own.grad is not None
        assert other.grad is not None
        assert torch.allclose(own.grad, other.grad, atol=1e-3)


def test_gradients_pass_the_weights_and_not_the_noise_unless_asked_for() -> None:
    layer = nn.Sequential(nn.Linear(6, 3, bias=False))
    values = torch.randn(4, 6, requires_grad=True)
    inject(layer, NOISE, IDEAL).train()(values).sum().backward()
    weight = layer[0].weight.detach()
    assert values.grad is not None
    # d/dx Σ y = the sum of the rows of W, here of the one without noise.
    assert torch.allclose(values.grad, weight.sum(0).expand(4, 6), atol=1e-6)
    values.grad = None
    both = HwaRecipe(read_noise=Strength(0.1, "w_max"), noise_in_backward=True)
    inject(layer, both, IDEAL).train()(values).sum().backward()
    assert not torch.allclose(values.grad, weight.sum(0).expand(4, 6), atol=1e-3)


def test_evaluation_is_without_noise_and_the_model_stays_as_it_is() -> None:
    model = network()
    before = copy.deepcopy(model.state_dict())
    noisy = inject(model, NOISE, IDEAL)
    assert torch.equal(noisy.eval()(inputs()), model.eval()(inputs()))
    assert not torch.equal(noisy.train()(inputs()), noisy(inputs()))
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def test_a_seed_gives_the_same_noise_again() -> None:
    first, second, third = (
        inject(network(), NOISE, IDEAL, seed=seed).train()(inputs()) for seed in (3, 3, 4)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, third)


def test_what_is_kept_is_an_ordinary_model() -> None:
    noisy = inject(network(), NOISE, IDEAL, Policy(digital=("3",)))
    assert type(noisy[3]) is nn.Linear
    kept = finished(noisy)
    assert [type(one) for one in kept] == [nn.Conv2d, nn.ReLU, nn.Flatten, nn.Linear]
    network().load_state_dict(kept.state_dict())
    assert torch.equal(kept.eval()(inputs()), network().eval()(inputs()))


def test_shared_weights_stay_shared() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = nn.Linear(5, 5), nn.Linear(5, 5)
            self.two.weight = self.one.weight

        def forward(self, values: torch.Tensor) -> torch.Tensor:
            found: torch.Tensor = self.two(self.one(values))
            return found

    noisy = inject(Tied(), NOISE, IDEAL).train()
    noisy(torch.ones(2, 5)).sum().backward()
    assert noisy.one.weight is noisy.two.weight
    assert finished(noisy).one.weight is not noisy.one.weight


@pytest.mark.parametrize(
    ("strength", "sigma"),
    [
        # What each meaning says of weights with largest 0.8 and standard deviation s.
        (Strength(0.05, "w_max"), 0.04),
        (Strength(0.05, "g_max"), 0.04),
        (Strength(0.05, "absolute"), 0.05),
        (Strength(0.05, "weight_std"), 0.05),
        (Strength(1.25e-6, siemens=True), 0.04),
    ],
)
def test_weight_noise_is_as_strong_as_it_says(strength: Strength, sigma: float) -> None:
    weight = torch.randn(200, 200, generator=torch.Generator().manual_seed(2)).clamp(-3, 3)
    weight = weight / 3 * 0.8 if strength.relative_to != "weight_std" else weight / weight.std()
    hardware = AnalogHardware(scale="tile", tile=TileShape(512, 512))
    largest = largest_weights(weight, hardware)
    for recipe in (HwaRecipe(weight_noise=strength), HwaRecipe(read_noise=strength)):
        noise = noisy_weights(weight, largest, recipe, hardware=hardware, key="k").weights - weight
        # 40,000 draws tell a standard deviation to 0.35 %.
        assert float(noise.std()) == pytest.approx(sigma, rel=0.02)
        assert float(noise.mean()) == pytest.approx(0, abs=5 * sigma / 200)


def test_the_noise_of_a_device_is_that_of_its_model() -> None:
    # One weight at half of the largest: σ = 0.26348 + 1.9650·0.5 − 1.1731·0.25 µS of 25 (Nandakumar 2019), and the
    # device at 0, whose noise only adds: it is cut off below 0.
    weight = torch.full((200, 200), 0.5)
    weight[:, 0] = 1.0
    hardware = AnalogHardware(tile=TileShape(512, 512))
    largest = largest_weights(weight, hardware)
    recipe = HwaRecipe(weight_noise=Strength(1.0, "device_model"))
    noise = (noisy_weights(weight, largest, recipe, hardware=hardware, key="k").weights - weight)[:, 1:]
    full, zero = 0.26348 + 1.9650 * 0.5 - 1.1731 * 0.25, 0.26348
    # Of max(0, N): mean σ/√(2π), variance σ²·(1/2 - 1/(2π)).
    spread = (full**2 + zero**2 * (0.5 - 1 / (2 * torch.pi))) ** 0.5
    assert float(noise.std()) * 25 == pytest.approx(spread, rel=0.02)
    assert float(noise.mean()) * 25 == pytest.approx(-zero / (2 * torch.pi) ** 0.5, abs=0.02)


def test_training_sees_the_outputs_that_inference_will_see() -> None:
    model = nn.Sequential(nn.Linear(64, 32))
    hardware = AnalogHardware(tile=TileShape(32, 32), compensation="global", output_noise=0.05)
    values = torch.randn(64, 64, generator=torch.Generator().manual_seed(7))
    exact = model(values).detach()
    time = 604800.0
    noisy = inject(model, recipe_for(hardware, (time,)), hardware).train()
    chips = []
    for seed in range(12):
        chip = convert_to_analog(model, hardware)
        program_analog_weights(chip, seed)
        drift_analog_weights(chip, time)
        chips.append((chip(values) - exact).norm() / exact.norm())
    trained = [(noisy(values).detach() - exact).norm() / exact.norm() for _ in range(12)]
    assert float(torch.stack(trained).mean()) == pytest.approx(float(torch.stack(chips).mean()), rel=0.1)


@pytest.mark.parametrize("row_wires", ["shared", "separate"])
def test_wires_act_tile_by_tile(row_wires: Literal["shared", "separate"]) -> None:
    # Cells of 20 inputs by 12 outputs on tiles of 8 by 8. `test_ir_drop.py` holds `apply` against the whole circuit.
    wires = IrDrop(50.0, row_wires)
    hardware = replace(IDEAL, ir_drop=wires)
    weight = torch.randn(12, 20, generator=torch.Generator().manual_seed(3))
    recipe = HwaRecipe(weight_noise=Strength(1.0, "device_model"))
    found, _ = noisy_weights(weight, largest_weights(weight, hardware), recipe, hardware=hardware, key="step")
    for outputs in (slice(0, 8), slice(8, 12)):
        for inputs_ in (slice(0, 8), slice(8, 16), slice(16, 20)):
            own = weight[outputs, inputs_]
            largest = own.abs().amax(dim=1, keepdim=True)
            micro = own / largest * hardware.g_max_us
            plus, minus = wires.apply(micro.clamp(min=0), (-micro).clamp(min=0))
            acting = (plus - minus) * largest / hardware.g_max_us
            assert torch.allclose(found[outputs, inputs_], acting, atol=1e-6)
            assert float((acting - own).abs().max()) > 0.01  # far more than what is allowed above


def test_converters_round_as_the_simulated_ones_and_let_gradients_pass() -> None:
    values = torch.linspace(-2, 2, 401, requires_grad=True)
    outputs = converted(values, 1.0, 4)
    assert torch.allclose(outputs, Converter(4, 1.0).convert(values.detach()), atol=1e-6)
    outputs.sum().backward()
    assert values.grad is not None
    inside = values.detach().abs() < 0.999
    assert torch.allclose(values.grad[inside], torch.ones(()), atol=1e-5)
    assert not values.grad[values.detach().abs() > 1.001].any()


def test_a_learnt_bound_gets_the_gradient_of_its_paper() -> None:
    # Esser et al., eq. 3, for the bound b = s·L: (round(v) - v)/L inside, ±1 outside, with v = x·L/b.
    values = torch.tensor([0.3, -0.61, 0.9, 5.0, -7.0])
    bound = torch.tensor(1.5, requires_grad=True)
    for index, value in enumerate(values):
        bound.grad = None
        converted(value[None], bound, 4).sum().backward()
        scaled = float(value) * 7 / 1.5
        wanted = (round(scaled) - scaled) / 7 if abs(scaled) < 7 else (1.0 if scaled > 0 else -1.0)
        assert bound.grad is not None
        assert float(bound.grad) == pytest.approx(wanted, abs=1e-5), index


def test_learnt_bounds_reach_the_simulated_converters() -> None:
    hardware = AnalogHardware(dac=Converter(4, "learnt"), adc=Converter(8, 10.0), tile=TileShape(64, 64))
    noisy = inject(network(), HwaRecipe(), hardware).train()
    optimiser = torch.optim.SGD(noisy.parameters(), 0.05)
    for _ in range(5):
        optimiser.zero_grad()
        functional.mse_loss(noisy(inputs()), torch.ones(6, 5)).backward()
        optimiser.step()
    first = noisy[0].input_bound
    assert isinstance(first, nn.Parameter)
    learnt = float(first.detach())
    assert 0 < learnt != float(inputs().abs().max())
    chip = convert_to_analog(finished(noisy), hardware)
    assert float(chip[0].matrix.input_bound) == pytest.approx(learnt)
    program_analog_weights(chip)
    chip(inputs())


def test_the_published_recipe_trains_once_its_questions_are_answered() -> None:
    recipe = HwaRecipe(
        weight_noise=Strength(1.0, "device_model"),
        read_noise=Strength(0.0175, "w_max"),
        adc_noise=Strength(0.04, "w_max"),
        input_bound=Strength(3.0, "input_std"),
        output_bound=Strength(10.0, "w_max"),
        drift=TrainedDrift("PCM", at_s=(3600.0, 86400.0)),
    )
    noisy = inject(network(), recipe, AnalogHardware(compensation="global")).train()
    functional.mse_loss(noisy(inputs()), torch.ones(6, 5)).backward()
    assert all(
        parameter.grad is not None and parameter.grad.isfinite().all() for parameter in noisy.parameters()
    )


def test_clipping_keeps_to_its_limit_and_leaves_other_layers_alone() -> None:
    noisy = inject(network(), NOISE, IDEAL, Policy(digital=("3",)))
    linear = noisy[3].weight.detach().clone()
    limit = 1.5 * float(noisy[0].weight.detach().std())
    clip_weights(noisy, 1.5)
    assert float(noisy[0].weight.detach().abs().max()) == pytest.approx(limit)
    assert torch.equal(noisy[3].weight, linear)
    with pytest.raises(StudyError, match="clipped to 0"):
        clip_weights(noisy, 0.0)


def test_what_can_not_be_trained_so_is_refused() -> None:
    class Own(nn.Linear):
        """A layer with a forward pass of its own."""

    with pytest.raises(StudyError, match="Own"):
        inject(nn.Sequential(Own(3, 3)), NOISE, IDEAL)
    with pytest.raises(StudyError, match=r"weight_noise\.relative_to"):
        inject(network(), HwaRecipe(weight_noise=Strength(1.0)), IDEAL)
    twice = HwaRecipe(weight_noise=Strength(2.0, "device_model"))
    with pytest.raises(StudyError, match="IdealDevice"):
        inject(network(), twice, IDEAL).train()(inputs())


@pytest.mark.parametrize("device", [Reram(), Pcm(programming=0.5)])
def test_every_kind_of_device_can_be_trained_with(device: Pcm | Reram) -> None:
    hardware = AnalogHardware(device=device, devices_per_weight=4, pair="both", stuck_rate=0.01)
    noisy = inject(network(), recipe_for(hardware, (3600.0,)), hardware).train()
    assert noisy(inputs()).isfinite().all()
