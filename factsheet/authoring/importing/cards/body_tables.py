"""Read the scores of tables in the body of a card, where their columns say what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.reading import line_of
from factsheet.authoring.importing.tables.columns import (
    ResultRow,
    Roles,
    cell_of,
    leave_aside,
    names_tasks,
    roles_of,
    with_points,
)
from factsheet.authoring.importing.tables.over_time import add_over_time
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.results_table import scores_of
from factsheet.quantities.metrics import metric_named, plain

if TYPE_CHECKING:
    from factsheet.authoring.importing.cards.blocks import CardBlock

_MOST_ROWS = 40
"""Of a table of scores; longer ones list what others have reached."""
_MOST_SYSTEMS = 10
"""In a table of scores; with more of them it compares what others have made."""
_TRAINING = frozenset({"epoch", "step", "training loss", "validation loss", "train loss"})


def is_of_training(block: CardBlock) -> bool:
    """Return whether a table holds figures of checkpoints while a model was trained."""
    return bool(_TRAINING & set(map(plain, block.rows[0]))) if block.rows else False


def scores_of_table(
    collected: Collected, block: CardBlock, where: str, about: tuple[str, str | None]
) -> list[RawScore] | None:
    """Return the scores of a table whose columns say what they are, none of any other; `None` for scores over time.

    Args:
        collected: where to list what is no score.
        block: the table.
        where: file, line and heading.
        about: the name of the row where the table names none, and the split.
    """
    header, *body = block.rows or ((),)
    if not body or len(body) > _MOST_ROWS or is_of_training(block):
        return []
    task, split = about
    how = (("evaluation", {"split": split}),) if split else ()
    if len(header) == _PAIR and (pairs := _of_pairs(collected, block, where, (task, how))):
        return pairs
    rows = _rows(header, body)
    if not rows:
        return []
    names, roles = list(rows[0].cells), roles_of(rows)
    if add_over_time(collected, rows, roles, where):
        return None
    if not _is_sure(roles, names[0]):
        return []
    own = Collected(where, collected.kind)
    found = scores_of(own, rows, roles) or []
    if len({score.system for score in found}) > _MOST_SYSTEMS:
        return []
    _leave_rest(collected, own, rows, roles)
    return [
        score._replace(where=where, task=task if score.task == "all" else score.task, row=(*score.row, *how))
        for score in found
    ]


def _leave_rest(collected: Collected, own: Collected, rows: list[ResultRow], roles: Roles) -> None:
    """List what the scores of a table leave: cells that are none, and columns that hold none."""
    metrics = roles.metrics()
    for left in own.left_out:
        if left.what != ", ".join(name for name in roles.numbers if name not in metrics):
            collected.leave(own.name, left.what, left.why)
    taken = set(roles.numbers) if _by_system(roles) or roles.score else set(metrics)
    names = list(rows[0].cells)
    used = {*roles.labels, roles.score, *taken, *roles.spreads.values(), names[0]}
    for name in names:
        cells = ", ".join(filter(None, (row.cells.get(name, "") for row in rows)))
        if name not in used and cells:
            why = "a column of the table that holds no scores that are known"
            collected.leave(own.name, f"{name}: {cells}", why)


def _by_system(roles: Roles) -> bool:
    several = len(roles.numbers) > (0 if roles.task is not None else 1)
    return several and roles.systems() == [*roles.numbers]


def _is_sure(roles: Roles, first: str) -> bool:
    """Return whether columns say what they are: rows tasks or systems, the others metrics, or all of them systems."""
    if roles.score is not None and roles.metric is not None:
        return True
    named = roles.system is not None or names_tasks(first)
    return _by_system(roles) or (named and bool(roles.metrics()))


def _rows(header: tuple[str, ...], body: list[tuple[str, ...]]) -> list[ResultRow]:
    """Return the rows of a table by the names of its columns; none where two columns have one name."""
    names = [line_of(name) or f"column {index}" for index, name in enumerate(header, start=1)]
    if len(set(names)) < len(names):
        return []
    rows = [ResultRow(dict(zip(names, row, strict=False)), index) for index, row in enumerate(body, start=1)]
    return with_points(rows) or rows


_PAIR = 2
"""Columns of a table of names and values."""


def _of_pairs(
    collected: Collected, block: CardBlock, where: str, about: tuple[str, tuple[tuple[str, object], ...]]
) -> list[RawScore]:
    """Return the scores of a table of metrics and their values, where most of its names are metrics."""
    rows = [row for row in block.rows if len(row) == _PAIR and any(row)]
    figures = [
        (row[0], cell) for row in rows if (cell := cell_of(row[1])) and metric_named(row[0]) is not None
    ]
    if len(figures) * 2 <= len(rows) - 1 or not figures:
        return []
    for row in rows:
        header = row == rows[0] and cell_of(row[1]) is None
        if not header and not any(row[0] == name for name, _ in figures):
            collected.leave(where, " | ".join(row), "no score of a metric that is known")
    task, how = about
    for name, cell in figures:
        leave_aside(collected, f"{where}, {name}", cell)
    return [
        RawScore(task, name, cell.number, cell.text, f"{where}, {name}", row=how, spread=cell.spread)
        for name, cell in figures
    ]
