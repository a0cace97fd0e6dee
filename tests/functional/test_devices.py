"""Statistics of single devices against closed forms of the published equations."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import pytest
import torch
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.devices.device import IdealDevice
from factsheet.crossbar.functional.devices.hermes_pcm import HermesPcm, HermesPcmSingle
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.crossbar.functional.devices.pcm_by_table import PcmByTable
from factsheet.crossbar.functional.devices.reram import MEASURED, Reram
from factsheet.crossbar.functional.devices.reram_cmo import CmoReram
from factsheet.crossbar.functional.draws import Draws
from factsheet.crossbar.functional.layers.conversion import convert_to_analog
from factsheet.crossbar.functional.layers.programming import drift_analog_weights, program_analog_weights
from factsheet.crossbar.functional.tiles.converters import Converter
from factsheet.errors import AnalogError

SHAPE = (256, 512)
N = SHAPE[0] * SHAPE[1]
# Means and variances at six conductances, of three quantities: beyond this, one suite in two thousand fails.
Z = 4.5
G_MAX = 25.0
NORMAL = NormalDist()


def clipped(mean: float, sigma: float) -> tuple[float, float]:
    """Mean and variance of max(mean + sigma·N, 0)."""
    if not sigma:
        return mean, 0.0
    a = mean / sigma
    first = mean * NORMAL.cdf(a) + sigma * NORMAL.pdf(a)
    second = (mean**2 + sigma**2) * NORMAL.cdf(a) + mean * sigma * NORMAL.pdf(a)
    return first, second - first**2


def folded(mean: float, sigma: float) -> tuple[float, float]:
    """Mean and variance of |mean + sigma·N|."""
    first = sigma * math.sqrt(2 / math.pi) * math.exp(-(mean**2) / (2 * sigma**2)) + mean * (
        1 - 2 * NORMAL.cdf(-mean / sigma)
    )
    return first, mean**2 + sigma**2 - first**2


def agrees(samples: torch.Tensor, mean: float, variance: float) -> None:
    values = samples.double().flatten()
    error = math.sqrt(variance / len(values))
    assert abs(float(values.mean()) - mean) <= Z * error + 1e-6 * abs(mean)
    squares = (values - mean) ** 2
    error = float(squares.std()) / math.sqrt(len(values))
    assert abs(float(squares.mean()) - variance) <= Z * error + 1e-6 * variance


def sigma_programming(r: float) -> float:
    return 0.26348 + 1.9650 * r - 1.1731 * r**2


def limited(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def nu_of(r: float) -> tuple[float, float]:
    log = math.log(r) if r else -math.inf
    return limited(-0.0155 * log + 0.0244, 0.049, 0.1), limited(-0.0125 * log - 0.0059, 0.008, 0.045)


@pytest.mark.parametrize("g", [0.0, 5.0, 10.0, 15.0, 20.0, 25.0])
def test_programmed_conductances_of_pcm(g: float) -> None:
    draws = Draws(f"programmed {g}", SHAPE)
    found = Pcm().programmed(torch.full((1, 1), g), G_MAX, draws)
    agrees(found, *clipped(g, sigma_programming(g / G_MAX)))
    # A tensor of targets gives what one target for all gives.
    assert torch.allclose(Pcm().programmed(torch.full(SHAPE, g), G_MAX, draws), found)


@pytest.mark.parametrize("g", [0.0, 0.1, 5.0, 10.0, 15.0, 20.0, 25.0])
def test_drift_exponents_of_pcm(g: float) -> None:
    found = Pcm().nu(torch.full((1, 1), g), G_MAX, Draws(f"drift {g}", SHAPE))
    agrees(found, *folded(*nu_of(g / G_MAX)))


@pytest.mark.parametrize("t_s", [20.0, 86_400.0])
@pytest.mark.parametrize("g", [0.0, 0.1, 5.0, 10.0, 15.0, 20.0, 25.0])
def test_read_noise_of_pcm(g: float, t_s: float) -> None:
    shape, drifted = Pcm().noise_shape(torch.full(SHAPE, g), G_MAX), torch.full(SHAPE, 0.8 * g)
    found = Pcm().read(drifted, shape, g_max=G_MAX, t_s=t_s, draws=Draws(f"read {g} {t_s}", SHAPE))
    q = min(0.0088 / max((g / G_MAX) ** 0.65, 1e-3), 0.2)
    growth = math.sqrt(math.log((t_s + 20 + 250e-9) / (2 * 250e-9)))
    agrees(found, *clipped(0.8 * g, 0.8 * g * q * growth))


def test_drift_of_pcm_is_a_power_of_time() -> None:
    programmed, nu = torch.tensor([[10.0, 5.0]]), torch.tensor([[0.05, 0.1]])
    found = Pcm().drifted(programmed, nu, 86_400.0)
    expected = [10 * ((86_400 + 20) / 20) ** -0.05, 5 * ((86_400 + 20) / 20) ** -0.1]
    assert found[0].tolist() == pytest.approx(expected, rel=1e-5)
    assert torch.equal(Pcm().drifted(programmed, nu, 0.0), programmed)


def test_a_factor_of_0_leaves_a_source_of_noise_out() -> None:
    quiet = Pcm(programming=0, drift_exponent=0, read_noise=0)
    target = torch.rand(64, 64) * G_MAX
    draws = Draws("quiet", (64, 64))
    assert torch.equal(quiet.conduct(quiet.program(target, G_MAX, draws), G_MAX, 1e7, draws), target)
    ideal = IdealDevice()
    assert torch.equal(ideal.conduct(ideal.program(target, G_MAX, draws), G_MAX, 1e7, draws), target)


def test_devices_of_another_range_scale_with_it() -> None:
    draws = Draws("range", SHAPE)
    at_25 = Pcm().programmed(torch.full((1, 1), 10.0), 25.0, draws)
    at_50 = Pcm().programmed(torch.full((1, 1), 20.0), 50.0, draws)
    assert torch.allclose(at_50, 2 * at_25)


@pytest.mark.parametrize(
    "device", [Pcm(), Pcm(drift_exponent=0), Pcm(read_noise=0), Reram(), CmoReram(), IdealDevice()], ids=repr
)
def test_several_readings_at_once_are_those_one_by_one(device: Pcm | Reram | CmoReram | IdealDevice) -> None:
    own, times = Draws("seed/layer/0", (3, 40)), (0.0, 3600.0, 86_400.0)
    states = [device.program(torch.full(own.shape, 15.0), 40.0, own) for _ in range(4)]
    each = device.conduct_each(states[3], 40.0, times, own)
    for state, t_s, found in zip(states, times, each, strict=False):
        assert torch.equal(found, device.conduct(state, 40.0, t_s, own))


@pytest.mark.parametrize("name", ["programming", "drift_exponent", "read_noise", "t0_s", "t_read_s"])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_impossible_pcm_is_refused(name: str, value: float) -> None:
    with pytest.raises(AnalogError, match=name):
        Pcm(**{name: value})


# aihwkit 1.1.0, inference/noise/hermes.py: σ of programming in µS by powers of r at the largest conductance; mean and
# spread of ν, and q of reading, at r = 0.05 (below the branches), 0.25 (between them) and 1, worked out from its fits.
HERMES = {
    HermesPcm: (20.7, (0.16603222, 4.71806468, -8.48101252, 4.68961419)),
    HermesPcmSingle: (10.35, (0.15781817, 2.32443916, -2.16310839, 0.68841818)),
}


@pytest.mark.parametrize("kind", HERMES)
@pytest.mark.parametrize("r", [0.0, 0.3, 1.0])
def test_programmed_conductances_of_hermes(kind: type[HermesPcm], r: float) -> None:
    largest, fit = HERMES[kind]
    g_max = largest / 2  # σ scales with the range
    sigma = sum(coefficient * r**power for power, coefficient in enumerate(fit)) / 2
    found = kind().programmed(torch.full((1, 1), r * g_max), g_max, Draws(f"hermes {r}", SHAPE))
    agrees(found, *clipped(r * g_max, sigma))


@pytest.mark.parametrize(
    ("kind", "r", "mean", "spread", "q"),
    [
        (HermesPcm, 0.05, 0.0977348, 0.0293501, 0.0281501),
        (HermesPcm, 0.25, 0.067725, 0.0105198, 0.0159328),
        (HermesPcm, 1.0, 0.0174, 0.0048, 0.0123),
        (HermesPcmSingle, 0.05, 0.0977348, 0.0336488, 0.0271667),
        (HermesPcmSingle, 0.25, 0.067725, 0.0143355, 0.0205875),
        (HermesPcmSingle, 1.0, 0.0174, 0.0055, 0.0168),
    ],
)
def test_drift_and_reading_of_hermes(
    kind: type[HermesPcm], r: float, mean: float, spread: float, q: float
) -> None:
    device, g_max = kind(), HERMES[kind][0]
    g = torch.full((1, 1), r * g_max)
    agrees(device.nu(g, g_max, Draws(f"hermes drift {r}", SHAPE)), *folded(mean, spread))
    t_s = 3600.0
    growth = math.log((t_s + device.t0_s + 512e-9) / (2 * 512e-9))
    g = g.expand(SHAPE).clone()
    read = device.read(
        g.clone(), device.noise_shape(g, g_max), g_max=g_max, t_s=t_s, draws=Draws(f"hermes read {r}", SHAPE)
    )
    agrees(read, *clipped(r * g_max, r * g_max * q * math.sqrt(growth)))


def test_drift_by_a_table_is_linear_between_its_conductances() -> None:
    device = PcmByTable(
        levels_us=(0.0, 10.0, 20.0), drift_mean=(0.1, 0.06, 0.02), drift_spread=(0.02, 0.01, 0.004)
    )
    found = device.nu(torch.full((1, 1), 15.0), G_MAX, Draws("table", SHAPE))
    agrees(found, *folded(0.04, 0.007))
    beyond = device.nu(torch.full((1, 1), 25.0), G_MAX, Draws("beyond", SHAPE))
    agrees(beyond, *folded(0.02, 0.004))
    programmed = device.programmed(torch.full((1, 1), 15.0), G_MAX, Draws("as published", SHAPE))
    assert torch.equal(
        programmed, Pcm().programmed(torch.full((1, 1), 15.0), G_MAX, Draws("as published", SHAPE))
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"drift_mean": (0.1,)},
        {"levels_us": (10.0, 5.0)},
        {"drift_spread": (0.1, -0.1)},
        {"drift_mean": (0.1, math.nan)},
        {"levels_us": (5.0, 5.0)},
    ],
)
def test_a_table_that_no_device_has_is_refused(wrong: Any) -> None:
    table = {"levels_us": (0.0, 10.0), "drift_mean": (0.1, 0.05), "drift_spread": (0.0, 0.0), **wrong}
    with pytest.raises(AnalogError):
        PcmByTable(**table)


@pytest.mark.parametrize(("t_s", "coefficients"), MEASURED)
@pytest.mark.parametrize("g", [0.0, 10.0, 20.0, 40.0])
def test_reram_has_its_published_spread_at_the_times_of_measurement(
    g: float, t_s: float, coefficients: tuple[float, ...]
) -> None:
    device, draws = Reram(), Draws(f"reram {g} {t_s}", SHAPE)
    found = device.conduct(device.program(torch.full((1, 1), g), 40.0, draws), 40.0, t_s, draws)
    sigma = sum(c * (g / 40) ** power for power, c in enumerate(coefficients))
    if g:
        agrees(found, *clipped(g, sigma))
    else:
        # Clipped twice: what is below 0 at first starts from there.
        assert float(found.mean()) < sigma


def test_reram_says_where_its_data_end() -> None:
    device, draws = Reram(), Draws("late", (2, 2))
    state = device.program(torch.ones(1, 1), 40.0, draws)
    with pytest.raises(AnalogError, match="two days"):
        device.conduct(state, 40.0, 200_000.0, draws)
    early, late = (device.sigma_us(torch.tensor([0.5]), 40.0, t) for t in (3_600.0, 36_000.0))
    assert float(late) > float(early)
    with pytest.raises(AnalogError, match="spread"):
        Reram(spread=-1)


@pytest.mark.parametrize("t_s", [1.0, 3600.0, 86_400.0, 10 * 365 * 86_400.0])
@pytest.mark.parametrize("g", [20.0, 60.0])
def test_cmo_reram_relaxes_as_published(g: float, t_s: float) -> None:
    """`ReRamCMONoiseModel` of aihwkit 1.1.0, `inference/noise/reram.py`: mean, spread and read noise at a time."""
    device = CmoReram(programming=0.0)
    own = Draws("seed/layer/0", (200, 1000))
    found = device.conduct(device.program(torch.full(own.shape, g), 88.2, own), 88.2, t_s, own)
    mean = g - 0.08900206 * math.log(t_s)
    relaxed = 0.04201137 * math.log(t_s) + 0.41183342
    read = 0.0277316483 * math.log10(mean) * math.sqrt(math.log((t_s + 1e-6) / 2e-6))
    assert float(found.mean()) == pytest.approx(mean, abs=0.01)
    assert float(found.std()) == pytest.approx(math.hypot(relaxed, read), rel=0.01)


@pytest.mark.parametrize(
    ("tolerance", "constant", "slope"), [(2.0, 0.0112185391, 0.01129027418), (0.2, 0.00081107, 0.00106879)]
)
def test_cmo_reram_is_programmed_to_its_tolerance(tolerance: float, constant: float, slope: float) -> None:
    own = Draws("seed/layer/0", (200, 1000))
    (found,) = CmoReram(tolerance_percent=tolerance).program(torch.full(own.shape, 50.0), 88.2, own)
    assert float(found.std()) == pytest.approx(constant + slope * 50.0, rel=0.01)
    with pytest.raises(AnalogError, match=r"0\.2 % and to 2 %"):
        CmoReram(tolerance_percent=5.0)
    with pytest.raises(AnalogError, match="relaxation"):
        CmoReram(relaxation=-1.0)


@pytest.mark.parametrize(
    ("pair", "follow"), [("one-sided", "equations"), ("both", "equations"), ("one-sided", "aihwkit")]
)
def test_devices_that_end_above_0_hold_the_same_weights(pair: Any, follow: Any) -> None:
    hardware = AnalogHardware(
        device=IdealDevice(),
        dac=Converter(None),
        adc=Converter(None),
        g_min_us=9.0,
        g_max_us=88.2,
        pair=pair,
        follow=follow,
    )
    layer, x = nn.Linear(50, 30), torch.randn(4, 50)
    analog = convert_to_analog(layer, hardware)
    program_analog_weights(analog)
    torch.testing.assert_close(analog(x), layer(x).detach(), rtol=1e-4, atol=1e-5)


def test_cmo_reram_has_its_range_and_runs_for_years() -> None:
    hardware = AnalogHardware.from_dict({"device": "reram-cmo", "compensation": "global"})
    assert (hardware.g_min_us, hardware.g_max_us) == (9.0, 88.2)
    with pytest.raises(AnalogError, match="known for"):
        AnalogHardware(device=CmoReram())
    layer, x = nn.Linear(100, 50), torch.randn(20, 100)
    analog = convert_to_analog(layer, hardware)
    program_analog_weights(analog)
    errors = []
    for t_s in (0.0, 3600.0, 10 * 365 * 86_400.0):
        drift_analog_weights(analog, t_s)
        errors.append(float((analog(x) - layer(x).detach()).norm()))
    assert errors == sorted(errors)
