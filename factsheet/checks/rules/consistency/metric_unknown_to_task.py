"""A task is scored by a metric that does not go with it.

What it does: checks each row's `metric`, or the table's where the row names none. Reports a regression metric on a
classification and the reverse; and, in a table named after a benchmark whose metrics are known (GLUE: Wang et al. 2018,
Table 1), a metric that the benchmark does not score the task by. Compares `also_reported` only with the type of the
task. A metric that is not recognised is ignored.

Why it matters: 55.65 % is a good Matthews correlation and a bad accuracy; anyone who compares scores needs to know
which it is.

Fails:
    - {task: STS-B, type: regression, metric: accuracy, scores: {analog: 84.52 %}}

Passes:
    - {task: STS-B, type: regression, metric: Spearman correlation, scores: {analog: 84.52 %}}

How to fix: name the metric of these figures in the row's `metric`, or correct the row's `type`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.checks.rules.consistency.metrics import benchmark_metrics
from factsheet.quantities.metrics import metrics_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.performance import ResultTable, Task
    from factsheet.source.document import KeyPath


def _check(context: RuleContext) -> Iterator[Finding]:
    performance = context.sheet.performance
    for index, table in enumerate((performance.results or ()) if performance else ()):
        path = ("performance", "results", index)
        for row, task in enumerate(table.tasks):
            yield from _check_row(table, task, path, (*path, "tasks", row))


def _check_row(table: ResultTable, task: Task, table_path: KeyPath, path: KeyPath) -> Iterator[Finding]:
    text = task.metric or table.metric
    where = (*path, "metric") if task.metric else (*path, "task")
    related = () if task.metric else (((*table_path, "metric"), "the metric of rows that name none"),)
    given = metrics_in(text) if text else ()
    known = benchmark_metrics(table.name, task.task)
    if text and given and known and not set(given) & set(known[1]):
        names = " or ".join(metric.name for metric in known[1])
        yield Finding(
            where,
            f"{task.task} is scored by {text} here; {known[0]} scores it by {names}",
            "if these figures are that, name it in the row's `metric`; if not, they cannot be compared with "
            "published ones",
            related=related,
        )
    elif text and given and _mistyped(text, task):
        yield Finding(
            where,
            f"{task.task} is a {_type(task)}, yet is scored by {text}",
            "name the metric of these figures in the row, or correct `type`",
            related=(*related, _declared(task, path)),
        )
    if task.also_reported and _mistyped(task.also_reported, task):
        yield Finding(
            (*path, "also_reported"),
            f"{task.task} is a {_type(task)}, for which {task.also_reported} means nothing",
            "correct the metric, or `type`",
            related=(_declared(task, path),),
        )


def _declared(task: Task, path: KeyPath) -> tuple[KeyPath, str]:
    return (*path, "type" if task.type else "classes"), f"declared a {_type(task)} here"


def _mistyped(text: str, task: Task) -> bool:
    given = metrics_in(text)
    kind = _type(task)
    return kind is not None and bool(given) and all(kind not in metric.fits for metric in given)


def _type(task: Task) -> Literal["classification", "regression"] | None:
    """Return the type that the row states, or has by its classes; `None` for any other."""
    if task.type is not None:
        return None if task.type == "other" else task.type
    return "classification" if task.classes is not None and task.classes.whole is not None else None


RULE = Rule(
    "FS210",
    "metric-unknown-to-task",
    "warning",
    "scores can only be compared under the same metric",
    _check,
)
