"""A result table has a row, a system or a column twice, or a curve has two scores for one time.

What it does: reports a second row of the same task by the same metric, data and number of shots, unless both have notes
of their own; a second system of the same id or name; a system whose scores are all those of another; and two scores
after the same time on one curve in `robustness.over_time`, unless notes or `series` tell them apart.

Why it matters: of two rows only one can be right, and both enter the average.

Fails:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: RTE, scores: {analog: 64.00 %}}
            - {task: RTE, scores: {analog: 80.57 %}}

Passes:
    performance:
      results:
        - name: Results
          systems: [{id: analog, name: Chip, kind: analog}]
          tasks:
            - {task: RTE, metric: accuracy, scores: {analog: 64.00 %}}
            - {task: RTE, metric: F1, scores: {analog: 62.10 %}}

How to fix: remove the row that is wrong, or say what is different: its metric, its `evaluation`, a `note`, a `series`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.facts.evaluation import merged
from factsheet.quantities.metrics import plain
from factsheet.recompute.comparisons.drift_curves import curves_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, Task
    from factsheet.source.document import KeyPath

_FEW = 2


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    for index, table in enumerate((sheet.performance.results or ()) if sheet.performance else ()):
        path = ("performance", "results", index)
        yield from _rows(table, path)
        yield from _systems(table, path)
    yield from _times(sheet)


def _rows(table: ResultTable, path: KeyPath) -> Iterator[Finding]:
    known: dict[Hashable, int] = {}
    for row, task in enumerate(table.tasks):
        key = _identity(table, task)
        first = known.setdefault(key, row)
        if first == row or (task.note and table.tasks[first].note and task.note != table.tasks[first].note):
            continue
        same = task.scores == table.tasks[first].scores
        yield Finding(
            (*path, "tasks", row, "task"),
            f"{task.task} has two rows, with {'the same' if same else 'different'} scores",
            "remove the row that is wrong, or say what is different: its metric, its `evaluation`, a `note`",
            related=(((*path, "tasks", first, "task"), "the first row is here"),),
        )


def _identity(table: ResultTable, task: Task) -> Hashable:
    evaluation = merged(task.evaluation, table.evaluation)
    stated = () if evaluation is None else tuple(sorted(evaluation.model_dump(exclude_none=True).items()))
    return task.task.casefold().strip(), plain(task.metric or table.metric or ""), stated


def _systems(table: ResultTable, path: KeyPath) -> Iterator[Finding]:
    known: dict[Hashable, int] = {}
    columns: dict[Hashable, int] = {}
    for place, system in enumerate(table.systems):
        names = [("id", system.id), ("name", system.name.casefold())]
        first = next((known[name] for name in names if name in known), None)
        known |= {name: place for name in names if name not in known}
        if first is not None:
            same = system.id == table.systems[first].id
            yield Finding(
                (*path, "systems", place),
                f"two systems have the {f'id `{system.id}`' if same else f'name {system.name}'}",
                "give each system an id and a name of its own",
                related=(((*path, "systems", first), "the other one is here"),),
            )
            continue
        facts = [task.scores.get(system.id) for task in table.tasks]
        values = tuple(fact.quantity for fact in facts if fact is not None and fact.quantity is not None)
        if (
            system.note
            or len(values) < max(_FEW, len(table.tasks))
            or columns.setdefault(values, place) == place
        ):
            continue
        other = table.systems[columns[values]]
        yield Finding(
            (*path, "tasks", 0, "scores", system.id),
            f"all {len(values)} scores of {system.name} are those of {other.name}",
            "write the system's own scores, or say in its `note` why they are the same",
            related=(
                ((*path, "tasks", 0, "scores", other.id), other.name),
                ((*path, "systems", columns[values]), "the other one is here"),
            ),
        )


def _times(sheet: SheetFields) -> Iterator[Finding]:
    for curve in curves_of(sheet.robustness) if sheet.robustness is not None else ():
        for place, point in enumerate(curve[1:], start=1):
            before = curve[place - 1]
            if point.after.value == before.after.value:
                yield Finding(
                    point.path,
                    f"{before.score.text} and {point.score.text} are both given after {point.after.text}",
                    "remove one of the two, or tell their curves apart by `series`",
                    related=((before.path, f"{before.score.text} after {before.after.text}"),),
                )


RULE = Rule(
    "FS246", "row-twice", "warning", "of two rows only one can be right, and both enter the average", _check
)
