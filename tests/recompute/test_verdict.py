"""Verdicts: what each word says, case by case."""

from __future__ import annotations

import typing
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.verdict import VERDICTS, Verdict, compare, relative_difference


@pytest.mark.parametrize(
    ("derived", "claimed", "dimension", "verdict"),
    [
        (480, "480", "count", "agree"),
        (480, "480 tiles", "count", "agree"),
        (481, "480", "count", "differs_by"),
        (1.5e9, "1.5 G ops", "ops", "agree"),
        (21_743_271_936, "21.74 G ops", "ops", "rounds_to"),
        (21_744_999_999, "21.74 G ops", "ops", "rounds_to"),
        (21_745_000_001, "21.74 G ops", "ops", "differs_by"),
        # The half goes up: 81.225 is written 81.23, not 81.22.
        (0.81225, "81.23 %", "score", "rounds_to"),
        (0.81225, "81.22 %", "score", "differs_by"),
        (21.9e9, "approx. 21.84 G ops", "ops", "within"),
        (21.9e9, "21.84 G ops", "ops", "differs_by"),
        (3.0, "1 to 4", "count", "within"),
        (2.5, "1 to 4", "count", "within"),
        (5.0, "1 to 4", "count", "differs_by"),
        (100.0, "up to 128", "count", "within"),
        (129.0, "up to 128", "count", "differs_by"),
    ],
)
def test_words(derived: float, claimed: str, dimension: str, verdict: Verdict) -> None:
    assert compare(derived, parse_quantity(claimed, dimension)) == verdict


def test_without_a_claim_there_is_nothing_to_compare() -> None:
    assert compare(480, None) == "unclaimed"
    assert relative_difference(480, None) is None


def test_rounded_inputs_reach_a_claim_that_their_nominal_value_misses() -> None:
    # 4 / (0.19 ms · 3.13 W) = 6726, but the digits allow 6543 to 6919.
    claimed = parse_quantity("6589 inferences/s/W", "inferences_per_second_per_watt")
    assert compare(6726.08, claimed) == "differs_by"
    assert compare(6726.08, claimed, Interval(6543.0, 6919.0)) == "within"
    assert compare(6726.08, claimed, Interval(6600.0, 6919.0)) == "differs_by"


def test_the_relative_difference_is_signed_and_relative_to_the_claim() -> None:
    assert relative_difference(90.0, parse_quantity("100 W", "power")) == pytest.approx(-0.1)
    assert relative_difference(-0.05, parse_quantity("-0.1", "number")) == pytest.approx(0.5)
    assert relative_difference(1.0, parse_quantity("0", "count")) is None
    assert relative_difference(1e300, parse_quantity("1e-300 W", "power")) is None


def test_every_word_is_listed() -> None:
    assert typing.get_args(Verdict) == VERDICTS


@given(st.floats(1e-6, 1e12), st.integers(1, 6))
def test_a_value_rounds_to_its_own_digits(value: float, digits: int) -> None:
    # Python's own formatting is the oracle, but where a value is half-way to the letter: it then rounds to even.
    text = f"{value:.{digits - 1}e} W"
    digit = Decimal(1).scaleb(int(text.partition("e")[2].split()[0]) - digits + 1)
    assume(abs(Decimal(value) - Decimal(text.split(maxsplit=1)[0])) * 2 != digit)
    assert compare(value, parse_quantity(text, "power")) in {"agree", "rounds_to"}
