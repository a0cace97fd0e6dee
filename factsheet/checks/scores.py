"""Scores of a result table: one system's column, its mean, and scores that lost their percent sign."""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

from factsheet.sheet.quantity import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.sheet.performance import ResultTable
    from factsheet.sheet.quantity import Quantity


def column(table: ResultTable, system: str) -> list[Quantity]:
    """A system's scores, top to bottom; rows without one are left out."""
    facts = [task.scores[system] for task in table.tasks if system in task.scores]
    return [fact.quantity for fact in facts if fact.quantity is not None]


def mean(scores: Sequence[Quantity]) -> tuple[float, Interval]:
    """The mean of at least one score, and the interval that their digits allow."""
    count = len(scores)  # divided by before the sum, which then stays in range
    meant = [score.meant for score in scores]
    ends = Interval(fsum(one.low / count for one in meant), fsum(one.high / count for one in meant))
    return fsum(score.value / count for score in scores), ends


def lost_percent(scores: Sequence[Quantity]) -> list[Quantity]:
    """Scores above one without a sign, among others in percent: `81.2` beside `80.57 %` is read as 8120 %."""
    if not any(score.unit and abs(score.value) <= 1 for score in scores):
        return []
    return [score for score in scores if not score.unit and abs(score.value) > 1]
