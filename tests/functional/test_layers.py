"""Layers on crossbars: without noise they are the digital ones; with noise nothing but the seed decides."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import Device, IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.layers.analog_layers import AnalogLinear
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import (
    calibrating,
    compensate_drift,
    drift_analog_weights,
    program_analog_weights,
)
from factsheet.crossbar.functional.tiles.analog_matrix import AnalogMatrix
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError, NotProgrammedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.draws import Draws

SMALL = TileShape(24, 20)
IDEAL = AnalogHardware(tile=SMALL, device=IdealDevice(), dac=Converter(None), adc=Converter(None))
NOISY = AnalogHardware(
    tile=SMALL, input_noise=0.01, output_noise=0.04, weight_noise=0.0175, compensation="global"
)


def programmed(module: nn.Module, hardware: AnalogHardware, seed: int = 1) -> nn.Module:
    analog = convert_to_analog(module, hardware)
    program_analog_weights(analog, seed)
    return analog


@pytest.mark.parametrize("scale", ["column", "tile"])
@pytest.mark.parametrize("pair", ["one-sided", "both"])
@pytest.mark.parametrize("devices", [2, 4])
def test_ideal_hardware_is_the_digital_layer(scale: Any, pair: Any, devices: Any) -> None:
    torch.manual_seed(0)
    layer, x = nn.Linear(70, 45), torch.randn(3, 7, 70)
    hardware = replace(IDEAL, scale=scale, pair=pair, devices_per_weight=devices, significance=(4.0, 1.0))
    analog = programmed(layer, hardware)
    drift_analog_weights(analog, 3e7)
    assert torch.allclose(analog(x), layer(x), atol=2e-6)


def test_double_precision_stays_double() -> None:
    layer, x = nn.Linear(70, 45).double(), torch.randn(5, 70, dtype=torch.float64)
    assert torch.allclose(programmed(layer, IDEAL)(x), layer(x), atol=1e-13)


def test_half_precision_is_computed_in_single() -> None:
    layer, x = nn.Linear(70, 45).bfloat16(), torch.randn(5, 70).bfloat16()
    found = programmed(layer, IDEAL)(x)
    assert found.dtype == torch.bfloat16
    exact = nn.functional.linear(x.float(), layer.weight.float(), layer.bias.float())
    assert torch.equal(found, exact.bfloat16())


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Conv2d(3, 8, 3), (2, 3, 9, 7)),
        (nn.Conv2d(4, 8, (3, 2), stride=2, padding=1, dilation=2, groups=2, bias=False), (2, 4, 9, 11)),
        (nn.Conv2d(4, 4, 3, padding="same", padding_mode="reflect", groups=4), (1, 4, 6, 6)),
        (nn.Conv2d(3, 30, 5), (3, 8, 8)),
        (nn.Conv1d(4, 6, 5, padding=2, stride=3), (3, 4, 20)),
        (nn.Conv1d(4, 6, 4, padding="same", padding_mode="circular", dilation=2), (2, 4, 20)),
        (nn.Conv1d(4, 6, 1), (4, 20)),
        (
            nn.Conv3d(4, 6, (3, 2, 1), stride=(2, 1, 1), padding=1, dilation=(1, 2, 1), groups=2),
            (2, 4, 7, 6, 5),
        ),
        (nn.Conv3d(3, 30, 2, padding="same", padding_mode="circular"), (3, 4, 4, 4)),
        (nn.ConvTranspose1d(30, 6, 5, stride=3, padding=2, output_padding=2), (2, 30, 7)),
        (nn.ConvTranspose1d(4, 6, 3, dilation=4, output_padding=3, bias=False), (4, 7)),
        (
            nn.ConvTranspose2d(4, 8, (3, 2), stride=2, padding=1, output_padding=(1, 0), groups=2),
            (2, 4, 5, 6),
        ),
        (nn.ConvTranspose3d(4, 6, 2, stride=2, groups=2), (2, 4, 3, 3, 2)),
    ],
)
def test_ideal_convolutions_are_the_digital_ones(layer: nn.Module, shape: tuple[int, ...]) -> None:
    x = torch.randn(shape)
    found, exact = programmed(layer, IDEAL)(x), layer(x)
    assert found.shape == exact.shape
    assert torch.allclose(found, exact, atol=2e-6)


def test_converters_act_on_every_tile_before_partial_sums_are_added() -> None:
    # Two tiles below each other, of one weight each: 1.0 · 0.4 and 1.0 · 0.4. With 2 bits up to 1 (codes -1, 0, 1),
    # each ADC shows 0; a converter behind the sum would have shown 1.
    layer = nn.Linear(2, 1, bias=False)
    layer.weight.data.fill_(1.0)
    hardware = replace(IDEAL, tile=TileShape(1, 1), adc=Converter(2, 1.0))
    assert programmed(layer, hardware)(torch.tensor([[0.4, 0.4]])).item() == 0.0
    whole = replace(hardware, tile=TileShape(2, 1))
    assert programmed(layer, whole)(torch.tensor([[0.4, 0.4]])).item() == 1.0


def test_inputs_are_converted_as_the_converter_says() -> None:
    x = torch.randn(40, 30) * 2
    layer = nn.Linear(30, 30, bias=False)
    layer.weight.data = torch.eye(30)
    bounds: tuple[Any, ...] = (1.5, "dynamic")
    for bound in bounds:
        dac = Converter(5, bound)
        found = programmed(layer, replace(IDEAL, tile=TileShape(64, 64), dac=dac))(x)
        limit = None if bound == 1.5 else x.abs().amax(1, keepdim=True)
        assert torch.allclose(found, dac.convert(x, limit), atol=1e-6)


def test_a_vector_of_zeros_gives_the_bias() -> None:
    layer = nn.Linear(30, 10)
    hardware = replace(IDEAL, dac=Converter(8, "dynamic"), adc=Converter(8, "dynamic"))
    assert torch.equal(programmed(layer, hardware)(torch.zeros(2, 30)), layer.bias.detach().expand(2, 10))
    assert programmed(layer, hardware)(torch.zeros(0, 30)).shape == (0, 10)


def test_a_layer_of_zeros_can_be_programmed() -> None:
    layer = nn.Linear(30, 10)
    layer.weight.data.zero_()
    analog = programmed(layer, NOISY)
    drift_analog_weights(analog, 3600.0)
    assert torch.isfinite(analog(torch.randn(4, 30))).all()


def test_nothing_runs_before_it_is_programmed() -> None:
    analog = convert_to_analog(nn.Linear(8, 4), NOISY)
    for use in (
        lambda: analog(torch.zeros(1, 8)),
        lambda: drift_analog_weights(analog, 20.0),
        lambda: compensate_drift(analog),
        lambda: analog.weight,
    ):
        with pytest.raises(NotProgrammedError, match="program"):
            use()


@pytest.mark.parametrize("t_s", [-1.0, float("nan"), float("inf")])
def test_there_is_no_time_before_programming(t_s: float) -> None:
    with pytest.raises(AnalogError, match="after programming"):
        drift_analog_weights(programmed(nn.Linear(8, 4), NOISY), t_s)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1"])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    with pytest.raises(AnalogError, match="seed"):
        program_analog_weights(convert_to_analog(nn.Linear(8, 4), NOISY), seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(value: float) -> None:
    layer = nn.Linear(8, 4)
    analog = convert_to_analog(layer, NOISY, inplace=True)
    layer.weight.data[2, 3] = value
    with pytest.raises(AnalogError, match="NaN or infinite"):
        convert_to_analog(layer, NOISY)
    with pytest.raises(AnalogError, match="NaN or infinite"):
        program_analog_weights(analog)


def test_weights_without_values_are_refused() -> None:
    with pytest.raises(AnalogError, match="meta"):
        convert_to_analog(nn.Linear(8, 4, device="meta"), NOISY)


@given(cuts=st.lists(st.integers(1, 9), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_results_do_not_depend_on_how_a_batch_is_cut(cuts: list[int]) -> None:
    torch.manual_seed(0)
    layer, x = nn.Linear(50, 30), torch.randn(sum(cuts), 50)
    # An ADC of infinite bits: otherwise a last bit of a sum, which the matrix product may round differently for
    # another number of rows, can be a whole code.
    analog = programmed(layer, replace(NOISY, adc=Converter(None)))
    drift_analog_weights(analog, 3600.0)
    whole = analog(x)
    drift_analog_weights(analog, 3600.0)
    assert torch.allclose(torch.cat([analog(part) for part in x.split(cuts)]), whole, atol=1e-5)


def test_noise_is_new_in_every_product_and_the_same_again_after_a_move() -> None:
    analog, x = programmed(nn.Linear(50, 30), NOISY), torch.randn(4, 50)
    drift_analog_weights(analog, 20.0)
    first, second = analog(x), analog(x)
    assert not torch.equal(first, second)
    drift_analog_weights(analog, 20.0)
    assert torch.equal(analog(x), first)


@pytest.mark.parametrize("hardware", [NOISY, replace(NOISY, follow="aihwkit")])
def test_a_seed_reproduces_to_the_bit_and_another_does_not(hardware: AnalogHardware) -> None:
    layer, x = nn.Linear(50, 30), torch.randn(4, 50)
    runs = []
    for seed in (7, 7, 8):
        analog = programmed(layer, hardware, seed)
        drift_analog_weights(analog, 86_400.0)
        runs.append(analog(x))
    assert torch.equal(runs[0], runs[1])
    assert not torch.equal(runs[0], runs[2])


def test_the_order_of_tiles_and_of_times_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, x = nn.Linear(50, 30), torch.randn(4, 50)
    analog = programmed(layer, NOISY)
    drift_analog_weights(analog, 3600.0)
    expected = analog(x)
    forward = AnalogMatrix.blocks

    def backward(matrix: AnalogMatrix) -> Iterator[tuple[int, slice, slice]]:
        return reversed(list(forward(matrix)))

    monkeypatch.setattr(AnalogMatrix, "blocks", backward)
    again = programmed(layer, NOISY)
    drift_analog_weights(again, 86_400.0)
    drift_analog_weights(again, 20.0)
    drift_analog_weights(again, 3600.0)
    assert torch.equal(again(x), expected)


def test_devices_that_are_not_kept_are_the_same_devices() -> None:
    layer, x = nn.Linear(50, 30), torch.randn(4, 50)
    kept, drawn = convert_to_analog(layer, NOISY), convert_to_analog(layer, NOISY)
    program_analog_weights(kept, 3)
    program_analog_weights(drawn, 3, keep=False)
    assert len(kept.matrix.kept) == 4  # two devices, conductance and exponent
    assert not drawn.matrix.kept
    for t_s in (0.0, 3600.0):
        drift_analog_weights(kept, t_s)
        drift_analog_weights(drawn, t_s)
        assert torch.equal(kept(x), drawn(x))


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("keep", [True, False])
def test_a_saved_simulation_goes_on_where_it_was(train: bool, keep: bool) -> None:
    layer, x = nn.Sequential(nn.Linear(50, 30), nn.ReLU(), nn.Linear(30, 5)).train(train), torch.randn(4, 50)
    analog = convert_to_analog(layer, NOISY)
    program_analog_weights(analog, 5, keep=keep)
    drift_analog_weights(analog, 3600.0)
    analog(x)
    file = io.BytesIO()
    torch.save(analog.state_dict(), file)
    file.seek(0)
    loaded = convert_to_analog(layer, NOISY)
    loaded.load_state_dict(torch.load(file, weights_only=True))
    pickled = pickle.loads(pickle.dumps(loaded))  # noqa: S301 - written on this line
    assert loaded.training == train
    expected = analog(x)
    assert torch.equal(loaded(x), expected)
    assert torch.equal(pickled(x), expected)
    for one in (analog, loaded):
        drift_analog_weights(one, 86_400.0)
    assert torch.equal(loaded(x), analog(x))


def test_a_saved_simulation_is_not_loaded_into_other_hardware() -> None:
    layer = nn.Linear(8, 4)
    state = programmed(layer, NOISY).state_dict()
    with pytest.raises(AnalogError, match="other hardware"):
        convert_to_analog(layer, replace(NOISY, g_max_us=20.0)).load_state_dict(state)


def test_what_was_never_programmed_is_loaded_as_that() -> None:
    layer = nn.Linear(8, 4)
    analog = programmed(layer, NOISY)
    analog.load_state_dict(convert_to_analog(layer, NOISY).state_dict())
    with pytest.raises(NotProgrammedError):
        analog(torch.zeros(1, 8))


def test_bounds_are_learnt_from_data() -> None:
    torch.manual_seed(0)
    layer, x = nn.Linear(50, 30).requires_grad_(False), torch.randn(64, 50)
    hardware = replace(IDEAL, dac=Converter(8, "learnt"), adc=Converter(8, "learnt"))
    analog = convert_to_analog(layer, hardware)
    program_analog_weights(analog)
    with pytest.raises(AnalogError, match="learnt"):
        analog(x)
    with calibrating(analog):
        assert torch.allclose(analog(x), layer(x), atol=1e-5)
    rows = [x[:, part].abs().max() for part in analog.matrix.row_splits]
    torch.testing.assert_close(analog.matrix.input_bound, torch.stack(rows))
    # Three tiles below each other whose partial sums are converted: 8 bits each leave about 1 %.
    assert float((analog(x) - layer(x)).norm() / layer(x).norm()) < 0.03


def test_compensation_brings_the_outputs_back() -> None:
    torch.manual_seed(0)
    layer, x = nn.Linear(200, 100, bias=False), torch.randn(50, 200)
    hardware = replace(IDEAL, tile=TileShape(128, 128), device=Pcm())
    analog, exact = programmed(layer, hardware), layer(x)
    drift_analog_weights(analog, 2.4e6)
    alone = analog(x)
    compensate_drift(analog, "global")
    assert (analog(x) - exact).norm() < 0.5 * (alone - exact).norm()
    compensate_drift(analog, "column")
    assert (analog(x) - exact).norm() < 0.5 * (alone - exact).norm()
    drift_analog_weights(analog, 2.4e6)
    assert torch.equal(analog(x), alone), "a move in time drops the factor"
    drift_analog_weights(always := programmed(layer, replace(hardware, compensation="column")), 2.4e6)
    compensate_drift(analog, "column")
    assert torch.equal(always(x), analog(x))
    with pytest.raises(AnalogError, match="monthly"):
        compensate_drift(analog, "monthly")  # type: ignore[arg-type]


def test_stuck_devices_are_as_many_as_asked_for_and_where_asked_for() -> None:
    layer = nn.Linear(256, 256)
    layer.weight.data.fill_(0.5)
    weights = {}
    places: tuple[Any, ...] = ("off", "on", "either")
    for stuck_at in places:
        hardware = replace(IDEAL, tile=TileShape(256, 256), stuck_rate=0.1, stuck_at=stuck_at)
        weights[stuck_at] = programmed(layer, hardware).weight
    # Two devices a weight: the one at g_max fails to 0, or the one at 0 to g_max; 65,536 of each, ±0.5 % in 4 σ.
    assert float((weights["off"] == 0).float().mean()) == pytest.approx(0.1, abs=0.005)
    assert float((weights["on"] == 0).float().mean()) == pytest.approx(0.1, abs=0.005)
    assert float((weights["either"] == 0).float().mean()) == pytest.approx(0.05 * 0.95 * 2, abs=0.005)


def test_devices_stuck_at_either_end_are_as_often_at_the_one_as_at_the_other() -> None:
    layer = nn.Linear(256, 256)
    layer.weight.data.fill_(0.0)[:, 0] = 0.5
    hardware = replace(IDEAL, tile=TileShape(256, 256), stuck_rate=0.1, stuck_at="either")
    weights = programmed(layer, hardware).weight[:, 1:]
    # Both devices of a weight of 0 are at 0, where those stuck at 0 do not show; of the others, one of two does. With
    # 65,280 weights, 4 σ are 0.46 %.
    assert float((weights == 0.5).float().mean()) == pytest.approx(0.05 * 0.95, abs=0.0035)
    assert float((weights == -0.5).float().mean()) == pytest.approx(0.05 * 0.95, abs=0.0035)


def test_clipped_weights_leave_the_others_more_range() -> None:
    layer = nn.Linear(100, 10, bias=False).requires_grad_(False)
    torch.manual_seed(0)
    layer.weight.data[0, 0] = 50.0
    clipped = programmed(layer, replace(IDEAL, tile=TileShape(128, 16), clip_sigma=2.0)).weight
    limit = 2.0 * float(layer.weight.double().std(correction=0))
    assert float(clipped[0, 0]) == pytest.approx(limit, rel=1e-5)
    assert torch.allclose(clipped[1:], layer.weight[1:], atol=1e-6)


@dataclass(frozen=True, slots=True)
class Halved(Device):
    """Loses half of its conductance the moment that it is programmed."""

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:
        return (target.expand(draws.shape) / 2,)

    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:
        return state[0].clone()


def test_a_device_of_ones_own_takes_part() -> None:
    layer, x = nn.Linear(50, 30, bias=False), torch.randn(4, 50)
    hardware = replace(IDEAL, device=Halved())
    assert torch.allclose(programmed(layer, hardware)(x), layer(x) / 2, atol=1e-6)
    assert hardware.digest != IDEAL.digest
    with pytest.raises(AnalogError, match="Halved"):
        hardware.to_dict()


def test_the_layer_runs_without_gradients_and_under_autocast() -> None:
    layer, x = nn.Linear(50, 30), torch.randn(4, 50)
    analog = programmed(layer, IDEAL)
    assert not analog(x).requires_grad
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.allclose(analog(x), layer.float()(x).float(), atol=0.05)
        assert torch.equal(analog(x), programmed(layer, IDEAL)(x))
    assert isinstance(analog, AnalogLinear)
    assert "programming" in repr(analog)


@pytest.mark.accelerator
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_a_gpu_finds_the_same_numbers() -> None:
    layer = nn.Linear(50, 30)
    here, there = programmed(layer, NOISY), convert_to_analog(layer.cuda(), NOISY)
    program_analog_weights(there, 1)
    for one in (here, there):
        drift_analog_weights(one, 3600.0)
    assert torch.allclose(there.weight.cpu(), here.weight, rtol=1e-3, atol=1e-5)
