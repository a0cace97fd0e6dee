"""Interval arithmetic against exact rational arithmetic, and against the examples of its textbooks."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factsheet.quantities.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Callable

FINITE = st.floats(-1e100, 1e100, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-100)


@st.composite
def interval_and_members(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    low, high = sorted((draw(FINITE), draw(FINITE)))
    share = draw(st.fractions(0, 1))
    return Interval(low, high), Fraction(low) + share * (Fraction(high) - Fraction(low))


def holds(interval: Interval, x: Fraction) -> bool:
    """Membership in exact arithmetic, with room for one rounding at each end."""
    room = Fraction(1, 10**15)
    low = (
        interval.low
        if math.isinf(interval.low)
        else Fraction(interval.low) - room * abs(Fraction(interval.low))
    )
    high = (
        interval.high
        if math.isinf(interval.high)
        else Fraction(interval.high) + room * abs(Fraction(interval.high))
    )
    return low <= x <= high


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@given(a=interval_and_members(), b=interval_and_members())
def test_the_result_holds_every_result_of_members(
    operation: Callable[[object, object], object],
    a: tuple[Interval, Fraction],
    b: tuple[Interval, Fraction],
) -> None:
    # Inclusion: Moore, Interval Analysis (1966), chapter 2.
    if operation is operator.truediv:
        assume(b[0].low > 0 or b[0].high < 0)
    result = operation(a[0], b[0])
    exact = operation(a[1], b[1])
    assert isinstance(result, Interval)
    assert isinstance(exact, Fraction)
    assert holds(result, exact)


@pytest.mark.parametrize(
    ("operation", "a", "b", "expected"),
    [
        # Moore, Kearfott, Cloud, Introduction to Interval Analysis (2009), definitions 2.13 to 2.20 by hand:
        (operator.add, (0, 2), (-1, 1), (-1, 3)),
        (operator.sub, (-1, 0), (1, 2), (-3, -1)),
        (operator.mul, (-1, 0), (1, 2), (-2, 0)),
        (operator.mul, (-2, 3), (-5, 7), (-15, 21)),
        (operator.truediv, (-4, 2), (1, 2), (-4, 2)),
        (operator.truediv, (1, 2), (-4, -2), (-1, -0.25)),
        # One-sided statements: at least 2 W for at most 3 s says nothing about an upper end.
        (operator.mul, (2, math.inf), (0, 3), (0, math.inf)),
        (operator.mul, (-math.inf, 0), (0, 1), (-math.inf, 0)),
        (operator.truediv, (-math.inf, -1), (1, math.inf), (-math.inf, 0)),
        (operator.add, (-math.inf, 1), (1, math.inf), (-math.inf, math.inf)),
        (operator.truediv, (1, math.inf), (1, math.inf), (0, math.inf)),
        (operator.truediv, (1, 2), (4, math.inf), (0, 0.5)),
        (operator.sub, (0, math.inf), (0, math.inf), (-math.inf, math.inf)),
    ],
)
def test_operations_by_hand(
    operation: Callable[[Interval, Interval], Interval],
    a: tuple[float, float],
    b: tuple[float, float],
    expected: tuple[float, float],
) -> None:
    assert operation(Interval(*a), Interval(*b)) == Interval(*expected)


def test_a_result_beyond_the_doubles_keeps_a_finite_end() -> None:
    huge = Interval(1e200, 1e300)
    product = huge * huge
    assert product.high == math.inf
    assert math.isfinite(product.low)


@pytest.mark.parametrize("divisor", [(-1, 1), (0, 1), (-1, 0), (0, 0)])
def test_division_by_an_interval_that_holds_zero_is_refused(divisor: tuple[float, float]) -> None:
    with pytest.raises(ZeroDivisionError):
        Interval(1, 2) / Interval(*divisor)


@pytest.mark.parametrize(
    ("low", "high"),
    [(math.nan, 1), (0, math.nan), (2, 1), (math.inf, math.inf), (-math.inf, -math.inf)],
)
def test_what_is_no_interval_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="no interval"):
        Interval(low, high)


def test_contains_forgives_rounding_and_no_more() -> None:
    tenth = Interval(0.1, 0.3)
    assert tenth.contains(0.1 + 0.2)  # 0.30000000000000004
    assert tenth.contains(0.1 * (1 - 5e-13))
    assert not tenth.contains(0.1 * (1 - 2e-12))
    assert not tenth.contains(0.3 * (1 + 2e-12))
    assert not tenth.contains(math.inf)
    assert not tenth.contains(-math.inf)
    assert not tenth.contains(math.nan)
    assert not Interval(0, 1).contains(-1e-300)
    assert Interval(0, math.inf).contains(1e308)
    # Closed, as its docstring has it: an infinite end is in it.
    assert Interval(0, math.inf).contains(math.inf)
    assert Interval(-math.inf, 0).contains(-math.inf)


@given(a=interval_and_members(), b=interval_and_members())
def test_overlap_agrees_with_exact_arithmetic(
    a: tuple[Interval, Fraction], b: tuple[Interval, Fraction]
) -> None:
    first, second = a[0], b[0]
    assert first.overlaps(second) == second.overlaps(first)
    if max(Fraction(first.low), Fraction(second.low)) <= min(Fraction(first.high), Fraction(second.high)):
        assert first.overlaps(second)


def test_intervals_apart_do_not_overlap() -> None:
    assert not Interval(0, 1).overlaps(Interval(1.001, 2))
    assert not Interval(1.001, math.inf).overlaps(Interval(-math.inf, 1))
    assert Interval(0, 0.3).overlaps(Interval(0.1 + 0.2, 1))


@pytest.mark.parametrize(
    ("low", "high", "width", "midpoint"),
    [
        (1, 3, 2, 2),
        (-3, -1, 2, -2),
        (5, 5, 0, 5),
        (0, 0, 0, 0),
        (-1, 1, 2, 0),
        (0, math.inf, math.inf, math.inf),
        (-math.inf, 0, math.inf, -math.inf),
        (-math.inf, math.inf, math.inf, 0),
    ],
)
def test_measures(low: float, high: float, width: float, midpoint: float) -> None:
    interval = Interval(low, high)
    assert (interval.width, interval.midpoint) == (width, midpoint)


def test_scaling_by_a_negative_number_turns_the_interval_over() -> None:
    assert Interval(1, 2).scaled(-3) == Interval(-6, -3)
    with pytest.raises(ValueError, match="no interval"):
        Interval(1, 2).scaled(math.inf)


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (Interval(365.7, math.inf), "366 and more"),
        (Interval(-math.inf, 4.5), "at most 4.5"),
        (Interval(-math.inf, math.inf), "any number"),
        (Interval(3.7, 4.14159), "3.7 to 4.14"),
    ],
)
def test_an_end_without_bound_is_no_number(interval: Interval, words: str) -> None:
    assert interval.words(3) == words
