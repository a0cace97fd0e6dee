"""Scores over the strength of noise: what is scaled, what comes of it, and where it goes."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.errors import AnalogError, UsageError

pytest.importorskip("torch")

import torch
from torch import nn

from factsheet.api.fact_sheet import load
from factsheet.cli.simulate.noise_series import strengths_of
from factsheet.cli.simulate.simulate_command import simulate
from factsheet.cli.simulate.simulate_setup import SimulateRequest
from factsheet.crossbar.functional.analog_hardware import AnalogHardware, for_layers
from factsheet.crossbar.functional.devices.described import DescribedDevice
from factsheet.crossbar.functional.devices.device import Device, IdealDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.reram import Reram
from factsheet.crossbar.functional.studies.noise_strength import with_noise
from factsheet.crossbar.functional.tiles.converters import Converter

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.draws import Draws

INPUTS = torch.randn(64, 16, generator=torch.Generator().manual_seed(5))


def linear() -> nn.Module:
    layer = nn.Linear(16, 8, bias=False)
    with torch.no_grad():
        layer.weight.copy_(torch.randn(8, 16, generator=torch.Generator().manual_seed(3)))
    return layer


def error() -> Callable[[nn.Module], float]:
    """Root mean square of what the arrays add to the products."""
    exact = linear()(INPUTS)
    return lambda network: float((network(INPUTS) - exact).square().mean().sqrt())


def exact_but_for_noise() -> AnalogHardware:
    """Ideal devices and converters: noise of outputs is all there is."""
    return AnalogHardware(
        device=IdealDevice(), dac=Converter(None), adc=Converter(None), output_noise=0.03, scale="tile"
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(Path(__file__).parent)

    def made(**changed: Any) -> dict[str, Any]:
        usual = SimulateRequest(
            source="test_noise_series:linear",
            data="test_noise_series:error",
            hardware="test_noise_series:exact_but_for_noise",
            metric="mean squared error",
            better="lower",
            times=["1h"],
            repeats=3,
            noise=("0,1", "2"),
            output=tmp_path / "out.json",
        )
        assert simulate(replace(usual, **changed)) == 0
        found: dict[str, Any] = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
        return found

    return made


def test_every_noise_is_scaled_and_nothing_else() -> None:
    hardware = AnalogHardware(
        device=Pcm(programming=5.0, read_noise=3.0, drift_exponent=0.7),
        output_noise=0.04,
        input_noise=0.01,
        stuck_rate=0.1,
        layers=(for_layers("head", output_noise=0.1, device=Reram(spread=0.5)),),
    )
    stronger = with_noise(hardware, 2.0)
    assert stronger.device == Pcm(programming=10.0, read_noise=6.0, drift_exponent=0.7)
    assert (stronger.output_noise, stronger.input_noise, stronger.weight_noise) == (0.08, 0.02, 0.0)
    assert (stronger.stuck_rate, stronger.adc, stronger.dac) == (0.1, hardware.adc, hardware.dac)
    head = stronger.of("head")
    assert (head.output_noise, head.device) == (0.2, Reram(spread=1.0))
    assert with_noise(hardware, 1.0) is hardware
    described = AnalogHardware(
        device=DescribedDevice(programming_us=(1.0, 2.0), read_noise=(0.5,), drift_mean=(0.1,))
    )
    assert with_noise(described, 0.5).device == DescribedDevice(
        programming_us=(0.5, 1.0), read_noise=(0.25,), drift_mean=(0.1,)
    )


@dataclass(frozen=True)
class Strange(Device):
    """A device of somebody's own, whose noise has no size that could be scaled."""

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:
        return (target,)

    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:
        return state[0]


def test_a_device_without_a_size_of_noise_is_refused() -> None:
    with pytest.raises(AnalogError, match="Strange"):
        with_noise(AnalogHardware(device=Strange()), 2.0)
    with pytest.raises(AnalogError, match="strength"):
        with_noise(AnalogHardware(), -1.0)


@pytest.mark.parametrize("text", ["", "a", "-1", "nan", "inf", "1,,2", "1e9", "1 2"])
def test_what_is_no_strength_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="strength of noise") as raised:
        strengths_of([text])
    assert raised.value.place == "--noise"


def test_errors_grow_in_proportion_to_the_noise(
    run: Callable[..., dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.yaml"
    sheet.write_text("factsheet: 1\noverview: {name: Small, model: small}\n", encoding="utf-8")
    found = run(write=sheet)
    none, own, twice = found["over_noise"]
    assert [point["strength"] for point in (none, own, twice)] == [0.0, 1.0, 2.0]
    # All else is exact and draws are the same ones, so that the error is the noise: none, once and twice as much of it.
    assert none["mean"] == pytest.approx(0.0, abs=1e-5)
    assert own["scores"] == found["over_time"][0]["scores"]
    assert twice["scores"] == pytest.approx([2 * one for one in own["scores"]], rel=1e-3)
    assert "2 x" in capsys.readouterr().out
    assert not list(tmp_path.glob("*.journal"))
    stated = load(sheet).robustness
    assert stated is not None
    rows = [(row.strength.shown(), row.after, row.score) for row in stated.over_noise or ()]
    assert [(strength, after and after.shown(), score.source) for strength, after, score in rows] == [
        (strength, "1 h", "simulated") for strength in ("0", "1", "2")
    ]
    assert float(rows[2][2].shown()) == pytest.approx(twice["mean"], rel=1e-5)
    # What is there already is not worked out again, and gives the same.
    assert run()["over_noise"] == found["over_noise"]


def test_what_does_not_go_with_it_is_said(run: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(UsageError, match="--noise goes with --data"):
        run(data=None, metric=None, better=None)
    with pytest.raises(UsageError, match="studies of their own"):
        run(sensitivity=True, times=["1d"])
