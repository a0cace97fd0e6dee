"""Phase-change memory: programming noise, drift and read noise as measured on a million devices.

Equations: S. R. Nandakumar et al., "Phase-change memory models for deep learning training and inference", ICECS 2019,
doi:10.1109/ICECS46596.2019.8964852, and V. Joshi et al., "Accurate deep neural network inference using computational
phase-change memory", Nature Communications 11, 2473 (2020), doi:10.1038/s41467-020-16108-9. Conductances are clipped
at 0 after programming and after read noise: a negative one does not exist.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from factsheet.crossbar.functional.devices.device import Device, Kept
from factsheet.errors import AnalogError
from factsheet.hardware.programming_noise import PCM_US

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar.functional.devices.device import State
    from factsheet.crossbar.functional.draws import Draws

G_FIT_US = 25.0
"""Largest conductance of the devices that the polynomial was fitted to."""
# A target of 0 has no logarithm; both limits of ν are reached far above this.
_R_MIN = 1e-7
_SQRT_2 = math.sqrt(2.0)
# 255 steps reach 0.1 + 5.3·0.045, the largest ν there is. The spread of ν is 0.008 at least: rounding adds 0.1 % to it.
_NU_STEP = 1 / 740


@dataclass(frozen=True, slots=True)
class Pcm(Device):
    """Doped Ge₂Sb₂Te₅ devices, programmed with program-and-verify.

    Raises:
        AnalogError: a scale is negative or no number, or a time is not above 0.
    """

    programming: float = 1.0
    """Factor on σ of programming; 0 leaves programming noise out."""
    drift_exponent: float = 1.0
    """Factor on ν; 0 leaves drift out."""
    read_noise: float = 1.0
    """Factor on σ of reading; 0 leaves read noise out."""
    t0_s: float = 20.0
    """Time between programming and the first reading of the fit."""
    t_read_s: float = 250e-9
    """Duration of a reading, which cuts 1/f noise off."""

    def __post_init__(self) -> None:
        for name in ("programming", "drift_exponent", "read_noise", "t0_s", "t_read_s"):
            value = getattr(self, name)
            least = 0.0 if name in {"programming", "drift_exponent", "read_noise"} else math.ulp(0.0)
            if not (least <= value < math.inf):
                raise AnalogError(
                    f"{name} of a PCM device is {value}",
                    "a scale of noise is 0 or more, a time above 0",
                    "give a number of that kind",
                )

    kept: ClassVar[tuple[Kept, ...]] = (Kept("float16"), Kept("uint8", _NU_STEP))

    def program(self, target: torch.Tensor, g_max: float, draws: Draws) -> State:
        """Return conductances right after programming, and drift exponents; one 0 for all where there is no drift."""
        nu = self.nu(target, g_max, draws) if self.drift_exponent else target.new_zeros((1, 1))
        return self.programmed(target, g_max, draws), nu

    def conduct(self, state: State, g_max: float, t_s: float, draws: Draws) -> torch.Tensor:
        """Return conductances as read at t."""
        (found,) = self.conduct_each(state, g_max, (t_s,), draws)
        return found

    def conduct_each(
        self, state: State, g_max: float, times_s: Sequence[float], draws: Draws
    ) -> list[torch.Tensor]:
        """Return conductances as read at each time, whose noise is of the size that programming has left it."""
        programmed, nu = state
        last = len(times_s) - 1
        drifted = [
            # Only a time after programming uses ν up.
            self.drifted(programmed, nu if n == last or not t_s else nu.clone(), t_s)
            for n, t_s in enumerate(times_s)
        ]
        if not self.read_noise:
            return drifted
        shape = self.noise_shape(programmed, g_max)
        return [
            self.read(one, shape, g_max=g_max, t_s=t_s, draws=draws)
            for one, t_s in zip(drifted, times_s, strict=True)
        ]

    def programmed(self, target: torch.Tensor, g_max: float, draws: Draws) -> torch.Tensor:
        """Return conductances right after programming: max(g + σ·N, 0), where σ = 0.26348 + 1.9650 r − 1.1731 r² µS.

        Fitted for 25 µS; for another g_max, σ is scaled along.
        """
        if not self.programming:
            return target.expand(draws.shape).clone()
        scale = self.programming * _SQRT_2 / G_FIT_US
        constant, linear, square = PCM_US
        # Sums of a constant and a product: one pass over memory each.
        slope = torch.add(target.new_tensor(linear * scale), target, alpha=square * scale / g_max)
        sigma = torch.addcmul(target.new_tensor(constant * scale * g_max), slope, target, out=slope)
        return draws.half_normal("program").mul_(sigma).add_(target).clamp_(min=0.0)

    def nu(self, target: torch.Tensor, g_max: float, draws: Draws) -> torch.Tensor:
        """Drift exponents ν = |μ + s·N|.

        μ = clip(−0.0155 ln r + 0.0244, 0.049, 0.1) and s = clip(−0.0125 ln r − 0.0059, 0.008, 0.045).
        """
        log_g, log_max = target.clamp(min=_R_MIN * g_max).log_(), math.log(g_max)
        least = target.new_tensor((0.0125 * log_max - 0.0059) * _SQRT_2)
        spread = torch.add(least, log_g, alpha=-0.0125 * _SQRT_2).clamp_(0.008 * _SQRT_2, 0.045 * _SQRT_2)
        mean = torch.add(target.new_tensor(0.0155 * log_max + 0.0244), log_g, alpha=-0.0155).clamp_(
            0.049, 0.1
        )
        return draws.half_normal("drift").mul_(spread).add_(mean).abs_()

    def drifted(self, programmed: torch.Tensor, nu: torch.Tensor, t_s: float) -> torch.Tensor:
        """Mean conductances at t: g · ((t + t₀)/t₀)^−ν; takes the place of `nu`."""
        log_time = math.log1p(t_s / self.t0_s) * self.drift_exponent
        return nu.mul_(-log_time).exp_().mul_(programmed) if log_time else programmed.clone()

    def noise_shape(self, programmed: torch.Tensor, g_max: float) -> torch.Tensor:
        """Return what the read noise of each device goes with, whenever it is read; takes the place of `programmed`.

        That is g^−0.65, g in µS, limited to where it makes q of `read` 0.2.
        """
        # A power would cost ten times this.
        return programmed.clamp_(min=g_max * (0.0088 / 0.2) ** (1 / 0.65)).log_().mul_(-0.65).exp_()

    def read(
        self, drifted: torch.Tensor, shape: torch.Tensor, *, g_max: float, t_s: float, draws: Draws
    ) -> torch.Tensor:
        """Return conductances as read: max(g + g·q·√ln((t + t₀ + t_r)/(2 t_r))·N, 0).

        q = min(0.0088 / max((g_prog/g_max)^0.65, 10⁻³), 0.2); where the power is below 10⁻³, q is 0.2 all the same.

        Args:
            drifted: mean conductances, whose place the result takes.
            shape: as `noise_shape` returns it.
            g_max: the largest conductance that is programmed, in µS.
            t_s: seconds after programming.
            draws: noise of these devices.
        """
        since_s = t_s + self.t0_s
        growth = math.sqrt(math.log((since_s + self.t_read_s) / (2 * self.t_read_s)))
        noise = draws.half_normal(f"read@{t_s!r}").mul_(shape)
        spread = 0.0088 * g_max**0.65 * (self.read_noise * growth * _SQRT_2)
        return drifted.addcmul_(noise, drifted, value=spread).clamp_(min=0.0)
