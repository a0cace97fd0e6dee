"""Models on a device, in mixed precision, and with bounds of inputs from data."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

import factsheet
from factsheet.cli.run import run
from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import calibrating, matrices, program_analog_weights
from factsheet.crossbar.functional.studies.drift_study import DriftStudy, drift_study
from factsheet.crossbar.functional.studies.placed_models import (
    CalibratedModel,
    PlacedEvaluation,
    PlacedModel,
    checked_device,
)
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.crossbar.functional.tiles.observation import Calibration
from factsheet.crossbar.mapping import TileShape
from factsheet.errors import AnalogError, StudyError
from factsheet.networks.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path

LEARNT = AnalogHardware(
    tile=TileShape(8, 8), device=IdealDevice(), dac=Converter(8, "learnt"), adc=Converter(8, "learnt")
)


class Recurrent(nn.Module):  # type: ignore[misc,unused-ignore]
    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(12, 6, batch_first=True), nn.Linear(6, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Score the last state."""
        y: torch.Tensor = self.head(self.lstm(x)[0][:, -1])
        return y


def network() -> nn.Module:
    torch.manual_seed(0)
    return Recurrent()


def inputs() -> torch.Tensor:
    return torch.randn(32, 4, 12, generator=torch.Generator().manual_seed(1))


def data(module: nn.Module) -> None:
    module(inputs())


def runner() -> object:
    return data


def score(module: nn.Module) -> float:
    return float(module(inputs()).abs().sum())


def scorer() -> object:
    return score


@pytest.mark.parametrize("calibration", [None, Calibration("std", 2.0), Calibration("quantile", share=0.99)])
def test_a_calibrated_model_has_the_bounds_of_a_calibrated_network(calibration: Calibration | None) -> None:
    how = calibration or Calibration()
    by_hand = convert_to_analog(network(), LEARNT)
    with calibrating(by_hand, how.method, sigmas=how.sigmas, share=how.share):
        data(by_hand)
    made = pickle.loads(pickle.dumps(CalibratedModel(network, data, LEARNT, calibration=calibration)))()  # noqa: S301  our own
    analog = convert_to_analog(made, LEARNT)
    for one, other in zip(matrices(by_hand), matrices(analog), strict=True):
        assert torch.equal(one.input_bound, other.input_bound)
        assert torch.equal(one.output_bound, other.output_bound)
        assert bool(torch.isfinite(one.input_bound).all())
    program_analog_weights(analog)
    exact = network()(inputs()).detach()
    assert float((analog(inputs()).detach() - exact).norm() / exact.norm()) < 0.3
    assert not hasattr(network().get_submodule("head"), "input_bound")


def test_a_study_runs_with_learnt_bounds_once_they_are_calibrated() -> None:
    with pytest.raises(AnalogError, match="--calibrate"):
        drift_study(network, score, (60.0,), 1, hardware=LEARNT)
    study = drift_study(CalibratedModel(network, data, LEARNT), score, (60.0,), 1, hardware=LEARNT)
    assert study.series.points[0].mean == pytest.approx(study.digital, rel=0.2)


def test_python_places_and_calibrates_as_the_command_does() -> None:
    def simulated(model: Any, evaluate: Any, calibrate: Any, **placed: Any) -> DriftStudy:
        asked: dict[str, Any] = {"times": [60.0], "repeats": 1, "hardware": LEARNT, "calibrate": calibrate}
        return factsheet.simulate(model, evaluate, **asked, **placed)

    named = simulated(f"{__name__}:network", f"{__name__}:scorer", f"{__name__}:runner")
    own = simulated(network, score, data)
    assert own.series.points[0].scores == named.series.points[0].scores
    assert simulated(network, score, data, precision="bfloat16").digital != own.digital
    with pytest.raises(StudyError, match="cannot be used"):
        simulated(network, score, data, device="teapot")


def fails(module: nn.Module) -> None:
    raise ValueError(f"no data for {type(module).__name__}")


def runs_nothing(module: nn.Module) -> None:
    assert module is not None


def test_data_that_cannot_be_run_are_said_to_be() -> None:
    with pytest.raises(StudyError, match="no data for Recurrent"):
        CalibratedModel(network, fails, LEARNT)()
    with pytest.raises(StudyError, match="ran no layer"):
        CalibratedModel(network, runs_nothing, LEARNT)()
    with pytest.raises(AnalogError, match="fits the name of no layer"):
        CalibratedModel(network, data, LEARNT, Policy(digital=("nothing",)))()


@pytest.mark.parametrize("device", ["cuda:99", "teapot", ""])
def test_a_device_that_is_not_there_is_refused(device: str) -> None:
    with pytest.raises(StudyError, match="cannot be used"):
        checked_device(device)


def test_inputs_go_to_the_device_and_outputs_come_back() -> None:
    """The device `meta` stands in for a GPU: it has shapes and no values, and no other tensor mixes with its own."""
    seen: list[tuple[str, str]] = []

    class Probe(nn.Module):  # type: ignore[misc,unused-ignore]
        def forward(self, x: torch.Tensor, *, mask: torch.Tensor) -> dict[str, torch.Tensor]:
            """Note where inputs are."""
            seen.append((x.device.type, mask.device.type))
            return {"logits": x + mask}

    def evaluate(module: nn.Module) -> float:
        seen.append(("inputs", module(torch.ones(2), mask=torch.ones(2))["logits"].device.type))
        return 1.0

    module = Probe()
    # Values cannot come back from `meta`, which is how it shows that they were to.
    with pytest.raises(NotImplementedError, match="meta"):
        PlacedEvaluation(evaluate, "meta")(module)
    assert seen == [("meta", "meta")]
    assert not module._forward_pre_hooks  # noqa: SLF001  taken away again


def test_mixed_precision_is_that_of_digital_layers() -> None:
    module = nn.Sequential(nn.Linear(12, 12), nn.Linear(12, 3))
    hardware = AnalogHardware(device=IdealDevice(), dac=Converter(None), adc=Converter(None))
    analog = convert_to_analog(module, hardware, Policy(digital=("1",)))
    program_analog_weights(analog)
    x = torch.randn(4, 12)
    kinds: list[torch.dtype] = []

    def evaluate(one: nn.Module) -> float:
        with torch.no_grad():
            assert isinstance(one, nn.Sequential)
            first = one[0](x)
            kinds.extend((first.dtype, one[1](first).dtype))
            return float(one(x).float().sum())

    mixed = PlacedEvaluation(evaluate, precision="bfloat16")(analog)
    assert kinds == [torch.float32, torch.bfloat16]
    assert mixed == pytest.approx(PlacedEvaluation(evaluate)(analog), abs=0.1)
    assert mixed != PlacedEvaluation(evaluate)(analog)
    with pytest.raises(StudyError, match="float8"):
        PlacedEvaluation(evaluate, precision="float8")(analog)  # type: ignore[arg-type]


@pytest.mark.accelerator
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_a_study_on_a_gpu_finds_the_same_scores() -> None:
    hardware = AnalogHardware(tile=TileShape(8, 8))
    here = drift_study(network, score, (60.0,), 2, hardware=hardware)
    there = drift_study(
        PlacedModel(network, "cuda"), PlacedEvaluation(score, "cuda"), (60.0,), 2, hardware=hardware
    )
    assert there.series.points[0].scores == pytest.approx(here.series.points[0].scores, rel=1e-3)


def test_the_command_calibrates_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, output = f"{__name__}", tmp_path / "results.json"
    base = ["simulate", f"{name}:network", "--data", f"{name}:scorer", "--times", "1h", "--repeats", "1"]
    base += ["--hardware", "StandardHWATrainingPreset"]
    assert run(base) == 2
    assert "--calibrate" in capsys.readouterr().err
    assert run([*base, "--calibrate", f"{name}:runner", "--precision", "bfloat16", "-o", str(output)]) == 0
    assert "simulated otherwise: 1.0 (StandardHWATrainingPreset forward.ir_drop)" in capsys.readouterr().err
    written = json.loads(output.read_text("utf-8"))
    assert written["data"] == f"{name}:scorer, in bfloat16, bounds from {name}:runner"
    assert run([*base, "--device", "teapot"]) == 2
    assert "teapot" in capsys.readouterr().err
