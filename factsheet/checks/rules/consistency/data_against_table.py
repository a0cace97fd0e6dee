"""The training or test data contradicts itself or the result table of the same name.

What it does: compares `task_count` with the list of `tasks`. Where a result table has the data set's name, also
compares its tasks with those of the data (a row that is an average is no task), and its smallest and largest sizes with
`size`, `smallest` and `largest` and with sizes that the section's text gives in the form `2.5k (RTE) to 393k (MNLI)`.
Sizes are compared as intervals of their written digits: 2,490 is 2.5k.

Why it matters: data scientists choose a model by the data it was trained and tested on.

Fails:
    test_data: {name: GLUE, task_count: 9, tasks: [RTE, MNLI]}

Passes:
    test_data: {name: GLUE, task_count: 2, tasks: [RTE, MNLI]}

How to fix: correct whichever of the two is out of date.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.rule import Rule
from factsheet.errors import QuantityError
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.comparisons.score_means import is_average
from factsheet.recompute.verdict import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.datasets import Dataset
    from factsheet.sheet.performance import ResultTable

_PROSE = ("summary", "task_types", "split", "domain", "preprocessing", "known_biases", "notes")
_SIZE_OF_TASK = (
    r"(?<![\w.,])(?P<size>\d[\d,]*(?:\.\d+)?(?: ?[kKM]\b| ?(?:thousand|million)\b)?)"
    r"(?:\s+(?:examples|samples|sentences|pairs|sentence pairs|questions|rows))?\s*\((?P<task>[^()\d][^()]{0,60})\)"
)


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    tables = (sheet.performance.results or ()) if sheet.performance else ()
    for section, data in (("training_data", sheet.training_data), ("test_data", sheet.test_data)):
        if data is None:
            continue
        yield from _number(section, data)
        for index, table in enumerate(tables):
            if data.name is not None and data.name.text == table.name:
                yield from _tasks(section, data, table, index)
                yield from _sizes(section, data, table, index)
                yield from _prose(section, data, table, index)


def _number(section: str, data: Dataset) -> Iterator[Finding]:
    count = data.task_count.whole if data.task_count else None
    tasks = data.tasks.items if data.tasks else ()
    if count is not None and tasks and count != len(tasks):
        yield Finding(
            (section, "task_count"),
            f"{count} tasks are stated, {len(tasks)} are listed",
            f"write {len(tasks)}, or complete the list",
            related=(((section, "tasks"), f"{len(tasks)} tasks here"),),
        )


def _tasks(section: str, data: Dataset, table: ResultTable, index: int) -> Iterator[Finding]:
    listed = data.tasks.items if data.tasks else ()
    # An average is of tasks, and none itself; a table of nothing else does not list them.
    rows = [task.task for task in table.tasks if not is_average(task.task)]
    if not rows:
        return
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
        (size, row)
        for row, task in enumerate(table.tasks)
        if task.size is not None and (size := task.size.quantity) is not None
    ]
    if len(sized) < len(table.tasks):
        return  # the smallest or largest may be among those not given
    sized.sort(key=lambda entry: entry[0].value)
    ends = _ends(data.size.quantity if data.size else None)
    for (size, row), field, end in ((sized[0], "smallest", ends[:1]), (sized[-1], "largest", ends[1:])):
        task = table.tasks[row].task
        where = (("performance", "results", index, "tasks", row, "size"), f"{task} is the {field} here")
        named = getattr(data, field)
        others = tuple(
            (
                ("performance", "results", index, "tasks", place, "size"),
                f"{other.task} has {other.size.words()}",
            )
            for place, other in enumerate(table.tasks)
            if named is not None
            and other.task == named.text
            and other.task != task
            and other.size is not None
        )
        if named is not None and named.text not in {None, task} and named.text not in _alike(table, size):
            yield Finding(
                (section, field),
                f"{named.text} is named as the {field} task, but in the result table {task} is",
                f"write {task}, or correct the sizes in the table",
                related=(where, *others),
            )
        for text, meant in end:
            if meant.overlaps(size.meant):
                continue
            yield Finding(
                (section, "size"),
                f"the {field} size is given as {text}, but in the result table it is {size.text}",
                f"let the range {'start' if field == 'smallest' else 'end'} at {size.text}",
                related=(where, *others),
            )


def _alike(table: ResultTable, size: Quantity) -> set[str]:
    """Return the tasks whose size may be the same one: of two of 2.5k, either is the smallest."""
    sizes = [(task.task, task.size.quantity if task.size else None) for task in table.tasks]
    return {name for name, other in sizes if other is not None and other.meant.overlaps(size.meant)}


def _ends(span: Quantity | None) -> list[tuple[str, Interval]]:
    """Return the two ends of `2.5k to 393k`, each as written and with its meaning; none where it is no range."""
    if span is None or span.kind != "range":
        return []
    halves = next((span.text.split(sign) for sign in (" to ", "–", "-") if sign in span.text), [])
    ends = []
    for index, exact in enumerate((span.low, span.high)):
        half = _count(halves[index].strip()) if len(halves) == len(("low", "high")) else None
        if half is not None and half.value == exact:
            ends.append((half.text, half.meant))
        else:  # `2 to 4k` is 2k to 4k
            ends.append((written(exact, "count"), Interval(exact, exact)))
    return ends


def _prose(section: str, data: Dataset, table: ResultTable, index: int) -> Iterator[Finding]:
    """Compare `2.5k (RTE)` in a text of the section with the size of that task in the table."""
    rows = {task.task: (row, task) for row, task in enumerate(table.tasks)}
    for field in _PROSE:
        text = _text(getattr(data, field))
        for match in re.finditer(_SIZE_OF_TASK, text) if "(" in text else ():
            row, task = rows.get(match["task"].strip(), (0, None))
            size = task.size.quantity if task is not None and task.size else None
            given = _count(match["size"])
            if task is None or size is None or given is None or given.meant.overlaps(size.meant):
                continue
            if task.classes is not None and task.classes.whole == given.value:
                continue  # `2 classes, but 3 (MNLI)`
            yield Finding(
                (section, field),
                f"{match['task']} has {match['size']} examples here and {size.text} in the result table",
                f"write {size.text}, or correct the table",
                related=(
                    (("performance", "results", index, "tasks", row, "size"), f"{size.text} is given here"),
                ),
                word=match[0],
                changes=(
                    Change((section, field), match[0].replace(match["size"], size.text), word=match[0]),
                ),
            )


def _count(text: str) -> Quantity | None:
    try:
        return parse_quantity(text, "count")
    except QuantityError:
        return None


def _text(value: Fact | str | None) -> str:
    """Return the words of a field: of a fact with a text, or of a section's plain notes."""
    return value if isinstance(value, str) else (value.text or "") if value is not None else ""


RULE = Rule(
    "FS205", "data-against-table", "error", "a model is chosen by what it was trained and tested on", _check
)
