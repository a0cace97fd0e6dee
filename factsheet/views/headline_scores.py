"""Headlines from the result tables: how good on average, and how far apart task by task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.gaps import average_gap, gap, pair
from factsheet.views.headline_simple import all_of, answered
from factsheet.views.page import Headline
from factsheet.views.result_table import column_standing

if TYPE_CHECKING:
    from factsheet.sheet.fact import Fact
    from factsheet.sheet.performance import ResultTable
    from factsheet.views.material import Material


def accuracy(material: Material) -> Headline | None:
    """The published averages of the analog and the digital system, and what lies between."""
    table = _main_table(material)
    systems = None if table is None else pair(table)
    if table is None or systems is None:
        return _without_averages(material, table)
    averages = [_average(table, system.id) for system in systems]
    between = average_gap(table)
    if averages[0] is None or averages[1] is None or between is None:
        return _without_averages(material, table)
    change = "the same"
    if between.text.strip("0."):
        change = f"{between.text[1:]} points {'less' if between.points < 0 else 'more'}"
    text = (
        f"{averages[0].words()} on analog hardware against {averages[1].words()} on digital, {change} "
        f"({table.name}, average of {len(table.tasks)} tasks)"
    )
    words = [column_standing(material, system).words for system in systems]
    return Headline(
        "Accuracy", text, words[0] if words[0] == words[1] else f"analog {words[0]}, digital {words[1]}"
    )


def _without_averages(material: Material, table: ResultTable | None) -> Headline | None:
    """The score after training, else where to look."""
    if table is not None and answered(material, "hwa_training.accuracy") is None:
        return Headline("Accuracy", f"see the results of {table.name} below", None)
    return all_of("Accuracy", "hwa_training.accuracy")(material)


def spread(material: Material) -> Headline | None:
    """On how many tasks the analog system falls behind, and between which gaps; `None` without two gaps."""
    table = _main_table(material)
    tasks = () if table is None else table.tasks
    gaps = [
        (found, task.task)
        for task in tasks
        if table is not None and (found := gap(table, task.scores)) is not None
    ]
    if len(gaps) <= 1:
        return None
    low = min(gaps, key=lambda entry: entry[0].points)
    high = max(gaps, key=lambda entry: entry[0].points)
    behind = sum(found.points < 0 for found, _ in gaps)
    text = (
        f"behind the digital model on {behind} of {len(gaps)} tasks; "
        f"from {low[0].text} points ({low[1]}) to {high[0].text} points ({high[1]})"
    )
    return Headline("Task by task", text, "derived from the scores")


def _main_table(material: Material) -> ResultTable | None:
    """The first table that compares an analog with a digital system on average, else the first."""
    performance = material.sheet.performance
    tables = () if performance is None else tuple(performance.results or ())
    best = tuple(table for table in tables if pair(table) is not None and table.averages)
    return next(iter((*best, *tables)), None)


def _average(table: ResultTable, system: str) -> Fact | None:
    found = (table.averages or {}).get(system)
    return None if found is None or found.absence is not None else found
