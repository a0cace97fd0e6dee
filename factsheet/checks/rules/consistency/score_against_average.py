"""A score in the training section contradicts the result tables.

What it does: compares `hwa_training.accuracy` and `hwa_training.baseline_accuracy` with the averages of the result
tables; one of them, or one of the scores, has to be the same figure, to the digits written. Where no average is
published, a score that `accuracy_metric` calls an average is compared with the mean of the rows. An error where
`accuracy_metric` says that it is an average, else a warning.

Why it matters: the two are copies of each other, and copies drift apart.

Fails:
    hwa_training: {accuracy: 81.6 %}      # the table averages 80.57 %

Passes:
    hwa_training: {accuracy: 80.6 %}

How to fix: correct the figure that was not updated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.comparisons.score_claims import says_average

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    # Only what is said to be an average has to be one.
    said = says_average(context.sheet)
    for found in context.comparisons.quotes:
        if found.verdict.fits is False:
            average = found.text or found.scale.text(found.value)
            yield Finding(
                found.claim.path,
                f"{found.claim.quantity.text} here, but the result table averages {average}",
                "write the table's figure, rounded to as many digits as you like",
                related=((found.path, "the average is here"),),
                severity=None if said else "warning",
                confidence="high" if said else "medium",
            )


RULE = Rule(
    "FS202",
    "score-against-average",
    "error",
    "the two are copies of each other, and copies drift apart",
    _check,
)
