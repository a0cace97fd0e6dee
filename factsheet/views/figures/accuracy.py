"""Accuracy by task: the analog system's score beside the digital one's, and the gap between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.figures.data import AccuracyChart, AccuracyRow
from factsheet.views.gaps import average_gap, gap, pair
from factsheet.views.page import FigureBlock
from factsheet.views.result_table import column_standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.sheet.fact import Fact
    from factsheet.sheet.performance import ResultTable, System
    from factsheet.views.material import Material

MOST_TASKS = 40
"""With more tasks the figure shows those with the widest gaps: a taller one does not fit a page."""
_PERCENT = 100


def accuracy_figures(material: Material) -> Iterator[FigureBlock]:
    """One figure for each result table that compares an analog with a digital system."""
    performance = material.sheet.performance
    for index, table in enumerate(() if performance is None else performance.results or ()):
        made = _figure(material, index, table)
        if made is not None:
            yield made


def _figure(material: Material, index: int, table: ResultTable) -> FigureBlock | None:
    systems = pair(table)
    if systems is None:
        return None
    rows = [_row(table, systems, task.task, task.scores) for task in table.tasks]
    drawn = [row for row in rows if row.analog is not None or row.digital is not None]
    if not drawn:
        return None
    shown = _widest(drawn)
    analog, digital = systems
    told = [column_standing(material, system).text for system in systems]
    return FigureBlock(
        id=f"accuracy-{index}",
        title=f"Accuracy by task: {table.name}",
        text=_text(table, systems, drawn, len(drawn) - len(shown)),
        data=AccuracyChart(analog.name, digital.name, tuple(shown), len(drawn) - len(shown)),
        standing=f"{analog.name}: {told[0]}; {digital.name}: {told[1]}; gaps derived from the scores.",
    )


def _row(
    table: ResultTable, systems: tuple[System, System], task: str, scores: Mapping[str, Fact]
) -> AccuracyRow:
    values, texts = [], []
    for system in systems:
        score = scores.get(system.id)
        quantity = None if score is None else score.quantity
        known = quantity is not None and quantity.kind == "point"
        values.append(quantity.value * _PERCENT if quantity is not None and known else None)
        texts.append("none" if score is None else score.words())
    between = gap(table, scores)
    return AccuracyRow(
        task, values[0], values[1], texts[0], texts[1], None if between is None else between.text
    )


def _widest(rows: list[AccuracyRow]) -> list[AccuracyRow]:
    """The rows that fit, in the table's order."""
    if len(rows) <= MOST_TASKS:
        return rows
    by_gap = sorted(rows, key=lambda row: -_distance(row))[:MOST_TASKS]
    kept = {id(row) for row in by_gap}
    return [row for row in rows if id(row) in kept]


def _distance(row: AccuracyRow) -> float:
    return 0.0 if row.analog is None or row.digital is None else abs(row.analog - row.digital)


def _text(table: ResultTable, systems: tuple[System, System], rows: list[AccuracyRow], left_out: int) -> str:
    analog, digital = systems
    few = rows if len(rows) <= MOST_TASKS else _widest(rows)
    told = "; ".join(
        f"{row.task} {row.analog_text} against {row.digital_text}"
        + ("" if row.gap is None else f", {row.gap} points")
        for row in few
    )
    mean = average_gap(table)
    average = "" if mean is None else f" The mean gap is {mean.text} points."
    beside = (
        "" if not left_out else f" {left_out} tasks with smaller gaps are in the table and not in the figure."
    )
    return f"{analog.name} against {digital.name}, by task: {told}.{average}{beside}"
