"""A figure is larger than one that it cannot exceed.

What it does: compares pairs of figures of which the first cannot be above the second: the median latency and the 99th
percentile, the smallest and the largest conductance, the examples in a batch and in a step, and the energy that
processors, accelerators or memory took and the energy of all. What the digits and words such as "approx." leave open
counts in favour of the sheet.

Why it matters: one of the two is wrong, or they were swapped.

Fails:
    performance: {latency_p50: 0.31 ms, latency_p99: 0.18 ms}

Passes:
    performance: {latency_p50: 0.18 ms, latency_p99: 0.31 ms}

How to fix: swap the figures, or correct one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.plausibility.stated import stated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext

ORDERED = (
    ("performance.latency_p50", "performance.latency_p99", "half of the answers are there before 99 of 100"),
    (
        "inference_methodology.devices.g_min",
        "inference_methodology.devices.g_max",
        "the smallest conductance is not above the largest",
    ),
    ("training.batch_size", "training.total_batch_size", "a step has one batch at least"),
    ("hardware.training.energy_cpu", "hardware.training.energy", "it is a part of that energy"),
    ("hardware.training.energy_gpu", "hardware.training.energy", "it is a part of that energy"),
    ("hardware.training.energy_memory", "hardware.training.energy", "it is a part of that energy"),
)
"""Figures of which the first cannot be above the second, with the reason."""


def _check(context: RuleContext) -> Iterator[Finding]:
    for less, more, why in ORDERED:
        low, high = stated(context.sheet, less), stated(context.sheet, more)
        if low is None or high is None or low.meant.low <= high.meant.high:
            continue
        yield Finding(
            low.path,
            f"{low.words} is above `{more}`: {high.words}; {why}",
            "swap the figures, or correct one",
            related=((high.path, f"`{high.path[-1]}` is {high.words}"),),
        )


RULE = Rule("FS254", "figures-out-of-order", "error", "one of the two is wrong, or they were swapped", _check)
