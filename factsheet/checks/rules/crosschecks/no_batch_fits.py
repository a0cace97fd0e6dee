"""Figures whose batch is not stated agree at no batch.

What it does: where the batch of a time, a power or an efficiency is not stated, multiplies the three as intervals of
their written digits: the product is the batch, and has to hold a whole number. Also compares an efficiency with
throughput over power where they state no point together. Figures that all state their point are for FS207 and FS306.

Why it matters: that a source leaves the batch out does not make figures right that fit none.

Fails:
    parameters: {power: {value: 3.31 W, at: {batch: not stated}}}
    performance:
      classification_time: {value: 0.19 ms, at: {batch: not stated}}
      energy_efficiency: {value: 6589 inferences/s/W, at: {batch: not stated}}      # 4.03 to 4.25 inferences

Passes:
    parameters: {power: {value: 3.13 W, at: {batch: not stated}}}
    performance:
      classification_time: {value: 0.19 ms, at: {batch: not stated}}
      energy_efficiency: {value: 6589 inferences/s/W, at: {batch: not stated}}      # 3.81 to 4.03

How to fix: look for a digit, a unit or an operating point that is off, and state the batch where it is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.comparisons.implied_claims import SPANS
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.repeated_claims import Unplaced


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.unplaced:
        yield _finding(found)


def _finding(found: Unplaced) -> Finding:
    claim, reach = found.claim, found.reach
    texts = " and ".join(other.quantity.text for other in found.others)
    if found.possible == SPANS:
        low, high = (written(end, claim.quantity.dimension) for end in (reach.low, reach.high))
        fault = f"{claim.quantity.text} is claimed, but {texts} make {low} to {high}"
    else:
        implied = reach.words(3)
        stated = next((one.point[1] for one in (claim, *found.others) if isinstance(one.point[1], int)), None)
        where = "no whole batch" if stated is None else f"no batch of {stated}, which one of them states"
        fault = f"{claim.quantity.text}, {texts} agree at {where}: they imply {implied}"
    return Finding(
        claim.path,
        f"{fault}; they are right only if {found.possible}",
        "look for a digit, a unit or an operating point that is off, and state the batch where it is known",
        related=found.related,
        confidence="medium",
    )


RULE = Rule(
    "FS223",
    "no-batch-fits",
    "warning",
    "that a source leaves the batch out does not make figures right that fit none",
    _check,
)
