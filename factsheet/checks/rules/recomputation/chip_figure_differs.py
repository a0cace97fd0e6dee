"""A figure of the chip is far from what its hardware profile gives.

What it does: where `hardware.inference.profile` names a profile, runs its cost model on the declared network at each
operating point and compares execution time, throughput, power, energy and efficiency with the result; the area too. The
time of any execution structure may explain a claim, and where the profile has no figure for a part of the chip, its
energy and time are lower bounds. A model of a chip is not a measurement: the rule reports only a
claim that is more than a quarter off, and never as an error.

Why it matters: a figure that no way of running this network on this chip explains belongs to another network, chip or
operating point, or has the wrong unit.

Fails:
    hardware: {inference: {profile: ibm-2022}}
    parameters:
      operating_points:
        - {seq_len: 32, batch: 4, energy: 6 mJ}      # BERT-base: 0.6 mJ

Passes:
    hardware: {inference: {profile: ibm-2022}}
    parameters:
      operating_points:
        - {seq_len: 32, batch: 4, energy: 0.6 mJ}

How to fix: check the unit, the scale, the batch and the profile; `factsheet derive` prints the model's figures beside
the sheet's. Where the figure is right and the model is not, say why with `tolerance: {within: 50 %, reason: …}`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.verdict import apart, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.quantities.interval import Interval
    from factsheet.recompute.comparisons.chip_claims import ModelledClaim

_PROFILE = ("hardware", "inference", "profile")


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.modelled:
        if found.verdict.fits is False:
            yield _finding(found)


def _finding(found: ModelledClaim) -> Finding:
    quantity, reach = found.claim.quantity, found.reach
    shown = _range_in_words(reach, quantity.dimension)
    fact = "latency" if found.name == "execution_time" else found.name
    return Finding(
        found.claim.path,
        f"{quantity.text} is claimed, but the model of `{found.profile}` gives {shown}: "
        f"{apart(found.value, quantity.value)}",
        "look for a unit, a scale, an operating point or a profile that is off; "
        f"`factsheet derive SHEET --explain chip.{fact}` shows the model's arithmetic",
        related=((_PROFILE, "the profile is named here"),),
    )


def _range_in_words(reach: Interval, dimension: str) -> str:
    """Write a range; an open one as the bound that it is."""
    if math.isinf(reach.high):
        return f"at least {written(reach.low, dimension)}"
    if reach.low == 0.0:
        return f"at most {written(reach.high, dimension)}"
    low = written(reach.low, dimension)
    return low if reach.high == reach.low else f"{low} to {written(reach.high, dimension)}"


RULE = Rule(
    "FS309",
    "chip-figure-differs",
    "warning",
    "no way of running this network on this chip explains the figure",
    _check,
)
