"""The published average of a result table is not the mean of its rows.

What it does: computes the mean of each system's scores and compares it with `averages`, both as intervals of their
written digits.

Why it matters: the average is the figure that gets quoted.

Fails:
    averages: {analog: 81.57 %}   # the rows give 80.57 %

Passes:
    averages: {analog: 80.57 %}

How to fix: correct the average, or the row that was mistyped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.averages:
        # FS310 reports and corrects what is said to be derived, FS217 what lost its percent sign.
        if found.mean is None or found.verdict.fits is not False or found.own_source:
            continue
        stated, value = found.claim.quantity, found.mean.value
        exact = written(value, stated.dimension, digits=6)
        yield Finding(
            found.claim.path,
            f"the average of `{found.system}` is given as {stated.text}, but its {found.rows} rows average {exact}",
            f"write {written(value, stated.dimension)}, or find the row that is mistyped",
            related=((found.rows_path, "the rows that are averaged"),),
        )


RULE = Rule("FS201", "average-mismatch", "error", "the average is the figure that gets quoted", _check)
