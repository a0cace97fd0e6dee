"""Gaps between the scores of an analog and a digital system, task by task and on average, with the digits of both.

Nothing is claimed of them. A claimed gap is judged in `factsheet.recompute.comparisons.score_claims`, by the same
definition: analog minus digital, over the tasks that both have.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.shares import share_interval
from factsheet.recompute.comparisons.score_claims import common_rows, compare_averages
from factsheet.recompute.comparisons.score_scales import (
    PERCENT_SIGNS,
    drift_scale,
    scale_of,
    table_scale,
    training_scale,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.facts.fact import Fact
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, System


_CONFIDENCE = 0.9
"""Of what examples leave open: as simulations have it, unless they are asked for another one."""


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


def stated_gap(table: ResultTable, scale: ScoreScale) -> Gap | None:
    """Return the average gap that a table states, with the digits and the unit that it is written with."""
    quantity = None if table.gap is None else table.gap.quantity
    if quantity is None or quantity.kind == "bound":
        return None
    own = scale.own_points(quantity)
    made = _made(own.value, _decimals(own, scale), scale)
    # A difference in per cent may be one of points, or a share of the score: it stays what the sheet calls it.
    return replace(made, unit=quantity.unit) if quantity.unit in PERCENT_SIGNS else made


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


class ChanceRange(NamedTuple):
    """What the number of test examples leaves open of a gap: how far it may be off by which examples were drawn."""

    low: float
    """In the unit of the gap."""
    high: float
    examples: int
    """Of all tasks together."""

    @property
    def holds_none(self) -> bool:
        """Whether no gap at all is within the range."""
        return self.low <= 0 <= self.high

    @property
    def words(self) -> str:
        """E.g. `the choice of 1,943 test examples alone leaves −1.6 to +2.3 points open (90 % confidence)`."""
        return (
            f"the choice of {self.examples:,} test examples alone leaves {self._ends} points open "
            f"({100 * _CONFIDENCE:.0f} % confidence)"
        )

    @property
    def short(self) -> str:
        """E.g. `1,943 test examples: −1.6 to +2.3 points`."""
        return f"{self.examples:,} test examples: {self._ends} points"

    @property
    def _ends(self) -> str:
        return " to ".join(f"{'−' if end < 0 else '+'}{abs(end):.1f}" for end in (self.low, self.high))


def table_chance(sheet: SheetFields, table: ResultTable) -> ChanceRange | None:
    """Return what the examples leave open of the gap of a table; `None` unless all its scores are shares of examples.

    Tasks are taken to be of other examples each.
    """
    systems = pair(table)
    ranges = []
    for task in table.tasks if systems is not None else ():
        scale = scale_of(table, task)
        scores = [task.scores[system.id].quantity for system in systems or () if system.id in task.scores]
        if len(table.tasks) == 1 and task.size is None:
            examples = _examples(sheet, ("test_data", "size"), _test_size(sheet))
        else:
            examples = _examples(sheet, (), task.size)
        ranges.append(_of_shares(scale, scores, examples))
    known = [found for found in ranges if found is not None]
    if not known or len(known) < len(ranges):
        return None
    middle = math.fsum(found.gap for found in known) / len(known)
    low, high = (
        math.sqrt(math.fsum(end * end for end in ends)) / len(known)
        for ends in ([found.below for found in known], [found.above for found in known])
    )
    return ChanceRange(100 * (middle - low), 100 * (middle + high), sum(found.examples for found in known))


def training_chance(sheet: SheetFields) -> ChanceRange | None:
    """Return what the examples leave open of the gap of the training section's scores; `None` as for a table."""
    training = sheet.hwa_training
    found = () if training is None else (training.accuracy, training.baseline_accuracy)
    scores = [None if fact is None else fact.quantity for fact in found]
    if not scores or scores[0] is None:
        return None
    scale = training_scale(sheet, scores[0])
    made = _of_shares(scale, scores, _examples(sheet, ("test_data", "size"), _test_size(sheet)))
    if made is None:
        return None
    return ChanceRange(100 * (made.gap - made.below), 100 * (made.gap + made.above), made.examples)


class _ShareGap(NamedTuple):
    gap: float
    below: float
    above: float
    examples: int


def _of_shares(
    scale: ScoreScale, scores: Sequence[Quantity | None], examples: int | None
) -> _ShareGap | None:
    """Return the range of the difference of two shares; Newcombe, Statistics in Medicine 17, 1998, method 10.

    It is that of independent examples. Both systems saw the same ones, which makes the true range narrower by as much
    as they agree; no sheet says by how much.
    """
    if not scale.share or (scale.known is not None and scale.known.name != "accuracy") or examples is None:
        return None
    known = [score for score in scores if score is not None and score.kind != "bound"]
    if len(known) != len(("analog", "digital")) or any(not 0 <= score.value <= 1 for score in known):
        return None
    analog, digital = (score.value for score in known)
    (low, high), (least, most) = (share_interval(share, examples, _CONFIDENCE) for share in (analog, digital))
    below = math.hypot(analog - low, most - digital)
    above = math.hypot(high - analog, digital - least)
    return _ShareGap(analog - digital, below, above, examples)


def _test_size(sheet: SheetFields) -> Fact | None:
    return None if sheet.test_data is None else sheet.test_data.size


def _examples(sheet: SheetFields, path: tuple[str, ...], fact: Fact | None) -> int | None:
    """Return a number of examples that is one number, and that no erratum is on."""
    size = None if fact is None else fact.quantity
    disputed = any(path and erratum.at == ".".join(path) for erratum in sheet.errata or ())
    if size is None or size.kind != "point" or size.value < 1 or disputed:
        return None
    return int(size.value)


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
