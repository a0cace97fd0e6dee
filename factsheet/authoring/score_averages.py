"""Averages over the tasks of a table of results: which of them mean something, and how many digits they have."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from factsheet.quantities.metrics import metric_named, plain
from factsheet.recompute.comparisons.score_means import rows_of, scores_of
from factsheet.recompute.comparisons.score_scales import table_scale
from factsheet.sheet.answers import steps_of

if TYPE_CHECKING:
    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable


_PARTS_OF_DATA = frozenset(
    {
        *("evaluation", "prediction", "validation", "valid", "val", "dev", "eval", "test"),
        *("train", "training", "predict"),
    }
)
"""Names of rows that are parts of one set of data."""


def is_mean_of_unlike(sheet: SheetFields, fact: DerivedFact) -> bool:
    """Return whether a mean would be over what nobody averages.

    So are rows of no metric that is known, of several splits, of one set of data twice, and parts of it by their
    names; and rows that not every system has a score of. Of systems that nothing calls analog or digital there is
    nothing to compare: rows may be classes, files or variants. A mean that the sheet states is checked all the same.
    """
    table = _averaged(sheet, fact)
    if table is None or fact.claim is not None:
        return False
    metrics = {metric_named(row.metric or table.metric or "") for row in table.tasks}
    splits = {row.evaluation.split if row.evaluation else None for row in table.tasks}
    sets = [
        (row.evaluation.dataset, row.evaluation.configuration)
        for row in table.tasks
        if row.evaluation is not None and row.evaluation.dataset is not None
    ]
    parts = any(plain(row.task) in _PARTS_OF_DATA for row in table.tasks)
    return (
        None in metrics
        or len(metrics) > 1
        or len(splits) > 1
        or len(sets) != len(set(map(str, sets)))
        or any(len(scores_of(table, system.id)) < len(rows_of(table)) for system in table.systems)
        or not any(system.kind for system in table.systems)
        or parts
    )


def mean_text(sheet: SheetFields, fact: DerivedFact) -> str:
    """Return a fact's value for people; that of a mean has no digit that its coarsest score does not have."""
    table = _averaged(sheet, fact)
    scale = None if table is None else table_scale(table)
    if table is None or scale is None or fact.derived is None or scale.dimension != "score":
        return fact.text
    step = max(
        (score.step for score in scores_of(table, fact.path.partition(".averages.")[2]).values()), default=0.0
    )
    if not step:
        return fact.text
    factor, unit = (100.0, "%") if scale.share else (1.0, scale.unit)
    decimals = max(0, -round(math.log10(step * factor)))
    # A float of 77.15 is a little less; people round it up.
    mean = Decimal(f"{fact.derived * factor:.12g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{mean} {unit}".rstrip()


def _averaged(sheet: SheetFields, fact: DerivedFact) -> ResultTable | None:
    """Return the table that a fact is a mean over; `None` for any other fact."""
    holder, averages, _ = fact.path.partition(".averages.")
    if not averages or sheet.performance is None:
        return None
    number = next((key for key in steps_of(holder) if isinstance(key, int)), None)
    tables = sheet.performance.results or ()
    return None if number is None or number >= len(tables) else tables[number]
