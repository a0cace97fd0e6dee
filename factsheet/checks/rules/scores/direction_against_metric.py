"""A sheet says that more is better of a metric of which less is, or the reverse.

What it does: compares `higher_is_better` of tables, rows and scores over time with the metric that they name, where it
is a known one.

Why it matters: everything that compares scores turns round: who is ahead, what is lost, when weights are refreshed.

Fails:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: WikiText-2, metric: perplexity, higher_is_better: true, scores: {analog: 8.4}}

Passes:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: WikiText-2, metric: perplexity, higher_is_better: false, scores: {analog: 8.4}}

How to fix: remove `higher_is_better`, or name the metric that these scores are of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.quantities.metrics import metric_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import Scored
    from factsheet.source.document import KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    for scored, text, path, where in _stated(context.sheet):
        known = metric_named(text)
        if known is None or known.share is None:
            continue
        stated = scored.higher_is_better
        if stated is not None and stated != known.higher_is_better:
            yield Finding(
                (*path, "higher_is_better"),
                f"of {text}, {'more' if stated else 'less'} is said to be better; {known.better} is",
                "remove it, or name the metric that these scores are of",
                related=((where, f"the metric is {text}"),),
            )


def _stated(sheet: SheetFields) -> Iterator[tuple[Scored, str | None, KeyPath, KeyPath]]:
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        path: KeyPath = ("performance", "results", index)
        yield table, table.metric, path, (*path, "metric")
        for row, task in enumerate(table.tasks):
            place = (*path, "tasks", row)
            yield task, task.metric or table.metric, place, (*(place if task.metric else path), "metric")
    if sheet.robustness is not None:
        yield sheet.robustness, sheet.robustness.metric, ("robustness",), ("robustness", "metric")


RULE = Rule(
    "FS248",
    "direction-against-metric",
    "warning",
    "everything that compares scores turns round: who is ahead, what is lost, when weights are refreshed",
    _check,
)
