"""The scores of a sheet by what they are of, so that those of several sheets meet in one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.comparing.columns import ComparedCell
from factsheet.facts.fact import Fact
from factsheet.recompute.comparisons.score_gaps import average_gap, pair
from factsheet.recompute.comparisons.score_scales import scale_of

if TYPE_CHECKING:
    from factsheet.comparing.columns import ComparedColumn
    from factsheet.comparing.leaves import Leaf
    from factsheet.recompute.comparisons.score_gaps import Gap
    from factsheet.sheet.performance import ResultTable, System


def score_cells(column: ComparedColumn) -> dict[str, ComparedCell]:
    """Return the scores of a sheet's own systems by task and metric; of several systems, with their names.

    A system that the sheet only compares with is left out, but for the gap to it.
    """
    performance = column.sheet.performance
    found: dict[str, ComparedCell] = {}
    by_path = {leaf.path: leaf for leaf in column.leaves.leaves.values()}
    for number, table in enumerate(() if performance is None else performance.results or ()):
        own = _own(table)
        for row, task in enumerate(table.tasks):
            scale = scale_of(table, task)
            metric = scale.metric if scale.known is None else scale.known.name
            for system in own:
                path = ("performance", "results", number, "tasks", row, "scores", system.id)
                leaf = by_path.get(path)
                name = f"{task.task}{f' ({metric})' if metric else ''}"
                if len(own) > 1:
                    name += f", {system.name}"
                cell = _cell(leaf)
                if cell is not None:
                    found.setdefault(name, cell)
        gap = average_gap(table) if pair(table) is not None else None
        if gap is not None:
            found.setdefault(
                f"{table.name}, analog minus digital", ComparedCell(text=gap.words, about=_sign(gap))
            )
    return found


def _sign(gap: Gap) -> str:
    """Say what the sign of a gap means: of an error rate, more is a loss."""
    if not gap.text.strip("0."):
        return "recomputed"
    if gap.better is None:
        return "recomputed; which sign is the better one is not stated"
    lower = gap.better != (gap.amount > 0)
    result = "a gain" if gap.better else "a loss"
    return f"recomputed; {result}{', as less is better' if lower else ''}"


def _own(table: ResultTable) -> list[System]:
    """Return the systems that a sheet is about: the analog ones, or all where none is."""
    return [system for system in table.systems if system.kind == "analog"] or list(table.systems)


def _cell(leaf: Leaf | None) -> ComparedCell | None:
    quantity = leaf.value.quantity if leaf is not None and isinstance(leaf.value, Fact) else None
    if leaf is None or quantity is None or not isinstance(leaf.value, Fact):
        return None
    return ComparedCell(
        text=leaf.value.shown(),
        value=quantity.value,
        reach=quantity.meant,
        origin="stated",
        about=leaf.source or "stated",
        leaf=leaf,
    )
