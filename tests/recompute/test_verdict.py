"""Verdicts: what each word says, case by case."""

from __future__ import annotations

import typing
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import Quantity, parse_quantity
from factsheet.recompute.claims import Claim
from factsheet.recompute.verdict import (
    VERDICT_KINDS,
    Verdict,
    VerdictKind,
    apart,
    judge,
    not_comparable,
    relative_difference,
    signed_percent,
    written,
)


def kind(value: float, claimed: Quantity, reach: Interval | None = None) -> VerdictKind:
    return judge(Claim(path=(), quantity=claimed), value, reach=reach).kind


@pytest.mark.parametrize(
    ("derived", "claimed", "dimension", "verdict"),
    [
        (480, "480", "count", "agrees"),
        (480, "480 tiles", "count", "agrees"),
        (481, "480", "count", "differs"),
        (1.5e9, "1.5 G ops", "ops", "agrees"),
        (21_743_271_936, "21.74 G ops", "ops", "rounds_to"),
        (21_744_999_999, "21.74 G ops", "ops", "rounds_to"),
        (21_745_000_001, "21.74 G ops", "ops", "differs"),
        # Half-way between two digits, either may have been written: half up gives 81.23, half to even 81.22.
        (0.81225, "81.23 %", "score", "rounds_to"),
        (0.81225, "81.22 %", "score", "rounds_to"),
        (0.812249, "81.23 %", "score", "differs"),
        (21.9e9, "approx. 21.84 G ops", "ops", "within_written"),
        (21.9e9, "21.84 G ops", "ops", "differs"),
        (3.0, "1 to 4", "count", "within_written"),
        (2.5, "1 to 4", "count", "within_written"),
        (5.0, "1 to 4", "count", "differs"),
        (100.0, "up to 128", "count", "within_written"),
        (129.0, "up to 128", "count", "differs"),
    ],
)
def test_words(derived: float, claimed: str, dimension: str, verdict: VerdictKind) -> None:
    assert kind(derived, parse_quantity(claimed, dimension)) == verdict


def test_without_a_claim_there_is_nothing_to_compare() -> None:
    assert judge(None, 480).kind == "unclaimed"
    assert relative_difference(480, None) is None


def test_rounded_inputs_reach_a_claim_that_their_nominal_value_misses() -> None:
    # 4 / (0.19 ms · 3.13 W) = 6726, but the digits allow 6543 to 6919.
    claimed = parse_quantity("6589 inferences/s/W", "inferences_per_second_per_watt")
    assert kind(6726.08, claimed) == "differs"
    assert kind(6726.08, claimed, Interval(6543.0, 6919.0)) == "within_written"
    assert kind(6726.08, claimed, Interval(6600.0, 6919.0)) == "differs"


def test_the_relative_difference_is_signed_and_relative_to_the_claim() -> None:
    assert relative_difference(90.0, parse_quantity("100 W", "power")) == pytest.approx(-0.1)
    assert relative_difference(-0.05, parse_quantity("-0.1", "number")) == pytest.approx(0.5)
    assert relative_difference(1.0, parse_quantity("0", "count")) is None
    assert relative_difference(1e300, parse_quantity("1e-40 W", "power")) is None


def test_every_word_is_listed() -> None:
    assert typing.get_args(VerdictKind) == VERDICT_KINDS


@given(st.floats(1e-6, 1e12), st.integers(1, 6))
def test_a_value_rounds_to_its_own_digits(value: float, digits: int) -> None:
    # Python's own formatting is the oracle, but where a value is half-way to the letter: it then rounds to even.
    text = f"{value:.{digits - 1}e} W"
    digit = Decimal(1).scaleb(int(text.partition("e")[2].split()[0]) - digits + 1)
    assume(abs(Decimal(value) - Decimal(text.split(maxsplit=1)[0])) * 2 != digit)
    assert kind(value, parse_quantity(text, "power")) in {"agrees", "rounds_to"}


def tolerant(claimed: str, within: float, reason: str = "Other layers.") -> Claim:
    return Claim(
        path=(), quantity=parse_quantity(claimed, "count"), tolerance=within, tolerance_reason=reason
    )


@pytest.mark.parametrize(("value", "fits"), [(95, True), (105, True), (94.9, False), (105.1, False)])
def test_a_tolerance_is_relative_to_the_claim(value: float, fits: bool) -> None:
    assert judge(tolerant("100", 0.05), value).kind == ("within_tolerance" if fits else "differs")


def test_a_tolerance_is_added_to_what_the_digits_allow() -> None:
    # 107 million is [106.5, 107.5) million; 5 % of 107 million more reach to 112.85 million.
    assert judge(tolerant("107 million", 0.05), 112.8e6).kind == "within_tolerance"
    assert judge(tolerant("107 million", 0.05), 112.9e6).kind == "differs"


def test_the_tolerance_is_not_used_where_the_digits_suffice() -> None:
    assert judge(tolerant("110 million", 0.05), 109_482_240).kind == "rounds_to"
    assert judge(tolerant("approx. 107 million", 0.05), 108e6).kind == "within_written"


def test_a_tolerance_brings_its_reason() -> None:
    verdict = judge(tolerant("107 million", 0.05, "The pooler is left out."), 109_482_240)
    assert verdict.why == "The pooler is left out."
    assert verdict.words == "within the stated tolerance"
    assert verdict.sentence("109,482,240") == "recomputed: 109,482,240, within the stated tolerance"
    assert verdict.difference == pytest.approx(109_482_240 / 107e6 - 1)


@pytest.mark.parametrize(
    ("verdict", "fits", "mark", "words"),
    [
        (Verdict(kind="agrees"), True, "agrees", "agrees"),
        (Verdict(kind="rounds_to"), True, "agrees", "rounds to it"),
        (Verdict(kind="within_written"), True, "agrees", "within what it says"),
        (Verdict(kind="within_tolerance"), True, "within tolerance", "within the stated tolerance"),
        (Verdict(kind="differs", difference=-0.1), False, "differs", "differs by -10.00%"),
        (Verdict(kind="differs"), False, "differs", "differs"),
        (Verdict(kind="unclaimed"), None, "not recomputed", "not claimed"),
        (not_comparable("no batch is stated"), None, "not recomputed", "not comparable"),
        (
            Verdict(kind="agrees", interpretation="`fused_qkv: true`"),
            True,
            "agrees",
            "agrees if `fused_qkv: true`",
        ),
    ],
)
def test_what_a_verdict_says(verdict: Verdict, fits: bool | None, mark: str, words: str) -> None:
    assert (verdict.fits, verdict.mark, verdict.words) == (fits, mark, words)


def test_a_page_names_the_interpretation_that_explains_a_claim() -> None:
    verdict = Verdict(kind="agrees", interpretation="`fused_qkv: true`")
    assert verdict.sentence("480") == "recomputed: 480; this fits if `fused_qkv: true`"


@pytest.mark.parametrize(
    ("value", "claimed", "words"),
    [
        (109_482_240, 110e6, "0.471 % less"),
        (480, 456, "5.26 % more"),
        (109_482_240, 110e3, "995 times as much"),
        (21.84e9, 21.84e6, "1,000 times as much"),
        (1, 32, "32 times less"),
        (5, 0, "where nothing is claimed"),
    ],
)
def test_how_far_apart(value: float, claimed: float, words: str) -> None:
    assert apart(value, claimed) == words


@pytest.mark.parametrize(
    ("value", "verdict"), [(2.2e-6, "differs"), (1.8e-6, "differs"), (2.04e-6, "rounds_to")]
)
def test_small_figures_are_compared_as_strictly(value: float, verdict: VerdictKind) -> None:
    # 2.0 µs is 1.95 to 2.05 µs.
    assert kind(value, parse_quantity("2.0 µs", "time")) == verdict


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (0.014, "+1.4 %"),
        (-0.014, "−1.4 %"),
        (0.01, "+1.0 %"),
        (0.5, "+50.0 %"),
        (-0.5, "−50.0 %"),
        (10.0, "+1000.0 %"),
        (0.0004, "0.0 %"),
        (-0.0004, "0.0 %"),
        (0.0, "0.0 %"),
    ],
)
def test_a_change_is_written_to_a_tenth_of_a_percent(change: float, text: str) -> None:
    assert signed_percent(change) == text


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        # Up to a factor of two in per cent.
        (1.99, "99 % more"),
        (2.0, "2 times as much"),
        (0.51, "49 % less"),
        (0.5, "2 times less"),
        (0.0, "of another sign"),
        (-1.0, "of another sign"),
    ],
)
def test_from_a_factor_of_two_on_the_factor_is_said(ratio: float, words: str) -> None:
    assert apart(8 * ratio, 8) == words


def test_what_is_not_compared_says_why_and_how_far_off_it_is() -> None:
    assert not_comparable("no row", 0.5) == Verdict(kind="not_comparable", difference=0.5, why="no row")


@pytest.mark.parametrize(
    ("difference", "text"),
    [(0.25, "recomputed: 5 W, which differs (+25.0 %)"), (None, "recomputed: 5 W, which differs")],
)
def test_a_page_says_by_how_much_a_claim_differs(difference: float | None, text: str) -> None:
    assert Verdict(kind="differs", difference=difference).sentence("5 W") == text


def test_a_value_of_a_message_has_its_unit() -> None:
    assert written(0.0031, "time") == "3.1 ms"
    assert written(float("inf"), "time") == "more than can be written"
