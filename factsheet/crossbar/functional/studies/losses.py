"""What is lost on simulated chips: mean, spread, how far the mean may be off, and whether it is more than noise.

A loss is taken chip by chip, so that what two variants of a chip have in common cancels. Whether a mean loss differs
from 0 is Student's t-test; where many layers are tested at once, Holm's procedure keeps the probability that even one
loss is called real by chance (Holm, Scand. J. Statist. 6, 1979).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.studies.repeated_scores import CONFIDENCE, cumulative, quantile, two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Loss:
    """What single chips lose; less than 0 is a gain."""

    losses: tuple[float, ...]
    """One a chip, in the unit of the scores."""
    examples: int | None = None
    """How many examples the scores are shares of, whose own sampling error is then part of every interval."""

    @property
    def chips(self) -> int:
        """Number of chips."""
        return len(self.losses)

    @property
    def mean(self) -> float:
        """Mean over the chips."""
        return math.fsum(self.losses) / len(self.losses)

    @property
    def spread(self) -> float | None:
        """Standard deviation of one chip, with n - 1 below the line; `None` of a single one."""
        if len(self.losses) < 2:  # noqa: PLR2004  a spread takes two
            return None
        mean = self.mean
        return math.sqrt(math.fsum((one - mean) ** 2 for one in self.losses) / (len(self.losses) - 1))

    @property
    def error(self) -> float | None:
        """Standard error of the mean; `None` of a single chip.

        With `examples`, the least that those can add: a loss l on N examples has a variance of l (1 - l) / N or more.
        """
        spread = self.spread
        if spread is None:
            return None
        size = min(abs(self.mean), 1.0)
        sampling = 0.0 if self.examples is None else size * (1 - size) / self.examples
        return math.sqrt(spread * spread / self.chips + sampling)

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
        """Return the interval of the mean over all chips; `None` of a single chip."""
        error = self.error
        if error is None:
            return None
        reach = two_sided(confidence, self.chips - 1) * error
        return self.mean - reach, self.mean + reach

    def at_most(self, confidence: float = CONFIDENCE) -> float | None:
        """Return what the mean over all chips does not exceed, at this confidence; `None` of a single chip."""
        error = self.error
        return None if error is None else self.mean + quantile(confidence, self.chips - 1) * error

    @property
    def p_value(self) -> float | None:
        """The probability of a mean at least as far from 0 if nothing were lost; `None` of a single chip."""
        error = self.error
        if error is None:
            return None
        if error == 0:
            return 0.0 if self.mean else 1.0
        return 2 * cumulative(-abs(self.mean) / error, self.chips - 1)


def beyond_noise(losses: Sequence[Loss], confidence: float = CONFIDENCE) -> tuple[bool | None, ...]:
    """Return of each loss whether it is more than noise, with this confidence that none is called so by chance.

    `None` for those of a single chip, of which nothing can be said.
    """
    return holm([loss.p_value for loss in losses], confidence)


def holm(p_values: Sequence[float | None], confidence: float) -> tuple[bool | None, ...]:
    """Return which hypotheses are rejected, with this confidence that no true one is; `None` where there is no test."""
    known = sorted((p, place) for place, p in enumerate(p_values) if p is not None)
    found: list[bool | None] = [None] * len(p_values)
    rejecting = True
    for rank, (p, place) in enumerate(known):
        rejecting = rejecting and p <= (1 - confidence) / (len(known) - rank)
        found[place] = rejecting
    return tuple(found)
