"""Phase-change memory whose drift was measured on devices of one's own: everything else is as published (`pcm.py`).

aihwkit's `CustomDriftPCMLikeNoiseModel` is this.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from factsheet.crossbar.functional.devices.curves import interpolated
from factsheet.crossbar.functional.devices.device import Kept
from factsheet.crossbar.functional.devices.pcm import Pcm
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    import torch

    from factsheet.crossbar.functional.draws import Draws


@dataclass(frozen=True, slots=True, kw_only=True)
class PcmByTable(Pcm):
    """Phase-change memory with drift exponents by a table, linear between its conductances.

    Raises:
        AnalogError: tables of different lengths, conductances that do not ascend, or a value that no device has.
    """

    levels_us: tuple[float, ...]
    """Conductances that were measured, in µS, ascending; beyond them, the last."""
    drift_mean: tuple[float, ...]
    """Mean drift exponent ν at each: g(t) = g·((t + t₀)/t₀)^−ν."""
    drift_spread: tuple[float, ...]
    """Standard deviation of ν from device to device at each."""

    kept: ClassVar[tuple[Kept, ...]] = (Kept("float16"), Kept("float16"))

    def __post_init__(self) -> None:
        Pcm.__post_init__(self)
        for name in ("levels_us", "drift_mean", "drift_spread"):
            values: object = getattr(self, name)  # from a file, it may be anything
            numbers = isinstance(values, tuple) and all(
                isinstance(one, int | float) and math.isfinite(one) for one in values
            )
            if not numbers or not 1 < len(getattr(self, name)) == len(self.levels_us):
                _refuse(name, values, "each of two conductances or more has one number")
        if not all(one < other for one, other in pairwise((-math.ulp(0.0), *self.levels_us))):
            _refuse("levels_us", self.levels_us, "conductances are 0 or more, and ascend")
        if min(self.drift_spread) < 0:
            _refuse("drift_spread", self.drift_spread, "a standard deviation is 0 or more")

    def nu(self, target: torch.Tensor, g_max: float, draws: Draws) -> torch.Tensor:  # noqa: ARG002  as of any device
        """Drift exponents ν = |μ + s·N|, by the table."""
        spread = interpolated(target, self.levels_us, self.drift_spread)
        mean = interpolated(target, self.levels_us, self.drift_mean)
        return draws.normal("drift").mul_(spread).add_(mean).abs_()


def _refuse(name: str, value: object, why: str) -> None:
    raise AnalogError(f"{name} of phase-change memory by a table is {value}", why, "correct the value")
