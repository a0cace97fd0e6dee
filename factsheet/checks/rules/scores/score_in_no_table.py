"""A score is stated as one of a result table's, and is none of them.

What it does: compares `hwa_training.accuracy` and `hwa_training.baseline_accuracy` with the scores of analog and
digital systems in the result tables and over time, by the same metric; and each score in `robustness.over_time` with
the scores of rows and systems whose name gives that time, such as `digits, 4 weeks after programming`. One of them has
to be the same figure, to the digits written. Averages are FS202's.

Why it matters: the two are copies of each other, and one digit out of place makes a chip better than it is.

Fails:
    hwa_training: {accuracy: 94.10 %}
    performance:
      results:
        - name: Digits
          systems: [{id: chip, name: Chip, kind: analog}]
          tasks: [{task: digits, scores: {chip: 91.40 %}}]

Passes:
    hwa_training: {accuracy: 91.4 %}
    performance:
      results:
        - name: Digits
          systems: [{id: chip, name: Chip, kind: analog}]
          tasks: [{task: digits, scores: {chip: 91.40 %}}]

How to fix: correct the figure that was mistyped; if it is the score of something else, name its metric or its data in
`accuracy_metric` and add the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext

_SHOWN = 4


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.unmatched_scores:
        first = found.nearest[0]
        yield Finding(
            found.claim.path,
            f"{found.claim.quantity.text} is no {found.what}; the nearest is {first.quantity.text} ({first.about})",
            "correct the figure that was mistyped, or say what this is the score of",
            related=tuple((one.path, f"{one.quantity.text}: {one.about}") for one in found.nearest[:_SHOWN]),
        )


RULE = Rule(
    "FS240",
    "score-in-no-table",
    "warning",
    "the two are copies of each other, and one digit out of place makes a chip better than it is",
    _check,
)
