"""Headlines from the result tables: how good on average, and how far apart task by task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.views.agreement import agreement
from factsheet.views.gaps import average_gap, gap, pair
from factsheet.views.headline_simple import all_of, answered
from factsheet.views.marks import mark_of, weakest
from factsheet.views.page import Headline
from factsheet.views.result_table import RESULTS, column_standing

if TYPE_CHECKING:
    from factsheet.sheet.performance import ResultTable
    from factsheet.views.material import Material


def accuracy(material: Material) -> Headline | None:
    """The published averages of the analog and the digital system, and what lies between."""
    table = main_table(material)
    systems = None if table is None else pair(table)
    averages = None if table is None else averages_of(table)
    between = None if table is None else average_gap(table)
    if table is None or systems is None or averages is None or between is None:
        return _without_averages(material, table)
    change = "the same"
    if between.text.strip("0."):
        change = f"{between.text[1:]} points {'less' if between.points < 0 else 'more'}"
    text = (
        f"{averages[0]} on analog hardware against {averages[1]} on digital, {change} "
        f"({table.name}, average of {len(table.tasks)} tasks)"
    )
    told = [column_standing(material, system) for system in systems]
    words = [standing.text for standing in told]
    place = tables_of(material).index(table)
    compared = [
        agreement(material.recomputed.get(f"{RESULTS}{place}].averages.{system.id}")) for system in systems
    ]
    return Headline(
        "Accuracy",
        text,
        words[0] if words[0] == words[1] else f"analog {words[0]}, digital {words[1]}",
        weakest(tuple(mark_of(*pair_) for pair_ in zip(told, compared, strict=True))),
        tuple(dict.fromkeys(number for standing in told for number in standing.references)),
    )


def _without_averages(material: Material, table: ResultTable | None) -> Headline | None:
    """The score after training, else where to look."""
    if table is not None and answered(material, "hwa_training.accuracy") is None:
        return Headline("Accuracy", f"see the results of {table.name} below", None)
    return all_of("Accuracy", "hwa_training.accuracy")(material)


def spread(material: Material) -> Headline | None:
    """On how many tasks the analog system falls behind, and between which gaps; `None` without two gaps."""
    table = main_table(material)
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


def tables_of(material: Material) -> tuple[ResultTable, ...]:
    """The sheet's result tables."""
    performance = material.sheet.performance
    return () if performance is None else tuple(performance.results or ())


def main_table(material: Material) -> ResultTable | None:
    """The first table that compares an analog with a digital system on average, else the first."""
    tables = tables_of(material)
    best = tuple(table for table in tables if pair(table) is not None and table.averages)
    return next(iter((*best, *tables)), None)


def averages_of(table: ResultTable) -> tuple[str, str] | None:
    """The published averages of the analog and the digital system; `None` unless both are there."""
    systems = pair(table)
    if systems is None:
        return None
    found = [(table.averages or {}).get(system.id) for system in systems]
    told = [fact.words() for fact in found if fact is not None and fact.absence is None]
    return (told[0], told[1]) if len(told) == len(systems) else None
