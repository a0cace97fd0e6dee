"""Numbers to places on an axis, and the round numbers that stand along it."""

from __future__ import annotations

import math
from dataclasses import dataclass

_SAME = 1e-6
"""Numbers closer than this are one on an axis."""
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Scale:
    """From numbers between `low` and `high` to px between `start` and `end`; `log` where each decade is as long."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value; one beyond the ends is put at the end."""
        low, high = (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)
        at = math.log10(value) if self.log else value
        share = 0.5 if high == low else (at - low) / (high - low)
        return self.start + min(max(share, 0), 1) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Round numbers that take in all from `low` to `high`, at most about `most`."""
    span = high - low if high - low > _SAME else max(abs(high), 1.0)
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in _STEPS if power * nice >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(count * step, 12) for count in range(first, max(last, first + 1) + 1))


def decades(low: float, high: float) -> tuple[float, ...]:
    """The numbers 1, 2, 5 times powers of ten that take in all from `low` to `high`, thinned where they are many."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    nice = (1, 2, 5) if last - first <= 2 else (1,)  # noqa: PLR2004  two decades with 1, 2, 5 fill an axis
    found = [base * 10.0**power for power in range(first, last + 1) for base in nice]
    below = [value for value in found if value <= low * (1 + 1e-9)]
    above = [value for value in found if value >= high * (1 - 1e-9)]
    return tuple(value for value in found if below[-1] <= value <= above[0])
