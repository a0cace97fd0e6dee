"""Resistive memory after W. Wan et al.: a spread about the target that depends on it, measured at three times.

W. Wan et al., "A compute-in-memory chip based on resistive random-access memory", Nature 608, 504 (2022),
doi:10.1038/s41586-022-04992-8, shows how conductances of 0 to 40 µS deviate from their targets 1 second, 1 day and
2 days after programming. The polynomials of fourth degree are the fit to those figures that IBM's aihwkit publishes as
`ReRamWan2022NoiseModel`. There is no drift of the mean and no data on read noise; a noise that is new in every product
is the hardware's `weight_noise`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.devices.device import Device
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    import torch

    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.draws import Draws

G_FIT_US = 40.0
"""Largest conductance of the devices that the polynomials were fitted to."""
_DAY_S = 86_400.0
MEASURED: tuple[tuple[float, tuple[float, float, float, float, float]], ...] = (
    (1.0, (0.348, 16.030, -43.853, 45.393, -16.815)),
    (_DAY_S, (0.701, 22.086, -50.773, 47.095, -16.458)),
    (2 * _DAY_S, (0.782, 20.274, -43.507, 37.062, -11.934)),
)
"""Seconds after programming, and σ in µS as coefficients of 1, r, r², r³ and r⁴, where r = g/g_max."""


@dataclass(frozen=True, slots=True)
class Reram(Device):
    """HfOx devices as in the NeuRRAM chip.

    A device keeps its place in the distribution while that widens: each time has the published spread, and what is
    between two measured times is interpolated in the logarithm of time. There is nothing after two days.

    Raises:
        AnalogError: the scale is negative or no number.
    """

    spread: float = 1.0
    """Factor on σ; 0 leaves it out."""

    def __post_init__(self) -> None:
        if not 0 <= self.spread < math.inf:
            raise AnalogError(
                f"spread of a ReRAM device is {self.spread}",
                "a scale of noise is 0 or more",
                "give a number of that kind",
            )

    def sigma_us(self, r: torch.Tensor, g_max: float, t_s: float) -> torch.Tensor:
        """Standard deviation, in µS, of devices with targets r = g/g_max, a time after programming.

        Raises:
            AnalogError: the time is later than the last measurement.
        """
        coefficients = [self.spread * g_max / G_FIT_US * c for c in coefficients_at(t_s)]
        sigma = r * coefficients[4]
        for coefficient in coefficients[3:0:-1]:
            sigma.add_(coefficient).mul_(r)
        return sigma.add_(coefficients[0])

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:
        """Return conductances one second after programming, the first measurement, max(g + σ·N, 0); and targets."""
        sigma = self.sigma_us(target / g_max, g_max, 0.0)
        return draws.normal("program").mul_(sigma).add_(target).clamp_(min=0.0), target

    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:
        """Return conductances at t: those programmed, moved away from their targets as far as the spread has grown."""
        programmed, target = state
        r = target / g_max
        growth = self.sigma_us(r, g_max, t_s).sub_(self.sigma_us(r, g_max, 0.0))
        return draws.normal("program").mul_(growth).add_(programmed).clamp_(min=0.0)


def coefficients_at(t_s: float) -> tuple[float, ...]:
    """Return the polynomial at a time, in µS for devices of 40 µS; before the first measurement, that one.

    Raises:
        AnalogError: the time is later than the last measurement.
    """
    last = MEASURED[-1][0]
    if t_s > last:
        raise AnalogError(
            f"ReRAM {t_s:g} s after programming",
            "its spread was measured for two days, and nothing says how it goes on",
            f"stay below {last:g} s, or describe your own device",
        )
    for (before_s, before), (after_s, after) in pairwise(MEASURED):
        if t_s <= after_s:
            share = max(0.0, math.log(t_s / before_s) if t_s > 0 else 0.0) / math.log(after_s / before_s)
            return tuple(b + share * (a - b) for b, a in zip(before, after, strict=True))
    return MEASURED[-1][1]
