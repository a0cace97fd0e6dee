"""Score predictions by a task's metric; scikit-learn and SciPy work them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from factsheet.networks.from_models.imports import need

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar.functional.hub_tasks.task_definitions import MetricName

_EXTRA, _PURPOSE = "datasets", "scoring a task"


def score_of(metric: MetricName, labels: Sequence[float], predicted: Sequence[float]) -> float:
    """Return the score of predictions; F1 is that of class 1, as GLUE counts it.

    Raises:
        WorkloadError: scikit-learn is not installed.
    """
    measures = need("sklearn.metrics", _EXTRA, _PURPOSE)
    match metric:
        case "accuracy":
            return float(measures.accuracy_score(labels, predicted))
        case "F1":
            return float(measures.f1_score(labels, predicted, pos_label=1.0, zero_division=0.0))
        case "Matthews correlation":
            return float(measures.matthews_corrcoef(labels, predicted))
        case "Spearman correlation":
            return float(need("scipy.stats", _EXTRA, _PURPOSE).spearmanr(labels, predicted).statistic)
        case _:
            assert_never(metric)
