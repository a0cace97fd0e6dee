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
    stated_gap,
    table_chance,
    task_gap,
    training_chance,
    training_gap,
)
from factsheet.recompute.comparisons.score_scales import table_scale

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


def first_gap(sheet_with: SheetWith, **more: Any) -> tuple[Gap | None, ResultTable]:
    _, table = sheet_of(sheet_with, {"chip": "80.00 %", "gpu": "80.5 %"}, **more)
    scale = table_scale(table)
    assert scale is not None
    return stated_gap(table, scale), table


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, None),
        ({"gap": "up to 1 %"}, None),
        ({"gap": "-1.0 percentage points"}, "−1.0 points"),
        ({"gap": "-1.00 points"}, "−1.00 points"),
        # What the sheet calls per cent stays that: it may be a share of the score.
        ({"gap": "-1.0 %"}, "−1.0 %"),
    ],
)
def test_a_stated_gap_keeps_its_digits_and_unit(
    sheet_with: SheetWith, more: dict[str, str], words: str | None
) -> None:
    gap, _ = first_gap(sheet_with, **more)
    assert (gap and gap.words) == words


@pytest.mark.parametrize(
    ("metric", "chip", "gpu", "words", "better"),
    [
        # The digits are those of the coarser score; less of a time is better.
        ("accuracy", "80.00 %", "80.5 %", "−0.5 points", False),
        ("BLEU", "27.31", "27.2", "+0.1", True),
        ("latency", "9.1 ms", "12.4 ms", "−3.3 ms", True),
        ("accuracy", "80.5 %", "80.5 %", "0.0 points", None),
        # Of a range the middle, to the digits of its ends; a bound is no score.
        ("accuracy", "80 % to 82 %", "80.00 %", "+1 points", True),
        ("accuracy", "at least 80 %", "80.00 %", None, None),
        ("accuracy", {"not_disclosed": "Kept."}, "80.00 %", None, None),
    ],
)
def test_the_gap_of_a_row(
    sheet_with: SheetWith, metric: str, chip: Any, gpu: str, words: str | None, better: bool | None
) -> None:
    _, table = sheet_of(sheet_with, {"chip": chip, "gpu": gpu}, metric=metric)
    gap = task_gap(table, 0)
    assert (gap and gap.words, gap and gap.better) == (words, better)
    assert published_gap(table) is None
    alone = table.model_copy(update={"systems": table.systems[:1]})
    assert task_gap(alone, 0) is None
    assert averages_of(sheet_with(), alone) is None
    assert standing(alone) is None


def test_the_mean_of_gaps_has_the_digits_of_the_coarsest(sheet_with: SheetWith) -> None:
    # -0.5 and +1.25 points: 0.375, to a tenth.
    rows = ({"chip": "80.00 %", "gpu": "80.5 %"}, {"chip": "81.25 %", "gpu": "80.00 %"})
    gap = average_gap(sheet_of(sheet_with, *rows)[1])
    assert gap is not None
    assert gap.words == "+0.4 points"


ERRATUM = {"at": "test_data.size", "published": "10", "problem": "It is not."}
ONE_ROW = {"chip": "90 %", "gpu": "30 %"}


@pytest.mark.parametrize(
    ("rows", "sections", "examples"),
    [
        ((ONE_ROW,), {"test_data": {"size": 10}}, 10),
        ((ONE_ROW,), {"test_data": {"size": 1}}, 1),
        ((ONE_ROW,), {"test_data": {"size": "at least 10"}}, None),
        ((ONE_ROW,), {"test_data": {"size": 10}, "errata": [ERRATUM]}, None),
        ((ONE_ROW,), {"test_data": {"size": 10}, "errata": [ERRATUM | {"at": "overview.model"}]}, 10),
        ((ONE_ROW,), {}, None),
        # The size of a task comes first, which no erratum is on; that of all tests is not that of one of two tasks.
        (({"size": 20, "scores": ONE_ROW},), {"test_data": {"size": 10}, "errata": [ERRATUM]}, 20),
        ((ONE_ROW, ONE_ROW), {"test_data": {"size": 10}}, None),
        (({"size": 20, "scores": ONE_ROW}, {"size": 5, "scores": ONE_ROW}), {}, 25),
        (({"size": 20, "scores": ONE_ROW}, ONE_ROW), {}, None),
        (({"size": 20, "scores": ONE_ROW | {"gpu": "130 %"}},), {}, None),
        (({"size": 20, "scores": {"chip": "90 %"}},), {}, None),
    ],
)
def test_of_how_many_examples_a_gap_is(
    sheet_with: SheetWith, rows: tuple[dict[str, Any], ...], sections: dict[str, Any], examples: int | None
) -> None:
    _, table = sheet_of(sheet_with, *rows, metric="accuracy")
    found = table_chance(sheet_with(**sections), table)
    assert (found and found.examples) == examples


@pytest.mark.parametrize(
    ("training", "examples"),
    [
        ({"accuracy": "90 %", "baseline_accuracy": "30 %"}, 10),
        ({"baseline_accuracy": "30 %"}, None),
        ({"accuracy": "90 %"}, None),
        ({}, None),
    ],
)
def test_both_scores_of_the_training_section_are_needed(
    sheet_with: SheetWith, training: dict[str, str], examples: int | None
) -> None:
    sheet = sheet_with(hwa_training=training or None, test_data={"size": 10})
    found = training_chance(sheet)
    assert (found and found.examples) == examples


def test_a_row_without_both_scores_is_on_no_side(sheet_with: SheetWith) -> None:
    rows = ({"chip": "80 %"}, {"chip": "80 %", "gpu": "70 %"}, {"chip": "70 %", "gpu": "80 %"})
    found = standing(sheet_of(sheet_with, *rows, metric="accuracy")[1])
    assert found is not None
    assert found._asdict() == {"better": ("task 1",), "worse": ("task 2",), "same": (), "unknown": ()}
    assert found.tasks == 2


@pytest.mark.parametrize(
    ("rows", "more", "expected"),
    [
        # Weighted by size, 0.9 · 97.5 + 0.1 · 88.0 = 96.55 and 0.9 · 98 + 0.1 · 86 = 96.8: their difference counts.
        (
            (("97.5 %", "98.0 %", 9000), ("88.0 %", "86.0 %", 1000)),
            {"averages": {"chip": "96.6 %", "gpu": "96.8 %"}, "averaging": "weighted by size"},
            ("96.6 %", "96.8 %", "−0.2 points", False),
        ),
        # One of the two is weighted: the same.
        (
            (("97.5 %", "98.0 %", 9000), ("88.0 %", "86.0 %", 1000)),
            {"averages": {"chip": "96.6 %", "gpu": "92.0 %"}},
            ("96.6 %", "92.0 %", "+4.6 points", False),
        ),
        # Means of 80.125 and 81.25 are not those published; the rows have two decimals and one.
        (
            (("80.00 %", "81.0 %", None), ("80.25 %", "81.5 %", None)),
            {"averages": {"chip": "85.00 %", "gpu": "81.2 %"}},
            ("80.1 %", "81.2 %", "−1.1 points", True),
        ),
        # Rows of unlike metrics have none.
        (
            (("80.0 %", "81.0 %", None), ("30.5", "31.5", None)),
            {"averages": {"chip": "80.0 %", "gpu": "81.0 %"}},
            None,
        ),
        # It is said to be made in another way: nothing to compare with, so that it stays as published.
        (
            (("80.0 %", "81.0 %", None), ("82.0 %", "83.0 %", None)),
            {"averages": {"chip": "85.0 %", "gpu": "86.0 %"}, "averaging": "other"},
            ("85.0 %", "86.0 %", "−1.0 points", False),
        ),
    ],
)
def test_which_averages_are_shown(
    sheet_with: SheetWith,
    rows: tuple[tuple[str, str, int | None], ...],
    more: dict[str, Any],
    expected: tuple[str, str, str, bool] | None,
) -> None:
    tasks = [
        {"scores": {"chip": chip, "gpu": gpu}} | ({"size": size} if size else {}) for chip, gpu, size in rows
    ]
    found = averages_of(*sheet_of(sheet_with, *tasks, **more))
    shown = found and (found.analog, found.digital, found.gap and found.gap.words, found.recomputed)
    assert shown == expected
