"""An average, or a gap, is given for rows of unlike metrics.

What it does: reports `averages` and `gap` of a table whose rows differ in direction or in unit: a perplexity and an
absolute error, an accuracy and an error rate. Accuracy, F1 and correlations are alike: shares of which more is better.

Why it matters: half the sum of a perplexity and an error is the figure of nothing, and it gets quoted.

Fails:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: WikiText-2, metric: perplexity, scores: {analog: 30.63}}
            - {task: Metallicity, metric: MAE, unit: dex, scores: {analog: 0.368}}
          averages: {analog: 15.50}

Passes:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: WikiText-2, metric: perplexity, scores: {analog: 30.63}}
            - {task: Penn Treebank, metric: perplexity, scores: {analog: 54.10}}
          averages: {analog: 42.37}

How to fix: give each metric a table of its own, or leave the average out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.comparisons.score_scales import scale_of, table_scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    performance = context.sheet.performance
    for index, table in enumerate((performance.results or ()) if performance is not None else ()):
        stated = [name for name in ("averages", "gap") if getattr(table, name) is not None]
        if not stated or table_scale(table) is not None:
            continue
        scales = [scale_of(table, task) for task in table.tasks]
        other = next(row for row, scale in enumerate(scales) if not scales[0].like(scale))
        path = ("performance", "results", index)
        names = [scales[row].metric or "a score without a metric" for row in (0, other)]
        yield Finding(
            (*path, stated[0]),
            f"{table.tasks[0].task} is scored by {names[0]} and {table.tasks[other].task} by {names[1]}: "
            "they have no common mean",
            "give each metric a table of its own, or leave the average out",
            related=tuple(
                ((*path, "tasks", row, "metric" if table.tasks[row].metric else "task"), name)
                for row, name in zip((0, other), names, strict=True)
            ),
        )


RULE = Rule(
    "FS245",
    "unlike-metrics-averaged",
    "warning",
    "half the sum of a perplexity and an error is the figure of nothing, and it gets quoted",
    _check,
)
