"""Scores of repeated simulations over time: mean, spread, and how far the mean may be off, by Student's t."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_STEPS = 200
_SMALLEST = 1e-300


def cumulative(t: float, degrees: int) -> float:
    """Probability of a value below `t`; Abramowitz and Stegun, Handbook, eq. 26.7.1.

    Args:
        t: a finite value.
        degrees: degrees of freedom, at least 1.
    """
    tail = 0.5 * _incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5)
    return tail if t < 0 else 1.0 - tail


@lru_cache(maxsize=256)
def quantile(probability: float, degrees: int) -> float:
    """Return the value that a t variable stays below with the given probability.

    Args:
        probability: above 0 and below 1.
        degrees: degrees of freedom, at least 1.

    Raises:
        ValueError: an argument is outside its range.
    """
    if not 0 < probability < 1 or degrees < 1:
        raise ValueError(f"no quantile at {probability} of {degrees} degrees of freedom")
    if probability < 0.5:  # noqa: PLR2004  the distribution is symmetric
        return -quantile(1 - probability, degrees)
    low, high = 0.0, 1.0
    while cumulative(high, degrees) < probability and high < 1e15:  # noqa: PLR2004  1 degree has heavy tails
        low, high = high, 2 * high
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if cumulative(middle, degrees) < probability else (low, middle)
    return (low + high) / 2


def two_sided(confidence: float, degrees: int) -> float:
    """Return the factor by which the standard error is multiplied for an interval of the given confidence."""
    return quantile((1 + confidence) / 2, degrees)


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function; DLMF, §8.17(v), continued fraction 8.17.22."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side; DLMF 8.17.4
        return 1.0 - _incomplete_beta(1 - x, b, a)
    log_front = a * math.log(x) + b * math.log1p(-x) - math.lgamma(a) - math.lgamma(b) + math.lgamma(a + b)
    return math.exp(log_front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction by the modified Lentz method."""
    c, d = 1.0, 1.0 / _away(1.0 - (a + b) * x / (a + 1))
    product = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for coefficient in (even, odd):
            d = 1.0 / _away(1.0 + coefficient * d)
            c = _away(1.0 + coefficient / c)
            product *= c * d
        if abs(c * d - 1.0) < 1e-15:  # noqa: PLR2004  the last bits of a double
            break
    return product


def _away(value: float) -> float:
    """Keep the value away from a division by zero."""
    return value if abs(value) > _SMALLEST else _SMALLEST


CONFIDENCE = 0.9
"""Confidence of the intervals, unless another is asked for."""


@dataclass(frozen=True, slots=True)
class ScoresAtTime:
    """The scores of all repeats at one time after programming."""

    seconds: float
    scores: tuple[float, ...]
    """One a repeat, in the order of the repeats."""

    @property
    def repeats(self) -> int:
        """Number of repeats."""
        return len(self.scores)

    @property
    def mean(self) -> float:
        """Mean over the repeats."""
        return math.fsum(self.scores) / len(self.scores)

    @property
    def spread(self) -> float | None:
        """Standard deviation of one repeat, with n - 1 below the line; `None` of a single one."""
        if len(self.scores) < 2:  # noqa: PLR2004  a spread takes two
            return None
        mean = self.mean
        return math.sqrt(math.fsum((score - mean) ** 2 for score in self.scores) / (len(self.scores) - 1))

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float] | None:
        """Return the interval of the true mean, by Student's t; `None` of a single repeat.

        Raises:
            ValueError: the confidence is not between 0 and 1.
        """
        spread = self.spread
        if spread is None:
            return None
        reach = two_sided(confidence, self.repeats - 1) * spread / math.sqrt(self.repeats)
        return self.mean - reach, self.mean + reach


@dataclass(frozen=True, slots=True)
class ScoreSeries:
    """Points in the order of time; every one holds the same repeats."""

    points: tuple[ScoresAtTime, ...]

    @property
    def times(self) -> tuple[float, ...]:
        """Seconds after programming."""
        return tuple(point.seconds for point in self.points)

    @property
    def repeats(self) -> int:
        """Repeats of each point."""
        return self.points[0].repeats if self.points else 0

    def losses(self, reference: float | None = None, *, higher_is_better: bool = True) -> ScoreSeries:
        """Return what was lost at each time: against a score, or, repeat by repeat, against the first time.

        Of an error rate or a perplexity, of which less is better, a rise is a loss.
        A repeat's own first score takes out what programming cost it, which programming again would not win back.
        """
        first = self.points[0].scores
        sign = 1.0 if higher_is_better else -1.0
        return ScoreSeries(
            tuple(
                ScoresAtTime(
                    point.seconds,
                    tuple(
                        sign * ((start if reference is None else reference) - score)
                        for start, score in zip(first, point.scores, strict=True)
                    ),
                )
                for point in self.points
            )
        )


def series_of(scores: Mapping[tuple[int, float], float], times: Sequence[float], repeats: int) -> ScoreSeries:
    """Put results that came in any order in that of time and repeat.

    Args:
        scores: score by repeat and time in seconds.
        times: those asked for.
        repeats: how many.

    Raises:
        KeyError: one is missing.
    """
    return ScoreSeries(
        tuple(
            ScoresAtTime(seconds, tuple(scores[repeat, seconds] for repeat in range(repeats)))
            for seconds in sorted(times)
        )
    )
