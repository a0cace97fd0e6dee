"""The scores by which sheets are put side by side: of the analog model, and what it loses to the digital one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.catalog.entry import ListedFigure
from factsheet.quantities.metrics import metric_named
from factsheet.quantities.quantity import grouped
from factsheet.recompute.comparisons.score_gaps import average_gap, compared_tasks, pair, training_gap
from factsheet.recompute.comparisons.score_means import tables
from factsheet.recompute.comparisons.score_scales import (
    PERCENT_SIGNS,
    metric_words,
    scale_of,
    table_scale,
    training_scale,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.comparisons.score_gaps import Gap
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable
    from factsheet.sheet.walk import Placed

_TRAINING = "hwa_training.accuracy"
_POINTS = "points"
_SEVERAL = "a mean over several metrics"


def score_figures(
    sheet: SheetFields, placed: Mapping[str, Placed], derivation: Derivation | None
) -> tuple[ListedFigure | None, ListedFigure | None]:
    """Return the score of the analog model, and the same as its accuracy where it is one.

    It is the training section's, else the average of the first analog system. An accuracy is a share of which more is
    better: no error rate, and no perplexity.
    """
    quantity = None if _TRAINING not in placed else placed[_TRAINING].fact.quantity
    if quantity is not None:
        figure = _trained(placed, derivation)
        scale: ScoreScale | None = training_scale(sheet, quantity)
    else:
        figure, scale = _table_average(sheet, placed, derivation)
    if figure is None or scale is None:
        return figure, None
    higher = scale.higher_is_better
    figure = replace(figure, better="" if higher is None else "higher" if higher else "lower")
    return figure, figure if scale.share and higher and not scale.own else None


def _trained(placed: Mapping[str, Placed], derivation: Derivation | None) -> ListedFigure | None:
    stated = placed.get(_TRAINING)
    quantity = None if stated is None else stated.fact.quantity
    if stated is not None and quantity is not None:
        metric = placed.get("hwa_training.accuracy_metric")
        words = "" if metric is None else " ".join((metric.fact.text or "").split())
        checked = {} if derivation is None else {fact.path: fact for fact in derivation.facts}
        recomputed = checked.get(_TRAINING)
        return ListedFigure(
            path=_TRAINING,
            text=grouped(quantity.text),
            value=quantity.value,
            kind=quantity.kind,
            low=quantity.meant.low,
            high=quantity.meant.high,
            origin="stated",
            provenance=stated.source or "",
            check="not recomputed" if recomputed is None else recomputed.verdict.mark,
            basis=", ".join(part for part in (data_name(placed), metric_words(words)) if part),
            note="; ".join(part for part in (words, " ".join((stated.fact.note or "").split())) if part),
        )
    return None


def _table_average(
    sheet: SheetFields, placed: Mapping[str, Placed], derivation: Derivation | None
) -> tuple[ListedFigure | None, ScoreScale | None]:
    facts = {} if derivation is None else {fact.path: fact for fact in derivation.facts}
    for index, table in enumerate(tables(sheet)):
        for system in table.systems:
            path = f"performance.results[{index}].averages.{system.id}"
            fact = facts.get(path)
            if system.kind != "analog" or fact is None or fact.derived is None:
                continue
            published = placed.get(path)
            quantity = None if published is None else published.fact.quantity
            reach = fact.reach
            value = float(fact.derived) if quantity is None else quantity.value
            figure = ListedFigure(
                path=path,
                text=fact.text if quantity is None else grouped(quantity.text),
                value=value,
                low=value if reach is None else reach.low,
                high=value if reach is None else reach.high,
                origin="worked out" if quantity is None else "stated",
                provenance=_source_of(placed, index, system.id)
                if published is None
                else published.source or "",
                check="" if quantity is None else fact.verdict.mark,
                basis=_basis_of(table),
                note=f"{system.name}; {fact.note}" if fact.note else system.name,
            )
            return figure, table_scale(table)
    return None, None


def _source_of(placed: Mapping[str, Placed], index: int, system: str) -> str:
    """Return where the scores of a system are from; empty where they do not say, or not all the same."""
    start, end = f"performance.results[{index}].tasks[", f"].scores.{system}"
    sources = {one.source for path, one in placed.items() if path.startswith(start) and path.endswith(end)}
    return next(iter(sources)) or "" if len(sources) == 1 else ""


def loss_figure(sheet: SheetFields) -> ListedFigure | None:
    """Return by how much the analog model is worse than the digital one; below zero where it is better.

    It is the mean over the tasks of the first table that has one analog and one digital system, else the difference of
    the training section's two scores. `None` where nobody says which direction is better.
    """
    for index, table in enumerate(tables(sheet)):
        gap = average_gap(table) if pair(table) is not None else None
        if gap is not None:
            many = compared_tasks(table)
            note = f"mean over {many} tasks" if many > 1 else ""
            scale = table_scale(table)
            named = _metrics_of(table)
            metric = _SEVERAL if len(named) > 1 else next(iter(named), "")
            scores = [fact.quantity for task in table.tasks for fact in task.scores.values()]
            lost = _Lost(gap, scale, metric, _fraction(scale, scores))
            return _loss(lost, f"performance.results[{index}]", (_basis_of(table), note))
    gap = training_gap(sheet)
    training = sheet.hwa_training
    score = None if training is None or training.accuracy is None else training.accuracy.quantity
    if gap is None or training is None or score is None:
        return None
    scale = training_scale(sheet, score)
    said = "" if training.accuracy_metric is None else " ".join((training.accuracy_metric.text or "").split())
    metric = scale.points_of(said)
    name = None if sheet.test_data is None else sheet.test_data.name
    return _loss(
        _Lost(gap, scale, metric, _fraction(scale, [score])),
        "hwa_training.baseline_accuracy",
        (", ".join(filter(None, ("" if name is None else name.words(), metric))), ""),
    )


def _metrics_of(table: ResultTable) -> tuple[str, ...]:
    """Return the metrics of the rows that a loss is the mean over, each once."""
    scales = [scale_of(table, task) for task in table.tasks]
    return tuple(dict.fromkeys(scale.points_of(scale.metric) for scale in scales))


def _fraction(scale: ScoreScale | None, scores: Sequence[Quantity | None]) -> bool:
    """Return whether scores that are customary up to a hundred are written as fractions of one: 0.134 for 13.4 BLEU."""
    return (
        scale is not None
        and scale.own
        and scale.share
        and not any(score is not None and score.unit in PERCENT_SIGNS for score in scores)
    )


class _Lost(NamedTuple):
    """A gap with what it is of.

    Attributes:
        gap: analog minus digital.
        scale: of the scores.
        metric: what it is counted in points of.
        fraction: whether the scores are written as fractions of one, though they are no share of anything.
    """

    gap: Gap
    scale: ScoreScale | None
    metric: str
    fraction: bool


def _loss(lost: _Lost, path: str, about: tuple[str, str]) -> ListedFigure | None:
    gap = lost.gap
    if gap.better is None and gap.text.strip("0.−+"):
        return None
    amount = -abs(gap.amount) if gap.better else abs(gap.amount)
    size = f"{abs(gap.amount) / 100:.{gap.decimals + 2}f}" if lost.fraction else gap.size
    half = 0.5 * 10.0**-gap.decimals
    # 0.3 of 27.3 BLEU are points of it, as of 0.273.
    points = gap.unit == _POINTS or (not gap.unit and lost.scale is not None and lost.scale.own)
    factor = 0.01 if points else 1.0
    unit = _POINTS if points else gap.unit
    return ListedFigure(
        path=path,
        text=f"{size}, better" if gap.better else size,
        value=amount * factor,
        low=(amount - half) * factor,
        high=(amount + half) * factor,
        origin="worked out",
        basis=_basis_of_loss(unit, lost.metric),
        note="; ".join(dict.fromkeys(part for part in about if part)),
    )


def _basis_of_loss(unit: str, metric: str) -> str:
    if not unit or not metric or metric.startswith(unit):
        return metric or unit or "plain number"
    return f"{unit} of {metric}" if metric_named(metric) is not None else f"{unit}, {metric}"


def _basis_of(table: ResultTable) -> str:
    scale = table_scale(table)
    metric = table.metric or ("" if scale is None else scale.metric)
    return ", ".join(part for part in (table.name, metric) if part)


def data_name(placed: Mapping[str, Placed]) -> str:
    """Return the name of the data that a sheet's model was tested on; empty where the sheet does not name it."""
    found = placed.get("test_data.name")
    return "" if found is None or found.fact.text is None else " ".join(found.fact.text.split())
