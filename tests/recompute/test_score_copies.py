"""Scores that are stated twice: which of them have to be one figure, and which only look alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.recompute.comparisons.score_copies import unmatched_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]

CHIP = {"id": "chip", "name": "Chip", "kind": "analog"}
GPU = {"id": "gpu", "name": "GPU", "kind": "digital"}
OTHER = {"id": "other", "name": "Other"}


def table(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    tasks = [
        {"task": f"task {index}", **(row if "scores" in row else {"scores": row})}
        for index, row in enumerate(rows)
    ]
    return {"name": "T", "metric": "accuracy", "systems": [CHIP, GPU, OTHER], "tasks": tasks, **more}


def said(sheet: SheetFields) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (one.claim.quantity.text, one.what, tuple(near.quantity.text for near in one.nearest))
        for one in unmatched_scores(sheet)
    ]


OF_CHIP, OF_GPU = (f"score of {words} system in the result tables" for words in ("an analog", "a digital"))
ROW = {"chip": "80.0 %", "gpu": "90.0 %"}


@pytest.mark.parametrize(
    ("training", "rows", "more", "expected"),
    [
        ({"accuracy": "80.0 %", "baseline_accuracy": "90.0 %"}, (ROW,), {}, []),
        ({"accuracy": "70.0 %"}, (ROW,), {}, [("70.0 %", OF_CHIP, ("80.0 %",))]),
        ({"baseline_accuracy": "70.0 %"}, (ROW,), {}, [("70.0 %", OF_GPU, ("90.0 %",))]),
        # The score of the other kind of system is none of this one; that of an unknown kind may be.
        ({"accuracy": "90.0 %"}, (ROW,), {}, [("90.0 %", OF_CHIP, ("80.0 %",))]),
        ({"accuracy": "70.0 %"}, (ROW | {"other": "70.0 %"},), {}, []),
        ({"baseline_accuracy": "70.0 %"}, (ROW | {"other": "70.0 %"},), {}, []),
        # One that fits is enough, and one without a quantity is none.
        ({"accuracy": "80.0 %"}, ({"chip": "60.0 %"}, ROW), {}, []),
        ({"accuracy": "70.0 %"}, ({"chip": {"not_disclosed": "Kept."}},), {}, []),
        ({"accuracy": "70.0 %"}, ({"gpu": "60.0 %"},), {}, []),
        ({"accuracy": "70.0 %"}, (), {}, []),
        # The same digits in another order come first, then the nearest.
        (
            {"accuracy": "78.1 %"},
            ({"chip": "81.7 %"}, {"chip": "78.9 %"}, {"chip": "50.0 %"}, {"chip": "74.0 %"}),
            {},
            [("78.1 %", OF_CHIP, ("81.7 %", "78.9 %", "74.0 %", "50.0 %"))],
        ),
        # Of another metric it can be no score of the table.
        ({"accuracy": "70.0 %", "accuracy_metric": "F1"}, (ROW,), {}, []),
        (
            {"accuracy": "70.0 %", "accuracy_metric": "F1"},
            (ROW, {"metric": "F1", "scores": {"chip": "60.0 %"}}),
            {},
            [("70.0 %", OF_CHIP, ("60.0 %",))],
        ),
        # A score on another scale is not compared: 70.0 without its sign beside per cent.
        ({"accuracy": "70.0"}, (ROW,), {}, []),
        # The second field is judged whether or not the first is given.
        (
            {"accuracy": "80.0 %", "baseline_accuracy": "70.0 %"},
            (ROW,),
            {},
            [("70.0 %", OF_GPU, ("90.0 %",))],
        ),
    ],
)
def test_a_score_of_the_training_section_is_one_of_the_tables(
    sheet_with: SheetWith,
    training: dict[str, str],
    rows: tuple[dict[str, Any], ...],
    more: dict[str, Any],
    expected: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    performance = {"results": [table(*rows, **more)]} if rows else None
    assert said(sheet_with(hwa_training=training, performance=performance)) == expected


@pytest.mark.parametrize(("field", "fits"), [("accuracy", True), ("baseline_accuracy", False)])
def test_a_score_over_time_is_of_the_analog_system(sheet_with: SheetWith, field: str, fits: bool) -> None:
    sheet = sheet_with(
        hwa_training={field: "70.0 %"},
        performance={"results": [table(ROW)]},
        robustness={"over_time": [{"after": "1 month", "score": "70.0 %"}]},
    )
    assert (said(sheet) == []) is fits


WEEK = {"id": "week", "name": "Chip after 1 week", "kind": "analog"}
AFTER = "score after {} in the result tables"


@pytest.mark.parametrize(
    ("points", "scores", "expected"),
    [
        ([("7 days", "75.0 %")], {"week": "75.0 %"}, []),
        ([("7 days", "76.0 %")], {"week": "75.0 %"}, [("76.0 %", AFTER.format("7 days"), ("75.0 %",))]),
        ([("1 week", "76.0 %")], {"week": "75.0 %"}, [("76.0 %", AFTER.format("1 week"), ("75.0 %",))]),
        # Another time, with a score of its own.
        ([("1 year", "76.0 %")], {"week": "75.0 %"}, []),
        # Another time with the very score of the week: one of the two times is wrong.
        ([("1 year", "75.0 %")], {"week": "75.0 %"}, [("75.0 %", AFTER.format("1 year"), ("75.0 %",))]),
        # Unless the week has its own point.
        ([("1 year", "75.0 %"), ("1 week", "75.0 %")], {"week": "75.0 %"}, []),
        ([("at least 1 day", "76.0 %")], {"week": "75.0 %"}, []),
        (
            [("at least 1 day", "76.0 %"), ("7 days", "76.0 %")],
            {"week": "75.0 %"},
            [("76.0 %", AFTER.format("7 days"), ("75.0 %",))],
        ),
        ([("7 days", "76.0")], {"week": "75.0 %"}, []),  # without its sign, on another scale
    ],
)
def test_a_score_over_time_is_that_of_its_time(
    sheet_with: SheetWith,
    points: list[tuple[str, str]],
    scores: dict[str, str],
    expected: list[tuple[str, str, tuple[str, ...]]],
) -> None:
    sheet = sheet_with(
        performance={"results": [table(scores, systems=[WEEK])]},
        robustness={"over_time": [{"after": after, "score": score} for after, score in points]},
    )
    assert said(sheet) == expected


NEAR = "score of an analog system in the result tables, nor near one"


@pytest.mark.parametrize(
    ("points", "rows", "found"),
    [
        # No more than a little is lost within a day: 5 points are too many.
        ([{"after": "1 h", "score": "74.0 %"}], (ROW,), True),
        ([{"after": "1 day", "score": "74.0 %"}], (ROW,), True),
        ([{"after": "2 days", "score": "74.0 %"}], (ROW,), False),
        ([{"after": "1 h", "score": "76.0 %"}], (ROW,), False),
        ([{"after": "1 h", "score": "86.0 %"}], (ROW,), True),
        ([{"after": "1 h", "score": "76.0 %"}], (ROW, {"chip": "50.0 %"}), False),
        ([{"after": "1 h", "score": "74.0 %", "note": "Of another chip."}], (ROW,), False),
        ([{"after": "1 h", "score": "74.0 %", "series": "B"}], (ROW,), False),
        # The first point alone.
        ([{"after": "1 h", "score": "80.0 %"}, {"after": "2 h", "score": "70.0 %"}], (ROW,), False),
        ([{"after": "1 h", "score": "74.0"}], (ROW,), False),
        ([{"after": "1 h", "score": "74.0 %"}], ({"gpu": "90.0 %"},), False),
    ],
)
def test_the_first_score_is_near_one_of_the_tables(
    sheet_with: SheetWith, points: list[dict[str, str]], rows: tuple[dict[str, str], ...], found: bool
) -> None:
    sheet = sheet_with(performance={"results": [table(*rows)]}, robustness={"over_time": points})
    assert [what for _, what, _ in said(sheet)] == ([NEAR] if found else [])


@pytest.mark.parametrize(
    ("score", "found"), [("29.4", True), ("30.0", False), ("26.4", False), ("26.0", True)]
)
def test_of_a_score_that_is_no_share_a_twentieth_is_far(
    sheet_with: SheetWith, score: str, found: bool
) -> None:
    # From 27.7, 29.4 is 1.7 off, and a twentieth of it 1.47; 26.0 is 1.7 off, and 26.4 only 1.3. 30.0 is near 31.0.
    rows = ({"chip": "27.7"}, {"chip": "31.0"})
    sheet = sheet_with(
        performance={"results": [table(*rows, metric="BLEU")]},
        robustness={"metric": "BLEU", "over_time": [{"after": "1 h", "score": score}]},
    )
    assert [what for _, what, _ in said(sheet)] == ([NEAR] if found else [])
