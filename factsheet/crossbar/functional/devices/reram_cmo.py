"""Filamentary conductive-metal-oxide/HfOx ReRAM: programming to a tolerance, relaxation over time, read noise.

Figures are those that IBM's aihwkit 1.1.0 publishes as `ReRamCMONoiseModel` (`inference/noise/reram.py`, MIT licence)
of devices of IBM Research Europe, Zurich, characterised by Falcone et al.: programming to 2 % or 0.2 % of the target,
relaxation whose mean and spread grow with the logarithm of time whatever the conductance, and 1/f read noise that grows
with the logarithm of the conductance. The devices have 9 to 88.2 µS; the model ends at these, as aihwkit's does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from factsheet.crossbar.functional.devices.device import Device, Kept
from factsheet.errors import AnalogError

if TYPE_CHECKING:
    import torch

    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.draws import Draws

_PROGRAMMING: dict[float, tuple[float, float]] = {
    0.2: (0.00081107, 0.00106879),
    2.0: (0.0112185391, 0.01129027418),
}
"""σ in µS as coefficients of 1 and g in µS, by the tolerance of program-and-verify in percent."""
_LEAST_US = 9.0
_MEAN_US = -0.08900206
_SPREAD_US = (0.41183342, 0.04201137)
"""Of relaxation: the shift for each factor e of time in seconds, and σ as coefficients of 1 and ln t."""
_READ = 0.0277316483
_T_READ_S = 1e-6


@dataclass(frozen=True, slots=True)
class CmoReram(Device):
    """CMO/HfOx devices. A device keeps its place in the distribution while that shifts and widens.

    Raises:
        AnalogError: a tolerance that was not characterised, or a factor below 0.
    """

    tolerance_percent: float = 2.0
    """Of program-and-verify: 2 or 0.2."""
    programming: float = 1.0
    """Factor on σ of programming; 0 leaves it out."""
    relaxation: float = 1.0
    """Factor on the shift and the spread over time; 0 leaves both out."""
    read_noise: float = 1.0
    """Factor on σ of reading; 0 leaves it out."""

    range_us: ClassVar[tuple[float, float] | None] = (9.0, 88.2)
    kept: ClassVar[tuple[Kept, ...]] = (Kept("float16"),)

    def __post_init__(self) -> None:
        if self.tolerance_percent not in _PROGRAMMING:
            raise AnalogError(
                f"CMO ReRAM programmed to {self.tolerance_percent} %",
                "what is known of it is programming to 0.2 % and to 2 % of the target",
                "give 0.2 or 2",
            )
        for name in ("programming", "relaxation", "read_noise"):
            if not 0 <= getattr(self, name) < math.inf:
                raise AnalogError(
                    f"{name} of a CMO ReRAM device is {getattr(self, name)}",
                    "a scale of noise is 0 or more",
                    "give a number of that kind",
                )

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:  # noqa: ARG002 - the interface
        """Return conductances right after programming: g + (c₀ + c₁·g)·N, in µS."""
        constant, slope = _PROGRAMMING[self.tolerance_percent]
        sigma = target.mul(slope).add_(constant).mul_(self.programming)
        return (draws.normal("program").mul_(sigma).add_(target).clamp_(min=0.0),)

    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:
        """Return conductances as read at t: g + m·ln t + (s₀ + s₁·ln t)·N, with read noise K·lg g·√ln(…), t in seconds.

        Before one second there is no relaxation: the fit begins there.
        """
        (programmed,) = state
        if t_s < 1.0:
            return programmed.clone()
        log_time = math.log(t_s)
        spread = (_SPREAD_US[0] + _SPREAD_US[1] * log_time) * self.relaxation
        relaxed = (
            draws.normal("relax").mul_(spread).add_(programmed).add_(_MEAN_US * log_time * self.relaxation)
        )
        if self.read_noise:
            growth = math.sqrt(math.log((t_s + _T_READ_S) / (2 * _T_READ_S))) * self.read_noise
            sigma = relaxed.clamp(min=1.0).log10_().mul_(_READ * growth)
            relaxed = draws.normal(f"read@{t_s!r}").mul_(sigma).add_(relaxed)
        return relaxed.clamp_(min=_LEAST_US, max=g_max)
