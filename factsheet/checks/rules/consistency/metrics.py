"""The metrics of results: how people write them, what kind of task they score, and the range of their values.

Only metrics whose range and kind of task are beyond doubt are listed; any other is ignored.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

TaskType = Literal["classification", "regression"]
_INFINITY = float("inf")


class Metric(NamedTuple):
    """A metric.

    Attributes:
        name: what to call it.
        scores: the kind of task that it scores.
        low: smallest value, as a fraction of one.
        high: largest value.
        spellings: how it is written, lower-cased, with a space for every sign.
    """

    name: str
    scores: TaskType
    low: float
    high: float
    spellings: tuple[str, ...]


ACCURACY = Metric("accuracy", "classification", 0, 1, ("accuracy", "acc", "top 1", "top 5", "exact match"))
F1 = Metric("F1", "classification", 0, 1, ("f1", "f score", "f measure"))
MATTHEWS = Metric(
    "Matthews correlation", "classification", -1, 1, ("matthews", "matthew", "mcc", "phi coefficient")
)
PEARSON = Metric("Pearson correlation", "regression", -1, 1, ("pearson", "pearsonr", "pcc"))
SPEARMAN = Metric("Spearman correlation", "regression", -1, 1, ("spearman", "spearmanr"))
METRICS: tuple[Metric, ...] = (
    ACCURACY,
    F1,
    MATTHEWS,
    PEARSON,
    SPEARMAN,
    Metric("precision", "classification", 0, 1, ("precision",)),
    Metric("recall", "classification", 0, 1, ("recall",)),
    Metric("area under the curve", "classification", 0, 1, ("auc", "auroc", "roc auc", "auprc")),
    Metric("Kendall correlation", "regression", -1, 1, ("kendall",)),
    Metric("R²", "regression", -_INFINITY, 1, ("r²", "r2", "r squared")),
    Metric("squared error", "regression", 0, _INFINITY, ("mse", "rmse", "squared error", "square error")),
    Metric("absolute error", "regression", 0, _INFINITY, ("mae", "absolute error")),
)

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
def metrics_in(text: str) -> tuple[Metric, ...]:
    """Return the metrics that a text names; none where it names another one, or misspells it."""
    written = f" {_plain(text)} "
    return tuple(
        metric for metric in METRICS if any(f" {spelling} " in written for spelling in metric.spellings)
    )


@lru_cache(maxsize=256)
def benchmark_metrics(table: str, task: str) -> tuple[str, tuple[Metric, ...]] | None:
    """Return the benchmark that a table shows, and its metrics for a task; `None` where either is not known.

    Args:
        table: the table's name.
        task: the task's name.
    """
    words = _plain(table).split()
    if "glue" not in words or "super" in words:
        return None
    metrics = _GLUE.get(_plain(task))
    return None if metrics is None else ("GLUE", metrics)


def _plain(text: str) -> str:
    """Return lower-cased words with one space between them."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())
