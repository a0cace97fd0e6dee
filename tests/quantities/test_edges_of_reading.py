"""Texts at the edge of what is a quantity, and what is said of those beyond it."""

from __future__ import annotations

import math

import pytest

from factsheet.errors import QuantityError
from factsheet.quantities.metrics import METRICS, metric_named, metrics_in
from factsheet.quantities.quantity import format_value, parse_quantity, to_digits


@pytest.mark.parametrize(
    ("text", "dimension", "ends"),
    [
        # A bare ratio is a fraction of 1, and 1 is one.
        ("1", "ratio", (0.5, 1.5)),
        ("1.00", "ratio", (0.995, 1.005)),
        ("-0.5", "ratio", (-0.55, -0.45)),
        # Parts of a time, to the last of their digits: 5,400 s and half a minute to each side.
        ("1 h 30 min", "time", (5370.0, 5430.0)),
        ("1 h, 30 min and 1.5 s", "time", (5401.45, 5401.55)),
        ("59 min 59 s", "time", (3598.5, 3599.5)),
        # Nothing of an amount is below zero, of a temperature neither.
        ("0 W", "power", (0.0, 0.5)),
        ("0.0 °C", "temperature", (273.1, 273.2)),
        # A spread reaches down to zero at most.
        ("3 W ± 4 W", "power", (0.0, 7.0)),
        ("3 ± 4 W", "power", (0.0, 7.0)),
        ("0.1 ± 0.2", "ratio", (-0.1, 0.3)),
        ("3 to 3 W", "power", (3.0, 3.0)),
        # Zeros at the end of a rounded figure only say how large it is.
        ("300 W", "power", (250.0, 350.0)),
        ("3e2", "count", (250.0, 350.0)),
        ("300", "count", (300.0, 300.0)),
        ("about 300", "count", (250.0, 350.0)),
        ("3 thousand", "count", (2500.0, 3500.0)),
        ("3 images", "count", (3.0, 3.0)),
        (".5 W", "power", (0.45, 0.55)),
        ("5e-1 W", "power", (0.45, 0.55)),
        ("up to 3 W", "power", (0.0, 3.0)),
        ("up to 3", "number", (-math.inf, 3.0)),
        ("at least 3 W", "power", (3.0, math.inf)),
    ],
)
def test_the_ends_of_a_text(text: str, dimension: str, ends: tuple[float, float]) -> None:
    found = parse_quantity(text, dimension)
    assert (found.low, found.high) == pytest.approx(ends)


@pytest.mark.parametrize(
    ("text", "dimension", "message"),
    [
        ("1.01", "ratio", "`1.01` has no unit and is above 1"),
        ("up to 1 h 30 min", "time", "unknown unit `h 30 min`"),
        ("at least 1 h 30 min", "time", "unknown unit `h 30 min`"),
        ("up to 3 to 4 W", "power", "`up to 3 to 4 W` is a bound and a range at once"),
        ("at least 3 to 4 W", "power", "`at least 3 to 4 W` is a bound and a range at once"),
        ("1 h 60 min", "time", "the parts of `1 h 60 min` do not add up to a time as a clock shows it"),
        ("1 min 1 h", "time", "the parts of `1 min 1 h` do not add up to a time as a clock shows it"),
        ("1.5 h 30 min", "time", "unknown unit `h 30 min`"),
        ("3 W to 4", "power", "the second number of `3 W to 4` has no unit"),
        ("4 to 3 W", "power", "the range `4 to 3 W` runs downwards"),
        ("3 ± 0 W", "power", "what follows ± in `3 ± 0 W` is not above zero"),
        ("-1 W", "power", "`-1 W` is below zero"),
        ("-0 W", "power", "`-0 W` is below zero"),
        ("", "power", "an empty text instead of a power"),
        ("nan", "power", "`nan` is not a finite number"),
        ("-inf W", "power", "`-inf W` is not a finite number"),
        ("much", "energy", "no number in `much`"),
        ("much 3 W", "power", "`much 3 W` does not start with a number"),
        ("3,5 W", "power", "decimal comma in `3,5 W`"),
        ("3 x 10^5 W", "power", "a power of ten written out in `3 x 10^5 W`"),
        ("3 000 W", "power", "the digits of `3 000 W` cannot be read as one number"),
        ("03 W", "power", "the digits of `03 W` cannot be read as one number"),
        ("3 GMACs", "ops", "`GMACs` counts multiply-accumulates, not operations"),
        ("3 J", "power", "`J` is a unit of energy, and a power is asked for"),
        ("3 J", "area", "`J` is a unit of energy, and an area is asked for"),
        ("1e41 W", "power", "`1e41 W` is beyond any power"),
        ("3 W" + "." * 60, "power", f"unknown unit `W{'.' * 58}…`"),
        ("9" * 121, "count", f"`{'9' * 59}…` is too long for a quantity"),
    ],
)
def test_what_is_beyond_the_edge(text: str, dimension: str, message: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, dimension)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "dimension", "help"),
    [
        ("3 mw", "power", "did you mean `mW`? a power is written in "),
        ("3 parsecs", "power", "a power is written in nW, µW, mW, W, kW"),
        ("3 parsecs", "number", "write the number alone, for example `"),
        ("3 parsec", "frequency", "a frequency is written in "),
    ],
)
def test_what_to_write_instead(text: str, dimension: str, help: str) -> None:  # noqa: A002 - as errors call it
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, dimension)
    assert caught.value.help is not None
    assert caught.value.help.startswith(help)
    assert "μ" not in caught.value.help  # the Greek letter is read, and the sign of micro is written


def test_what_cannot_be_printed_is_shown_as_such_and_everything_else_as_written() -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity("3 W\u202e\x07 é", "power")
    assert caught.value.message == "unknown unit `W\ufffd\ufffd é`"


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (1149.0, 2, "1,100"),
        (0.3456, 2, "0.35"),
        (12.0, 1, "10"),
        (0.0, 2, "0"),
        (123456789.0, 3, "123,000,000"),
    ],
)
def test_digits_without_a_unit(number: float, digits: int, text: str) -> None:
    assert to_digits(number, digits) == text


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        (0.001, "number", "0.001"),
        (0.000999, "number", "9.99e-4"),
        (999999.0, "number", "999,999"),
        (1e6, "number", "1e6"),
        (1e15 - 1, "count", "999,999,999,999,999"),
        (1e15, "count", "1,000 trillion"),
        (0.0, "power", "0 W"),
    ],
)
def test_where_powers_of_ten_begin(value: float, dimension: str, text: str) -> None:
    assert format_value(value, dimension, 5) == text


def test_a_score_up_to_a_hundred_is_within_where_that_is_customary() -> None:
    (bleu,) = metrics_in("BLEU")
    (accuracy,) = metrics_in("accuracy")
    # 27.3 BLEU is a share of 0.273; both are written.
    assert [bleu.holds(end, end) for end in (0.273, 27.3, 100.0, 100.1, -0.1)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert [accuracy.holds(end, end) for end in (0.0, 1.0, 1.01, 27.3, -0.01)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    # What the digits allow is enough.
    assert accuracy.holds(0.99, 1.2)
    assert accuracy.holds(-0.2, 0.0)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("F1, accuracy", ["F1", "accuracy"]),
        ("accuracy, accuracy", ["accuracy"]),
        ("root mean squared error", ["root mean squared error"]),  # no error beside it
        ("hinge loss", ["loss"]),
        ("loss on eight tasks", ["loss"]),
        ("errors of the loss", ["loss"]),
        ("loss of generality", []),
        ("on loss", ["loss"]),
    ],
)
def test_metrics_are_named_by_their_longest_spelling_or_their_last_word(text: str, names: list[str]) -> None:
    assert [metric.name for metric in metrics_in(text)] == names


def test_scores_on_unlike_scales_have_no_metric_in_common() -> None:
    assert metric_named("accuracy and error rate") is None
    assert metric_named("loss and error") is not None
    assert all(metric.low < metric.high for metric in METRICS)
