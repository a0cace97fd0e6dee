"""TOPS/W is not what operations, time and power of an operating point imply.

What it does: uses ops/s/W = operations / (time × power), or operations / energy. At each operating point that has these
figures and that `performance.tops_per_watt` can hold at, compares the product of efficiency, time and power with
`total_ops`, as intervals of the written digits, and reports an efficiency that agrees at none of them.

Why it matters: TOPS/W of a chip at work is often a third of the peak of one tile, and the two get mixed up.

Fails:
    operating_points:
      - {seq_len: 32, batch: 4, total_ops: 21.84 G ops, execution_time: 0.19 ms, power: 3.13 W}
    tops_per_watt: 100 TOPS/W   # the point gives 36.7 TOPS/W

Passes:
    operating_points:
      - {seq_len: 32, batch: 4, total_ops: 21.84 G ops, execution_time: 0.19 ms, power: 3.13 W}
    tops_per_watt: 36.7 TOPS/W

How to fix: write what the figures imply, with the operating point under `at`; a tile's peak belongs in a `note`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.implied_claims import Implied


def _check(context: RuleContext) -> Iterator[Finding]:
    differing = (
        found
        for found in context.comparisons.implied
        if found.name == "tops_per_watt" and found.verdict.fits is False
    )
    yield from (_finding(found) for found in islice(differing, 1))


def _finding(found: Implied) -> Finding:
    outcome, claim = found.outcome, found.claim
    implied = written(outcome.value, claim.quantity.dimension)
    texts = " at ".join(factor.text for factor in outcome.below)
    return Finding(
        claim.path,
        f"{claim.quantity.text} is stated, but {outcome.above[0].text} in {texts} make {implied}",
        f"write {implied} for the model's run, or state under `at` the operating point that this holds at; "
        "the peak of a tile belongs in a `note`",
        related=found.related,
    )


RULE = Rule(
    "FS212",
    "implied-tops-per-watt",
    "warning",
    "the peak of a tile is easily taken for what the chip reaches with this model",
    _check,
)
