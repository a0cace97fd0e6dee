"""Gaps between the scores of an analog and a digital system, task by task and on average, with the digits of both.

Nothing is claimed of them. A claimed gap is judged in `factsheet.recompute.comparisons.score_claims`, by the same
definition: analog minus digital, over the tasks that both have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from factsheet.recompute.comparisons.score_claims import common_rows, compare_averages
from factsheet.recompute.comparisons.score_scales import drift_scale, scale_of, table_scale, training_scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, System


@dataclass(frozen=True, slots=True)
class Gap:
    """Analog minus digital score, with the digits that both scores have."""

    amount: float
    """In points for shares, in the unit of the scores otherwise."""
    decimals: int
    """Digits after the decimal point that are worth showing."""
    unit: str = "points"
    """What the amount is counted in; empty for plain numbers."""
    shown: str = ""
    """How it is written where it takes a unit of its own size, such as `−310 µs`."""
    better: bool | None = None
    """Whether the analog system is the better one; `None` for no difference, or where nobody says what is better."""

    @property
    def text(self) -> str:
        """E.g. `−2.40` or `+3.55`."""
        if self.shown:
            return f"{'−' if self.amount < 0 else '+' if self.amount > 0 else ''}{self.shown.lstrip('-')}"
        rounded = f"{abs(self.amount):.{self.decimals}f}"
        if float(rounded) == 0:
            return rounded
        return f"{'−' if self.amount < 0 else '+'}{rounded}"

    @property
    def words(self) -> str:
        """With its unit: `−2.40 points`."""
        return f"{self.text} {self.unit}".rstrip()

    @property
    def compared(self) -> str:
        """How the analog score compares: `2.40 points less`, `0.5 points more, which is worse`, `the same`."""
        if not self.text.strip("0."):
            return "the same"
        return f"{self.size} {self.direction}{self.judged}"

    @property
    def size(self) -> str:
        """Without its sign: `2.40 points`."""
        return f"{self.text.lstrip('−+')} {self.unit}".rstrip()

    @property
    def direction(self) -> str:
        """Whether the analog score is `more` or `less`."""
        return "less" if self.amount < 0 else "more"

    @property
    def judged(self) -> str:
        """What to add where less is better: `, which is worse`."""
        if self.better is None or self.better == (self.amount > 0):
            return ""
        return f", which is {'better' if self.better else 'worse'}"


def pair(table: ResultTable) -> tuple[System, System] | None:
    """Return the analog and the digital system; `None` unless there is exactly one of each."""
    analog = [system for system in table.systems if system.kind == "analog"]
    digital = [system for system in table.systems if system.kind == "digital"]
    return (analog[0], digital[0]) if len(analog) == len(digital) == 1 else None


def task_gap(table: ResultTable, row: int) -> Gap | None:
    """Return how far the analog score of a row is from the digital one, of ranges the middle; `None` without both."""
    task = table.tasks[row]
    return _gap(table, task.scores, scale_of(table, task))


def published_gap(table: ResultTable) -> Gap | None:
    """Return the difference of the published averages; `None` without both, or where a mean means nothing."""
    scale = table_scale(table)
    return None if scale is None else _gap(table, table.averages, scale)


def _gap(table: ResultTable, scores: Mapping[str, Fact] | None, scale: ScoreScale) -> Gap | None:
    systems = pair(table)
    if systems is None or scores is None:
        return None
    found = [scores[system.id].quantity for system in systems if system.id in scores]
    points = [quantity for quantity in found if quantity is not None and quantity.kind != "bound"]
    if len(points) != len(systems):
        return None
    analog, digital = points
    return _made(analog.value - digital.value, min(_decimals(one, scale) for one in points), scale)


def _made(difference: float, decimals: int, scale: ScoreScale) -> Gap:
    amount = difference * scale.factor
    if scale.dimension != "score":
        return Gap(amount, decimals, "", scale.difference(difference), scale.better(difference))
    return Gap(amount, decimals, scale.points, better=scale.better(round(amount, decimals)))


def training_gap(sheet: SheetFields) -> Gap | None:
    """Return the training section's score minus that of its digital baseline; `None` without both."""
    training = sheet.hwa_training
    found = () if training is None else (training.accuracy, training.baseline_accuracy)
    scores = [fact.quantity for fact in found if fact is not None and fact.quantity is not None]
    if len(scores) != len(("analog", "digital")) or any(score.kind == "bound" for score in scores):
        return None
    analog, digital = scores
    scale = training_scale(sheet, analog)
    if not scale.like(training_scale(sheet, digital)):
        return None
    return _made(analog.value - digital.value, min(_decimals(one, scale) for one in scores), scale)


def lost_at_once(sheet: SheetFields) -> bool:
    """Return whether the first score over time is below the digital baseline by more than the accepted loss."""
    robustness, training = sheet.robustness, sheet.hwa_training
    if robustness is None or training is None or not robustness.over_time:
        return False
    facts = (training.baseline_accuracy, robustness.over_time[0].score, robustness.accepted_loss)
    found = [fact.quantity for fact in facts if fact is not None and fact.quantity is not None]
    if len(found) != len(facts):
        return False
    baseline, first, accepted = found
    scale = drift_scale(sheet)
    return scale.loss(baseline.meant, first.meant).low > scale.own_points(accepted).meant.high


def average_gap(table: ResultTable) -> Gap | None:
    """Return the mean of the gaps over the tasks that both systems have a score for.

    Averages are rounded before they are published, so that their difference only comes close to it; it counts where no
    task has both scores. `None` where the rows are of unlike metrics.
    """
    scale = table_scale(table)
    if scale is None:
        return None
    found = [gap for row in range(len(table.tasks)) if (gap := task_gap(table, row)) is not None]
    if not found:
        return published_gap(table)
    mean = math.fsum(gap.amount for gap in found) / len(found)
    return _made(mean / scale.factor, min(gap.decimals for gap in found), scale)


def compared_tasks(table: ResultTable) -> int:
    """Return the number of tasks that a gap between the analog and the digital system is over."""
    systems = pair(table)
    return 0 if systems is None else len(common_rows(table, *(system.id for system in systems)))


class Standing(NamedTuple):
    """On which tasks of a table the analog system is the better one, and on which the worse one."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    same: tuple[str, ...]
    unknown: tuple[str, ...]
    """Tasks whose metric has no known direction."""

    @property
    def tasks(self) -> int:
        """The number of tasks that have both scores."""
        return sum(map(len, self))


def standing(table: ResultTable) -> Standing | None:
    """Return how the analog system compares with the digital one, task by task; `None` without one of each."""
    if pair(table) is None:
        return None
    groups: dict[str, list[str]] = {"better": [], "worse": [], "same": [], "unknown": []}
    for row, task in enumerate(table.tasks):
        gap = task_gap(table, row)
        if gap is None:
            continue
        none = "unknown" if gap.text.strip("0.−+") else "same"
        groups[none if gap.better is None else "better" if gap.better else "worse"].append(task.task)
    return Standing(*(tuple(groups[name]) for name in Standing._fields))


class Averages(NamedTuple):
    """The averages of the analog and the digital system with the gap between them, all three from one source."""

    analog: str
    digital: str
    gap: Gap | None
    recomputed: bool
    """Whether they are the means of the rows, because the published averages are others."""


def averages_of(sheet: SheetFields, table: ResultTable) -> Averages | None:
    """Return the published averages, or those of the rows where the published ones do not come to the same digits.

    `None` unless an average of both systems is published, and where the rows are of unlike metrics.
    """
    systems, scale = pair(table), table_scale(table)
    if systems is None or scale is None:
        return None
    published = [(table.averages or {}).get(system.id) for system in systems]
    stated = [fact.words() for fact in published if fact is not None and fact.absence is None]
    if len(stated) != len(systems):
        return None
    judged = {known.system: known for known in compare_averages(sheet, only=table)}
    compared = [judged[system.id] for system in systems if system.id in judged]
    gaps = [task_gap(table, row) for row in range(len(table.tasks))]
    decimals = [entry.decimals for entry in gaps if entry is not None]
    means = [one.mean for one in compared if one.mean is not None and one.verdict.fits is not None]
    if len(means) < len(systems) or len(decimals) < len(gaps):
        return Averages(stated[0], stated[1], published_gap(table), recomputed=False)
    if all(one.verdict.kind in {"agrees", "rounds_to"} for one in compared):
        plain = all(mean.over == "mean over rows" for mean in means)
        return Averages(
            stated[0], stated[1], average_gap(table) if plain else published_gap(table), recomputed=False
        )
    digits = min(decimals)
    analog, digital = (round(mean.value * scale.factor, digits) for mean in means)
    between = _made((analog - digital) / scale.factor, digits, scale)
    unit = "%" if scale.share else scale.unit
    texts = [f"{value:.{digits}f} {unit}".rstrip() for value in (analog, digital)]
    return Averages(texts[0], texts[1], between, recomputed=True)


def _decimals(score: Quantity, scale: ScoreScale) -> int:
    """Return decimals of a score in per cent, or in its own unit; a step of 0.0001 is a hundredth of a point."""
    return 2 if score.step <= 0 else max(0, round(-math.log10(score.step * scale.factor)))
