"""Formulae and choices of the recomputation, each branch with its arithmetic worked out beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.comparisons.placements import some_sum_fits
from factsheet.recompute.comparisons.score_copies import durations_in
from factsheet.recompute.comparisons.score_gaps import (
    average_gap,
    averages_of,
    compared_tasks,
    pair,
    published_gap,
    standing,
    stated_gap,
    table_chance,
    task_gap,
    training_chance,
    training_gap,
)
from factsheet.recompute.comparisons.score_means import is_average, mean, rows_of
from factsheet.recompute.comparisons.score_scales import drift_scale, scale_of, table_scale, training_scale
from factsheet.recompute.derivations.gains import (
    energy_gain,
    energy_of_answers,
    in_watt_hours,
    speed_gain,
    watt_hours,
)
from factsheet.recompute.facts import Summand, term, written_out
from factsheet.recompute.identities import whole_batches
from factsheet.recompute.verdict import apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.recompute.facts import DerivedFact
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable

    SheetWith = Callable[..., SheetFields]
    FactsOf = Callable[..., dict[str, DerivedFact]]


@pytest.mark.parametrize(
    ("sizes", "low", "high", "fits"),
    [
        ({}, 0, 0, True),  # of nothing
        ({}, 1, 2, False),
        ({5: 1}, 5, 5, True),
        ({5: 1}, 6, 9, False),
        ({5: 2}, 10, 10, True),
        ({5: 2}, 11, 20, False),
        ({7: 1, 3: 2}, 10, 10, True),  # 7 + 3
        ({7: 1, 3: 2}, 13, 13, True),  # 7 + 3 + 3
        ({7: 1, 3: 2}, 6, 6, True),  # 3 + 3
        ({7: 1, 3: 2}, 8, 9, False),
        ({7: 1, 3: 2}, 14, 99, False),
        ({7: 3, 5: 3}, 12, 12, True),
        ({7: 3, 5: 3}, 13, 13, False),
        ({7: 3, 5: 3}, 36, 36, True),
    ],
)
def test_some_sum_of_sizes(sizes: dict[int, int], low: float, high: float, fits: bool) -> None:
    assert some_sum_fits(sizes, low, high) is fits


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("digits, 4 weeks after", [4 * 7 * 86400.0]),
        ("after one hour", [3600.0]),
        ("after an hour and a day", [3600.0, 86400.0]),
        ("after twelve months", [365.25 * 86400.0]),
        ("30 s and 2 min", [30.0, 120.0]),
        ("fresh", [30.0]),  # within the first minute
        ("right after programming", [30.0]),
        ("no time", []),
    ],
)
def test_times_since_programming_in_a_name(text: str, times: list[float]) -> None:
    assert [(low + high) / 2 for low, high in durations_in(text)] == pytest.approx(times)


def test_like_blocks_are_written_once() -> None:
    terms = [
        term("a.0", "a.0.x", 2, 3, 4),
        term("a.0", "a.0.y", 5),
        term("a.1", "a.1.x", 2, 3, 4),
        term("a.1", "a.1.y", 5),
        term("b", "b.z", 7, 7),
        term("b", "b.w", 1),
        term("c", "c.v", 6),
    ]
    assert terms[0] == Summand("a.0", "x", "2 · 3 · 4", 24)
    assert list(written_out(terms)) == [
        "a.0 to a.1, 2 alike, each:",
        "  x: 2 · 3 · 4 = 24",
        "  y: 5",
        "  together 29; 2 · 29 = 58",
        "b",
        "  z: 7 · 7 = 49",
        "  w: 1",
        "  together 50",
        "c",
        "  v: 6",
        "sum: 114",
    ]


@pytest.mark.parametrize(
    ("low", "high", "batches"),
    [
        (3.81, 4.03, [4]),
        (1.0, 4.0, [1, 2, 3, 4]),
        (0.2, 1.0, [1]),
        (0.2, 0.9, []),
        (1.1, 1.9, []),
        (1.5, 3.5, [2, 3]),
        (2.0, 2.0, [2]),
    ],
)
def test_whole_batches_of_an_interval(low: float, high: float, batches: list[int]) -> None:
    assert list(whole_batches(Interval(low, high))) == batches


@pytest.mark.parametrize(
    ("value", "claimed", "words"),
    [
        (99.53, 100.0, "0.47 % less"),
        (101.0, 100.0, "1 % more"),
        (995.0, 1.0, "995 times as much"),
        (1.0, 995.0, "995 times less"),
        (-1.0, 1.0, "of another sign"),
        (1.0, 0.0, "where nothing is claimed"),
        (12345.0, 1.0, "12,345 times as much"),
    ],
)
def test_how_far_apart_in_words(value: float, claimed: float, words: str) -> None:
    assert apart(value, claimed) == words


# 1 Wh = 3,600 J.
@pytest.mark.parametrize(
    ("joules", "text"),
    [
        (36.0, "0.01 Wh"),
        (35.9, "9.97 mWh"),
        (3600.0, "1 Wh"),
        (3.6e6, "1 kWh"),
        (3.59e6, "997 Wh"),
        (3.6e9, "1 MWh"),
        (3.6e12, "1 GWh"),
        (151.7e6, "42.1 kWh"),
        (0.612, "0.17 mWh"),
    ],
)
def test_energy_as_it_is_paid_for(joules: float, text: str) -> None:
    assert in_watt_hours(joules) == text
    assert watt_hours(joules) == joules / 3600


ROW = {"name": "p", "seq_len": 32, "batch": 4, "energy": "2 mJ"}


@pytest.mark.parametrize(
    ("performance", "rows", "joules", "formula"),
    [
        # Inferences per second and watt are inferences per joule.
        ({"energy_efficiency": "500 inferences/s/W"}, [ROW], 2.0, "1,000 ÷ 500 inferences/s/W"),
        ({"energy_per_inference": "3 mJ"}, [ROW], 3.0, "1,000 · 3 mJ"),
        ({"energy_efficiency": "at least 500 inferences/s/W", "energy_per_inference": "3 mJ"}, [], 3.0, None),
        (None, [ROW], 0.5, "1,000 · 2 mJ ÷ 4"),
        ({}, [{**ROW, "batch": "not stated"}, ROW], 0.5, None),
        ({}, [{**ROW, "energy": "at most 2 mJ"}], None, None),
        (None, None, None, None),
    ],
)
def test_energy_of_a_thousand_answers(
    sheet_with: SheetWith,
    performance: dict[str, Any] | None,
    rows: list[Any] | None,
    joules: float | None,
    formula: str | None,
) -> None:
    parameters = {"operating_points": rows} if rows else None
    found = energy_of_answers(sheet_with(performance=performance, parameters=parameters), 1_000)
    assert (None if found is None else found.energy_j) == (None if joules is None else pytest.approx(joules))
    assert formula is None or (found is not None and found.formula == formula)


def test_gains_are_quotients_of_what_is_stated(sheet_with: SheetWith) -> None:
    both = sheet_with(
        performance={
            "energy_efficiency": "600 inferences/s/W",
            "energy_baseline": "200 inferences/s/W",
            "throughput": "30 inferences/s",
            "throughput_gpu": "60 inferences/s",
        }
    )
    assert energy_gain(both) == (600.0, 200.0, 3.0)
    assert speed_gain(both, "throughput_gpu") == (30.0, 60.0, 0.5)
    assert speed_gain(both, "throughput_cpu") is None
    assert energy_gain(sheet_with(performance={"energy_efficiency": "600 inferences/s/W"})) is None
    assert energy_gain(sheet_with(performance={"energy_baseline": "600 inferences/s/W"})) is None
    assert energy_gain(sheet_with()) is None


def table_of(sheet_with: SheetWith, *rows: dict[str, Any], **fields: Any) -> tuple[SheetFields, ResultTable]:
    systems = [
        {"id": "a", "name": "Chip", "kind": "analog"},
        {"id": "d", "name": "Server", "kind": "digital"},
    ]
    tasks = [{"task": f"T{index}", **row} for index, row in enumerate(rows)]
    table = {"name": "T", "metric": "accuracy", "systems": systems, "tasks": tasks, **fields}
    extra = {key: table.pop(key) for key in ("test_data", "errata") if key in table}
    sheet = sheet_with(performance={"results": [table]}, **extra)
    assert sheet.performance is not None
    assert sheet.performance.results is not None
    return sheet, sheet.performance.results[0]


def scores(a: str, d: str, **row: Any) -> dict[str, Any]:
    return {"scores": {"a": a, "d": d}, **row}


@pytest.mark.parametrize(
    ("row", "fields", "words", "compared"),
    [
        (scores("64.00 %", "66.40 %"), {}, "−2.40 points", "2.40 points less"),
        (scores("69.95 %", "66.4 %"), {}, "+3.5 points", "3.5 points more"),
        (scores("66.40 %", "66.40 %"), {}, "0.00 points", "the same"),
        (
            scores("7.5 %", "5.0 %"),
            {"metric": "error rate"},
            "+2.5 points",
            "2.5 points more, which is worse",
        ),
        (
            scores("5.0 %", "7.5 %"),
            {"metric": "error rate"},
            "−2.5 points",
            "2.5 points less, which is better",
        ),
        (scores("27.3", "28.4"), {"metric": "BLEU"}, "−1.1", "1.1 less"),
    ],
)
def test_a_gap_in_words(
    sheet_with: SheetWith, row: dict[str, Any], fields: dict[str, Any], words: str, compared: str
) -> None:
    _, table = table_of(sheet_with, row, **fields)
    gap = task_gap(table, 0)
    assert gap is not None
    assert (gap.words, gap.compared) == (words, compared)


def test_gaps_of_a_table(sheet_with: SheetWith) -> None:
    rows = (
        scores("64.0 %", "66.0 %"),
        scores("81.0 %", "80.0 %"),
        scores("70.0 %", "70.0 %"),
        {"scores": {"a": "1.0 %"}},
    )
    _, table = table_of(
        sheet_with, *rows, averages={"a": "71.67 %", "d": "72.00 %"}, gap="-0.33 percentage points"
    )
    # (-2 + 1 + 0) / 3 = -0.33 of the three tasks that both have.
    average, published = average_gap(table), published_gap(table)
    assert average is not None
    assert published is not None
    assert (average.words, published.words) == ("−0.3 points", "−0.33 points")
    assert average.amount == pytest.approx(-1 / 3)
    scale = table_scale(table)
    assert scale is not None
    stated = stated_gap(table, scale)
    assert stated is not None
    assert stated.words == "−0.33 points"
    assert compared_tasks(table) == 3
    assert standing(table) == (("T1",), ("T0",), ("T2",), ())
    systems = pair(table)
    assert systems is not None
    assert [system.id for system in systems] == ["a", "d"]


@pytest.mark.parametrize(("gap", "words"), [("at most 0.5 %", None), ("0.5 %", "+0.5 %"), (None, None)])
def test_a_gap_that_is_stated(sheet_with: SheetWith, gap: str | None, words: str | None) -> None:
    fields = {} if gap is None else {"gap": gap}
    _, table = table_of(sheet_with, scores("64.0 %", "66.0 %"), **fields)
    scale = table_scale(table)
    assert scale is not None
    found = stated_gap(table, scale)
    assert (None if found is None else found.words) == words


@pytest.mark.parametrize(
    ("rows", "averages", "expected"),
    [
        # The mean of the rows is what is published: 70.0 and 71.0.
        (
            (scores("60.0 %", "61.0 %"), scores("80.0 %", "81.0 %")),
            {"a": "70.0 %", "d": "71.0 %"},
            ("70.0 %", "71.0 %", False),
        ),
        # It is another: that of the rows is told.
        (
            (scores("60.0 %", "61.0 %"), scores("80.0 %", "81.0 %")),
            {"a": "75.0 %", "d": "71.0 %"},
            ("70.0 %", "71.0 %", True),
        ),
        # Of a row that one system lacks, what is published stays.
        (
            (scores("60.0 %", "61.0 %"), {"scores": {"d": "81.0 %"}}),
            {"a": "75.0 %", "d": "71.0 %"},
            ("75.0 %", "71.0 %", False),
        ),
        ((scores("60.0 %", "61.0 %"),), {"a": "75.0 %"}, None),
    ],
)
def test_averages_that_are_shown(
    sheet_with: SheetWith, rows: tuple[Any, ...], averages: dict[str, str], expected: Any
) -> None:
    sheet, table = table_of(sheet_with, *rows, averages=averages)
    found = averages_of(sheet, table)
    assert (None if found is None else (found.analog, found.digital, found.recomputed)) == expected


# Wilson's interval of 80 of 100 at 90 % (z = 1.6449): 0.72669 to 0.85749; of 90 of 100: 0.83964 to 0.93928. Newcombe's
# method 10: -0.1 - sqrt(0.07331² + 0.03928²) = -0.18317, -0.1 + sqrt(0.05749² + 0.06036²) = -0.01665.
@pytest.mark.parametrize(
    ("size", "metric", "holds"),
    [("100", "accuracy", True), ("at most 100", "accuracy", False), ("100", "F1", False)],
)
def test_what_the_choice_of_examples_leaves_open(
    sheet_with: SheetWith, size: str, metric: str, holds: bool
) -> None:
    sheet, table = table_of(sheet_with, scores("80 %", "90 %", size=size), metric=metric)
    found = table_chance(sheet, table)
    assert (found is not None) is holds
    if found is not None:
        assert [found.low, found.high] == pytest.approx([-18.317, -1.665], abs=0.002)
        assert found.examples == 100
        assert not found.holds_none
        assert (
            found.words
            == "the choice of 100 test examples alone leaves −18.3 to −1.7 points open (90 % confidence)"
        )
        assert found.short == "100 test examples: −18.3 to −1.7 points"


def test_one_task_takes_the_size_of_the_test_data_unless_it_is_disputed(sheet_with: SheetWith) -> None:
    data = {"test_data": {"name": "D", "size": "100"}}
    sheet, table = table_of(sheet_with, scores("80 %", "90 %"), **data)
    found = table_chance(sheet, table)
    assert found is not None
    assert found.examples == 100
    two, twice = table_of(sheet_with, scores("80 %", "90 %"), scores("80 %", "90 %"), **data)
    assert table_chance(two, twice) is None
    for one, other in (("150 %", "90 %"), ("at most 80 %", "90 %"), ("-10 %", "90 %")):
        wrong, table = table_of(sheet_with, scores(one, other), **data)
        assert table_chance(wrong, table) is None


def test_gap_and_chance_of_the_training_section(sheet_with: SheetWith) -> None:
    training = {"accuracy": "80 %", "baseline_accuracy": "90 %"}
    sheet = sheet_with(hwa_training=training, test_data={"name": "D", "size": "100"})
    gap, chance = training_gap(sheet), training_chance(sheet)
    assert gap is not None
    assert chance is not None
    assert gap.words == "−10 points"
    assert [chance.low, chance.high] == pytest.approx([-18.317, -1.665], abs=0.002)
    for lacking in (None, {"accuracy": "80 %"}, {"accuracy": "at most 80 %", "baseline_accuracy": "90 %"}):
        without = sheet_with(hwa_training=lacking, test_data={"name": "D", "size": "100"})
        assert training_gap(without) is None
        assert training_chance(without) is None


@pytest.mark.parametrize(
    ("metric", "one", "share", "higher", "unit"),
    [
        ("accuracy", "81.2 %", True, True, ""),
        ("accuracy", "0.812", True, True, ""),
        ("error rate", "7.5 %", True, False, ""),
        ("BLEU", "27.3", False, True, ""),
        ("BLEU", "0.273", True, True, ""),
        ("perplexity", "27.3", False, False, ""),
        ("a metric of ours", "0.273", False, None, ""),
        ("a metric of ours", "27.3 %", True, None, ""),
        (None, "0.273", True, True, ""),
        (None, "1.273", False, True, ""),
        ("accuracy", "3 ms", False, True, ""),
    ],
)
def test_the_scale_of_a_score(
    sheet_with: SheetWith, metric: str | None, one: str, share: bool, higher: bool | None, unit: str
) -> None:
    row = {"scores": {"a": one}}
    fields = {} if metric is None else {"metric": metric}
    _, table = table_of(sheet_with, row, **{"metric": None, **fields})
    scale = scale_of(table, table.tasks[0])
    assert (scale.share, scale.higher_is_better) == (share, higher)
    assert scale.unit == unit


def test_whose_metric_scores_over_time_have(sheet_with: SheetWith) -> None:
    point = {"after": "1 day", "score": "0.9"}
    own = sheet_with(robustness={"metric": "error rate", "over_time": [point]})
    assert drift_scale(own).higher_is_better is False
    training = {"accuracy": "80 %", "accuracy_metric": "error rate"}
    assert (
        drift_scale(sheet_with(robustness={"over_time": [point]}, hwa_training=training)).higher_is_better
        is False
    )
    tables = {
        "performance": {
            "results": [
                {
                    "name": "T",
                    "metric": "error rate",
                    "systems": [{"id": "a", "name": "A", "kind": "analog"}],
                    "tasks": [{"task": "x", "scores": {"a": "5 %"}}],
                }
            ]
        }
    }
    assert drift_scale(sheet_with(robustness={"over_time": [point]}, **tables)).higher_is_better is False
    assert drift_scale(sheet_with(robustness={"over_time": [point]})).higher_is_better is True


@pytest.mark.parametrize(
    ("metric", "higher"),
    [("accuracy", True), ("error rate", False), (None, True), ("share of errors", False)],
)
def test_the_direction_of_a_score_of_training(
    sheet_with: SheetWith, metric: str | None, higher: bool
) -> None:
    training = {"accuracy": "80 %"} | ({} if metric is None else {"accuracy_metric": metric})
    score = parse_quantity("80 %", "score")
    assert training_scale(sheet_with(hwa_training=training), score).higher_is_better is higher


@pytest.mark.parametrize(
    ("name", "average"),
    [("mean of nine benchmarks", True), ("GLUE average", True), ("RTE", False), ("meanwhile", False)],
)
def test_rows_that_are_averages(name: str, average: bool) -> None:
    assert is_average(name) is average


def test_which_rows_an_average_is_over(sheet_with: SheetWith) -> None:
    two = (scores("60.0 %", "60.0 %"), scores("80.0 %", "80.0 %"))

    def rows(*more: dict[str, Any]) -> list[int]:
        _, table = table_of(sheet_with, *two, *more)
        return rows_of(table)

    assert rows() == [0, 1]
    assert rows({**scores("70.0 %", "70.0 %"), "task": "average"}) == [0, 1]  # it is the mean of the others
    assert rows({**scores("75.0 %", "70.0 %"), "task": "average"}) == [2]  # it is not, of one system
    assert rows({"scores": {"a": "70.0 %"}, "task": "average"}) == [0, 1]
    _, alone = table_of(sheet_with, {**scores("70.0 %", "70.0 %"), "task": "average"})
    assert rows_of(alone) == [0]


def test_a_mean_and_what_its_digits_allow() -> None:
    found = mean([parse_quantity("60.0 %", "score"), parse_quantity("80.0 %", "score")])
    assert found.value == pytest.approx(0.7)
    assert [found.reach.low, found.reach.high] == pytest.approx([0.6995, 0.7005])
    weighted = mean([parse_quantity("60.0 %", "score"), parse_quantity("80.0 %", "score")], [3.0, 1.0])
    assert weighted.value == pytest.approx(0.65)


@pytest.mark.parametrize(
    ("time", "power", "text"),
    [
        # The last digit shown is the first that the digits leave open.
        ("approx. 0.19 ms", "3.13 W", "approx. 590 µJ"),
        ("0.19 ms", "3.13 W", "590 µJ"),
        ("0.190 ms", "3.130 W", "595 µJ"),
        ("0.19000 ms", "3.1300 W", "594.7 µJ"),
    ],
)
def test_digits_of_what_follows_from_claims(facts_of: FactsOf, time: str, power: str, text: str) -> None:
    row = {"name": "p", "seq_len": 32, "batch": 4, "execution_time": time}
    facts = facts_of(parameters={"power": power, "operating_points": [row]})
    fact = facts["parameters.operating_points[0].energy"]
    assert fact.derived == pytest.approx(0.19e-3 * 3.13)
    assert fact.significant_text == text
