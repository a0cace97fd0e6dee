"""Metrics by name, scales of units, and what is said of a text that is no quantity: one case for each branch."""

from __future__ import annotations

import math

import pytest

from factsheet.checks.rules.plausibility.dates import days
from factsheet.errors import QuantityError
from factsheet.quantities.metrics import METRICS, metric_named, metrics_in
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.comparisons.structure_readings import SHARE_UNDECLARED


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("accuracy", ["accuracy"]),
        ("Accuracy and F1", ["accuracy", "F1"]),
        ("F1 / accuracy", ["F1", "accuracy"]),
        ("top-5 accuracy", ["accuracy"]),
        ("mean error on eight tasks", 1),  # the last of the words before `on` is what counts
        ("error on tasks", 1),
        ("on errors", 1),
        ("a metric of ours", []),
        ("acuracy", []),
        ("", []),
    ],
)
def test_metrics_that_a_text_names(text: str, names: list[str] | int) -> None:
    found = [metric.name for metric in metrics_in(text)]
    if isinstance(names, int):
        assert len(found) == names
        assert "error" in found[0]
    else:
        assert [name for name in names if not any(name in one for one in found)] == []
        assert len(found) == len(names)


def test_of_several_metrics_the_first_where_they_are_alike() -> None:
    named = metric_named("accuracy and F1")
    assert named is not None
    assert named.name == "accuracy"
    assert metric_named("accuracy and error rate") is None
    assert metric_named("accuracy and perplexity") is None
    assert metric_named(None) is None


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        # By their definitions: a share, a correlation, a sum of two squares, an exponential of an entropy, a level.
        ("accuracy", 0.0, 1.0),
        ("F1", 0.0, 1.0),
        ("Matthews correlation", -1.0, 1.0),
        ("Brier score", 0.0, 2.0),
        ("perplexity", 1.0, math.inf),
        ("PSNR", -math.inf, math.inf),
        ("word error rate", 0.0, None),
    ],
)
def test_the_range_of_a_metric(name: str, low: float, high: float | None) -> None:
    metric = metric_named(name)
    assert metric is not None
    assert metric.low == low
    assert high is None or metric.high == high


def test_every_metric_is_found_by_each_of_its_spellings() -> None:
    assert METRICS
    for metric in METRICS:
        assert metric.low < metric.high
        for spelling in metric.spellings:
            assert metrics_in(spelling) == (metric,), spelling


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", (2022, 1, 1), (2022, 12, 31)),
        ("2022-11", (2022, 11, 1), (2022, 11, 31)),
        ("2022-11-14", (2022, 11, 14), (2022, 11, 14)),
    ],
)
def test_the_days_that_a_date_can_mean(text: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    found = days(text)
    assert found is not None
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("text", ["", "22", "2022-1", "2022-11-14-1", "soon", "2022-xx", None])
def test_what_is_no_date(text: str | None) -> None:
    assert days(text) is None


@pytest.mark.parametrize(
    ("text", "dimension", "said"),
    [
        ("3 parsecs", "power", ("unknown unit `parsecs`", "a power is written in nW")),
        ("3", "power", ("has no unit",)),
        ("3 watt-ish", "power", ("unknown unit",)),
        ("3 s", "power", ("is a unit of time, and a power is asked for",)),
        ("3.", "power", ("has a point without a digit after it",)),
        ("three", "power", ("`three`",)),
        ("5 W", "number", ("write the number alone",)),
        ("1e16", "score", ("1e16",)),
        ("150", "ratio", ("150",)),
        ("3 W\x07", "power", ("\ufffd",)),
        ("-3 W", "power", ("-3 W",)),
    ],
)
def test_what_is_said_of_a_text_that_is_none(text: str, dimension: str, said: tuple[str, ...]) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, dimension)
    words = caught.value.diagnostics()
    for part in said:
        assert part.casefold() in words.casefold(), words
    assert "\x07" not in words


@pytest.mark.parametrize(
    ("text", "dimension"), [("1e15", "score"), ("1e40 W", "power"), ("1e-40 W", "power"), ("0 W", "power")]
)
def test_what_is_just_within_bounds(text: str, dimension: str) -> None:
    assert parse_quantity(text, dimension).value == pytest.approx(float(text.split(maxsplit=1)[0]))


@pytest.mark.parametrize(
    ("text", "dimension"), [("1.01e15", "score"), ("1.1e40 W", "power"), ("9e-41 W", "power")]
)
def test_what_is_just_beyond_them(text: str, dimension: str) -> None:
    with pytest.raises(QuantityError):
        parse_quantity(text, dimension)


def test_a_part_that_is_not_declared_is_a_quarter_at_most() -> None:
    assert SHARE_UNDECLARED == 1 / 4
