"""An average is a mean of another kind than the plain one over rows, and the sheet does not say so.

What it does: reports an average that is not the mean of its rows, but is the mean weighted by the tasks' sizes, or the
mean over tasks of which some have several rows, where neither `averaging` nor a note says that it is.

Why it matters: a reader who adds the rows up gets another figure, and takes the published one to be wrong.

Fails:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: English, size: 9000, scores: {analog: 97.5 %}}
            - {task: Finnish, size: 1000, scores: {analog: 88.0 %}}
          averages: {analog: 96.6 %}

Passes:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: English, size: 9000, scores: {analog: 97.5 %}}
            - {task: Finnish, size: 1000, scores: {analog: 88.0 %}}
          averages: {analog: 96.6 %}
          averaging: weighted by size

How to fix: state how it was averaged in `averaging`, or write the mean of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.averages:
        if not (found.verdict.interpretation and found.verdict.fits and found.mean is not None):
            continue
        yield Finding(
            found.claim.path,
            f"{found.claim.quantity.text} is not the mean of the {found.rows} rows; it fits if "
            f"{found.verdict.interpretation}",
            f"write `averaging: {found.mean.over}`, or the mean of the rows",
            related=((found.rows_path, "the rows that are averaged"),),
        )


RULE = Rule(
    "FS249",
    "averaging-unstated",
    "warning",
    "a reader who adds the rows up gets another figure, and takes the published one to be wrong",
    _check,
)
