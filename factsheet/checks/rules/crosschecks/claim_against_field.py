"""An efficiency or a density is beyond every published design of its class.

What it does: takes `performance.tops_per_watt`, and operations with time and power, energy or efficiency, or with time
and area, of each operating point; multiplies them by the bits of an input and of a weight, from 1 where none are known;
and compares them with the best designs of a survey of 106 (Shanbhag and Roy, CICC 2022, as of November 2024). What the
survey has is in `factsheet hardware list --field`.

Why it matters: a slip of a unit, a count of operations or a peak of an array taken for the chip's makes a chip better
than anything that was ever built, and no other figure of the sheet need contradict it.

Fails:
    tops_per_watt: 10,000 TOPS/W                # with inputs of 8 bits, 12 times the best processor

Passes:
    tops_per_watt: 36.7 TOPS/W

How to fix: check the unit, the operations and the bits; write `energy_boundary: tile` where the figure is of arrays
alone. The survey ends in 2024, and its classes may have moved since: accept the finding with the reason if it is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.hardware.survey.standing import FieldStanding
    from factsheet.recompute.comparisons.field_claims import ClaimInField


def _check(context: RuleContext) -> Iterator[Finding]:
    reported: set[str] = set()
    for found in context.comparisons.in_field:
        surpassed = next((standing for standing in found.standings if standing.beyond), None)
        metric = found.claim.metric
        if surpassed is not None and metric not in reported:
            reported.add(metric)  # other figures of the sheet that imply the same are no second fault
            yield _finding(found, surpassed)


def _finding(found: ClaimInField, surpassed: FieldStanding) -> Finding:
    from factsheet.hardware.survey.designs import survey  # only for a finding
    from factsheet.hardware.survey.standing import one_bit_text

    metric = found.claim.metric
    least, best = (one_bit_text(value, metric) for value in (found.claim.one_bit.low, surpassed.best_value))
    least = least if found.claim.precise else f"at least {least}"
    return Finding(
        found.path,
        f"{found.words} is {least} in operations of 1 bit ({found.claim.factor}), {surpassed.times_words} times the "
        f"best of {surpassed.designs} published {surpassed.within.words}: {best}, {surpassed.best.words}",
        "check the unit, the operations and the bits of inputs and weights; the peak of an array belongs with "
        f"`energy_boundary: tile`. The survey is of {survey().date}, and the class may have moved since",
        related=found.others,
        confidence="medium",
    )


RULE = Rule(
    "FS259",
    "claim-beyond-field",
    "warning",
    "a figure that no published design comes near is a slip more often than a record",
    _check,
)
