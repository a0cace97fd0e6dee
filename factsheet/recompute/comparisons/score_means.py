"""Means of scores: over the rows of a result table, over its tasks, or weighted by the tasks' sizes.

A mean is summed without rounding on the way; what the digits of the rows allow goes with it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import QuantityError
from factsheet.quantities.interval import Interval
from factsheet.quantities.metrics import plain
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import Averaging, ResultTable


class Mean(NamedTuple):
    """A mean of scores."""

    value: float
    reach: Interval
    """What the digits of the scores allow."""
    over: Averaging = "mean over rows"


def tables(sheet: SheetFields) -> Sequence[ResultTable]:
    """Return the result tables of a sheet."""
    return () if sheet.performance is None else sheet.performance.results or ()


_IS_AVERAGE = (
    r"(?i)^(?:the |an? )?(?:average|avg\.?|mean)(?: score)?(?=$|[ ,:(]*(?:over|of|across|on|for|all)\b| ?\()"
    r"|[ ,:(](?:average|avg\.?|mean)\)?$"
)


def is_average(task: str) -> bool:
    """Return whether a row is an average of others and no task: `mean of nine benchmarks`, `GLUE average`."""
    return re.search(_IS_AVERAGE, task) is not None


def rows_of(table: ResultTable) -> list[int]:
    """Return the rows that averages and gaps are over: the tasks, and not a row that is an average itself.

    Papers print an average over more tasks than they list. Such a row is not the mean of the rows beside it, and stands
    for them; so does one in a table without any other.
    """
    averages = [row for row, task in enumerate(table.tasks) if is_average(task.task)]
    others = [row for row in range(len(table.tasks)) if row not in averages]
    if not averages or not others:
        return averages or others
    whole = all(_is_mean(table, system.id, averages, others) for system in table.systems)
    return others if whole else averages


def _is_mean(table: ResultTable, system: str, averages: Sequence[int], others: Sequence[int]) -> bool:
    scores = _scores(table, system)
    listed = [scores[row] for row in others if row in scores]
    if len(listed) < len(others):
        return not any(row in scores for row in averages)
    reach = mean(listed).reach
    return all(scores[row].interval.overlaps(reach) for row in averages if row in scores)


def scores_of(table: ResultTable, system: str) -> dict[int, Quantity]:
    """Return the scores of a system by row, of `rows_of`; a row that it was not evaluated on has none."""
    rows = rows_of(table)
    return {row: score for row, score in _scores(table, system).items() if row in rows}


def _scores(table: ResultTable, system: str) -> dict[int, Quantity]:
    facts = {row: task.scores[system] for row, task in enumerate(table.tasks) if system in task.scores}
    return {row: fact.quantity for row, fact in facts.items() if fact.quantity is not None}


def mean(scores: Iterable[Quantity], weights: Sequence[float] | None = None) -> Mean:
    """Return the mean of at least one score."""
    known = list(scores)
    meant = [score.meant for score in known]
    ends = ([one.low for one in meant], [score.value for score in known], [one.high for one in meant])
    low, value, high = (_mean(end, weights or [1.0] * len(known)) for end in ends)
    return Mean(value, Interval(low, high))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    total = fsum(weights)
    try:
        return fsum(value * weight for value, weight in zip(values, weights, strict=True)) / total
    except OverflowError:
        return fsum(value * (weight / total) for value, weight in zip(values, weights, strict=True))


def means_of(table: ResultTable, system: str) -> Iterator[Mean]:
    """Yield the means that an average of a system can be, the plain one over rows first; none without a score."""
    scores = scores_of(table, system)
    if not scores:
        return
    yield mean(scores.values())
    by_task: dict[str, list[Quantity]] = {}
    for row, score in scores.items():
        by_task.setdefault(plain(table.tasks[row].task), []).append(score)
    if len(by_task) < len(scores):
        parts = [mean(rows) for rows in by_task.values()]
        ends = zip(*((part.reach.low, part.value, part.reach.high) for part in parts), strict=True)
        low, value, high = (_mean(end, [1.0] * len(parts)) for end in ends)
        yield Mean(value, Interval(low, high), "mean over tasks")
        firsts = [rows[0] for rows in by_task.values()]
        yield mean(firsts)._replace(over="mean over tasks")
    weighted = _weighted(table, scores)
    if weighted is not None:
        yield weighted


def _weighted(table: ResultTable, scores: dict[int, Quantity]) -> Mean | None:
    """Return the mean weighted by the sizes of the tasks; `None` where a size is missing, or all are the same."""
    sizes = [fact.quantity if (fact := table.tasks[row].size) is not None else None for row in scores]
    known = [size for size in sizes if size is not None and size.value > 0 and size.kind == "point"]
    if len(known) < len(scores) or len({size.value for size in known}) == 1:
        return None
    found = mean(scores.values(), [size.value for size in known])
    # Sizes are rounded themselves: how far that moves the mean is at most their error times the scores' spread.
    values = [score.value for score in scores.values()]
    blur = max((size.meant.high - size.meant.low) / 2 / size.value for size in known)
    slack = blur * (max(values) - min(values))
    return Mean(found.value, Interval(found.reach.low - slack, found.reach.high + slack), "weighted by size")


_WEIGHTED = (
    r"(?i)\bweigh(?:s|ed|ting|ted)?\b|\bmicro\b|\bpooled\b|\bby (?:its |their )?(?:sizes?|number of)\b"
)
_BY_TASK = r"(?i)\bper task\b|\beach task\b|\bmean (?:over|of) (?:the )?tasks\b|\baverage (?:over|of) (?:the )?tasks\b"


def stated_averaging(sheet: SheetFields, table: ResultTable, system: str) -> frozenset[Averaging]:
    """Return how the sheet says that it averaged: in the field for it, or in words beside the table."""
    if table.averaging is not None:
        return frozenset({table.averaging})
    words = words_about(sheet, table, system)
    stated: list[Averaging] = []
    if re.search(_WEIGHTED, words):
        stated.append("weighted by size")
    if re.search(_BY_TASK, words):
        stated.append("mean over tasks")
    return frozenset(stated)


def words_about(sheet: SheetFields, table: ResultTable, system: str = "") -> str:
    """Return what the sheet says in words about a table, one of its systems, and the metrics."""
    performance = sheet.performance
    average = (table.averages or {}).get(system)
    facts = (None, None) if performance is None else (performance.summary, performance.metrics)
    parts = [
        table.note,
        performance.notes if performance is not None else None,
        average.note if average is not None else None,
        *(column.note for column in table.systems if not system or column.id == system),
        *(fact.text for fact in facts if fact is not None),
    ]
    return "\n".join(part for part in parts if part)


_MOST_ROWS = 100
"""In a longer table nearly every difference is some slip in some row."""


def slips(table: ResultTable, system: str, average: Quantity) -> Iterator[tuple[int, str]]:
    """Yield the rows whose score a slip of the hand explains, each with the text that makes an average right.

    A slip is two digits exchanged, one digit mistyped, a decimal point moved, or the score of another system.
    """
    scores = scores_of(table, system)
    total = fsum(score.value for score in scores.values())
    for row, score in scores.items() if len(scores) <= _MOST_ROWS else ():
        for text in _slipped(score.text, [fact.words() for fact in table.tasks[row].scores.values()]):
            other = _read(text)
            if other is None or other.meant.overlaps(score.meant):
                continue
            value = (total - score.value + other.value) / len(scores)
            if average.interval.contains(value):
                yield row, text
                break


def _slipped(text: str, others: Sequence[str]) -> Iterator[str]:
    """Yield what may have been meant by a score: the others of its row, then its digits put right."""
    yield from (other for other in others if other != text)
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    for one, two in pairwise(places):
        swapped = list(text)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        yield "".join(swapped)
    found = re.match(r"(\d+)\.?(\d*)(.*)", text, re.DOTALL)
    if found is not None:
        digits, rest = found[1] + found[2], found[3]
        for point in range(1, len(digits)):
            yield f"{digits[:point].lstrip('0') or '0'}.{digits[point:]}{rest}"
    for place in places:
        for digit in "0123456789":
            if digit != text[place]:
                yield f"{text[:place]}{digit}{text[place + 1 :]}"


def _read(text: str) -> Quantity | None:
    try:
        return parse_quantity(text, "score")
    except QuantityError:
        return None
