"""The training or test data disagrees with itself or with the result table of the same name.

What it does: compares `task_count` with the list of `tasks`; and, where a result table has the data set's
name, its tasks with those of the data, and its smallest and largest sizes with `size`, `smallest` and `largest`.

Why it matters: data scientists choose a model by what it was trained and tested on.

Fails:
    test_data: {name: GLUE, task_count: 9, tasks: [RTE, MNLI]}

Passes:
    test_data: {name: GLUE, task_count: 2, tasks: [RTE, MNLI]}

How to fix: correct whichever of the two is out of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.sheet.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.context import Context
    from factsheet.sheet.data import Dataset
    from factsheet.sheet.performance import ResultTable


def _check(context: Context) -> Iterator[Finding]:
    sheet = context.sheet
    tables = (sheet.performance.results or ()) if sheet.performance else ()
    for section, data in (("training_data", sheet.training_data), ("test_data", sheet.test_data)):
        if data is None:
            continue
        yield from _count(section, data)
        for index, table in enumerate(tables):
            if data.name is not None and data.name.text == table.name:
                yield from _tasks(section, data, table, index)
                yield from _sizes(section, data, table, index)


def _count(section: str, data: Dataset) -> Iterator[Finding]:
    count = data.task_count.whole if data.task_count else None
    tasks = data.tasks.items if data.tasks else ()
    if count is not None and tasks and count != len(tasks):
        yield Finding(
            (section, "task_count"),
            f"{count} tasks are announced, {len(tasks)} are listed",
            f"write {len(tasks)}, or complete the list",
            related=(((section, "tasks"), f"{len(tasks)} tasks here"),),
        )


def _tasks(section: str, data: Dataset, table: ResultTable, index: int) -> Iterator[Finding]:
    listed = data.tasks.items if data.tasks else ()
    rows = [task.task for task in table.tasks]
    strangers = [task for task in listed if task not in rows]
    unlisted = [task for task in rows if task not in listed]
    if not listed or not (strangers or unlisted):
        return
    parts = []
    if strangers:
        parts.append(f"{', '.join(strangers)} has no row in the result table")
    if unlisted:
        parts.append(f"the result table scores {', '.join(unlisted)}, which is not listed")
    yield Finding(
        (section, "tasks"),
        "; ".join(parts),
        "list the tasks that were scored, or complete the table",
        related=((("performance", "results", index, "tasks"), f"the rows of table {table.name}"),),
    )


def _sizes(section: str, data: Dataset, table: ResultTable, index: int) -> Iterator[Finding]:
    sized = [
        (size.value, row)
        for row, task in enumerate(table.tasks)
        if task.size is not None and (size := task.size.quantity) is not None
    ]
    if len(sized) < len(table.tasks):
        return  # the smallest or largest may be among those not given
    span = data.size.quantity if data.size else None
    for extreme, field, word in ((min(sized), "smallest", "low"), (max(sized), "largest", "high")):
        value, row = extreme
        task = table.tasks[row]
        where = (("performance", "results", index, "tasks", row, "size"), f"{task.task} is the {field} here")
        named = getattr(data, field)
        if named is not None and named.text is not None and named.text != task.task:
            yield Finding(
                (section, field),
                f"{named.text} is named as the {field} task, but in the result table {task.task} is",
                f"write {task.task}, or correct the sizes in the table",
                related=(where,),
            )
        if span is not None and span.kind == "range" and getattr(span, word) != value:
            written = task.size.words() if task.size else ""
            yield Finding(
                (section, "size"),
                f"the data is said to span {span.text}, but the {field} size in the result table is {written}",
                f"let the range {'start' if word == 'low' else 'end'} at {format_value(value, 'count')}",
                related=(where,),
            )


DATA_AGAINST_TABLE = Rule(
    "FS205", "data-against-table", "error", "a model is chosen by what it was trained and tested on", _check
)
