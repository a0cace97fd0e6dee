"""Read the scores of tables in the body of a card, where their columns say what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.reading import line_of
from factsheet.authoring.importing.tables.columns import (
    ResultRow,
    cell_of,
    names_tasks,
    roles_of,
    with_points,
)
from factsheet.authoring.importing.tables.results_table import scores_of
from factsheet.authoring.importing.tables.scores import RawScore
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
) -> list[RawScore]:
    """Return the scores of a table whose columns say what they are; none of any other.

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
    names = [line_of(name) or f"column {index}" for index, name in enumerate(header, start=1)]
    if len(set(names)) < len(names):
        return []
    rows = [ResultRow(dict(zip(names, row, strict=False)), index) for index, row in enumerate(body, start=1)]
    rows = with_points(rows) or rows
    roles = roles_of(rows)
    metrics = roles.metrics()
    # Rows are named in words, and other columns are metrics, or all of them systems by their names.
    named = roles.system is not None or names_tasks(names[0])
    by_system = roles.task is not None and roles.systems() == [*roles.numbers]
    if not (roles.score and roles.metric) and not (named and (metrics or (roles.numbers and by_system))):
        return []
    own = Collected(where, collected.kind)
    found = scores_of(own, rows, roles) or []
    if len({score.system for score in found}) > _MOST_SYSTEMS:
        return []
    for left in own.left_out:
        if left.what != ", ".join(name for name in roles.numbers if name not in metrics):
            collected.leave(where, left.what, left.why)
    taken = set(roles.numbers) if by_system or roles.score else set(metrics)
    for name in names:
        used = {*roles.labels, roles.score, *taken, *roles.spreads.values(), names[0]}
        cells = ", ".join(filter(None, (row.cells.get(name, "") for row in rows)))
        if name not in used and cells:
            collected.leave(
                where, f"{name}: {cells}", "a column of the table that holds no scores that are known"
            )
    return [
        score._replace(where=where, task=task if score.task == "all" else score.task, row=(*score.row, *how))
        for score in found
    ]


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
    return [
        RawScore(task, name, cell.number, cell.text, f"{where}, {name}", row=how, spread=cell.spread)
        for name, cell in figures
    ]
