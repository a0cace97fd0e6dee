"""The published average of a result table is not the mean of its rows.

What it does: computes the mean of each system's scores and compares it with `averages`, both as intervals of their
written digits. A mean over tasks that have several rows, and one that is weighted by the tasks' sizes, are accepted;
where the sheet does not say that it is one, FS249 asks for it. Rows of unlike metrics have no mean, see FS245. Names
the row in which digits exchanged, a decimal point moved, or the other system's score would explain the difference.

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
from factsheet.recompute.comparisons.score_means import scores_of, slips, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.score_claims import ComparedAverage
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.averages:
        # FS310 reports and corrects what is said to be derived, FS217 what lost its percent sign.
        if found.mean is None or found.verdict.fits is not False or found.own_source:
            continue
        if found.scale is None:
            continue
        stated, value, scale = found.claim.quantity, found.mean.value, found.scale
        rows = (
            f"its {found.rows} rows" if not found.missing else f"the {found.rows} rows that it has scores in"
        )
        yield Finding(
            found.claim.path,
            f"the average of `{found.system}` is given as {stated.text}, but {rows} average {scale.text(value, 6)}",
            f"write {scale.text(value)}, or find the row that is mistyped; say in `averaging` if it is another mean",
            related=tuple(_related(context.sheet, found)),
        )


_MOST_ROWS = 12


def _related(sheet: SheetFields, found: ComparedAverage) -> Iterator[tuple[KeyPath, str]]:
    """Yield the rows in which one slip of the hand would explain the average; all of a short table where none would."""
    table = tables(sheet)[found.index]
    scores = scores_of(table, found.system)
    explained = dict(slips(table, found.system, found.claim.quantity)) if not found.missing else {}
    for row, score in scores.items():
        path = (*found.rows_path, row, "scores", found.system)
        if row in explained:
            yield (
                path,
                f"{table.tasks[row].task}: {score.text}, where {explained[row]} would make the average right",
            )
    if not explained:
        for row, score in list(scores.items())[:_MOST_ROWS]:
            yield (*found.rows_path, row, "scores", found.system), f"{table.tasks[row].task}: {score.text}"


RULE = Rule("FS201", "average-mismatch", "error", "the average is the figure that gets quoted", _check)
