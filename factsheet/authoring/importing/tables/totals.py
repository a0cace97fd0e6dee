"""Find the row of a table that is the mean of the others, by its figures: its name says so in some languages alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.authoring.importing.tables.raw_score import RawScore

_SURE = 3
"""Tasks, the mean among them, from which on one is the mean of the others by no chance where systems are several."""


def is_mean(total: RawScore, rows: list[RawScore]) -> bool:
    """Return whether a stated mean is that of the rows, as far as its digits and theirs go."""
    own = [row for row in rows if row.system == total.system]
    if not own:
        return False
    steps = [10.0 ** -len(row.text.rstrip(" %").partition(".")[2]) for row in (total, *own)]
    mean = sum(row.number for row in own) / len(own)
    return abs(mean - total.number) <= 0.5 * (steps[0] + max(steps)) * (1 + 1e-9)


def without_mean(rows: list[RawScore]) -> tuple[list[RawScore], list[RawScore]]:
    """Return rows, and apart from them the last or first task where each of its scores is the mean of the others."""
    tasks = list(dict.fromkeys(row.task for row in rows))
    systems = {row.system for row in rows}
    if len(rows) != len(tasks) * len(systems) or len(tasks) < _SURE + (len(systems) == 1):
        return rows, []
    for task in (tasks[-1], tasks[0]):
        total = [row for row in rows if row.task == task]
        others = [row for row in rows if row.task != task]
        if len(total) == len(systems) and all(is_mean(row, others) for row in total):
            return others, [row._replace(total=True) for row in total]
    return rows, []
