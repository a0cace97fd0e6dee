"""Devices by figures of a user's own: each source of noise as the description says, in plain data and back."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
import torch

from factsheet.authoring.importing.analog.hardware_source import hardware_from
from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.described import DescribedDevice
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.draws import Draws
from factsheet.crossbar.functional.hardware_sources import read_hardware
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from pathlib import Path

COUNT = (200, 1000)
MEASURED = DescribedDevice(
    programming_us=(0.3, 1.0, -0.5),
    programmed_at_us=20.0,
    levels=(0.0, 0.5, 1.0),
    drift_mean=(0.1, 0.06, 0.02),
    drift_spread=(0.02, 0.01, 0.004),
    read_noise=(0.03, 0.02, 0.01),
    t0_s=30.0,
)


def draws() -> Draws:
    return Draws("seed/layer/0", COUNT)


@pytest.mark.parametrize("r", [0.25, 0.5, 0.9])
def test_programming_is_the_polynomial_scaled_to_the_range(r: float) -> None:
    programmed, _ = MEASURED.program(torch.full(COUNT, r * 40.0), 40.0, draws())
    sigma = (0.3 + 1.0 * r - 0.5 * r**2) * 2  # µS, of devices with twice the range
    assert float(programmed.std()) == pytest.approx(sigma, rel=0.01)
    assert float(programmed.mean()) == pytest.approx(r * 40.0, rel=0.01)


@pytest.mark.parametrize(
    ("r", "mean", "spread"), [(0.0, 0.1, 0.02), (0.25, 0.08, 0.015), (0.75, 0.04, 0.007), (1.0, 0.02, 0.004)]
)
def test_drift_is_linear_between_the_levels(r: float, mean: float, spread: float) -> None:
    _, nu = MEASURED.program(torch.full(COUNT, r * 20.0), 20.0, draws())
    assert float(nu.mean()) == pytest.approx(mean, rel=0.01)
    assert float(nu.std()) == pytest.approx(spread, rel=0.01)


def test_a_reading_has_drifted_and_is_noisy() -> None:
    t_s, g = 86_400.0, 10.0
    state = torch.full(COUNT, g), torch.full(COUNT, 0.06)
    read = MEASURED.conduct(state, 20.0, t_s, draws())
    drifted = g * ((t_s + 30.0) / 30.0) ** -0.06
    sigma = drifted * 0.02 * math.sqrt(math.log((t_s + 30.0 + 250e-9) / (2 * 250e-9)))
    assert float(read.mean()) == pytest.approx(drifted, rel=0.01)
    assert float(read.std()) == pytest.approx(sigma, rel=0.01)


def test_described_as_pcm_is_it_is_pcm() -> None:
    """The published polynomial of phase-change memory: programming is then the same but for rounding."""
    described = DescribedDevice(programming_us=(0.26348, 1.9650, -1.1731), programmed_at_us=25.0)
    target = torch.rand(COUNT) * 20.0
    found = described.program(target, 20.0, draws())[0]
    torch.testing.assert_close(found, Pcm().programmed(target, 20.0, draws()), rtol=1e-4, atol=1e-4)


def test_a_described_device_is_plain_data(tmp_path: Path) -> None:
    hardware = AnalogHardware(device=MEASURED)
    written = json.loads(json.dumps(hardware.to_dict()))
    assert written["device"]["kind"] == "described"
    assert AnalogHardware.from_dict(written) == hardware
    file = tmp_path / "mine.yaml"
    file.write_text(
        "device:\n  kind: described\n  programming_us: [0.3, 1.0, -0.5]\n  programmed_at_us: 20\n"
        "  levels: [0, 0.5, 1]\n  drift_mean: [0.1, 0.06, 0.02]\n  drift_spread: [0.02, 0.01, 0.004]\n"
        "  read_noise: [0.03, 0.02, 0.01]\n  t0_s: 30\n",
        encoding="utf-8",
    )
    assert read_hardware(file).device == MEASURED
    assert hardware_from(str(file)).hardware.device == MEASURED
    one = AnalogHardware.from_dict({"device": {"kind": "described", "drift_mean": 0.05}}).device
    assert isinstance(one, DescribedDevice)
    assert one.drift_mean == (0.05,)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"drift_mean": [0.1, 0.2]}, "drift_mean"),
        ({"drift_spread": [-0.1]}, "drift_spread"),
        ({"read_noise": [float("nan")]}, "read_noise"),
        ({"levels": [1.0, 0.0]}, "levels"),
        ({"levels": [0.0, 2.0]}, "levels"),
        ({"levels": []}, "levels"),
        ({"programming_us": []}, "programming_us"),
        ({"programming_us": ["much"]}, "programming_us"),
        ({"t0_s": 0}, "t0_s"),
        ({"programmed_at_us": -1}, "programmed_at_us"),
        ({"sigma": 1}, "sigma"),
    ],
)
def test_impossible_descriptions_are_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(AnalogError, match=words):
        AnalogHardware.from_dict({"device": {"kind": "described", **values}})


def test_the_model_of_aihwkit_without_states_is_one_of_them() -> None:
    """`StateIndependentNoiseModel`, aihwkit 1.1.0, `inference/noise/custom.py`: σ_read = ρ·g/g_max(µS)·√ln(…)."""
    found = hardware_from(
        {
            "class": "InferenceRPUConfig",
            "forward": {"is_perfect": True},
            "mapping": {"max_input_size": 512, "max_output_size": 512},
            "noise_model": {
                "class": "StateIndependentNoiseModel",
                "g_max": 20.0,
                "drift_nu_mean": 0.08,
                "prog_noise_scale": 2.0,
            },
            "drift_compensation": None,
        }
    )
    device = found.hardware.device
    assert device == DescribedDevice(
        programming_us=(0.4, 0.0, 0.0), drift_mean=(0.08,), drift_spread=(0.05,), read_noise=(0.05,)
    )
    assert found.hardware.g_max_us == 20.0
