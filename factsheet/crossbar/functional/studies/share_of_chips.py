"""When a share of chips has lost what is accepted: order statistics of the times at which single chips get there.

A repeat is a chip. Of n chips sorted by the time at which each first loses more than is accepted, that of the share
p that has to hold is the one after floor(n · (1 - p)) failures. Its interval is free of any assumption on how chips
differ: the number of chips that fail before the true time is binomial (David and Nagaraja, Order Statistics, 3rd ed.,
section 7.1). Few chips say little of the last ones, and then the lower end is open: 95 % of chips at 90 % confidence
takes 59 of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def time_of_share(times: Sequence[float], share: float) -> float:
    """Return the time until which at least a share of the chips holds.

    Args:
        times: when each chip fails; infinity for one that does not.
        share: above 0 and below 1.
    """
    failing = math.floor(
        len(times) * (1 - share) + 1e-9
    )  # 20 · (1 - 0.95) is one, whatever a double makes of it
    return sorted(times)[min(failing, len(times) - 1)]


def interval_of_share(times: Sequence[float], share: float, confidence: float) -> tuple[float, float]:
    """Return the interval of that time in the population of chips; 0 and infinity for ends that are open."""
    ordered, tail = sorted(times), (1 - confidence) / 2
    low, high = 0.0, math.inf
    for below, time in enumerate(ordered):
        # The time of the (below + 1)-th failure is too early if more than `below` fail before the true one.
        at_most = _binomial(below, len(ordered), 1 - share)
        if 1 - at_most >= 1 - tail:
            low = time
        if at_most >= 1 - tail:
            high = time
            break
    return low, high


def chips_for_lower_end(share: float, confidence: float) -> int:
    """Return how many chips it takes for the lower end to be closed."""
    return math.ceil(math.log((1 - confidence) / 2) / math.log(share) - 1e-9)


def _binomial(most: int, n: int, p: float) -> float:
    """Return the probability of at most so many of n."""
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(most + 1))
