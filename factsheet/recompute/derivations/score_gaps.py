"""Gaps between the scores of an analog and a digital system, task by task and on average, with the digits of both.

Nothing is claimed of them. A claimed gap is judged in `factsheet.recompute.comparisons.score_claims`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from factsheet.recompute.comparisons.score_claims import compare_averages, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, System


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
    """Return the analog and the digital system; `None` unless there is exactly one of each."""
    analog = [system for system in table.systems if system.kind == "analog"]
    digital = [system for system in table.systems if system.kind == "digital"]
    return (analog[0], digital[0]) if len(analog) == len(digital) == 1 else None


def gap(table: ResultTable, scores: Mapping[str, Fact] | None) -> Gap | None:
    """Return how far the analog score of a row is from the digital one; `None` where either is no single number."""
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
    """Return the mean of the tasks' gaps; the difference of the published averages where a task has none.

    Averages are rounded before they are published, so that their difference only comes close to the mean.
    """
    gaps = [gap(table, task.scores) for task in table.tasks]
    found = [entry for entry in gaps if entry is not None]
    if len(found) < len(gaps):
        return gap(table, table.averages)
    return Gap(sum(entry.points for entry in found) / len(found), min(entry.decimals for entry in found))


class Averages(NamedTuple):
    """The averages of the analog and the digital system with the gap between them, all three from one source."""

    analog: str
    digital: str
    gap: Gap | None
    recomputed: bool
    """Whether they are the means of the rows, because the published averages are others."""


def averages_of(sheet: SheetFields, table: ResultTable) -> Averages | None:
    """Return the published averages, or those of the rows where the published ones do not come to the same digits.

    `None` unless an average of both systems is published.
    """
    systems = pair(table)
    if systems is None:
        return None
    published = [(table.averages or {}).get(system.id) for system in systems]
    stated = [fact.words() for fact in published if fact is not None and fact.absence is None]
    if len(stated) != len(systems):
        return None
    judged = {known.system: known for known in compare_averages(sheet) if tables(sheet)[known.index] is table}
    compared = [judged[system.id] for system in systems if system.id in judged]
    gaps = [gap(table, task.scores) for task in table.tasks]
    decimals = [entry.decimals for entry in gaps if entry is not None]
    means = [one.mean.value for one in compared if one.mean is not None and one.verdict.fits is not None]
    if len(means) < len(systems) or len(decimals) < len(gaps):
        return Averages(stated[0], stated[1], gap(table, table.averages), recomputed=False)
    if all(one.verdict.kind in {"agrees", "rounds_to"} for one in compared):
        return Averages(stated[0], stated[1], average_gap(table), recomputed=False)
    digits = min(decimals)
    analog, digital = (round(value * 100, digits) for value in means)
    between = Gap(analog - digital, digits)
    return Averages(f"{analog:.{digits}f} %", f"{digital:.{digits}f} %", between, recomputed=True)


def _decimals(score: Quantity) -> int:
    """Return decimals of a score in per cent; a step of 0.0001 is a hundredth of a point."""
    return 2 if score.step <= 0 else max(0, round(-math.log10(score.step * 100)))
