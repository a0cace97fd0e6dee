"""A regression task has a number of classes.

What it does: reports `classes` on a row whose `type` is `regression`.

Why it matters: a regression predicts a number; the class count belongs to another row, or the type is wrong.

Fails:
    - {task: STS-B, type: regression, classes: 2, scores: {analog: 84.52 %}}

Passes:
    - {task: STS-B, type: regression, scores: {analog: 84.52 %}}

How to fix: remove `classes`, or correct `type`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    tables = (sheet.performance.results or ()) if sheet.performance else ()
    for index, table in enumerate(tables):
        for row, task in enumerate(table.tasks):
            if task.type == "regression" and task.classes is not None and task.classes.whole is not None:
                path = ("performance", "results", index, "tasks", row)
                yield Finding(
                    (*path, "classes"),
                    f"{task.task} is a regression, yet has {task.classes.whole} classes",
                    "remove `classes`, or correct `type`",
                    related=(((*path, "type"), "declared a regression here"),),
                )


RULE = Rule(
    "FS204",
    "classes-on-regression",
    "error",
    "a regression predicts a number, not one of a set of classes",
    _check,
)
