"""Quantities as written: what the digits mean, what is refused, and that nothing else is raised."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.errors import QuantityError
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.quantity import Quantity, format_value, grouped, parse_quantity
from factsheet.quantities.reading import MAX_LENGTH

NAMES = st.sampled_from(sorted(DIMENSIONS))

# Text, dimension, and by hand: nominal value and the ends of the digits, in the base unit.
POINTS = [
    # The figures of the published BERT FactSheet.
    ("0.19 ms", "time", 0.00019, 0.000185, 0.000195),
    ("0.19msec", "time", 0.00019, 0.000185, 0.000195),
    ("21.74B", "ops", 21.74e9, 21.735e9, 21.745e9),
    ("110 million", "count", 110e6, 105e6, 115e6),
    ("110 million parameters", "count", 110e6, 105e6, 115e6),
    ("3.13W", "power", 3.13, 3.125, 3.135),
    ("780.4 sq.mm", "area", 780.4e-6, 780.35e-6, 780.45e-6),
    ("780.4 mm²", "area", 780.4e-6, 780.35e-6, 780.45e-6),
    ("6589 inferences/s/W", "inferences_per_second_per_watt", 6589, 6588.5, 6589.5),
    ("6589 Inferences/s/W", "inferences_per_second_per_watt", 6589, 6588.5, 6589.5),
    ("66.40 %", "score", 0.664, 0.66395, 0.66405),
    ("66.40%", "score", 0.664, 0.66395, 0.66405),
    ("80.6 pct", "score", 0.806, 0.8055, 0.8065),
    ("2.5k", "count", 2500, 2450, 2550),
    ("393k", "count", 393e3, 392.5e3, 393.5e3),
    ("5E-5", "number", 5e-5, 4.5e-5, 5.5e-5),
    ("1.0", "number", 1.0, 0.95, 1.05),
    ("0.0175", "number", 0.0175, 0.01745, 0.01755),
    ("4 weeks", "time", 4 * 604800, 3.5 * 604800, 4.5 * 604800),
    # A time in parts, as a clock shows it: its last part counts to the unit.
    ("1 h 30 min", "time", 5400, 5370, 5430),
    ("1h 30min", "time", 5400, 5370, 5430),
    ("2 hours, 5 minutes and 3.5 s", "time", 7503.5, 7503.45, 7503.55),
    ("2 days 3 h", "time", 183600, 181800, 185400),
    # Another paper's: AnalogNAS, table IV.
    ("43,956.7 inferences/s/W", "inferences_per_second_per_watt", 43956.7, 43956.65, 43956.75),
    # Zeros that end an integer: significant only after a point, or in a number that stands alone.
    ("780 mm²", "area", 780e-6, 775e-6, 785e-6),
    ("780.0 mm²", "area", 780e-6, 779.95e-6, 780.05e-6),
    ("100 TOPS/W", "ops_per_second_per_watt", 100e12, 50e12, 150e12),
    ("110e6", "count", 110e6, 105e6, 115e6),
    ("1.10e8", "count", 110e6, 109.5e6, 110.5e6),
    ("10", "number", 10, 9.5, 10.5),
    # Scale words and signs, as people put them.
    ("21.84 Gops", "ops", 21.84e9, 21.835e9, 21.845e9),
    ("21.84 G ops", "ops", 21.84e9, 21.835e9, 21.845e9),
    ("21.84  G  ops", "ops", 21.84e9, 21.835e9, 21.845e9),
    ("21.84B ops", "ops", 21.84e9, 21.835e9, 21.845e9),
    ("21.84 billion operations", "ops", 21.84e9, 21.835e9, 21.845e9),
    ("21.84 GFLOPs", "ops", 21.84e9, 21.835e9, 21.845e9),
    ("2.5k samples", "count", 2500, 2450, 2550),
    ("2.5 Thousand samples", "count", 2500, 2450, 2550),
    ("1.2 k inferences/s", "throughput", 1200, 1150, 1250),
    ("1.2 kHz", "throughput", 1200, 1150, 1250),
    ("10.9 TOPS/mm2", "ops_per_second_per_area", 10.9e18, 10.85e18, 10.95e18),
    (".5 V", "voltage", 0.5, 0.45, 0.55),
    ("+0.5 V", "voltage", 0.5, 0.45, 0.55),
    ("-0.5 V", "voltage", -0.5, -0.55, -0.45),
    ("\u22120.5 V", "voltage", -0.5, -0.55, -0.45),
    ("5e\u22125", "number", 5e-5, 4.5e-5, 5.5e-5),
    ("25 °C", "temperature", 298.15, 297.65, 298.65),
    ("-0.65 pp", "ratio", -0.0065, -0.00655, -0.00645),
    ("0 W", "power", 0, 0, 0.5),
    ("0", "number", 0, -0.5, 0.5),
    ("0.19\u00a0ms", "time", 0.00019, 0.000185, 0.000195),
    ("0.19\u202fms", "time", 0.00019, 0.000185, 0.000195),
    ("  0.19 ms\t", "time", 0.00019, 0.000185, 0.000195),
    # Counts.
    ("480", "count", 480, 480, 480),
    ("480 tiles", "count", 480, 480, 480),
    ("84934656", "count", 84934656, 84934656, 84934656),
    ("84,934,656 weights", "count", 84934656, 84934656, 84934656),
    ("21743271936 ops", "ops", 21743271936, 21743271936, 21743271936),
    ("0", "count", 0, 0, 0),
]


@pytest.mark.parametrize(("text", "name", "value", "low", "high"), POINTS)
def test_what_the_digits_mean(text: str, name: str, value: float, low: float, high: float) -> None:
    quantity = parse_quantity(text, name)
    found = (quantity.value, quantity.low, quantity.high)
    assert found == pytest.approx((value, low, high), rel=1e-15)
    assert (quantity.text, quantity.dimension, quantity.kind) == (text.strip(), name, "point")
    assert not quantity.approximate
    assert quantity.meant == quantity.interval
    assert quantity.exact == (low == high)


@pytest.mark.parametrize(
    ("text", "name", "kind", "ends"),
    [
        ("5e-5 to 1.5e-4", "number", "range", (1e-4, 5e-5, 1.5e-4)),
        ("5E-5 to 1.5E-4", "number", "range", (1e-4, 5e-5, 1.5e-4)),
        ("1 to 4", "count", "range", (2.5, 1, 4)),
        ("1-4", "count", "range", (2.5, 1, 4)),
        ("1\u20134", "count", "range", (2.5, 1, 4)),
        ("1..4", "count", "range", (2.5, 1, 4)),
        ("2.5k to 393k", "count", "range", (197750, 2500, 393000)),
        ("1 to 2 million", "count", "range", (1.5e6, 1e6, 2e6)),
        ("500 mW to 1.5 W", "power", "range", (1, 0.5, 1.5)),
        ("5-7 TOPS/W", "ops_per_second_per_watt", "range", (6e12, 5e12, 7e12)),
        ("-5 to -3 V", "voltage", "range", (-4, -5, -3)),
        ("20 to 30 °C", "temperature", "range", (298.15, 293.15, 303.15)),
        ("3.13 ± 0.05 W", "power", "range", (3.13, 3.08, 3.18)),
        ("3.13 +/- 0.05 W", "power", "range", (3.13, 3.08, 3.18)),
        ("3.13 W ± 50 mW", "power", "range", (3.13, 3.08, 3.18)),
        ("25 ± 2 °C", "temperature", "range", (298.15, 296.15, 300.15)),
        ("1 ± 2 W", "power", "range", (1, 0, 3)),
        ("80.6 ± 0.3 %", "score", "range", (0.806, 0.803, 0.809)),
        ("up to 128", "count", "bound", (128, 0, 128)),
        ("at most 128 tokens", "count", "bound", (128, 0, 128)),
        ("<= 3 W", "power", "bound", (3, 0, 3)),
        ("≤3 W", "power", "bound", (3, 0, 3)),
        ("< 1 %", "ratio", "bound", (0.01, -math.inf, 0.01)),
        ("< 85 °C", "temperature", "bound", (358.15, -math.inf, 358.15)),
        ("At least 5 TOPS", "ops_per_second", "bound", (5e12, 5e12, math.inf)),
        (">= 0.5", "score", "bound", (0.5, 0.5, math.inf)),
        ("> -3 V", "voltage", "bound", (-3, -3, math.inf)),
    ],
)
def test_stated_ends(text: str, name: str, kind: str, ends: tuple[float, float, float]) -> None:
    quantity = parse_quantity(text, name)
    assert (quantity.value, quantity.low, quantity.high) == pytest.approx(ends, rel=1e-12)
    assert quantity.kind == kind
    assert not quantity.exact


@pytest.mark.parametrize(
    ("text", "name", "low", "high"),
    [
        # One unit in the last digit: 0.01 of 0.19. One per cent: 0.2184 of 21.84.
        ("approx. 0.19 ms", "time", 0.18e-3, 0.20e-3),
        ("~0.19 ms", "time", 0.18e-3, 0.20e-3),
        ("approx. 21.84 G ops", "ops", 21.6216e9, 22.0584e9),
        ("approximately. 21.84B", "ops", 21.6216e9, 22.0584e9),
        ("Approximately, 0.19msec", "time", 0.18e-3, 0.20e-3),
        ("about 480 tiles", "count", 470, 490),
        ("circa 481", "count", 481 * 0.99, 481 * 1.01),
        ("ca. 100 W", "power", 0, 200),
        ("c. 4 weeks", "time", 3 * 604800, 5 * 604800),
        ("≈ -0.5 V", "voltage", -0.6, -0.4),
        ("about 5 to 7 W", "power", 4, 8),
        ("about 5.5 to 7 W", "power", 4.5, 8),
        ("up to about 128", "count", 0, 129.28),
        ("at least ~2.5k", "count", 2400, math.inf),
    ],
)
def test_about_reaches_one_last_digit_or_one_per_cent(text: str, name: str, low: float, high: float) -> None:
    quantity = parse_quantity(text, name)
    assert quantity.approximate
    assert not quantity.exact
    assert (quantity.meant.low, quantity.meant.high) == pytest.approx((low, high), rel=1e-12)
    assert quantity.meant.low <= quantity.interval.low
    assert quantity.meant.high >= quantity.interval.high


def test_the_unit_is_kept_as_written() -> None:
    assert parse_quantity("780.4 sq.mm", "area").unit == "sq.mm"
    assert parse_quantity("21.84 Gops", "ops").unit == "ops"
    assert parse_quantity("500 mW to 1 W", "power").unit == "W"
    assert parse_quantity("110 million", "count").unit == ""


@given(
    digits=st.integers(0, 10**12),
    decimals=st.integers(0, 12),
    offset=st.decimals(-1, 1, places=6),
)
def test_rounding_agrees_with_decimal_arithmetic(digits: int, decimals: int, offset: Decimal) -> None:
    # The oracle: Python's decimal module rounds half up exactly; ties are left to the next test.
    written = Decimal(digits).scaleb(-decimals)
    step = Decimal(1).scaleb(-decimals)
    exact = written + offset * step
    if abs(abs(offset) - Decimal("0.5")) * step < Decimal("1e-11") * max(abs(exact), step):
        return
    quantity = parse_quantity(f"{written:f}", "number")
    assert quantity.interval.contains(float(exact)) == (exact.quantize(step, ROUND_HALF_UP) == written)


@pytest.mark.parametrize(
    ("text", "name", "x", "expected"),
    [
        ("0.19 ms", "time", 0.000185, True),
        ("0.19 ms", "time", 0.000185 * (1 - 1e-14), True),
        ("0.19 ms", "time", 0.00018499, False),
        ("0.19 ms", "time", 0.000195, True),
        ("0.20 ms", "time", 0.000195, True),
        ("0.19 ms", "time", 0.00019501, False),
        ("-0.19", "number", -0.185, True),
        ("-0.19", "number", -0.195, True),
        ("21.74B", "ops", 21743271936, True),  # 84,934,656 weights x 128 tokens x 2
        ("21.84B", "ops", 21743271936, False),
        ("480 tiles", "count", 480, True),
        ("480 tiles", "count", 480.5, False),
        ("1 to 4", "count", 4, True),
        ("1 to 4", "count", 5, False),
        ("up to 128", "count", 128, True),
        ("at least 2 W", "power", 1.9, False),
        ("81.23 %", "score", (66.40 + 88.90 + 85.80 + 52.10 + 93.50 + 90.50 + 89.20 + 83.40) / 800, True),
    ],
)
def test_the_interval_holds_what_rounds_to_the_digits_a_half_way_value_to_both(
    text: str, name: str, x: float, expected: bool
) -> None:
    assert parse_quantity(text, name).interval.contains(x) is expected


class Written(float):
    """A number that remembers how it was written, as a YAML loader would hand it on."""

    text = "66.40"


def test_numbers_are_read_from_the_digits_they_carry() -> None:
    assert parse_quantity(Written(66.4), "score").text == "66.40"
    assert parse_quantity(0.19, "number") == parse_quantity("0.19", "number")
    assert parse_quantity(480, "count").exact
    assert parse_quantity(1e16, "number").value == 1e16
    assert parse_quantity(5e-05, "number").low == 4.5e-05


# Text, dimension, and what the message, the reason or the help must say.
REFUSED = [
    ("", "time", "an empty text"),
    ("   ", "time", "an empty text"),
    ("0,19 ms", "time", "decimal comma"),
    ("0,19 ms", "time", "write 0.19 ms"),
    ("1234,567", "count", "decimal comma"),
    ("12,34,567", "count", "decimal comma"),
    ("nan", "number", "not a finite number"),
    (".nan", "number", "not a finite number"),
    ("-.inf", "number", "not a finite number"),
    ("Infinity", "number", "not a finite number"),
    ("inf W", "power", "not a finite number"),
    ("fast", "time", "no number in"),
    ("around 5 ms", "time", "does not start with a number"),
    ("5", "power", "a power means nothing without its unit"),
    ("5", "power", "mW, W, kW"),
    ("5", "energy", "an energy means nothing"),
    ("0.19 ms", "power", "`ms` is a unit of time, and a power is asked for"),
    ("21.74B", "time", "`B` is a unit of data size"),
    ("5 million", "time", "`million` is a unit of count"),
    ("21.84 GOPS", "ops", "`GOPS` is a unit of computing rate"),
    ("10 GMACs", "ops", "multiply-accumulates"),
    ("10 MACs", "ops", "a convention"),
    ("5 multiply-accumulates", "ops", "multiply-accumulates"),
    ("5 msc", "time", "did you mean `msec`?"),
    ("5 KB", "data_size", "did you mean `kB`?"),
    ("5 milion", "count", "did you mean `million`?"),
    ("5 xyzzy", "count", "unknown unit `xyzzy`"),
    ("5 %", "number", "write the number alone"),
    ("5.", "number", "a point without a digit"),
    ("1_000", "count", "groups of three"),
    ("1 000", "count", "groups of three"),
    ("007", "count", "leading zeros"),
    ("1e9999", "number", "at most 3 digits"),
    ("5 x 10^-5", "number", "write it with an e"),
    ("5\u00d710⁻⁵", "number", "write it with an e"),
    ("0.5 W to 1", "power", "the second number"),
    ("2.5k to 393000", "count", "the second number"),
    ("5 to 3 W", "power", "runs downwards"),
    ("1 h 90 min", "time", "the parts of"),
    ("5 s 3 min", "time", "the parts of"),
    ("1.5 h 3 min", "time", "unknown unit"),
    ("1 W 30 mW", "power", "unknown unit"),
    ("3 ± 0 W", "power", "not above zero"),
    ("3 ± -1 V", "voltage", "not above zero"),
    ("< 1 to 2 W", "power", "a bound and a range"),
    ("81.2", "ratio", "write `81.2 %`"),
    ("-3 W", "power", "below zero"),
    ("1e999 W", "power", "check the exponent"),
    ("1e-999 W", "power", "check the exponent"),
    ("1e300 W", "power", "is beyond any power"),
    ("-1e41", "number", "check the exponent"),
    ("1e18 %", "score", "is beyond any score"),
    ("1 to 1e41 W", "power", "check the exponent"),
    ("1e-41 W", "power", "check the exponent"),
    ("> 1e41 ops", "ops", "check the exponent"),
    ("0 to 1e308 G", "count", "check the exponent"),
    ("1e308 to 1.7e308", "number", "check the exponent"),
    ("1" * (MAX_LENGTH + 1), "count", "too long"),
    ("5 W W", "power", "unknown unit `W W`"),
    ("5 to W", "power", "unknown unit"),
    ("5 W to 7 foo", "power", "unknown unit `foo`"),
    ("5 foo to 7 W", "power", "unknown unit `foo`"),
    ("0.19\nms", "time", "unknown unit"),
    ("３ W", "power", "does not start with a number"),  # a full-width digit
]


@pytest.mark.parametrize(("text", "name", "words"), REFUSED)
def test_what_is_refused_and_what_is_said(text: str, name: str, words: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, name)
    error = caught.value
    assert words in f"{error.message}\n{error.why}\n{error.help}"
    assert str(error) == error.message
    assert error.why
    assert error.help


@pytest.mark.parametrize(
    "raw", [True, False, math.nan, math.inf, 10**5000], ids=["yes", "no", "nan", "inf", "long"]
)
@pytest.mark.parametrize("name", ["count", "number", "score"])
def test_numbers_that_are_no_quantity(raw: float, name: str) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(raw, name)
    assert caught.value.message


@given(text=st.text(), name=NAMES)
def test_any_text_is_read_or_refused(text: str, name: str) -> None:
    check_read_or_refused(text, name)


PIECES = st.sampled_from(
    (
        *(
            "~",
            "<",
            ">=",
            "up to",
            "about",
            "0.19",
            "5e-5",
            "1,234",
            "-",
            "0",
            "7.",
            "1e308",
            "1e-320",
            "999",
        ),
        *("to", "±", "..", "\u2013", " ", ",", "%", "k", "G", "million", "W", "ms", "mm²", "°C", "ops", "B"),
    )
)


@settings(max_examples=500)
@given(text=st.lists(PIECES, max_size=8).map("".join), name=NAMES)
def test_any_mixture_of_parts_is_read_or_refused(text: str, name: str) -> None:
    check_read_or_refused(text, name)


def check_read_or_refused(text: str, name: str) -> None:
    refusal: QuantityError | None = None
    try:
        quantity = parse_quantity(text, name)
    except QuantityError as error:
        refusal = error
    if refusal is None:
        check_consistent(quantity)
        assert re.search(DIMENSIONS[name].pattern, text)
    else:
        assert all(0 < len(part) < 3 * MAX_LENGTH for part in (refusal.message, refusal.why, refusal.help))


def check_consistent(quantity: Quantity) -> None:
    assert quantity.low <= quantity.value <= quantity.high
    assert math.isfinite(quantity.value)
    assert quantity.meant.contains(quantity.low)
    assert quantity.meant.contains(quantity.high)


@pytest.mark.parametrize(("text", "name"), [(text, name) for text, name, *_ in POINTS])
def test_the_pattern_accepts_what_the_parser_accepts(text: str, name: str) -> None:
    assert re.search(DIMENSIONS[name].pattern, text)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_the_pattern_accepts_the_example_and_every_unit(name: str) -> None:
    kind = DIMENSIONS[name]
    assert re.search(kind.pattern, kind.example)
    for unit in kind.units:
        assert re.search(kind.pattern, f"about 1.5 {unit}")
        assert not re.search(kind.pattern, f"1.5 {unit}!")


# What a regular expression says badly or not at all, as the docstring of `Dimension.pattern` lists it.
LAXER = {
    "2.5k to 393000",
    "5 to 3 W",
    "1 h 90 min",
    "5 s 3 min",
    "3 ± 0 W",
    "3 ± -1 V",
    "81.2",
    "1e999 W",
    "1e-999 W",
    "1e300 W",
    "-1e41",
    "1e18 %",
    "1 to 1e41 W",
    "1e-41 W",
    "> 1e41 ops",
    "0 to 1e308 G",
    "1e308 to 1.7e308",
    "1" * (MAX_LENGTH + 1),
}


@pytest.mark.parametrize(("text", "name", "words"), REFUSED)
def test_the_pattern_refuses_what_the_parser_refuses(text: str, name: str, words: str) -> None:
    accepted = re.search(DIMENSIONS[name].pattern, text) is not None
    assert accepted == (text in LAXER)


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (0.00019, "time", "0.19 ms"),
        (21743271936, "ops", "21.74 G ops"),
        (84934656, "count", "84,934,656"),
        (480.0, "count", "480"),
        (2.5, "count", "2.5"),
        (2.00001, "count", "2.0"),
        (1234.5678, "count", "1,234.6"),
        (0.812345, "ratio", "81.23 %"),
        (0.664, "score", "66.4 %"),
        (3.13, "power", "3.13 W"),
        (780.4e-6, "area", "780.4 mm²"),
        (6589.2, "inferences_per_second_per_watt", "6,589 inferences/s/W"),
        (2419200, "time", "28 days"),
        (90, "time", "90 s"),
        (123.75e-9, "time", "123.8 ns"),
        (100e12, "ops_per_second_per_watt", "100 TOPS/W"),
        (10.9e18, "ops_per_second_per_area", "10.9 TOPS/mm²"),
        (298.15, "temperature", "25 °C"),
        (1.5e-4, "number", "1.5e-4"),
        (0.0175, "number", "0.0175"),
        (0.001, "number", "0.001"),
        (0.00099, "number", "9.9e-4"),
        (1e6, "number", "1e6"),
        (0, "power", "0 W"),
        (999.99e-6, "power", "1 mW"),
        (1e-30, "energy", "1e-15 fJ"),
        (2500, "throughput", "2,500 inferences/s"),
        (21052.6, "throughput", "21,053 inferences/s"),
        (1.655e6, "inferences_per_second_per_watt", "1.655 million inferences/s/W"),
        (9717.8e12, "ops", "9.718 P ops"),
        (1655123.5, "count", "1.655 million"),
        (68713185280, "count", "68,713,185,280"),
        (-0.0065, "ratio", "-0.65 %"),
    ],
)
def test_values_are_written_for_people(value: float, name: str, text: str) -> None:
    assert format_value(value, name) == text


def test_the_number_of_digits_is_a_choice() -> None:
    assert format_value(21743271936, "ops", digits=2) == "22 G ops"
    assert format_value(21743271936, "ops", digits=8) == "21.743272 G ops"


@settings(max_examples=300)
@given(value=st.floats(1e-25, 1e25), sign=st.sampled_from([1, -1]), name=NAMES, digits=st.integers(1, 12))
def test_a_written_value_reads_back(value: float, sign: int, name: str, digits: int) -> None:
    value = min(value, DIMENSIONS[name].largest / 10) * (sign if DIMENSIONS[name].signed else 1)
    assert parse_quantity(format_value(value, name, digits), name).interval.contains(value)


@given(value=st.integers(0, 10**15), name=st.sampled_from(["count", "ops"]))
def test_a_written_count_reads_back(value: int, name: str) -> None:
    quantity = parse_quantity(format_value(value, name), name)
    assert quantity.interval.contains(value)
    assert name == "ops" or value == 10**15 or quantity.exact


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_only_finite_values_can_be_written(value: float) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        format_value(value, "time")


def test_importing_quantities_imports_no_library() -> None:
    program = "import sys, json; import factsheet.quantities.quantity; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = {module.partition(".")[0] for module in json.loads(run.stdout)}
    # Debian's Python and some environments load modules of their own at the start.
    bare = "import sys, json; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", bare], check=True, capture_output=True, text=True)
    loaded -= {module.partition(".")[0] for module in json.loads(run.stdout)}
    assert loaded <= set(sys.stdlib_module_names) | {"factsheet"} | {m for m in loaded if m[0] == "_"}
    assert not loaded & {"pint", "decimal", "fractions", "difflib"}


def test_quantities_are_values() -> None:
    assert parse_quantity("0.19 ms", "time") == Quantity(
        text="0.19 ms",
        dimension="time",
        value=0.00019,
        low=0.000185,
        high=0.000195,
        approximate=False,
        kind="point",
        unit="ms",
        step=1e-5,
    )
    assert len({parse_quantity("1 W", "power"), parse_quantity(" 1 W ", "power")}) == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("6589 inferences/s/W", "6,589 inferences/s/W"),
        ("about 1234567.8901 W", "about 1,234,567.8901 W"),
        ("12000 to 15000", "12,000 to 15,000"),
        ("12,000 ± 1000", "12,000 ± 1,000"),
        ("0.80572", "0.80572"),
        (".123456", ".123456"),
        ("999 W", "999 W"),
        ("1.5e-12 J", "1.5e-12 J"),
        ("≤ 2048", "≤ 2,048"),
    ],
)
def test_thousands_are_apart_and_what_is_read_is_the_same(written: str, shown: str) -> None:
    assert grouped(written) == shown
    assert grouped(shown) == shown
