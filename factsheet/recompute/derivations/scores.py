"""Scores of a result table: one system's column, its mean, and scores that lost their percent sign."""

from __future__ import annotations

import math
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value
from factsheet.recompute.facts import DERIVED, Arithmetic, GivenNumber, Key, derived, underivable
from factsheet.recompute.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.context import PointContext
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.performance import ResultTable, System


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


SCORES = Registry()
_MEAN = "Σ scores / number of tasks"
_DIGITS = 7  # a mean of eight scores of four digits has seven


def _tables(context: PointContext) -> tuple[ResultTable, ...]:
    performance = context.sheet.performance
    return () if performance is None or performance.results is None else performance.results


def _scores(table: ResultTable, system: str) -> dict[str, Quantity]:
    """Scores of a system, by task and position; a task that it was not evaluated on has none."""
    found: dict[str, Quantity] = {}
    for index, task in enumerate(table.tasks):
        fact = task.scores.get(system)
        if fact is not None and fact.quantity is not None:
            found[f"{index}:{task.task}"] = fact.quantity
    return found


class _Mean(NamedTuple):
    value: float
    reach: Interval
    """What the digits of the scores allow."""


def _mean(scores: Iterable[Quantity]) -> _Mean:
    """The mean, summed without rounding on the way: a half must not move to the wrong side of a digit."""
    known = list(scores)
    low, value, high = (
        math.fsum(ends) / len(known)
        for ends in zip(*((score.meant.low, score.value, score.meant.high) for score in known), strict=True)
    )
    return _Mean(value, Interval(low, high))


@SCORES.derives("average")
def _averages(context: PointContext) -> Iterator[DerivedFact]:
    for index, table in enumerate(_tables(context)):
        for system in table.systems:
            key = Key(f"average.{system.id}", f"performance.results[{index}].averages.{system.id}", "score")
            fact = (table.averages or {}).get(system.id)
            yield _average(key, index, table, system, None if fact is None else fact.quantity)


def _average(
    key: Key, index: int, table: ResultTable, system: System, claimed: Quantity | None
) -> DerivedFact:
    """The average of one system, which a claim is held against if every task has a score."""
    scores = _scores(table, system.id)
    if not scores:
        return underivable(
            key, f"{table.name} has no score of {system.name}", claimed=claimed, standing="claims"
        )
    note = ""
    skipped = len(table.tasks) - len(scores)
    if skipped:
        note = f"{skipped} of {len(table.tasks)} tasks have no score of {system.name}"
        if claimed is not None:
            note += f"; {claimed.text} may be a mean over all, and is not compared"
            claimed = None
    mean = _mean(scores.values())
    step = (
        f"({' + '.join(score.text for score in scores.values())}) / {len(scores)}"
        f" = {format_value(mean.value, 'score', _DIGITS)}"
    )
    source = f"performance.results[{index}].tasks"
    arithmetic = Arithmetic(
        _MEAN, (GivenNumber("scores", f"{len(scores)} tasks", source),), (step,), "claims"
    )
    return derived(key, mean.value, arithmetic, claimed=claimed, reach=mean.reach, note=note, digits=_DIGITS)


@SCORES.derives("gap")
def _gaps(context: PointContext) -> Iterator[DerivedFact]:
    for index, table in enumerate(_tables(context)):
        reference = _first(table, "digital")
        if reference is None:
            continue
        for system in table.systems:
            if system.kind == "analog":
                yield _gap(table, index, system, reference)


def _gap(table: ResultTable, index: int, system: System, reference: System) -> DerivedFact:
    key = Key(f"gap.{system.id}", f"{DERIVED}.results[{index}].gap.{system.id}", "ratio")
    formula = f"mean of {system.name} - mean of {reference.name}, over the tasks that both have"
    ours, theirs = _scores(table, system.id), _scores(table, reference.id)
    both = [task for task in ours if task in theirs]
    if not both:
        return underivable(key, "no task has a score of both", formula=formula, standing="claims")
    minuend, subtrahend = (_mean(scores[task] for task in both) for scores in (ours, theirs))
    gap = minuend.value - subtrahend.value
    text = f"{100 * gap:+.{_DIGITS - 3}f} percentage points"
    ends = [format_value(mean.value, "score", _DIGITS) for mean in (minuend, subtrahend)]
    arithmetic = Arithmetic(
        formula,
        (GivenNumber("scores", f"{len(both)} tasks", f"performance.results[{index}].tasks"),),
        (f"{ends[0]} - {ends[1]} = {text}",),
        "claims",
    )
    return derived(key, gap, arithmetic, reach=minuend.reach - subtrahend.reach, text=text)


def _first(table: ResultTable, kind: str) -> System | None:
    return next((system for system in table.systems if system.kind == kind), None)


@SCORES.derives("accuracy")
def _accuracy(context: PointContext) -> Iterable[DerivedFact]:
    yield _quoted(context, "accuracy", "analog")


@SCORES.derives("baseline_accuracy")
def _baseline_accuracy(context: PointContext) -> Iterable[DerivedFact]:
    yield _quoted(context, "baseline_accuracy", "digital")


def _quoted(context: PointContext, field: str, kind: str) -> DerivedFact:
    """A score of the training section, where that is said to be the average of a result table."""
    key, claimed = Key(field, f"hwa_training.{field}", "score"), context.claim("hwa_training", field)
    found = _quoted_table(context)
    if found is None:
        reason = (
            "`hwa_training.accuracy_metric` does not say that it is the average of one of the result tables"
        )
        return underivable(key, reason, claimed=claimed, standing="claims")
    index, table = found
    system = _first(table, kind)
    if system is None:
        reason = f"{table.name} has no system of kind `{kind}`"
        return underivable(key, reason, claimed=claimed, standing="claims")
    return _average(key, index, table, system, claimed)


def _quoted_table(context: PointContext) -> tuple[int, ResultTable] | None:
    """The table whose average the training section quotes: the one it names, or the only one."""
    fact = context.fact("hwa_training", "accuracy_metric")
    metric = ((fact and fact.text) or "").casefold()
    tables = list(enumerate(_tables(context)))
    if not any(word in metric for word in ("average", "mean")):
        return None
    named = [(index, table) for index, table in tables if table.name.casefold() in metric]
    if len(named) == 1:
        return named[0]
    return tables[0] if len(tables) == 1 else None
