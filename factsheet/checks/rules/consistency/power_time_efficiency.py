"""Time, power and energy efficiency cannot all hold at the stated batch.

What it does: uses inferences/s/W = batch / (time × power). Multiplies the three figures as intervals of their written
digits, which leaves a range of batches, and checks that the stated batch is in it. A `tolerance` on the efficiency
counts. A chip whose inferences overlap, or one that rests between them, has a time that does not say how many there are
in a second. Where no other figure of the point (throughput, energy) rules that out, the finding is a warning.

Why it matters: one of the three is wrong, or the batch is.

Fails:
    - {seq_len: 32, batch: 1, execution_time: 0.19 ms, power: 3.13 W, energy_efficiency: 6589 inferences/s/W}

Passes:
    - {seq_len: 32, batch: 4, execution_time: 0.19 ms, power: 3.13 W, energy_efficiency: 6589 inferences/s/W}

How to fix: state the batch that the figures were taken at; the message names the ones that fit.
"""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.identities import BATCH, BATCH_OF_EFFICIENCY, whole_batches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.implied_claims import Implied


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.implied:
        if found.outcome.identity is BATCH_OF_EFFICIENCY and found.verdict.fits is False:
            yield _finding(found)


def _finding(found: Implied) -> Finding:
    batch, (time, power) = found.outcome.above[0], found.outcome.below
    implied = found.batches
    whole = whole_batches(implied)
    if not whole:
        agreeing = f"at no whole batch (they imply {implied.words(3)})"
        fix = "one of the three is wrong: check its unit and its operating point"
    else:
        first, last = whole[0], whole[-1]
        fix = f"write `batch: {first}`, or correct the figure that was taken at another batch"
        agreeing = f"at a batch of {first}" if first == last else f"at batches of {first} to {last}"
        if isinf(implied.high):
            agreeing = f"at batches of {first} and more"
    texts = [time.text, power.text, found.claim.quantity.text]
    unless = f"; they are right only if {found.possible}" if found.possible else ""
    path = found.claim.path if found.row is None else ("parameters", "operating_points", found.row, BATCH)
    return Finding(
        path,
        f"{texts[0]}, {texts[1]} and {texts[2]} agree {agreeing}, not at {batch.text}{unless}",
        fix,
        related=((found.claim.path, found.claim.quantity.text), *found.related),
        severity="warning" if found.possible else None,
        confidence="medium" if found.possible else "high",
    )


RULE = Rule(
    "FS207", "power-time-efficiency", "error", "one of the three figures is wrong, or the batch is", _check
)
