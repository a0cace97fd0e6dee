"""Converters between numbers and voltages or currents: how many steps, up to where, and what happens between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from factsheet.errors import AnalogError

if TYPE_CHECKING:
    import torch

MIN_BITS, MAX_BITS = 2, 20
SMALLEST_BOUND, LARGEST_BOUND = 1e-30, 1e30
"""Within single precision, products and sums of some thousand values included: a converter bounded by 1e-300 would be
given inputs of 0 and have no error."""


@dataclass(frozen=True, slots=True)
class Converter:
    """A digital-to-analog or analog-to-digital converter with equal steps, symmetric about zero.

    With b bits there are 2^b − 1 codes, k = −L … L, where L = 2^(b−1) − 1; one code of the 2^b stays unused, so that
    +x and −x become the same size. A value v becomes k = clip(v · L/bound, −L, L), rounded to the nearest whole
    number, half-way cases to the even one, and stands for k · bound/L. Codes are whole numbers: there is no negative
    zero. An infinity becomes the last code; NaN stays NaN.

    Raises:
        AnalogError: bits that make no converter, or a bound that is not above 0.
    """

    bits: int | None = 8
    """None: as many as it takes; then a bound still clips."""
    bound: float | Literal["dynamic", "learnt"] | None = None
    """Largest value: fixed; `dynamic`, the largest one of each input vector; `learnt`, the layer's own, found by
    training or by calibration. None: no limit, which needs infinite bits."""

    def __post_init__(self) -> None:
        if self.bits is not None and (isinstance(self.bits, bool) or not MIN_BITS <= self.bits <= MAX_BITS):
            raise AnalogError(
                f"a converter of {self.bits} bits",
                f"{MIN_BITS} to {MAX_BITS} bits can be simulated, for the sign takes one",
                "name the bits of the hardware, or None for exact values",
            )
        if isinstance(self.bound, str):
            if self.bound not in {"dynamic", "learnt"}:
                raise AnalogError(
                    f"a converter bounded by `{self.bound}`",
                    "the steps between two codes would be unknown",
                    "give a number, `dynamic` or `learnt`",
                )
        elif self.bound is not None and not SMALLEST_BOUND <= self.bound <= LARGEST_BOUND:
            raise AnalogError(
                f"a converter bounded by {self.bound}",
                "nothing fits below a bound of 0, and beyond single precision there are no steps",
                f"give a number from {SMALLEST_BOUND:.0e} to {LARGEST_BOUND:.0e}, `dynamic` or `learnt`",
            )
        elif self.bound is None and self.bits is not None:
            raise AnalogError(
                f"a converter of {self.bits} bits without a bound",
                "the steps between two codes would be unknown",
                "give a number above 0, `dynamic` or `learnt`; or bits=None",
            )

    @property
    def levels(self) -> int:
        """The last code, L; 0 for infinite bits."""
        return 0 if self.bits is None else 2 ** (self.bits - 1) - 1

    @property
    def is_exact(self) -> bool:
        """True if every value passes unchanged."""
        return self.bits is None and self.bound is None

    def convert(self, values: torch.Tensor, bound: float | torch.Tensor | None = None) -> torch.Tensor:
        """Return the values as they come out of the converter; the tensor itself stays as it is.

        Args:
            values: float32 or float64.
            bound: the largest value, where the converter's own is not a number; may be a tensor that broadcasts.

        Raises:
            AnalogError: no bound is known.
        """
        if self.is_exact:
            return values.clone()
        limit = bound if bound is not None else self.bound
        if limit is None or isinstance(limit, str):
            raise AnalogError(
                f"a converter with a bound that is {limit}, used without one",
                "the steps between two codes are unknown",
                "calibrate the layer, or pass the bound",
            )
        if self.bits is None:
            return values.clamp(-limit, limit)
        codes = values * (self.levels / limit)
        return to_codes(codes, self.levels).add_(0.0).mul_(limit / self.levels)  # −0 + 0 is 0


def to_codes(values: torch.Tensor, levels: int) -> torch.Tensor:
    """Clip to ±`levels` and round to whole numbers, half to even, in place.

    A zero keeps the sign of what was rounded to it; adding 0 takes it away, in a pass that sums do not need.
    """
    return values.clamp_(-levels, levels).round_()
