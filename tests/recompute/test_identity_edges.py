"""Identities at their edges: nothing below the line, figures without an end, and which batches are whole."""

from __future__ import annotations

from math import inf

import pytest

from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import Claim
from factsheet.recompute.comparisons.implied_claims import may_hold, scales
from factsheet.recompute.identities import (
    BATCH,
    IDENTITIES,
    Factor,
    Identity,
    evaluate,
    exact_factor,
    factor_of,
    fraction,
    in_row,
    whole_batches,
)
from factsheet.recompute.point_figures import anchored, assumption
from factsheet.sheet.parameters import OperatingPoint


@pytest.mark.parametrize(
    ("low", "high", "batches"),
    [
        (0.2, 0.9, range(0)),  # less than one inference
        (1.2, 1.8, range(0)),
        (1.0, 1.0, range(1, 2)),
        (0.0, 2.5, range(1, 3)),
        (3.0, 5.0, range(3, 6)),
        (3.5, 5.5, range(4, 6)),
        # Arithmetic leaves the last bits behind: these are 3 and 435.
        (0.1 * 3 * 10, 4.35 * 100, range(3, 436)),
        # Beyond a thousand million, nothing is said to fit.
        (10**9 - 1, inf, range(10**9 - 1, 10**9 + 1)),
        (10**9 + 0.5, inf, range(0)),
    ],
)
def test_whole_batches_are_those_inside(low: float, high: float, batches: range) -> None:
    found = whole_batches(Interval(low, high))
    assert found == batches or (not found and not batches)


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [
        ([], ["a"], "1 / a"),
        (["a"], [], "a"),
        (["a", "b"], ["c"], "a · b / c"),
        (["a"], ["b", "c"], "a / (b · c)"),
    ],
)
def test_a_fraction_is_written_in_a_line(above: list[str], below: list[str], text: str) -> None:
    assert fraction(above, below) == text


def of(value: float, low: float, high: float) -> list[Factor]:
    return [Factor("x", "x", value, Interval(low, high), "x")]


RATIO = Identity(("power",), ("throughput",))


@pytest.mark.parametrize(
    ("power", "rate", "expected"),
    [
        # 6 / 3 from 5 / 4 to 7 / 2.
        (of(6, 5, 7), of(3, 2, 4), (2.0, 1.25, 3.5)),
        (of(6, 5, 7), of(3, 0, 4), (2.0, 1.25, inf)),  # a rate that may be 0 leaves no most
        (of(6, 5, 7), of(1, 0.5, 2), (6.0, 2.5, 14.0)),
        (of(6, 5, 7), of(0, 0, 1), None),
        (of(6, 5, 7), of(0.5, 0.25, 1), (12.0, 5.0, 28.0)),
        (of(6, 5, 7), of(-1, -2, 0), None),
        (of(6, 5, 7), [], None),
        ([], of(3, 2, 4), None),
        (of(0, 0, 0), of(3, 2, 4), (0.0, 0.0, 0.0)),
        (of(0, 0, inf), of(3, 2, 4), (0.0, 0.0, inf)),
        (of(1e300, 1e300, 1e300), of(1e-300, 1e-300, 1e-300), None),  # beyond every number
    ],
)
def test_a_fraction_of_intervals(
    power: list[Factor], rate: list[Factor], expected: tuple[float, float, float] | None
) -> None:
    found = evaluate(RATIO, {"power": power, "throughput": rate})
    assert (found and (found.value, found.reach.low, found.reach.high)) == expected
    if found is not None:
        assert found.unbounded is (rate[0].meant.low <= 0)
        assert [factor.value for factor in found.factors] == [power[0].value, rate[0].value]


def test_one_factor_that_may_be_zero_is_enough_to_leave_no_most() -> None:
    known = {BATCH: of(6, 6, 6), "execution_time": of(1, 0, 2), "power": of(3, 2, 4)}
    found = evaluate(IDENTITIES["energy_efficiency"][0], known)
    assert found is not None
    assert found.unbounded
    assert (found.value, found.reach.low, found.reach.high) == (2.0, 0.75, inf)  # 6 / (1 · 3), 6 / (2 · 4)


def claim(text: str, dimension: str, *path: str | int, **more: object) -> Claim:
    return Claim(path=path, quantity=parse_quantity(text, dimension), **more)  # type: ignore[arg-type]


def test_the_step_names_what_is_no_claim() -> None:
    time = factor_of("execution_time", claim("0.19 ms", "time", "performance", "classification_time"))
    found = evaluate(
        IDENTITIES["throughput"][0],
        {BATCH: [exact_factor(BATCH, 1200, "given")], "execution_time": [time]},
    )
    assert found is not None
    assert found.identity.formula == "batch / execution time"
    assert found.step == "1,200 / 0.19 ms"
    assert found.named_step == "batch 1,200 / 0.19 ms"
    assert [one.path for one in found.claims] == [("performance", "classification_time")]
    assert time.source == "performance.classification_time"


ROW = ("parameters", "operating_points", 0, "power")


@pytest.mark.parametrize(
    ("path", "point", "whole"),
    [
        (ROW, (None, None), True),
        (("parameters", "power"), (None, None), False),
        (("parameters", "power"), (32, None), False),
        (("parameters", "power"), (None, 4), False),
        (("parameters", "power"), (32, 4), True),
        (("parameters", "power"), (32, "not stated"), False),
    ],
)
def test_a_claim_is_placed_by_its_row_or_by_length_and_batch(
    path: tuple[str | int, ...], point: tuple[object, object], whole: bool
) -> None:
    one = claim("3 W", "power", *path, point=point)
    assert anchored(one) is whole
    assert in_row(one) is (path is ROW)
    said = "assumes that parameters.power holds at this operating point, which the sheet does not say"
    assert assumption(one, None) == ("" if whole else said)


def test_several_claims_that_are_not_placed() -> None:
    power = claim("3 W", "power", "parameters", "power")
    time = claim("1 ms", "time", "performance", "classification_time")
    assert assumption(power, time) == (
        "assumes that parameters.power and performance.classification_time hold at this operating point,"
        " which the sheet does not say"
    )
    assert assumption() == ""


@pytest.mark.parametrize(
    ("point", "holds"),
    [
        ((None, None), True),
        ((32, None), True),
        ((64, None), False),
        ((32, 4), True),
        ((32, 8), False),
        ((None, 8), False),
        ((32, "not stated"), True),
    ],
)
def test_a_figure_may_hold_where_nothing_that_both_name_differs(
    point: tuple[object, object], holds: bool
) -> None:
    assert may_hold(point, OperatingPoint(seq_len=32, batch=4)) is holds
    assert may_hold(point, OperatingPoint(seq_len=32, batch="not stated")) is (point[0] != 64)


@pytest.mark.parametrize(
    ("unit", "of_part", "length", "expected"),
    [
        ("inferences/s", False, 32, (1,)),
        ("tokens/s", False, 32, (32, 1)),  # all tokens of a sequence, or one a step
        ("frames/s", False, 8, (8, 1)),
        ("samples/s", False, 8, (8, 1)),
        ("tokens/s", False, 1, (1,)),
        ("tokens/s", False, None, (1,)),
        ("inferences/s", True, 32, (32, 1)),
    ],
)
def test_how_many_units_an_inference_is(
    unit: str, of_part: bool, length: int | None, expected: tuple[int, ...]
) -> None:
    rate = claim(f"300 {unit}", "throughput", "performance", "throughput", of_part=of_part)
    assert scales(rate, (length, 4)) == expected
