"""The scores by which sheets are put side by side: of the analog model, and what it loses to the digital one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.catalog.entry import ListedFigure
from factsheet.quantities.metrics import metric_named
from factsheet.quantities.quantity import grouped
from factsheet.recompute.comparisons.score_gaps import average_gap, compared_tasks, pair, training_gap
from factsheet.recompute.comparisons.score_means import tables
from factsheet.recompute.comparisons.score_scales import table_scale, training_scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.recompute.comparisons.score_gaps import Gap
    from factsheet.recompute.comparisons.score_scales import ScoreScale
    from factsheet.recompute.derivation import Derivation
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable
    from factsheet.sheet.walk import Placed

_TRAINING = "hwa_training.accuracy"
_POINTS = "points"


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
    if figure is None or scale is None or not scale.share or scale.higher_is_better is not True:
        return figure, None
    return figure, figure


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
            basis=", ".join(part for part in (data_name(placed), _metric_in(words)) if part),
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
            return _loss(gap, f"performance.results[{index}]", _basis_of(table), note)
    gap = training_gap(sheet)
    if gap is None:
        return None
    name = None if sheet.test_data is None else sheet.test_data.name
    return _loss(gap, "hwa_training.baseline_accuracy", "" if name is None else name.words(), "")


def _loss(gap: Gap, path: str, basis: str, note: str) -> ListedFigure | None:
    if gap.better is None and gap.text.strip("0.−+"):
        return None
    size = abs(gap.amount)
    lost = -size if gap.better else size
    shown = f"{gap.size}, better" if gap.better else gap.size
    half = 0.5 * 10.0**-gap.decimals
    scale = 0.01 if gap.unit == _POINTS else 1.0
    return ListedFigure(
        path=path,
        text=shown,
        value=lost * scale,
        low=(lost - half) * scale,
        high=(lost + half) * scale,
        origin="worked out",
        basis=gap.unit or "plain number",
        note="; ".join(part for part in (basis, note) if part),
    )


_FIRST_FEW = re.compile(r"(?i)\btop[- ]?\d+\b")


def _metric_in(words: str) -> str:
    """Return the metric that words name, by its usual name; the words where they name none that is known."""
    known = metric_named(words)
    first = _FIRST_FEW.search(words)
    return words if known is None else f"{known.name}, {first[0].lower()}" if first else known.name


def _basis_of(table: ResultTable) -> str:
    scale = table_scale(table)
    metric = table.metric or ("" if scale is None else scale.metric)
    return ", ".join(part for part in (table.name, metric) if part)


def data_name(placed: Mapping[str, Placed]) -> str:
    """Return the name of the data that a sheet's model was tested on; empty where the sheet does not name it."""
    found = placed.get("test_data.name")
    return "" if found is None or found.fact.text is None else " ".join(found.fact.text.split())
