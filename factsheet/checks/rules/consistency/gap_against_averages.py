"""The gap between the analog and the digital system is not the difference of their averages.

What it does: compares `gap` with the mean of an `analog` system minus that of a `digital` one over the tasks that both
have, as intervals of the written digits. The means are the published ones where both systems have the same tasks. A gap
may be in percent, in percentage points, or in the scores' own unit.

Why it matters: the gap is what analog hardware costs in accuracy.

Fails:
    averages: {digital: 81.23 %, analog: 80.57 %}
    gap: 0.66 %

Passes:
    averages: {digital: 81.23 %, analog: 80.57 %}
    gap: -0.66 %

How to fix: write analog minus digital, in the scores' unit; of an error rate it is above zero where digital is ahead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.gaps:
        if found.verdict.fits is not False:
            continue
        analog, digital = (
            side.text or found.scale.text(side.value) for side in (found.analog, found.digital)
        )
        exact = found.scale.text(found.value)
        hint = "the sign is the wrong way round: " if found.flipped else ""
        yield Finding(
            found.claim.path,
            f"the gap is given as {found.claim.quantity.text}, but {analog} analog minus {digital} digital is {exact}",
            f"{hint}write {exact}, or correct an average",
            related=((found.analog.path, f"analog: {analog}"), (found.digital.path, f"digital: {digital}")),
        )


RULE = Rule(
    "FS211",
    "gap-against-averages",
    "error",
    "the gap is what analog hardware costs in accuracy, and is quoted without its averages",
    _check,
)
