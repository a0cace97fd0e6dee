"""Result tables: scores of systems by task, with how far the analog system is from the digital one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.views.agreement import agreement
from factsheet.views.page import Note, TableBlock
from factsheet.views.rows import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.sheet.fact import Fact
    from factsheet.sheet.performance import ResultTable, System, Task
    from factsheet.sheet.quantity import Quantity
    from factsheet.views.material import Material
    from factsheet.views.page import Depth, Standing

RESULTS = "performance.results["


@dataclass(frozen=True, slots=True)
class Gap:
    """Analog minus digital score, in points (hundredths of the score's unit), with the digits that both scores have."""

    points: float
    """In points."""
    decimals: int
    """Digits after the decimal point that are worth showing."""

    @property
    def text(self) -> str:
        """E.g. `−2.40` or `+3.55`."""
        rounded = f"{abs(self.points):.{self.decimals}f}"
        if float(rounded) == 0:
            return rounded
        return f"{'−' if self.points < 0 else '+'}{rounded}"


def pair(table: ResultTable) -> tuple[System, System] | None:
    """The analog and the digital system; `None` unless there is exactly one of each."""
    analog = [system for system in table.systems if system.kind == "analog"]
    digital = [system for system in table.systems if system.kind == "digital"]
    return (analog[0], digital[0]) if len(analog) == len(digital) == 1 else None


def gap(table: ResultTable, scores: Mapping[str, Fact] | None) -> Gap | None:
    """How far the analog score of one row is from the digital one; `None` where either is missing or no point."""
    systems = pair(table)
    if systems is None or scores is None:
        return None
    found = [scores[system.id].quantity for system in systems if system.id in scores]
    points = [quantity for quantity in found if quantity is not None and quantity.kind == "point"]
    if len(points) != len(systems):
        return None
    analog, digital = points
    return Gap((analog.value - digital.value) * 100, min(_decimals(analog), _decimals(digital)))


def average_gap(table: ResultTable) -> Gap | None:
    """The mean of the tasks' gaps; the difference of the published averages where a task has none.

    Averages are rounded before they are published, so that their difference only comes close to the mean.
    """
    gaps = [gap(table, task.scores) for task in table.tasks]
    found = [entry for entry in gaps if entry is not None]
    if len(found) < len(gaps):
        return gap(table, table.averages)
    return Gap(sum(entry.points for entry in found) / len(found), min(entry.decimals for entry in found))


def _decimals(score: Quantity) -> int:
    """Decimals of a score in per cent; a step of 0.0001 is a hundredth of a point."""
    return 2 if score.step <= 0 else max(0, round(-math.log10(score.step * 100)))


def result_tables(material: Material, depth: Depth) -> Iterator[TableBlock]:
    """One block a result table; shown short, only its averages where it has any."""
    performance = material.sheet.performance
    tables = performance.results if performance is not None and performance.results is not None else ()
    for index, table in enumerate(tables):
        yield _table(material, index, table, short=depth == "short" and table.averages is not None)


def metric_of(table: ResultTable, task: Task) -> str:
    """The metric of a row, with others that are customary for it."""
    metric = task.metric or table.metric or "not stated"
    return metric if task.also_reported is None else f"{metric} (also reported: {task.also_reported})"


def _kind(task: Task) -> str:
    classes = None if task.classes is None else task.classes.words()
    return f"{task.type or 'not stated'}, {classes} classes" if classes else task.type or "not stated"


def _table(material: Material, index: int, table: ResultTable, *, short: bool) -> TableBlock:
    compared = pair(table) is not None
    sized = any(task.size is not None for task in table.tasks)
    typed = any(task.type is not None for task in table.tasks)
    lead = ("Task", *(("Examples",) if sized else ()), *(("Type",) if typed else ()), "Metric")
    header = (*lead, *(system.name for system in table.systems), *(("Gap (points)",) if compared else ()))

    def figures(scores: Mapping[str, Fact], between: Gap | None) -> tuple[str, ...]:
        words = tuple(scores[s.id].words() if s.id in scores else "–" for s in table.systems)
        return (*words, *((between.text if between else "–",) if compared else ()))

    rows = tuple(
        (
            task.task,
            *((task.size.words() if task.size else "–",) if sized else ()),
            *((_kind(task),) if typed else ()),
            metric_of(table, task),
            *figures(task.scores, gap(table, task.scores)),
        )
        for task in table.tasks
    )
    closing: tuple[tuple[str, ...], ...] = ()
    if table.averages:
        closing = (
            (
                f"Average of {len(table.tasks)}",
                *("",) * (len(lead) - 1),
                *figures(table.averages, average_gap(table)),
            ),
        )
    if short:
        keep = (0, *range(len(lead), len(header)))
        header, rows = tuple(header[i] for i in keep), ()
        closing = tuple(tuple(row[i] for i in keep) for row in closing)
        lead = lead[:1]
    first = 1 if sized and not short else len(lead)
    numeric = tuple(i for i in range(len(header)) if i >= len(lead) or (sized and i == first))
    return TableBlock(
        caption=table.name,
        header=header,
        numeric=numeric,
        rows=rows,
        closing=closing,
        standing=_standing(material, table, compared=compared),
        notes=tuple(_notes(material, index, table)) if not short else (),
        shortened=short,
        paths=tuple(path for path in material.placed if path.startswith(f"{RESULTS}{index}]")),
    )


def _standing(material: Material, table: ResultTable, *, compared: bool) -> str:
    said = "; ".join(f"{system.name}: {column_standing(material, system).text}" for system in table.systems)
    tail = (
        " The gap is the analog score minus the digital one, its average the mean of the column."
        if compared
        else ""
    )
    return f"{said}.{tail}"


def column_standing(material: Material, system: System) -> Standing:
    """The standing of a column's scores; what the system leaves out is the section's or the sheet's."""
    source, evidence = system.source, system.evidence or ()
    if source is None:
        first = next((placed for path, placed in material.placed.items() if path.startswith(RESULTS)), None)
        source, inherited = (None, ()) if first is None else (first.source, first.evidence)
        evidence = evidence or inherited
    return standing(material, source, evidence, by=system.by, on=system.on)


def _notes(material: Material, index: int, table: ResultTable) -> Iterator[Note]:
    if table.note is not None:
        yield Note(table.name, " ".join(table.note.split()))
    for row, task in enumerate(table.tasks):
        if task.note is not None:
            yield Note(task.task, " ".join(task.note.split()))
        for name, score in task.scores.items():
            yield from _of_score(
                material, f"{task.task}, {name}", f"{RESULTS}{index}].tasks[{row}].scores.{name}", score
            )
    for system in table.systems:
        if system.note is not None:
            yield Note(system.name, " ".join(system.note.split()))
        average = (table.averages or {}).get(system.id)
        yield from _of_score(
            material, f"Average, {system.name}", f"{RESULTS}{index}].averages.{system.id}", average
        )
    if table.gap is not None:
        yield Note("Average gap as published", table.gap.words())
        yield from _of_score(material, "Average gap as published", f"{RESULTS}{index}].gap", table.gap)


def _of_score(material: Material, about: str, path: str, score: Fact | None) -> Iterator[Note]:
    """What goes with one score: its note, and whether recomputation agrees."""
    if score is not None and score.note is not None:
        yield Note(about, " ".join(score.note.split()))
    recomputed = agreement(material.recomputed.get(path))
    if recomputed is not None:
        yield Note(about, recomputed.words)
