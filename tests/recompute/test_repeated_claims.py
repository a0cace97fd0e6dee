"""Figures that a sheet states more than once: which contradict each other, and which only seem to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from factsheet.recompute.comparisons import repeated_claims
from factsheet.recompute.comparisons.implied_claims import OVERLAP, REST, SPANS
from factsheet.recompute.comparisons.repeated_claims import (
    Repeated,
    first_of_each,
    out_of_order,
    rates_without_batch,
    stated_elsewhere,
    stated_twice,
    without_batch,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from factsheet.sheet.model import SheetFields

    SheetWith = Callable[..., SheetFields]


def row(seq_len: int, batch: int | str, name: str = "A", **figures: Any) -> dict[str, Any]:
    return {"name": name, "seq_len": seq_len, "batch": batch, **figures}


def sheet_of(sheet_with: SheetWith, *rows: dict[str, Any], **performance: Any) -> SheetFields:
    return sheet_with(
        parameters={"operating_points": list(rows)} if rows else None, performance=performance or None
    )


def said(found: Iterable[Repeated]) -> list[tuple[str, str, tuple[str, ...], bool]]:
    return [
        (one.what, one.claim.quantity.text, tuple(other.quantity.text for other in one.others), one.certain)
        for one in found
    ]


def at(value: str, seq_len: int | None = None, batch: Any = None) -> dict[str, Any]:
    point = {key: given for key, given in (("seq_len", seq_len), ("batch", batch)) if given is not None}
    return {"value": value, "at": point}


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (at("0.19 ms", 32, 4), []),
        (at("0.25 ms", 32, 4), [("execution time", "0.25 ms", ("0.19 ms",), True)]),
        # A time may be that of one inference: 0.19 ms / 4 = 0.0475 ms.
        (at("0.0475 ms", 32, 4), []),
        (at("0.048 ms", 32, 4), []),
        (at("0.050 ms", 32, 4), [("execution time", "0.050 ms", ("0.19 ms",), True)]),
        # Without a batch it may hold at any row of its length, but at none it does not fit.
        (at("0.25 ms", 32), [("execution time", "0.25 ms", ("0.19 ms",), False)]),
        (at("0.25 ms", 64), []),  # another point
    ],
)
def test_a_time_of_the_section_is_that_of_its_row(
    sheet_with: SheetWith, time: dict[str, Any], expected: list[tuple[str, str, tuple[str, ...], bool]]
) -> None:
    sheet = sheet_of(sheet_with, row(32, 4, execution_time="0.19 ms"), classification_time=time)
    assert said(stated_twice(sheet)) == expected


@pytest.mark.parametrize(
    ("time", "differs"), [("0.15 ms", False), ("0.05 ms", True), ("0.25 ms", True), ("0.10 ms", False)]
)
def test_a_figure_between_two_points_may_be_of_a_third(
    sheet_with: SheetWith, time: str, differs: bool
) -> None:
    # 0.10 ms at batch 1 and 0.20 ms at batch 2; 0.10 ms is also 0.20 ms for each of two.
    rows = (row(32, 1, execution_time="0.10 ms"), row(32, 2, execution_time="0.20 ms"))
    found = said(stated_twice(sheet_of(sheet_with, *rows, classification_time=at(time, 32))))
    assert found == ([("execution time", time, ("0.10 ms", "0.20 ms"), False)] if differs else [])


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"total_ops": "21.0 G ops"}, [("total operations", "21.0 G ops", ("20.0 G ops",), True)]),
        ({"total_ops": "20.0 G ops"}, []),
        ({"total_ops": "21.0 G ops", "counting": "macs"}, []),
        ({"analog_ops": "21.0 G ops"}, []),
        ({"total_ops": "21.0 G ops", "name": "B"}, []),
        ({"total_ops": {"value": "21.0 G ops", "tolerance": {"within": "10 %", "reason": "x"}}}, None),
    ],
)
def test_two_rows_of_one_point_agree(
    sheet_with: SheetWith, second: dict[str, Any], expected: list[Any] | None
) -> None:
    if second.get("counting") == "macs":
        second = {**second, "counting": "matmul-only"}
    rows = (row(32, 4, total_ops="20.0 G ops"), {**row(32, 4), **second})
    found = said(stated_twice(sheet_of(sheet_with, *rows)))
    assert found == ([] if expected is None else expected)


@pytest.mark.parametrize(
    ("other", "field", "expected"),
    [
        (
            row(64, 4, execution_time="0.19 ms"),
            "execution_time",
            [("execution time", "0.19 ms", ("0.19 ms",), False)],
        ),
        (row(64, 4, execution_time="0.38 ms"), "execution_time", []),
        (row(64, 8, execution_time="0.19 ms"), "execution_time", []),  # of another batch
        (row(64, 4, power="3 W"), "power", []),  # a power may be the same at any length
    ],
)
def test_a_figure_that_grows_with_the_length_is_not_the_same_at_another(
    sheet_with: SheetWith, other: dict[str, Any], field: str, expected: list[Any]
) -> None:
    first = row(32, 4, execution_time="0.19 ms", power="3 W")
    assert field in other
    assert said(stated_elsewhere(sheet_of(sheet_with, first, other))) == expected


@pytest.mark.parametrize(
    ("time", "found"),
    [(at("0.19 ms", 64), True), (at("0.19 ms", 32), False), (at("0.38 ms", 64), False), ("0.19 ms", False)],
)
def test_a_figure_of_the_section_is_not_that_of_another_length(
    sheet_with: SheetWith, time: Any, found: bool
) -> None:
    sheet = sheet_of(sheet_with, row(32, 4, execution_time="0.19 ms"), classification_time=time)
    assert said(stated_elsewhere(sheet)) == (
        [("execution time", "0.19 ms", ("0.19 ms",), False)] if found else []
    )


@pytest.mark.parametrize(
    ("larger", "expected"),
    [
        (row(64, 4, total_ops="19.0 G ops"), [("total operations", "19.0 G ops", ("20.0 G ops",), False)]),
        (row(64, 4, total_ops="21.0 G ops"), []),
        (row(32, 8, total_ops="40.0 G ops"), []),
        # Twice the batch is twice the operations: 40, not 44.
        (row(32, 8, total_ops="44.0 G ops"), [("total operations", "44.0 G ops", ("20.0 G ops",), False)]),
        (row(64, 8, total_ops="44.0 G ops"), []),
        (row(64, 1, total_ops="10.0 G ops"), []),  # longer but fewer
        (row(64, 4, "B", total_ops="19.0 G ops"), []),  # another network
        (row(64, "not stated", total_ops="19.0 G ops"), []),
        (row(64, 4, total_ops="20.0 G ops"), []),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_larger_run_takes_no_less(
    sheet_with: SheetWith, larger: dict[str, Any], expected: list[Any], turned: bool
) -> None:
    rows = [row(32, 4, total_ops="20.0 G ops"), larger]
    assert said(out_of_order(sheet_of(sheet_with, *(rows[::-1] if turned else rows)))) == expected


@pytest.mark.parametrize(
    ("efficiency", "reach"),
    [
        # 0.19 ms · 3.13 W · 6,589 inferences/s/W = 3.92: about four of a batch.
        ("6589 inferences/s/W", None),
        # 0.19 ms · 3.13 W · 1,000 = 0.59: less than one inference in a batch.
        ("1.000e3 inferences/s/W", (0.57, 0.62)),
        # 0.19 ms · 3.13 W · 2,500 = 1.49: between one and two.
        ("2.500e3 inferences/s/W", (1.44, 1.53)),
    ],
)
def test_some_whole_batch_makes_time_power_and_efficiency_agree(
    sheet_with: SheetWith, efficiency: str, reach: tuple[float, float] | None
) -> None:
    sheet = sheet_with(
        parameters={"power": "3.13 W"},
        performance={"classification_time": "0.19 ms", "energy_efficiency": efficiency},
    )
    found = list(without_batch(sheet))
    assert [one.claim.quantity.text for one in found] == ([] if reach is None else [efficiency])
    for one in found:
        assert reach is not None
        assert reach[0] < one.reach.low < one.reach.high < reach[1]
        assert [other.quantity.text for other in one.others] == ["0.19 ms", "3.13 W"]
        assert {path for path, _ in one.related} >= {
            ("performance", "classification_time"),
            ("parameters", "power"),
        }


@pytest.mark.parametrize(
    ("batch", "found"),
    [(None, False), (4, False), (2, True)],  # 3.92 holds four, by the digits, and not two
)
def test_a_batch_that_is_stated_with_one_of_them_counts(
    sheet_with: SheetWith, batch: int | None, found: bool
) -> None:
    time = "0.19 ms" if batch is None else at("0.19 ms", batch=batch)
    sheet = sheet_with(
        parameters={"power": "3.13 W"},
        performance={"classification_time": time, "energy_efficiency": "6589 inferences/s/W"},
    )
    assert bool(list(without_batch(sheet))) is found


@pytest.mark.parametrize(
    ("efficiency", "found"),
    [
        ("100 inferences/s/W", False),  # 300 / 3
        ("150 inferences/s/W", True),
        ("150 tokens/s/W", False),  # of tokens, where the rate is of inferences
    ],
)
def test_an_efficiency_is_rate_over_power(sheet_with: SheetWith, efficiency: str, found: bool) -> None:
    sheet = sheet_with(
        parameters={"power": "3.00 W"},
        performance={"throughput": "300 inferences/s", "energy_efficiency": efficiency},
    )
    made = list(rates_without_batch(sheet))
    assert bool(made) is found
    for one in made:
        # By the digits: 250 to 350 over 2.995 to 3.005, since the zeros of 300 only say how large it is.
        assert one.reach.low == pytest.approx(250 / 3.005)
        assert one.reach.high == pytest.approx(350 / 2.995)


def test_one_figure_that_contradicts_many_is_one_fault(sheet_with: SheetWith) -> None:
    rows = [
        row(32, 4, total_ops="20.0 G ops"),
        row(64, 4, total_ops="19.0 G ops"),
        row(128, 4, total_ops="18.0 G ops"),
    ]
    found = list(out_of_order(sheet_of(sheet_with, *rows)))
    assert [one.claim.path[2] for one in found] == [1, 2, 2]
    assert [one.claim.path[2] for one in first_of_each(found)] == [1, 2]


def test_a_repeated_figure_names_the_others_and_what_places_them(sheet_with: SheetWith) -> None:
    sheet = sheet_of(
        sheet_with, row(32, 4, execution_time="0.19 ms"), classification_time=at("0.25 ms", 32, 4)
    )
    (found,) = stated_twice(sheet)
    first = ("parameters", "operating_points", 0)
    section = ("performance", "classification_time", "at")
    assert dict(found.related) == {
        (*first, "execution_time"): "0.19 ms",
        (*first, "seq_len"): "`seq_len` is 32",
        (*first, "batch"): "`batch` is 4",
        (*section, "seq_len"): "`seq_len` is 32",
        (*section, "batch"): "`batch` is 4",
    }


@pytest.mark.parametrize(
    ("rows", "performance", "expected"),
    [
        # 2.00 ms of four inferences are 0.50 ms of one, whatever the other row says.
        (
            [row(32, 1, execution_time="1.00 ms"), row(32, 4, execution_time="2.00 ms")],
            {"classification_time": at("0.50 ms", 32)},
            [],
        ),
        # 0.76 ms is not 0.19 ms of four: a time of one inference is less.
        ([row(32, 4, execution_time="0.19 ms")], {"classification_time": at("0.76 ms", 32, 4)}, ["0.76 ms"]),
        # Whatever the batch of the row is, 0.25 ms is not 0.19 ms.
        (
            [row(32, "not stated", execution_time="0.19 ms")],
            {"classification_time": at("0.25 ms", 32)},
            ["0.25 ms"],
        ),
        # Nothing else is of one inference of a run.
        (
            [row(32, 4, throughput="100 inferences/s")],
            {"throughput": at("25 inferences/s", 32, 4)},
            ["25 inferences/s"],
        ),
        # Tokens are not inferences, what is derived is judged elsewhere, and the wall is not the chip.
        ([row(32, 4, throughput="100 inferences/s")], {"throughput": at("9000 tokens/s", 32, 4)}, []),
        (
            [row(32, 4, execution_time="0.19 ms")],
            {"classification_time": at("0.25 ms", 32, 4) | {"source": "derived"}},
            [],
        ),
        (
            [row(32, 4, energy_efficiency="100 inferences/s/W", energy_boundary="chip")],
            {"energy_efficiency": at("250 inferences/s/W", 32, 4), "energy_boundary": "wall"},
            [],
        ),
        (
            [row(32, 4, energy_efficiency="100 inferences/s/W")],
            {"energy_efficiency": at("250 inferences/s/W", 32, 4), "energy_boundary": "wall"},
            ["250 inferences/s/W"],
        ),
        # A figure between two points is left alone, and the next one is not.
        (
            [
                row(32, 1, execution_time="1.00 ms", throughput="100 inferences/s"),
                row(32, 2, execution_time="3.00 ms"),
            ],
            {"classification_time": at("2.00 ms", 32), "throughput": at("500 inferences/s", 32)},
            ["500 inferences/s"],
        ),
    ],
)
def test_what_a_figure_of_a_section_can_be(
    sheet_with: SheetWith, rows: list[dict[str, Any]], performance: dict[str, Any], expected: list[str]
) -> None:
    found = stated_twice(sheet_of(sheet_with, *rows, **performance))
    assert [one.claim.quantity.text for one in found] == expected


@pytest.mark.parametrize(
    ("second", "differs"), [("21.5", False), ("22.5", True), ("18.5", False), ("17.5", True)]
)
def test_the_tolerance_of_the_earlier_row_counts(sheet_with: SheetWith, second: str, differs: bool) -> None:
    # 20.0 give or take 10 % and half a last digit: 17.95 to 22.05.
    first = {"value": "20.0 G ops", "tolerance": {"within": "10 %", "reason": "x"}}
    rows = (row(32, 4, total_ops=first), row(32, 4, total_ops=f"{second} G ops"))
    assert bool(list(stated_twice(sheet_of(sheet_with, *rows)))) is differs


@pytest.mark.parametrize(
    ("rows", "performance", "expected"),
    [
        ([row(32, 4, throughput="100 inferences/s")], {"throughput": at("100 inferences/s", 64)}, 1),
        # A row of the length has a figure of its own, which is what other rules compare.
        (
            [row(32, 4, execution_time="0.19 ms"), row(64, 4, execution_time="0.30 ms")],
            {"classification_time": at("0.19 ms", 64)},
            0,
        ),
        ([row(32, 4, execution_time="0.19 ms"), row(64, 4)], {"classification_time": at("0.19 ms", 64)}, 1),
        # Another batch of the same length is no other length.
        ([row(32, 4, execution_time="0.19 ms")], {"classification_time": at("0.19 ms", 32, 8)}, 0),
        (
            [row(64, 4, execution_time="0.30 ms"), row(32, 4, throughput="100 inferences/s")],
            {"classification_time": at("0.30 ms", 64), "throughput": at("100 inferences/s", 64)},
            1,
        ),
        (
            [row(32, 4, execution_time="0.19 ms"), row(32, 8), row(64, 4, execution_time="0.19 ms")],
            {},
            1,
        ),
    ],
)
def test_which_figures_are_those_of_another_length(
    sheet_with: SheetWith, rows: list[dict[str, Any]], performance: dict[str, Any], expected: int
) -> None:
    assert len(list(stated_elsewhere(sheet_of(sheet_with, *rows, **performance)))) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # A pair that cannot be compared does not end the comparison of others.
        (
            [
                row(32, 4, total_ops="20.0 G ops"),
                row(64, 4, "B", total_ops="9 G ops"),
                row(64, 4, total_ops="19.0 G ops"),
            ],
            ["19.0 G ops"],
        ),
        (
            [
                row(32, 4, total_ops="20.0 G ops"),
                row(64, 1, total_ops="4.75 G ops"),
                row(64, 4, total_ops="19.0 G ops"),
            ],
            ["19.0 G ops"],
        ),
        # Nor a figure that only one of them has.
        (
            [row(32, 4, total_ops="20.0 G ops", energy="2.0 mJ"), row(64, 4, energy="1.0 mJ")],
            ["1.0 mJ"],
        ),
        # 30 is more than 20 and not twice as much; 40.1 may be 2 · 20.05.
        ([row(32, 4, total_ops="20.0 G ops"), row(32, 8, total_ops="30.0 G ops")], ["30.0 G ops"]),
        ([row(32, 4, total_ops="20.0 G ops"), row(32, 8, total_ops="40.1 G ops")], []),
        ([row(32, 4, total_ops="20.0 G ops"), row(32, 8, total_ops="39.9 G ops")], []),
    ],
)
def test_which_figures_are_out_of_order(
    sheet_with: SheetWith, rows: list[dict[str, Any]], expected: list[str]
) -> None:
    found = out_of_order(sheet_of(sheet_with, *rows))
    assert [one.claim.quantity.text for one in found] == expected


# 0.19 ms · 3.13 W · 2,500 inferences/s/W = 1.49, between one inference and two.
BETWEEN = {"power": "3.13 W", "time": "0.19 ms", "efficiency": "2.500e3 inferences/s/W"}


@pytest.mark.parametrize(
    ("given", "more", "possible"),
    [
        ({}, {}, OVERLAP),
        ({"efficiency": "1.000e3 inferences/s/W"}, {}, REST),  # 0.59: less than one
        # Two batches are stated, or all three figures state theirs: others judge that.
        ({"time": at("0.19 ms", batch=1), "power": at("3.13 W", batch=2)}, {}, None),
        ({"time": at("0.19 ms", batch=1), "power": at("3.13 W", batch=1)}, {}, OVERLAP),
        (
            {
                "time": at("0.19 ms", batch=1),
                "power": at("3.13 W", batch=1),
                "efficiency": at("2.500e3 inferences/s/W", batch=1),
            },
            {},
            None,
        ),
        # Of two lengths they need not agree.
        ({"time": at("0.19 ms", 32), "power": at("3.13 W", 64)}, {}, None),
        ({"time": at("0.19 ms", 32), "power": at("3.13 W", 32)}, {}, OVERLAP),
        # Parts of an inference, and what includes more than the chip, are something else.
        ({}, {"inference_unit": "token"}, None),
        ({}, {"energy_boundary": "wall"}, None),
        # 0.95 times 1.1 holds one inference; 1.49 over 1.5 does as well.
        ({"efficiency": "1.600e3 inferences/s/W"}, {}, REST),
        ({"efficiency": ("1.600e3 inferences/s/W", "10 %")}, {}, None),
        ({"efficiency": ("2.500e3 inferences/s/W", "50 %")}, {}, None),
    ],
)
def test_which_figures_without_a_batch_fit_none(
    sheet_with: SheetWith, given: dict[str, Any], more: dict[str, Any], possible: str | None
) -> None:
    figures = BETWEEN | given
    if isinstance(figures["efficiency"], tuple):
        value, within = figures["efficiency"]
        figures["efficiency"] = {"value": value, "tolerance": {"within": within, "reason": "x"}}
    sheet = sheet_with(
        parameters={"power": figures["power"]},
        performance={
            "classification_time": figures["time"],
            "energy_efficiency": figures["efficiency"],
            **more,
        },
    )
    assert [one.possible for one in without_batch(sheet)] == ([] if possible is None else [possible])


def test_a_row_without_a_batch_is_judged_by_its_own_figures(sheet_with: SheetWith) -> None:
    figures = {
        "execution_time": "0.19 ms",
        "power": "3.13 W",
        "energy_efficiency": "2.500e3 inferences/s/W",
        "throughput": "3.0e3 inferences/s",
    }
    rows = [row(32, 4, **figures), row(32, "not stated"), row(32, "not stated", **figures)]
    sheet = sheet_of(sheet_with, *rows)
    assert [one.claim.path[2] for one in without_batch(sheet)] == [2]
    # 3,000 / 3.13 = 958 inferences/s/W.
    assert [one.claim.path[2] for one in rates_without_batch(sheet)] == [2]
    (found,) = rates_without_batch(sheet)
    assert found.possible == SPANS
    assert ("parameters", "operating_points", 2, "power") in dict(found.related)


@pytest.mark.parametrize(
    ("rate", "power", "efficiency", "found"),
    [
        (at("300 inferences/s", batch=4), "3.00 W", "150 inferences/s/W", True),
        (at("300 inferences/s", batch=4), at("3.00 W", batch=4), at("150 inferences/s/W", batch=4), False),
        # 900 is their product.
        ("300 inferences/s", "3.00 W", "900 inferences/s/W", True),
        ("300 inferences/s", "0.50 W", "100 inferences/s/W", True),  # 300 / 0.5 = 600
        ("300 inferences/s", "up to 3 W", "150 inferences/s/W", False),  # at any power below it
    ],
)
def test_which_rates_without_a_batch_fit_none(
    sheet_with: SheetWith, rate: Any, power: Any, efficiency: Any, found: bool
) -> None:
    sheet = sheet_with(
        parameters={"power": power}, performance={"throughput": rate, "energy_efficiency": efficiency}
    )
    assert bool(list(rates_without_batch(sheet))) is found


def test_no_more_rows_are_compared_than_can_be(
    sheet_with: SheetWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeated_claims, "MOST_ROWS", 2)
    rows = [row(32, 4, total_ops=f"{20 + index}.0 G ops") for index in range(3)]
    assert [one.claim.path[2] for one in stated_twice(sheet_of(sheet_with, *rows))] == [1]
