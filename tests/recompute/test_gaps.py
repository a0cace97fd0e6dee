"""Gaps of scores: their words, what they are of, and what the number of examples leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.recompute.comparisons import score_gaps
from factsheet.recompute.comparisons.score_gaps import (
    ChanceRange,
    Gap,
    average_gap,
    averages_of,
    compared_tasks,
    lost_at_once,
    pair,
    published_gap,
    standing,
    table_chance,
    training_gap,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable

    SheetWith = Callable[..., SheetFields]

CHIP = {"id": "chip", "name": "Chip", "kind": "analog"}
GPU = {"id": "gpu", "name": "GPU", "kind": "digital"}


def sheet_of(sheet_with: SheetWith, *rows: dict[str, Any], **more: Any) -> tuple[SheetFields, ResultTable]:
    """A sheet with one table, whose rows are scores, or whole tasks."""
    tasks = [
        {"task": f"task {index}", **(row if "scores" in row else {"scores": row})}
        for index, row in enumerate(rows)
    ]
    table = {"name": "T", "systems": [CHIP, GPU], "tasks": tasks, **more}
    sheet = sheet_with(performance={"results": [table]})
    assert sheet.performance is not None
    assert sheet.performance.results is not None
    return sheet, sheet.performance.results[0]


@pytest.mark.parametrize(
    ("gap", "text", "words", "compared"),
    [
        (Gap(-2.4, 2), "−2.40", "−2.40 points", "2.40 points less"),
        (Gap(3.55, 2, better=True), "+3.55", "+3.55 points", "3.55 points more"),
        (Gap(0.5, 1, better=False), "+0.5", "+0.5 points", "0.5 points more, which is worse"),
        (Gap(-0.5, 1, better=True), "−0.5", "−0.5 points", "0.5 points less, which is better"),
        (Gap(-0.5, 1, better=False), "−0.5", "−0.5 points", "0.5 points less"),
        (Gap(0.04, 1), "0.0", "0.0 points", "the same"),
        (Gap(-0.04, 1), "0.0", "0.0 points", "the same"),
        (Gap(1.0, 0, ""), "+1", "+1", "1 more"),
        (Gap(-3.1e-4, 6, "", "-310 µs", better=True), "−310 µs", "−310 µs", "310 µs less, which is better"),
        (Gap(3.1e-4, 6, "", "310 µs"), "+310 µs", "+310 µs", "310 µs more"),
    ],
)
def test_a_gap_in_words(gap: Gap, text: str, words: str, compared: str) -> None:
    # By the definition: analog minus digital, so that less is a minus; worse is said where the sign does not say it.
    assert (gap.text, gap.words, gap.compared) == (text, words, compared)


@pytest.mark.parametrize(
    ("low", "high", "none", "ends"),
    [
        (-1.6, 2.3, True, "−1.6 to +2.3"),
        (0.0, 2.0, True, "+0.0 to +2.0"),
        (-2.0, 0.0, True, "−2.0 to +0.0"),
        (0.1, 2.0, False, "+0.1 to +2.0"),
        (-2.0, -0.1, False, "−2.0 to −0.1"),
    ],
)
def test_a_range_of_chance_in_words(low: float, high: float, none: bool, ends: str) -> None:
    found = ChanceRange(low, high, 1943)
    assert found.holds_none is none
    assert found.words == (
        f"the choice of 1,943 test examples alone leaves {ends} points open (90 % confidence)"
    )
    assert found.short == f"1,943 test examples: {ends} points"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        # Newcombe, Statistics in Medicine 17, 1998, table II, method 10, 95 %.
        (("90 %", "30 %"), (17.05, 80.90)),  # 9/10 - 3/10
        (("0 %", "0 %"), (-27.75, 27.75)),  # 0/10 - 0/10
        (("100 %", "0 %"), (60.75, 100.0)),  # 10/10 - 0/10
    ],
)
@pytest.mark.parametrize("tasks", [1, 4])
def test_what_examples_leave_open_of_a_table(
    sheet_with: SheetWith,
    monkeypatch: pytest.MonkeyPatch,
    scores: tuple[str, str],
    expected: tuple[float, float],
    tasks: int,
) -> None:
    monkeypatch.setattr(score_gaps, "_CONFIDENCE", 0.95)
    row = {"size": 10, "scores": dict(zip(("chip", "gpu"), scores, strict=True))}
    found = table_chance(*sheet_of(sheet_with, *[row] * tasks, metric="accuracy"))
    assert found is not None
    # Errors of independent tasks add in squares: the mean of four is off by half as much as each.
    gap = float(scores[0].split()[0]) - float(scores[1].split()[0])
    low, high = (gap + (end - gap) / tasks**0.5 for end in expected)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-3)
    assert found.examples == 10 * tasks


@pytest.mark.parametrize(
    ("row", "more"),
    [
        ({"scores": {"chip": "90 %", "gpu": "30 %"}}, {"metric": "accuracy"}),  # of how many is not said
        ({"size": 10, "scores": {"chip": "90 %"}}, {"metric": "accuracy"}),
        ({"size": 10, "scores": {"chip": "> 90 %", "gpu": "30 %"}}, {"metric": "accuracy"}),
        ({"size": 10, "scores": {"chip": "90 %", "gpu": "30 %"}}, {"metric": "F1"}),  # no share of examples
        ({"size": 10, "scores": {"chip": "26.1", "gpu": "27.3"}}, {"metric": "BLEU"}),
        ({"size": "5 to 20", "scores": {"chip": "90 %", "gpu": "30 %"}}, {"metric": "accuracy"}),
    ],
)
def test_without_shares_of_so_many_examples_nothing_is_left_open(
    sheet_with: SheetWith, row: dict[str, Any], more: dict[str, str]
) -> None:
    assert table_chance(*sheet_of(sheet_with, row, **more)) is None


@pytest.mark.parametrize(
    ("training", "words"),
    [
        ({"accuracy": "75.0 %", "baseline_accuracy": "80.0 %"}, "−5.0 points"),
        ({"accuracy": "75 %", "baseline_accuracy": "80.0 %"}, "−5 points"),  # no more digits than both have
        ({"accuracy": "0.75", "baseline_accuracy": "0.80"}, "−5 points"),
        ({"accuracy": "80.25 %", "baseline_accuracy": "80.00 %"}, "+0.25 points"),
        ({"accuracy": "75.0 %"}, None),
        ({"baseline_accuracy": "75.0 %"}, None),
        ({"accuracy": "> 75.0 %", "baseline_accuracy": "80.0 %"}, None),
        ({"accuracy": "75.0 %", "baseline_accuracy": "> 80.0 %"}, None),
    ],
)
def test_the_gap_of_the_training_section(
    sheet_with: SheetWith, training: dict[str, str], words: str | None
) -> None:
    gap = training_gap(sheet_with(hwa_training={"accuracy_metric": "accuracy", **training}))
    assert (None if gap is None else gap.words) == words


@pytest.mark.parametrize(
    ("baseline", "first", "accepted", "lost"),
    [
        ("90.0 %", "88.0 %", "1.0 %", True),  # two points where one is accepted
        ("90.0 %", "89.5 %", "1.0 %", False),
        ("90.0 %", "89.0 %", "1.0 %", False),  # one point, by the digits that are there
        ("90.0 %", "91.0 %", "0.5 %", False),  # no loss at all
        (None, "88.0 %", "1.0 %", False),
        ("90.0 %", "88.0 %", None, False),
        ("90.0 %", None, "1.0 %", False),
    ],
)
def test_more_than_the_accepted_loss_is_lost_at_once(
    sheet_with: SheetWith, baseline: str | None, first: str | None, accepted: str | None, lost: bool
) -> None:
    scores = [] if first is None else [{"after": "1 s", "score": first}, {"after": "1 day", "score": "50 %"}]
    robustness = {"over_time": scores, "accepted_loss": accepted, "metric": "accuracy"}
    training = {"accuracy_metric": "accuracy", "accuracy": "90 %", "baseline_accuracy": baseline}
    sheet = sheet_with(
        robustness={key: value for key, value in robustness.items() if value},
        hwa_training={key: value for key, value in training.items() if value},
    )
    assert lost_at_once(sheet) is lost


def test_without_a_section_nothing_is_lost(sheet_with: SheetWith) -> None:
    assert not lost_at_once(sheet_with())
    assert training_gap(sheet_with()) is None


def test_who_is_ahead_where(sheet_with: SheetWith) -> None:
    _, table = sheet_of(
        sheet_with,
        {"chip": "80.0 %", "gpu": "79.0 %"},
        {"chip": "80.0 %", "gpu": "81.0 %"},
        {"chip": "80.0 %", "gpu": "80.0 %"},
        {"gpu": "80.0 %"},
        metric="accuracy",
    )
    found = standing(table)
    assert found is not None
    assert (found.better, found.worse, found.same, found.unknown) == (
        ("task 0",),
        ("task 1",),
        ("task 2",),
        (),
    )
    assert found.tasks == compared_tasks(table) == 3


@pytest.mark.parametrize(
    ("rows", "averages", "expected"),
    [
        # Means of 81.0 and 82.0; the gap is that of the means.
        (
            ({"chip": "80.0 %", "gpu": "81.0 %"}, {"chip": "82.0 %", "gpu": "83.0 %"}),
            {"chip": "81.0 %", "gpu": "82.0 %"},
            ("81.0 %", "82.0 %", "−1.0 points", False),
        ),
        # The published average of the chip is another: both are worked out from the rows.
        (
            ({"chip": "80.0 %", "gpu": "81.0 %"}, {"chip": "82.0 %", "gpu": "83.0 %"}),
            {"chip": "85.0 %", "gpu": "82.0 %"},
            ("81.0 %", "82.0 %", "−1.0 points", True),
        ),
        # A task without a score: what the averages are over is not known, so that they stay as published.
        (
            ({"chip": "80.0 %", "gpu": "81.0 %"}, {"gpu": "83.0 %"}),
            {"chip": "85.0 %", "gpu": "82.0 %"},
            ("85.0 %", "82.0 %", "+3.0 points", False),
        ),
        (({"chip": "80.0 %", "gpu": "81.0 %"},), {"chip": "80.0 %"}, None),
    ],
)
def test_averages_come_from_the_rows_where_the_published_ones_do_not(
    sheet_with: SheetWith,
    rows: tuple[dict[str, str], ...],
    averages: dict[str, str],
    expected: tuple[str, str, str, bool] | None,
) -> None:
    sheet, table = sheet_of(sheet_with, *rows, averages=averages, metric="accuracy")
    found = averages_of(sheet, table)
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert found.gap is not None
    assert (found.analog, found.digital, found.gap.words, found.recomputed) == expected


def test_the_mean_of_the_gaps_is_over_tasks_that_both_have(sheet_with: SheetWith) -> None:
    # (-1 + 4) / 2 = 1.5; averages of 80 and 70 count only where no task has both.
    averages = {"chip": "80.0 %", "gpu": "70.0 %"}
    both = ({"chip": "80.0 %", "gpu": "81.0 %"}, {"chip": "84.0 %", "gpu": "80.0 %"}, {"chip": "10.0 %"})
    _, table = sheet_of(sheet_with, *both, metric="accuracy", averages=averages)
    gap = average_gap(table)
    assert gap is not None
    assert gap.words == "+1.5 points"
    _, table = sheet_of(sheet_with, {"chip": "80.0 %"}, metric="accuracy", averages=averages)
    gap = average_gap(table)
    assert gap is not None
    assert gap == published_gap(table)
    assert gap.words == "+10.0 points"


@pytest.mark.parametrize(
    ("kinds", "one"),
    [
        (("analog", "digital"), True),
        (("digital", "analog"), True),
        (("analog",), False),
        (("analog", "analog", "digital"), False),
        (("analog", "digital", "digital"), False),
    ],
)
def test_a_gap_needs_one_system_of_each_kind(
    sheet_with: SheetWith, kinds: tuple[str, ...], one: bool
) -> None:
    systems = [{"id": f"s{i}", "name": f"S{i}", "kind": kind} for i, kind in enumerate(kinds)]
    scores = {system["id"]: "80 %" for system in systems}
    _, table = sheet_of(sheet_with, scores, systems=systems, metric="accuracy")
    found = pair(table)
    assert (found is not None) is one
    assert found is None or [system.kind for system in found] == ["analog", "digital"]
