"""Phase-change memory of IBM's HERMES project chip: programming, drift and read noise as fitted on that chip's devices.

Figures are those that IBM's aihwkit publishes as `HermesNoiseModel` (`inference/noise/hermes.py`, MIT licence) for the
chip of Le Gallo et al., Nature Electronics 6, 680 (2023), doi:10.1038/s41928-023-01010-1. Its method is that of
Nandakumar et al., ICECS 2019. With two devices for each sign the fit is of both as one, programmed by the method of
Vasilopoulos et al., IEEE TED 2023.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from factsheet.crossbar.functional.devices.curves import Branches, polynomial
from factsheet.crossbar.functional.devices.device import Kept
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.hardware.programming_noise import HERMES_PAIR_US, HERMES_SINGLE_US

if TYPE_CHECKING:
    import torch

    from factsheet.crossbar.functional.draws import Draws

_SQRT_2 = math.sqrt(2.0)


class HermesFit(NamedTuple):
    """What was fitted to the devices of the chip, by r, the conductance over the largest one."""

    g_max_us: float
    programming_us: tuple[float, ...]
    """σ of programming in µS: coefficients of 1, r, r² and so on."""
    drift_mean: Branches
    drift_spread: Branches
    read_noise: Branches


_DRIFT_MEAN = Branches(0.0945, (-0.0387, -0.0182), (0.0720, 0.13), (0.0736, -0.0126, -0.0436))
TWO_DEVICES = HermesFit(
    20.7,
    HERMES_PAIR_US,
    _DRIFT_MEAN,
    Branches(0.3055, (-0.0117, -0.0057), (0.0091, 0.04), (0.0073, 0.0093, -0.0118)),
    Branches(0.16, (-0.0117, -0.0069), (0.015, 0.04), (0.0123, 0.0211, -0.0280, 0.0069)),
)
ONE_DEVICE = HermesFit(
    10.35,
    HERMES_SINGLE_US,
    _DRIFT_MEAN,
    Branches(0.3039, (-0.0120, -0.0023), (0.0124, 0.04), (0.0104, 0.0116, -0.0165)),
    Branches(0.1591, (-0.0078, 0.0038), (0.0179, 0.04), (0.0088, 0.0768, -0.1352, 0.0664)),
)


@dataclass(frozen=True, slots=True)
class HermesPcm(Pcm):
    """Two devices for each sign of a weight, which hold the same conductance and count as one of twice the range."""

    t0_s: float = 300.0
    """Time between programming and the first reading of the fit."""
    t_read_s: float = 512e-9
    """Duration of a reading, which cuts 1/f noise off."""

    range_us: ClassVar[tuple[float, float] | None] = (0.0, TWO_DEVICES.g_max_us)
    kept: ClassVar[tuple[Kept, ...]] = (Kept("float16"), Kept("float16"))
    fit: ClassVar[HermesFit] = TWO_DEVICES

    def programmed(self, target: torch.Tensor, g_max: float, draws: Draws) -> torch.Tensor:
        """Return conductances right after programming, max(g + σ·N, 0); σ is scaled along with g_max."""
        if not self.programming:
            return target.expand(draws.shape).clone()
        sigma = polynomial(target / g_max, self.fit.programming_us)
        sigma.mul_(self.programming * g_max / self.fit.g_max_us)
        return draws.normal("program").mul_(sigma).add_(target).clamp_(min=0.0)

    def nu(self, target: torch.Tensor, g_max: float, draws: Draws) -> torch.Tensor:
        """Drift exponents ν = |μ + s·N|."""
        r = target / g_max
        return draws.normal("drift").mul_(self.fit.drift_spread.at(r)).add_(self.fit.drift_mean.at(r)).abs_()

    def noise_shape(self, programmed: torch.Tensor, g_max: float) -> torch.Tensor:
        """Return q of `read`."""
        return self.fit.read_noise.at(programmed / g_max)

    def read(
        self,
        drifted: torch.Tensor,
        shape: torch.Tensor,
        *,
        g_max: float,  # noqa: ARG002 - of any device
        t_s: float,
        draws: Draws,
    ) -> torch.Tensor:
        """Return conductances as read: max(g + g·q·√ln((t + t₀ + t_r)/(2 t_r))·N, 0). Uses up `drifted`."""
        since_s = t_s + self.t0_s
        growth = math.sqrt(math.log((since_s + self.t_read_s) / (2 * self.t_read_s)))
        noise = draws.half_normal(f"read@{t_s!r}").mul_(shape)
        return drifted.addcmul_(noise, drifted, value=self.read_noise * growth * _SQRT_2).clamp_(min=0.0)


@dataclass(frozen=True, slots=True)
class HermesPcmSingle(HermesPcm):
    """One device for each sign of a weight, programmed on its own."""

    t0_s: float = 200.0
    """Time between programming and the first reading of the fit."""

    range_us: ClassVar[tuple[float, float] | None] = (0.0, ONE_DEVICE.g_max_us)
    fit: ClassVar[HermesFit] = ONE_DEVICE
