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
from factsheet.recompute.derivations.scores import column, lost_percent, mean
from factsheet.recompute.figures import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.performance import ResultTable
    from factsheet.source.document import KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    tables = (sheet.performance.results or ()) if sheet.performance else ()
    for index, table in enumerate(tables):
        yield from _check_table(table, ("performance", "results", index))


def _check_table(table: ResultTable, path: KeyPath) -> Iterator[Finding]:
    for system, average in (table.averages or {}).items():
        stated = average.quantity
        known = column(table, system)
        if stated is None or len(known) < len(table.tasks):
            continue  # a mean over some of the rows is another figure
        if average.source == "derived":
            continue  # FS310 tells of it, and mends it
        if lost_percent([*known, stated]):
            continue  # FS217 tells of it; no mean is right before it is mended
        value, meant = mean(known)
        if not meant.overlaps(stated.meant):
            exact = written(value, stated.dimension, digits=6)
            yield Finding(
                (*path, "averages", system),
                f"the average of `{system}` is given as {stated.text}, but its {len(known)} rows average {exact}",
                f"write {written(value, stated.dimension)}, or find the row that is mistyped",
                related=(((*path, "tasks"), "the rows that are averaged"),),
            )


RULE = Rule("FS201", "average-mismatch", "error", "the average is the figure that gets quoted", _check)
