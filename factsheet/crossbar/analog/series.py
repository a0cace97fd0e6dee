"""Scores of repeated simulations over time: mean, spread, and how far the mean may be off."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.crossbar.analog.student import two_sided

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CONFIDENCE = 0.9
"""Of the intervals, unless another is asked for."""


@dataclass(frozen=True, slots=True)
class Point:
    """The scores of all repeats at one time after programming."""

    seconds: float
    scores: tuple[float, ...]
    """One a repeat, in the order of the repeats."""

    @property
    def repeats(self) -> int:
        """How many there are."""
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
        """Where the true mean lies, by Student's t; `None` of a single repeat.

        Raises:
            ValueError: the confidence is not between 0 and 1.
        """
        spread = self.spread
        if spread is None:
            return None
        reach = two_sided(confidence, self.repeats - 1) * spread / math.sqrt(self.repeats)
        return self.mean - reach, self.mean + reach


@dataclass(frozen=True, slots=True)
class Series:
    """Points in the order of time; every one holds the same repeats."""

    points: tuple[Point, ...]

    @property
    def times(self) -> tuple[float, ...]:
        """Seconds after programming."""
        return tuple(point.seconds for point in self.points)

    @property
    def repeats(self) -> int:
        """Repeats of each point."""
        return self.points[0].repeats if self.points else 0

    def losses(self, reference: float | None = None) -> Series:
        """What was lost at each time: against a score, or, repeat by repeat, against the first time.

        A repeat's own first score takes out what programming cost it, which programming again would not win back.
        """
        first = self.points[0].scores
        return Series(
            tuple(
                Point(
                    point.seconds,
                    tuple(
                        (start if reference is None else reference) - score
                        for start, score in zip(first, point.scores, strict=True)
                    ),
                )
                for point in self.points
            )
        )


def series_of(scores: Mapping[tuple[int, float], float], times: Sequence[float], repeats: int) -> Series:
    """Put results that came in any order in that of time and repeat.

    Args:
        scores: score by repeat and time in seconds.
        times: those asked for.
        repeats: how many.

    Raises:
        KeyError: one is missing.
    """
    return Series(
        tuple(
            Point(seconds, tuple(scores[repeat, seconds] for repeat in range(repeats)))
            for seconds in sorted(times)
        )
    )
