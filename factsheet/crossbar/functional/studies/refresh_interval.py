"""When the weights have to be programmed again: the time at which the loss reaches what is accepted.

Of the mean over chips, or of a share of them; counted from each chip's own first score, or from a given one.

Between the times that were simulated, each repeat's score is taken to be linear in the logarithm of time, as drift
is. Mean and variance of the interpolated scores then follow exactly from those at both ends, and the interval holds
every time at which Student's t-test does not distinguish the mean loss from the accepted one: the inversion of a
test, as Fieller (JRSS B 16, 1954) did for ratios. It keeps its confidence with a handful of repeats, where resampling
them does not.

All chips are scored on one test set, whose examples are a sample themselves. Where their number is given, the variance
of a loss of the accepted size on that many examples is part of the interval. It is that of the difference of two
correlated shares (McNemar, Psychometrika 12, 1947), (d - loss^2)/n with the share d of examples whose answer changes,
at its least, d = loss: every changed answer is a lost one. What is stated is therefore at least as uncertain as it
says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.studies.durations import written, written_below
from factsheet.crossbar.functional.studies.repeated_scores import (
    CONFIDENCE,
    ScoresAtTime,
    ScoreSeries,
    two_sided,
)
from factsheet.crossbar.functional.studies.share_of_chips import (
    chips_for_lower_end,
    interval_of_share,
    time_of_share,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_T0_S = 20.0
"""Drift is linear in log(t + t0); with it, the moment of programming has a place on the axis."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """The time until the weights are programmed again, in seconds, with how sure that is.

    0 means a loss that is too large at the first time already, infinity for one that is not reached within the
    times that were simulated.
    """

    accepted_loss: float
    reference: float | None
    """The score that a loss is counted from; `None` for each repeat's own first one."""
    seconds: float
    """Where the mean over the repeats gets there, or the share of them that may."""
    earliest: float | None
    """Lower end of the interval; `None` of a single repeat."""
    latest: float | None
    """Upper end."""
    confidence: float
    first: float
    """First time that was simulated."""
    last: float
    """Last time that was simulated."""
    chips: float | None = None
    """The share of chips that holds until then; `None` for the mean over all."""
    examples: int | None = None
    """How many examples the scores are shares of, whose sampling error the interval then includes."""

    @property
    def sampling_error(self) -> float | None:
        """Standard error of a loss of this size by the test set's examples, at least; `None` where it is not given."""
        return None if self.examples is None else math.sqrt(_sampling(self.accepted_loss, self.examples))

    @property
    def whose(self) -> str:
        """Whose loss it is, for people."""
        if self.chips is None:
            return "mean over chips"
        return f"all but {100 * (1 - self.chips):.4g} % of chips"

    @property
    def words(self) -> str:
        """The result for people."""
        best = self._one(self.seconds)
        if self.earliest is None or self.latest is None:
            return f"{best} (a single repeat, so nothing is known of its spread)"
        sure = f"at {100 * self.confidence:.4g} %"
        if self.earliest == self.latest:
            return f"{best}, {sure}"
        if self.latest == math.inf:
            return f"{best}; {f'later than {written_below(self.earliest)}' if self.earliest else self._open}, {sure}"
        if self.earliest == 0:
            return f"{best}; before {written(self.latest)}, {sure}{self._more}"
        return f"{best}; between {written_below(self.earliest)} and {written(self.latest)}, {sure}"

    @property
    def _open(self) -> str:
        return "at any time" if self.chips is None else f"too few chips to say when{self._more}"

    @property
    def _more(self) -> str:
        """Say what a closed lower end takes, where it is chips."""
        if self.chips is None or self.seconds == 0:
            return ""
        return f" (a lower end takes {chips_for_lower_end(self.chips, _split(self))} chips or more)"

    def _one(self, seconds: float) -> str:
        if seconds == math.inf:
            return f"beyond {written(self.last)}"
        if seconds == 0:
            return f"lost at {written(self.first)} already"
        return f"after {written(seconds, digits=3)}"


def refresh_interval(
    series: ScoreSeries,
    accepted_loss: float,
    *,
    reference: float | None = None,
    confidence: float = CONFIDENCE,
    higher_is_better: bool = True,
    chips: float | None = None,
    examples: int | None = None,
) -> Refresh:
    """Find when the loss of the mean, or of a share of chips, reaches what is accepted.

    Args:
        series: scores over time.
        accepted_loss: in the unit of the scores.
        reference: the score that losses are counted from; each repeat's own at the first time unless given.
        confidence: of the interval.
        higher_is_better: whether a higher score is a better one; of an error rate, a rise is a loss.
        chips: the share of chips that has to hold until then, above 0 and below 1; the mean unless given.
        examples: how many examples the scores are shares of, for the sampling error of the test set.

    Raises:
        ValueError: the accepted loss is negative or no number, or no share where there are examples; the confidence or
            the share of chips is not between 0 and 1; or there is no time.
    """
    if not series.points:
        raise ValueError("a refresh interval takes at least one time")
    if not (math.isfinite(accepted_loss) and accepted_loss >= 0):
        raise ValueError(f"an accepted loss of {accepted_loss} is none: it is a number, and not below 0")
    if chips is not None and not 0 < chips < 1:
        raise ValueError(f"a share of chips of {chips} is none: it is above 0 and below 1")
    if examples is not None and not (examples >= 1 and accepted_loss <= 1):
        raise ValueError(f"a loss of {accepted_loss} is no share of {examples} examples")
    losses = series.losses(reference, higher_is_better=higher_is_better)
    if chips is not None:
        return _of_share(
            losses, Refresh(accepted_loss, reference, 0.0, None, None, confidence, 0.0, 0.0, chips, examples)
        )
    sampling = 0.0 if examples is None else _sampling(accepted_loss, examples)
    segments = tuple(_segments(losses, sampling))
    best = _first(segments, accepted_loss, 0.0)
    earliest = latest = None
    if series.repeats > 1:
        factor = two_sided(confidence, series.repeats - 1)
        # Where the errors vanish, rounding could put the ends on the wrong side of the estimate.
        earliest = min(_first(segments, accepted_loss, factor), best)
        latest = max(_last(segments, accepted_loss, factor), best)
    times = losses.times
    return Refresh(
        accepted_loss,
        reference,
        best,
        earliest,
        latest,
        confidence,
        first=times[0],
        last=times[-1],
        examples=examples,
    )


def _of_share(losses: ScoreSeries, asked: Refresh) -> Refresh:
    """Return what is asked for, worked out for its share of chips."""
    chips = [
        tuple(_segments(ScoreSeries(tuple(ScoresAtTime(p.seconds, (p.scores[k],)) for p in losses.points))))
        for k in range(losses.repeats)
    ]
    assert asked.chips is not None  # noqa: S101  the caller has looked

    def failing(level: float) -> list[float]:
        return [_first(segments, level, 0.0) for segments in chips]

    best = time_of_share(failing(asked.accepted_loss), asked.chips)
    earliest = latest = None
    if losses.repeats > 1:
        off, confidence = asked.sampling_error or 0.0, _split(asked)
        off *= NormalDist().inv_cdf((1 + confidence) / 2)
        earliest = interval_of_share(failing(asked.accepted_loss - off), asked.chips, confidence)[0]
        latest = interval_of_share(failing(asked.accepted_loss + off), asked.chips, confidence)[1]
        earliest, latest = min(earliest, best), max(latest, best)
    first, last = losses.times[0], losses.times[-1]
    return replace(asked, seconds=best, earliest=earliest, latest=latest, first=first, last=last)


def _split(refresh: Refresh) -> float:
    """Return the confidence for each of two sources of error, so that both together keep it (Bonferroni)."""
    return refresh.confidence if refresh.examples is None else (1 + refresh.confidence) / 2


def _sampling(loss: float, examples: int) -> float:
    """Return the least variance of a loss on so many examples."""
    return max(0.0, loss * (1 - loss)) / examples


@dataclass(frozen=True, slots=True)
class _Segment:
    """Mean loss and its variance between two times; `u` runs from 0 to 1 along log(t + t0)."""

    start: float
    end: float
    mean: tuple[float, float]
    variance: tuple[float, float, float]
    """Of the means: at the start, covariance of both, at the end."""

    def bound(self, u: float, factor: float) -> float:
        """Return the mean at `u` plus a multiple of its standard error."""
        first, both, second = self.variance
        variance = (1 - u) ** 2 * first + 2 * u * (1 - u) * both + u * u * second
        return (1 - u) * self.mean[0] + u * self.mean[1] + factor * math.sqrt(max(variance, 0.0))

    def crossings(self, level: float, factor: float) -> list[float]:
        """Return where mean ± factor · error equals a level: the roots of a quadratic, in order."""
        m, slope = self.mean[0] - level, self.mean[1] - self.mean[0]
        first, both, second = self.variance
        squared = factor * factor
        a = slope * slope - squared * (first - 2 * both + second)
        b = 2 * m * slope - 2 * squared * (both - first)
        c = m * m - squared * first
        return sorted(u for u in _roots(a, b, c) if 0 <= u <= 1)

    def time(self, u: float) -> float:
        """Seconds after programming."""
        if u in {0.0, 1.0}:
            return self.end if u else self.start
        low, high = math.log(self.start + _T0_S), math.log(self.end + _T0_S)
        return math.exp(low + u * (high - low)) - _T0_S


def _segments(losses: ScoreSeries, sampling: float = 0.0) -> Iterator[_Segment]:
    """Yield what is between two times; the error of a test set is the same at all of them."""
    points = losses.points
    for one, two in zip(points, points[1:] or points, strict=False):
        first, second = one.scores, two.scores
        pairs = ((first, first), (first, second), (second, second))
        at_start, of_both, at_end = (_covariance(*pair) + sampling for pair in pairs)
        variance = (at_start, of_both, at_end)
        yield _Segment(one.seconds, two.seconds, (one.mean, two.mean), variance)


def _covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """Covariance of two means over the same repeats; 0 of a single one."""
    n = len(left)
    if n < 2:  # noqa: PLR2004  it takes two
        return 0.0
    means = math.fsum(left) / n, math.fsum(right) / n
    total = math.fsum((x - means[0]) * (y - means[1]) for x, y in zip(left, right, strict=True))
    return total / (n - 1) / n


def _first(segments: Sequence[_Segment], level: float, factor: float) -> float:
    """Find the first time at which mean + factor · error reaches the level; 0 if at the start, infinity if never."""
    if segments[0].bound(0.0, factor) > level:
        return 0.0
    for segment in segments:
        for u in segment.crossings(level, factor):
            after = segment.bound(min(1.0, u + 1e-9), factor)
            # A root of the other branch, mean - error, is none; neither is a touch from above.
            if abs(segment.bound(u, factor) - level) <= _dust(segment) and after > level:
                return segment.time(u)
        if segment.bound(1.0, factor) > level:
            return segment.end
    return math.inf


def _last(segments: Sequence[_Segment], level: float, factor: float) -> float:
    """Find the last time at which mean - factor · error is not above the level; infinity if at the end, 0 if never."""
    if segments[-1].bound(1.0, -factor) <= level:
        return math.inf
    for segment in reversed(segments):
        for u in reversed(segment.crossings(level, factor)):
            if abs(segment.bound(u, -factor) - level) <= _dust(segment):
                return segment.time(u)
        if segment.bound(0.0, -factor) <= level:
            return segment.start
    return 0.0


def _dust(segment: _Segment) -> float:
    """Return what rounding may leave of a difference that is 0."""
    return 1e-7 * max(1e-12, *map(abs, segment.mean), *(math.sqrt(abs(v)) for v in segment.variance))


def _roots(a: float, b: float, c: float) -> Iterator[float]:
    """Real roots of a·u² + b·u + c, without the loss of digits of the schoolbook formula."""
    if a == 0:
        if b:
            yield -c / b
        return
    inside = b * b - 4 * a * c
    if inside < 0:
        # Two roots that are one, as of a mean without any variance, may come out a hair apart from real ones.
        if inside < -1e-12 * max(b * b, abs(4 * a * c)):
            return
        inside = 0.0
    half = -(b + math.copysign(math.sqrt(inside), b)) / 2
    yield half / a
    if half:
        yield c / half
