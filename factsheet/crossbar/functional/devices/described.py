"""A memory device by figures of its user's own: what was measured at a few conductances, as plain data.

Programming, drift and read noise have the forms of the published models of phase-change memory (`pcm.py`); aihwkit's
`StateIndependentNoiseModel` is a special case. A device of another form is a class of its own, see `Device`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from factsheet.crossbar.functional.devices.curves import interpolated, polynomial
from factsheet.crossbar.functional.devices.device import Device, Kept
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.draws import Draws


@dataclass(frozen=True, slots=True)
class DescribedDevice(Device):
    """A device described by figures at some conductances, linear between them; r is g over g_max.

    Raises:
        AnalogError: tables of other lengths than `levels`, or a value that no device has.
    """

    programming_us: tuple[float, ...] = (0.0,)
    """σ of programming in µS: coefficients of 1, r, r² and so on."""
    programmed_at_us: float | None = None
    """g_max of the devices that these were fitted to, in µS: σ scales with the one simulated. None: it does not."""
    levels: tuple[float, ...] = (0.0,)
    """Relative conductances r at which the tables below have a value, ascending from 0 to 1; beyond them, the last."""
    drift_mean: tuple[float, ...] = (0.0,)
    """Mean drift exponent ν at each level, or one for all: g(t) = g·((t + t₀)/t₀)^−ν."""
    drift_spread: tuple[float, ...] = (0.0,)
    """Standard deviation of ν from device to device at each level, or one for all."""
    read_noise: tuple[float, ...] = (0.0,)
    """q at each level, or one for all: σ of a reading is g·q·√ln((t + t₀ + t_r)/(2 t_r))."""
    t0_s: float = 20.0
    """Time between programming and the first reading."""
    t_read_s: float = 250e-9
    """Duration of a reading, which cuts 1/f noise off."""

    kept: ClassVar[tuple[Kept, ...]] = (Kept("float16"), Kept("float16"))

    def __post_init__(self) -> None:
        for name in ("programming_us", "levels", "drift_mean", "drift_spread", "read_noise"):
            values = getattr(self, name)
            if isinstance(values, int | float) and not isinstance(values, bool):
                object.__setattr__(self, name, (float(values),))  # one value needs no list
        for name in ("drift_mean", "drift_spread", "read_noise"):
            values = getattr(self, name)
            _need(
                len(values) in {1, len(self.levels)}, name, values, f"it has one value, or {len(self.levels)}"
            )
            _need(
                _finite(values) and (name == "drift_mean" or min(values) >= 0), name, values, "σ is 0 or more"
            )
        _need(
            len(self.programming_us) > 0 and _finite(self.programming_us),
            "programming_us",
            self.programming_us,
            "it is a polynomial",
        )
        ascending = all(one < other for one, other in pairwise(self.levels))
        _need(
            len(self.levels) > 0 and ascending and min(self.levels) >= 0 and max(self.levels) <= 1,
            "levels",
            self.levels,
            "they ascend from 0 to 1, shares of g_max",
        )
        for name in ("t0_s", "t_read_s"):
            _need(0 < getattr(self, name) < math.inf, name, getattr(self, name), "a time is above 0")
        fitted = self.programmed_at_us
        _need(fitted is None or 0 < fitted < math.inf, "programmed_at_us", fitted, "a conductance is above 0")

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:
        """Return conductances right after programming, max(g + σ·N, 0), and drift exponents |mean + spread·N|."""
        r = target / g_max
        sigma = polynomial(r, self.programming_us)
        if self.programmed_at_us is not None:
            sigma = sigma * (g_max / self.programmed_at_us)
        programmed = draws.normal("program").mul_(sigma.clamp_(min=0.0)).add_(target).clamp_(min=0.0)
        spread, mean = self._at(r, self.drift_spread), self._at(r, self.drift_mean)
        return programmed, draws.normal("drift").mul_(spread).add_(mean).abs_()

    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:
        """Return conductances as read at t: drifted, with read noise, and not below 0."""
        programmed, nu = state
        drifted = programmed * (nu * -math.log1p(t_s / self.t0_s)).exp_()
        if not any(self.read_noise):
            return drifted
        since_s = t_s + self.t0_s
        growth = math.sqrt(math.log((since_s + self.t_read_s) / (2 * self.t_read_s)))
        q = self._at((programmed / g_max).clamp_(max=1.0), self.read_noise) * growth
        return drifted.addcmul(q * draws.normal(f"read@{t_s!r}"), drifted).clamp_(min=0.0)

    def _at(self, r: torch.Tensor, values: Sequence[float]) -> torch.Tensor:
        """Return a table's values at relative conductances."""
        return interpolated(r, self.levels, values)


def _finite(values: Sequence[object]) -> bool:
    return all(isinstance(one, int | float) and math.isfinite(one) for one in values)


def _need(holds: bool, name: str, value: object, why: str) -> None:
    if not holds:
        raise AnalogError(f"{name} of a described device is {value}", why, "correct the value")
