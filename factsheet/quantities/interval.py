"""Closed intervals of real numbers: what the digits of a quantity allow, and arithmetic on that.

The operations are those of Moore, Interval Analysis (1966), chapter 2: the result holds every value that the
operation takes on members of its operands. Ends are ordinary doubles without outward rounding; `contains`
forgives the last few bits instead.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

DUST = 1e-12
"""Relative error that floating-point arithmetic may leave behind, and that comparisons forgive."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The closed interval [low, high]; either end may be infinite.

    Raises:
        ValueError: an end is NaN, `low` is above `high`, or both ends are the same infinity.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not (self.low <= self.high and self.low < math.inf and self.high > -math.inf):
            raise ValueError(f"no interval from {self.low} to {self.high}")

    @property
    def width(self) -> float:
        """Distance between the ends; infinite if one of them is."""
        return self.high - self.low

    @property
    def midpoint(self) -> float:
        """The middle; infinite for a half-line, 0 for the whole line."""
        if self.low == -self.high:  # the whole line too, where the sum below is NaN
            return 0.0
        return self.low / 2 + self.high / 2

    def words(self, digits: int) -> str:
        """Return the ends in words, to so many significant digits; an end that is infinite is none."""
        if math.isinf(self.high):
            return "any number" if math.isinf(self.low) else f"{self.low:.{digits}g} and more"
        if math.isinf(self.low):
            return f"at most {self.high:.{digits}g}"
        return f"{self.low:.{digits}g} to {self.high:.{digits}g}"

    def outward(self, digits: int) -> Interval:
        """Return the ends to so many significant digits, the lower one rounded down and the upper one up."""
        return Interval(
            _to_digits(self.low, digits, "ROUND_FLOOR"), _to_digits(self.high, digits, "ROUND_CEILING")
        )

    def contains(self, x: float) -> bool:
        """Return whether `x` is within the ends, give or take a relative `DUST`."""
        return _up_to_dust(self.low, x) and _up_to_dust(x, self.high)

    def overlaps(self, other: Interval) -> bool:
        """Return whether some number is in both, give or take a relative `DUST`."""
        return _up_to_dust(self.low, other.high) and _up_to_dust(other.low, self.high)

    def scaled(self, k: float) -> Interval:
        """Multiply every member by the finite number `k`.

        Raises:
            ValueError: `k` is NaN or infinite.
        """
        return self * Interval(k, k)

    def __add__(self, other: Interval) -> Interval:
        return _between(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return _between(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [_or_zero(a * b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return _between(min(corners), max(corners))

    def __truediv__(self, other: Interval) -> Interval:
        """Divide every member by every member of the other.

        Raises:
            ZeroDivisionError: `other` holds 0.
        """
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError(f"division by the interval [{other.low}, {other.high}], which holds 0")
        corners = [_or_zero(a / b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return _between(min(corners), max(corners))


def _up_to_dust(a: float, b: float) -> bool:
    """Return whether a <= b, or the two differ by rounding errors only."""
    return a <= b or a - b <= DUST * max(abs(a), abs(b)) < math.inf


def _or_zero(corner: float) -> float:
    """Return a corner with an infinite end as its limit: 0 times it is 0, and the quotient of two falls to 0."""
    return 0.0 if math.isnan(corner) else corner


def _between(low: float, high: float) -> Interval:
    """Build a result; an end that overflowed keeps the largest double on the inner side."""
    return Interval(min(low, sys.float_info.max), max(high, -sys.float_info.max))


def _to_digits(value: float, digits: int, rounding: str) -> float:
    """Return a value rounded in one direction; what floating point leaves behind does not move it a whole digit."""
    if not math.isfinite(value):
        return value
    from decimal import Context, Decimal  # start-up: only ranges that are rounded outward take it

    return float(Context(prec=digits, rounding=rounding).create_decimal(Decimal(f"{value:.12g}")))
