"""Gather what a sheet states of scores, for sentences to be compared with: values, and differences between systems."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.interval import Interval
from factsheet.recompute.comparisons.score_means import mean, scores_of, tables
from factsheet.recompute.comparisons.score_scales import ScoreScale, scale_of, table_scale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, Task
    from factsheet.source.document import KeyPath

Value = tuple[Interval, "KeyPath", str]
"""What a score's digits mean, where it is, and its text."""
_ROUNDING = 0.0005
"""A difference is often taken before its two scores are rounded to a tenth of a point."""


class ScorePair(NamedTuple):
    """The scores of two systems, on one task or on average.

    Attributes:
        name: the task, or `average`.
        scale: of both scores.
        difference: the analog score less the digital one.
        meant: what the digits of both allow.
        relative: the difference over the digital score.
        better: whether the analog system is the better one; `None` where the metric does not say which way is better.
        values: both scores.
        paths: where they are.
    """

    name: str
    scale: ScoreScale
    difference: float
    meant: Interval
    relative: Interval
    better: bool | None
    values: tuple[float, float]
    paths: tuple[KeyPath, ...]

    @property
    def scores(self) -> str:
        """Both scores, for people."""
        return " and ".join(map(self.scale.text, self.values))

    @property
    def text(self) -> str:
        """The size of the difference, for people."""
        return self.scale.difference(self.difference).lstrip("+-−")

    def may_differ_by(self, size: Interval, *, relative: bool) -> bool:
        """Return whether the difference has that size, in points or, where that may be meant, relative."""
        return self.scale.share and any(
            _widened(abs(one.low), abs(one.high)).overlaps(size)
            for one in ((self.meant, self.relative) if relative else (self.meant,))
        )


def _widened(one: float, other: float) -> Interval:
    return Interval(max(min(one, other) - _ROUNDING, 0.0), max(one, other) + _ROUNDING)


class TaskCount(NamedTuple):
    """How many tasks one system is ahead on."""

    least: int
    allowed: range
    path: KeyPath


class StatedScores:
    """The scores of one sheet."""

    def __init__(self, sheet: SheetFields) -> None:
        self.sheet = sheet
        self.tables = tables(sheet)

    @cached_property
    def tasks(self) -> tuple[ScorePair, ...]:
        """Every row, for every pair of an analog and a digital system."""
        return tuple(
            pair
            for index, table in enumerate(self.tables)
            if not _is_of_two_scales(table)
            for row, task in enumerate(table.tasks)
            for pair in _of_row(table, task, ("performance", "results", index, "tasks", row, "scores"))
        )

    @cached_property
    def averages(self) -> list[ScorePair]:
        """Every table's averages, for every pair of systems; those over the rows where none are published."""
        return [pair for index, table in enumerate(self.tables) for pair in _of_averages(table, index)]

    @cached_property
    def all(self) -> list[ScorePair]:
        """Averages and rows."""
        return [*self.averages, *self.tasks]

    def of_tasks(self, names: Iterable[str]) -> list[ScorePair]:
        """Return the rows of these tasks."""
        wanted = set(names)
        return [pair for pair in self.tasks if pair.name in wanted]

    @cached_property
    def _names(self) -> str:
        """A pattern of the names of tasks that are no ordinary words."""
        names = {task.task for table in self.tables for task in table.tasks}
        special = sorted(
            (name for name in names if re.search(r"[A-Z]", name[1:]) or re.search(r"[A-Z].*\d", name)),
            key=len,
        )
        return "|".join(re.escape(name) for name in reversed(special))

    def named_in(self, text: str) -> list[str]:
        """Return the tasks that a text names, in its order."""
        return re.findall(rf"(?<![\w-])(?:{self._names})(?![\w-])", text) if self._names else []

    def clearly(self, task: str, *, ahead: bool, literal: bool) -> ScorePair | None:
        """Return a task's scores where the analog system is certainly ahead, or behind, for every pair of systems.

        Args:
            task: the task.
            ahead: which of the two.
            literal: whether a higher score is meant, and not a better one.
        """
        pairs = [pair for pair in self.tasks if pair.name == task]
        for pair in pairs:
            above = pair.difference > 0 if literal else pair.better
            if above is None or above != ahead or pair.meant.contains(0.0):
                return None
        return pairs[0] if pairs else None

    def count(self, *, ahead: bool) -> TaskCount | None:
        """Return on how many tasks the analog system is ahead, or behind; `None` where the tables do not say."""
        by_table = [table for table in self.tables if len(table.tasks) > 1]
        if len(by_table) != 1 or len({pair.name for pair in self.tasks}) != len(self.tasks):
            return None
        if not self.tasks or any(pair.better is None and pair.difference for pair in self.tasks):
            return None
        clear = sum(pair.better == ahead and not pair.meant.contains(0.0) for pair in self.tasks)
        open_ = sum(pair.meant.contains(0.0) for pair in self.tasks)
        path: KeyPath = ("performance", "results", self.tables.index(by_table[0]), "tasks")
        return TaskCount(clear, range(clear, clear + open_ + 1), path)

    def values(self, names: Sequence[str]) -> list[Value]:
        """Return the scores of these tasks."""
        wanted = set(names)
        return [value for name, value in self._rows if name in wanted]

    @cached_property
    def every_value(self) -> list[Value]:
        """Every score that the sheet states."""
        found = [value for _, value in self._rows]
        for index, table in enumerate(self.tables):
            for system, fact in (table.averages or {}).items():
                found += _value(fact, ("performance", "results", index, "averages", system))
        training, robustness = self.sheet.hwa_training, self.sheet.robustness
        if training is not None:
            for field in ("accuracy", "baseline_accuracy"):
                found += _value(getattr(training, field), ("hwa_training", field))
        for index, point in enumerate((robustness.over_time or ()) if robustness is not None else ()):
            found += _value(point.score, ("robustness", "over_time", index, "score"))
        return found

    @cached_property
    def classes(self) -> dict[str, tuple[int, KeyPath]]:
        """How many classes each task has, where every table says the same."""
        found: dict[str, tuple[int, KeyPath]] = {}
        for index, table in enumerate(self.tables):
            for row, task in enumerate(table.tasks):
                number = task.classes.whole if task.classes is not None else None
                if number is not None:
                    found[task.task] = (number, ("performance", "results", index, "tasks", row, "classes"))
        return found

    @cached_property
    def _rows(self) -> list[tuple[str, Value]]:
        return [
            (task.task, value)
            for index, table in enumerate(self.tables)
            for row, task in enumerate(table.tasks)
            for system, fact in task.scores.items()
            for value in _value(fact, ("performance", "results", index, "tasks", row, "scores", system))
        ]


def _value(fact: Fact | None, path: KeyPath) -> list[Value]:
    quantity = fact.quantity if fact is not None else None
    return [] if quantity is None else [(quantity.meant, path, quantity.text)]


def _is_of_two_scales(table: ResultTable) -> bool:
    """Return whether a score is out of the scale of the others, which other rules report."""
    scores = [fact.quantity.value for task in table.tasks for fact in task.scores.values() if fact.quantity]
    return any(score > 1 for score in scores) and any(score <= 1 for score in scores)


def _pairs_of(table: ResultTable) -> Iterator[tuple[str, str]]:
    for analog in table.systems:
        for digital in table.systems:
            if (analog.kind, digital.kind) == ("analog", "digital"):
                yield analog.id, digital.id


def _of_row(table: ResultTable, task: Task, path: KeyPath) -> Iterator[ScorePair]:
    for analog, digital in _pairs_of(table):
        sides = [task.scores.get(analog), task.scores.get(digital)]
        known = [side.quantity for side in sides if side is not None]
        if len(known) == len(sides) and known[0] is not None and known[1] is not None:
            paths = ((*path, analog), (*path, digital))
            yield _compared(task.task, known[0], known[1], scale=scale_of(table, task), paths=paths)


def _of_averages(table: ResultTable, index: int) -> Iterator[ScorePair]:
    path: KeyPath = ("performance", "results", index)
    if _is_of_two_scales(table):
        return
    scale = table_scale(table) or ScoreScale(higher_is_better=None)
    for analog, digital in _pairs_of(table):
        published = [(table.averages or {}).get(system) for system in (analog, digital)]
        known = [fact.quantity for fact in published if fact is not None]
        if len(known) == len(published) and known[0] is not None and known[1] is not None:
            paths = ((*path, "averages", analog), (*path, "averages", digital))
            yield _compared("average", known[0], known[1], scale=scale, paths=paths)
            continue
        rows = [list(scores_of(table, system).values()) for system in (analog, digital)]
        if all(len(scores) == len(table.tasks) for scores in rows):
            one, other = (mean(scores) for scores in rows)
            sides = (one.value, one.reach), (other.value, other.reach)
            yield _difference("average", *sides, scale=scale, paths=((*path, "tasks"),))


def _compared(
    name: str, one: Quantity, other: Quantity, *, scale: ScoreScale, paths: tuple[KeyPath, ...]
) -> ScorePair:
    sides = (one.value, one.meant), (other.value, other.meant)
    return _difference(name, *sides, scale=scale, paths=paths)


def _difference(
    name: str,
    one: tuple[float, Interval],
    other: tuple[float, Interval],
    *,
    scale: ScoreScale,
    paths: tuple[KeyPath, ...],
) -> ScorePair:
    difference, meant = one[0] - other[0], one[1] - other[1]
    relative = meant.scaled(1 / abs(other[0])) if other[0] else meant
    higher = scale.higher_is_better
    better = None if higher is None or difference == 0 else (difference > 0) == higher
    return ScorePair(name, scale, difference, meant, relative, better, (one[0], other[0]), paths)
