"""The table of metrics: what texts name, and which direction is better."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from factsheet.quantities.metrics import METRICS, Metric, metric_named, metrics_in


@pytest.mark.parametrize(
    ("text", "name", "higher"),
    [
        ("accuracy on the test words, mean of ten seeds", "accuracy", True),
        ("top-1 accuracy", "accuracy", True),
        ("top-1 error", "error rate", False),
        ("Word error rate (WER)", "word error rate", False),
        ("perplexity", "perplexity", False),
        ("validation PPL", "perplexity", False),
        ("RMSE", "root mean squared error", False),
        ("accuracy loss", "loss of accuracy", False),
        ("cross-entropy loss", "cross entropy", False),
        ("test loss", "loss", False),
        ("BLEU-4", "BLEU", True),
        ("PSNR in dB", "signal to noise", True),
        ("Matthews corr.", "Matthews correlation", True),
    ],
)
def test_a_text_names_a_metric_with_its_direction(text: str, name: str, higher: bool) -> None:
    found = metric_named(text)
    assert found is not None
    assert (found.name, found.higher_is_better) == (name, higher)


@pytest.mark.parametrize("text", ["", "GLUE score", "our own measure", "loss of generality, as a figure"])
def test_a_text_that_names_none_of_them_has_no_direction(text: str) -> None:
    assert metric_named(text) is None


def test_several_metrics_are_named_in_their_order_and_one_inside_another_is_not() -> None:
    assert [metric.name for metric in metrics_in("Pearson/Spearman corr.")] == [
        "Pearson correlation",
        "Spearman correlation",
    ]
    assert [metric.name for metric in metrics_in("word error rate")] == ["word error rate"]
    # They contradict each other on what is better, so that the text has no direction.
    assert metric_named("accuracy and error rate") is None


def test_no_spelling_belongs_to_two_metrics_and_each_metric_names_its_source() -> None:
    spellings = [spelling for metric in METRICS for spelling in metric.spellings]
    assert len(spellings) == len(set(spellings))
    assert all(metric.source and metric.low < metric.high for metric in METRICS)
    assert all(metric.low >= -1 or metric.low == -float("inf") for metric in METRICS if metric.share)


def row(metric: Metric) -> str:
    """Return a metric as a row of `docs/metrics.md`."""

    def end(value: float) -> str:
        return "any" if abs(value) == inf else f"{value * 100:g} %" if metric.share else f"{value:g}"

    kind = "share, or 0 to 100" if metric.hundred else "share" if metric.share else metric.unit or "number"
    fits = " and ".join(sorted(metric.fits)) or "neither"
    spelt = ", ".join(metric.spellings)
    cells = (
        metric.name,
        metric.better,
        kind,
        f"{end(metric.low)} to {end(metric.high)}",
        fits,
        spelt,
        metric.source,
    )
    return f"| {' | '.join(cells)} |"


def test_the_page_on_metrics_lists_each_of_them() -> None:
    page = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert rows == [row(metric) for metric in METRICS]
