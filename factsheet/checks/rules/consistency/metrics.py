"""The metrics that known benchmarks score their tasks by, and what kind of task well-known data sets pose."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from factsheet.quantities.metrics import ACCURACY, F1, MATTHEWS, PEARSON, SPEARMAN, plain

if TYPE_CHECKING:
    from factsheet.quantities.metrics import Metric

_GLUE: dict[str, tuple[Metric, ...]] = {
    "cola": (MATTHEWS,),
    "sst 2": (ACCURACY,),
    "mrpc": (ACCURACY, F1),
    "sts b": (PEARSON, SPEARMAN),
    "qqp": (ACCURACY, F1),
    "mnli": (ACCURACY,),
    "mnli m": (ACCURACY,),
    "mnli mm": (ACCURACY,),
    "qnli": (ACCURACY,),
    "rte": (ACCURACY,),
    "wnli": (ACCURACY,),
}
"""Metrics of GLUE's tasks: Wang et al., GLUE (2018), Table 1."""


@lru_cache(maxsize=256)
def benchmark_metrics(table: str, task: str) -> tuple[str, tuple[Metric, ...]] | None:
    """Return the benchmark that a table shows, and its metrics for a task; `None` where either is not known.

    Args:
        table: the table's name.
        task: the task's name.
    """
    words = plain(table).split()
    if "glue" not in words or "super" in words:
        return None
    metrics = _GLUE.get(plain(task))
    return None if metrics is None else ("GLUE", metrics)
