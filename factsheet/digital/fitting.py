"""Fit the two constants of a digital profile to published times, and keep part of the points to check with.

`python -m factsheet.digital.fitted_profiles` writes the profiles that come of it.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from factsheet.digital.kernels import kernels_of
from factsheet.digital.roofline import BYTES, Roofline
from factsheet.networks.reference_networks import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.digital.kernels import Kernel
    from factsheet.hardware.digital.published_tables import LatencyTable, PublishedLatency

QUARTER = 0.25
"""Relative difference up to which a time is counted as met."""
_CORNERS = frozenset({(32, 1), (32, 32), (128, 8), (384, 1), (384, 32)})
_SHARES = [0.05 * 20.0 ** (step / 24) for step in range(25)]
_TIMES = [2e-7 * 1500.0 ** (step / 24) for step in range(25)]
_FINER = (1.06, 1.02, 1.005, 1.001)
_MOST_STEPS = 60
_MOST_SHARE = 1.0


class Split(NamedTuple):
    """The points of a table: those that are fitted, and those that are kept; each in words."""

    fitted: tuple[PublishedLatency, ...]
    kept: tuple[PublishedLatency, ...]
    fitted_words: str
    kept_words: str


def split_of(table: LatencyTable) -> Split:
    """Return which points of a table are fitted and which are kept, by the table's rule."""
    points = table.points
    if table.rule == "bert-large":
        chosen = {point for point in points if point.network == "bert-large"}
        words = "BERT-large at every published length and batch", "BERT-base"
    elif table.rule == "length 128":
        chosen = {point for point in points if point.seq_len == 128}  # noqa: PLR2004  as the rule says
        words = "BERT-large at sequence length 128", "BERT-large at sequence length 384"
    elif table.rule == "corners":
        chosen = {point for point in points if (point.seq_len, point.batch) in _CORNERS}
        words = (
            "BERT-base at sequence lengths 32 and 384 with batches 1 and 32, and at 128 with batch 8",
            "BERT-base at the other four published points",
        )
    elif table.rule == "alternate lengths":
        lengths = sorted({point.seq_len for point in points})[::2]
        chosen = {point for point in points if point.network == "bert-base" and point.seq_len in lengths}
        words = (
            f"BERT-base at sequence lengths {', '.join(map(str, lengths))}",
            "BERT-base at the lengths between them"
            + ("" if len(chosen) + _others(points, lengths) == len(points) else ", and BERT-large at all"),
        )
    else:
        batches = sorted({point.batch for point in points})[::2]
        chosen = {point for point in points if point.batch in batches}
        words = (
            f"ResNet-50 at batches {', '.join(map(str, batches))}",
            "ResNet-50 at the batches between them",
        )
    fitted = tuple(point for point in points if point in chosen)
    return Split(fitted, tuple(point for point in points if point not in chosen), *words)


def _others(points: Sequence[PublishedLatency], lengths: Sequence[int]) -> int:
    return sum(point.network == "bert-base" and point.seq_len not in lengths for point in points)


@lru_cache(maxsize=64)
def _kernels(network: str, seq_len: int) -> Mapping[Kernel, int]:
    return kernels_of(REFERENCES[network](seq_len))


def ops_of(point: PublishedLatency) -> int:
    """Return the operations of products of one inference at a published point."""
    return sum(kernel.ops * times for kernel, times in _kernels(point.network, point.seq_len).items())


def predicted(line: Roofline, point: PublishedLatency) -> float:
    """Return the time that the model gives for a published point, s."""
    return line.run(_kernels(point.network, point.seq_len), point.batch)


def miss(line: Roofline, point: PublishedLatency) -> float:
    """Return (model - published) / published."""
    return predicted(line, point) / point.seconds - 1


def factor_off(model: float, published: float) -> float:
    """Return the larger of two positive figures over the smaller, less 1: a range of that factor both ways has both."""
    return max(model / published, published / model) - 1


class FitTerms(NamedTuple):
    """A point's kernels as numbers: how often, operations, bytes over bandwidth."""

    terms: tuple[tuple[int, float, float], ...]
    launches: int
    log_seconds: float


def fit(points: Sequence[PublishedLatency], line: Roofline) -> Roofline:
    """Return the share of the peak and the time of a kernel with the least sum of squared logarithms of ratios.

    A grid first, then ever finer steps from its best point: two numbers need no library.

    Args:
        points: published times.
        line: the device; its own share and time are not used.
    """
    prepared = [_terms(point, line) for point in points]

    def cost(share: float, time: float) -> float:
        return math.fsum(_squared(one, share * line.peak, time) for one in prepared)

    _, share, time = min((cost(share, time), share, time) for share in _SHARES for time in _TIMES)
    for factor in _FINER:
        for _ in range(_MOST_STEPS):
            around = [
                (min(_MOST_SHARE, share * a), time * b)
                for a in (1 / factor, 1.0, factor)
                for b in (1 / factor, 1.0, factor)
            ]
            _, better, later = min((cost(*pair), *pair) for pair in around)
            if (better, later) == (share, time):
                break
            share, time = better, later
    return line._replace(utilisation=float(f"{share:.3g}"), kernel_time=float(f"{time:.3g}"))


def _terms(point: PublishedLatency, line: Roofline) -> FitTerms:
    kernels = _kernels(point.network, point.seq_len)
    terms = tuple(
        (
            times,
            float(kernel.ops * point.batch),
            (kernel.weights(point.batch) + kernel.moved * point.batch) * line.width / line.bandwidth,
        )
        for kernel, times in kernels.items()
    )
    return FitTerms(terms, sum(kernels.values()), math.log(point.seconds))


def _squared(one: FitTerms, rate: float, time: float) -> float:
    total = one.launches * time
    for times, ops, moved in one.terms:
        computed = ops / rate
        total += times * (computed if computed > moved else moved)  # noqa: FURB136  a call takes three times as long
    return (math.log(total) - one.log_seconds) ** 2


def device_line(peak: float, bandwidth: float, dtype: str) -> Roofline:
    """Return a device before its two constants are known."""
    return Roofline(peak, bandwidth, 1.0, 0.0, BYTES[dtype])


def fit_power(rows: Sequence[tuple[float, float, float]], ops_of_one: float) -> tuple[float, float, float]:
    """Return the line through published powers of a board, by least squares.

    Args:
        rows: batch, inferences per second, W.
        ops_of_one: operations of one inference.

    Returns:
        W at no work, J for one operation, and by which factor, less 1, a published power and the line differ at most.
    """
    rates = [rate * ops_of_one for _, rate, _ in rows]
    powers = [power for *_, power in rows]
    mean_rate, mean_power = math.fsum(rates) / len(rows), math.fsum(powers) / len(rows)
    slope = math.fsum((r - mean_rate) * (p - mean_power) for r, p in zip(rates, powers, strict=True))
    slope /= math.fsum((r - mean_rate) ** 2 for r in rates)
    idle = mean_power - slope * mean_rate
    worst = max(factor_off(idle + slope * r, p) for r, p in zip(rates, powers, strict=True))
    return idle, slope, worst
