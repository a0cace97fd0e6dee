"""Spellings of units that pint has no word for, and where one unit gives way to the next when a value is written."""

from __future__ import annotations

import math

import pytest

from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.quantity import format_value, parse_quantity

# The SI Brochure, 9th edition, tables 7 and 8: decimal prefixes; minute, hour and day.
PREFIX = {
    "": 0,
    "f": -15,
    "p": -12,
    "n": -9,
    "µ": -6,
    "m": -3,
    "k": 3,
    "M": 6,
    "G": 9,
    "T": 12,
    "P": 15,
    "E": 18,
}
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [
        ("5 %", "ratio", 0.05),
        ("5 percent", "ratio", 0.05),
        ("5 Percent", "ratio", 0.05),
        ("5 pct", "ratio", 0.05),
        ("5 pp", "ratio", 0.05),
        ("5 % points", "ratio", 0.05),
        ("5 percentage points", "ratio", 0.05),
        ("1 percentage point", "ratio", 0.01),
        ("5 percent", "score", 0.05),
        ("5 points", "score_difference", 0.05),
        ("1 point", "score_difference", 0.01),
        ("-5 Points", "score_difference", -0.05),
        ("2 s", "time", 2.0),
        ("2 seconds", "time", 2.0),
        ("2 sec", "time", 2.0),
        ("2 milliseconds", "time", 2e-3),
        ("2 Microseconds", "time", 2e-6),
        ("2 nanoseconds", "time", 2e-9),
        ("2 minutes", "time", 2 * MINUTE),
        ("2 min", "time", 2 * MINUTE),
        ("2 h", "time", 2 * HOUR),
        ("2 hr", "time", 2 * HOUR),
        ("2 hours", "time", 2 * HOUR),
        ("2 d", "time", 2 * DAY),
        ("2 days", "time", 2 * DAY),
        ("2 weeks", "time", 14 * DAY),
        ("3 Wh", "energy", 3 * HOUR),
        ("3 kWh", "energy", 3e3 * HOUR),
        ("3 MWh", "energy", 3e6 * HOUR),
        ("3 watts", "power", 3.0),
        ("3 Joules", "energy", 3.0),
        ("25 °C", "temperature", 298.15),
        ("25 degC", "temperature", 298.15),
        ("300 K", "temperature", 300.0),
        ("300 kelvin", "temperature", 300.0),
        ("1 mK", "temperature", 1e-3),
        ("3 inferences/s", "throughput", 3.0),
        ("3 inferences per second", "throughput", 3.0),
        ("3 kHz", "throughput", 3e3),
        ("3 inferences/J", "inferences_per_second_per_watt", 3.0),
        ("3 inferences/mJ", "inferences_per_second_per_watt", 3e3),
        ("3 inferences/µJ", "inferences_per_second_per_watt", 3e6),
        ("3 inferences/μJ", "inferences_per_second_per_watt", 3e6),
        ("3 OPS", "ops_per_second", 3.0),
        ("3 TOPS", "ops_per_second", 3e12),
        ("3 TOPS/W", "ops_per_second_per_watt", 3e12),
        ("3 Tops/J", "ops_per_second_per_watt", 3e12),
        ("3 TOPS/mm²", "ops_per_second_per_area", 3e18),
        ("3 GOPS/mm2", "ops_per_second_per_area", 3e15),
        ("3 GOPS/mm^2", "ops_per_second_per_area", 3e15),
        ("3 ops/s/m²", "ops_per_second_per_area", 3.0),
        ("3 B/s", "data_rate", 3.0),
        ("3 GB/s", "data_rate", 3e9),
        ("3 GB/sec", "data_rate", 3e9),
        ("3 KiB/s", "data_rate", 3 * 1024.0),
        ("3 TiB/s", "data_rate", 3 * 1024.0**4),
        ("3 g CO2e", "carbon", 3e-3),
        ("3 kg CO2e", "carbon", 3.0),
        ("3 kgCO₂e", "carbon", 3.0),
        ("3 t CO2eq", "carbon", 3e3),
        ("3 tCO2-eq", "carbon", 3e3),
        ("380 g CO2e/kWh", "carbon_intensity", 0.38),
        ("380 kg CO2e/MWh", "carbon_intensity", 0.38),
        ("0.38 t CO2e/MWh", "carbon_intensity", 0.38),
        ("3 L", "volume", 3.0),
        ("3 litres", "volume", 3.0),
        ("3 kl", "volume", 3e3),
        ("3 ML", "volume", 3e6),
        ("3 m³", "volume", 3e3),
        ("3 m3", "volume", 3e3),
        ("3 m^3", "volume", 3e3),
        ("3 million operations", "ops", 3e6),
        ("3 FLOPs", "ops", 3.0),
        ("3 billion", "count", 3e9),
        ("3 trillion", "count", 3e12),
    ],
)
def test_a_unit_is_worth_what_its_definition_says(text: str, dimension: str, value: float) -> None:
    assert parse_quantity(text, dimension).value == pytest.approx(value, rel=1e-13)


def _spelt(unit: str, dimension: str, root: str, exponent: int) -> float:
    return DIMENSIONS[dimension].units[f"{unit}{root}"] / 10.0**exponent


@pytest.mark.parametrize(
    ("dimension", "root", "base"),
    [
        ("throughput", "Hz", 0),
        ("ops_per_second", "OPS", 0),
        ("ops_per_second", "ops/s", 0),
        ("ops_per_second_per_watt", "OPS/W", 0),
        ("ops_per_second_per_watt", "ops/J", 0),
        ("ops_per_second_per_area", "OPS/mm²", 6),
        ("data_rate", "B/s", 0),
        ("data_size", "B", 0),
    ],
)
def test_prefixes_are_those_of_the_si(dimension: str, root: str, base: int) -> None:
    known = [prefix for prefix in PREFIX if f"{prefix}{root}" in DIMENSIONS[dimension].units]
    assert {"k", "M", "G"} <= set(known)
    for prefix in known:
        assert _spelt(prefix, dimension, root, PREFIX[prefix] + base) == pytest.approx(1, rel=1e-13)


@pytest.mark.parametrize(
    ("value", "dimension", "text"),
    [
        # Each unit from its own size on, and the one below it until there.
        (1e6, "count", "1,000,000"),
        (1.5e6 + 0.5, "count", "1.5 million"),
        (1e9, "throughput", "1 billion inferences/s"),
        (9.99e8, "throughput", "999 million inferences/s"),
        (1e6, "throughput", "1 million inferences/s"),
        (9.99e5, "throughput", "999,000 inferences/s"),
        (1e12, "throughput", "1 trillion inferences/s"),
        (0.25, "throughput", "0.25 inferences/s"),
        (1e3, "ops", "1 k ops"),
        (1e6, "ops", "1 M ops"),
        (1e9, "ops", "1 G ops"),
        (1e12, "ops", "1 T ops"),
        (1e15, "ops", "1 P ops"),
        (9.99e14, "ops", "999 T ops"),
        (999.0, "data_size", "999 B"),
        (1e3, "data_size", "1 kB"),
        (1e15, "data_size", "1 PB"),
        (1e3, "data_rate", "1 kB/s"),
        (9e11, "data_rate", "900 GB/s"),
        (0.005, "ratio", "0.5 %"),
        (-0.0066, "score_difference", "-0.66 %"),
        (1.0, "score", "100 %"),
        # Tenths of a millisecond and of a second, then twos of a long unit.
        (9.9e-5, "time", "99 µs"),
        (1e-4, "time", "0.1 ms"),
        (0.099, "time", "99 ms"),
        (0.1, "time", "0.1 s"),
        (119.0, "time", "119 s"),
        (120.0, "time", "2 min"),
        (2 * HOUR - MINUTE, "time", "119 min"),
        (2 * HOUR, "time", "2 h"),
        (2 * DAY - HOUR, "time", "47 h"),
        (2 * DAY, "time", "2 days"),
        (7.34e-12, "energy", "7.34 pJ"),
        (1e-6, "energy", "1 µJ"),
        (3.13, "power", "3.13 W"),
        (1e3, "power", "1 kW"),
        (7.804e-4, "area", "780.4 mm²"),
        (1e-12, "area", "1 µm²"),
        (298.15, "temperature", "25 °C"),
        (4e14, "ops_per_second", "400 TOPS"),
        (1e15, "ops_per_second", "1 POPS"),
        (1e14, "ops_per_second_per_watt", "100 TOPS/W"),
        (1.09e19, "ops_per_second_per_area", "10.9 TOPS/mm²"),
        (1.2, "carbon", "1.2 kg CO2e"),
        (0.999, "carbon", "999 g CO2e"),
        (1e3, "carbon", "1 t CO2e"),
        (0.38, "carbon_intensity", "380 g CO2e/kWh"),
        (1.0, "carbon_intensity", "1 kg CO2e/kWh"),
        (120.0, "volume", "120 L"),
        (1e3, "volume", "1 kL"),
    ],
)
def test_a_value_is_written_in_the_largest_unit_that_it_reaches(
    value: float, dimension: str, text: str
) -> None:
    assert format_value(value, dimension) == text


@pytest.mark.parametrize(
    ("text", "dimension", "low", "value", "high"),
    [
        ("at most 3 W", "power", 0.0, 3.0, 3.0),
        ("at least 3 W", "power", 3.0, 3.0, math.inf),
        ("at most 3 V", "voltage", -math.inf, 3.0, 3.0),
        ("1 h 30 min", "time", 5370.0, 5400.0, 5430.0),
        ("1 min 59.5 s", "time", 119.45, 119.5, 119.55),
        ("1 h, 2 min and 3 s", "time", 3722.5, 3723.0, 3723.5),
        ("0.19 ms", "time", 0.185e-3, 0.19e-3, 0.195e-3),
        ("2.5 to 2.5 W", "power", 2.5, 2.5, 2.5),
        ("2 ± 0.5 W", "power", 1.5, 2.0, 2.5),
        ("2 ± 3 W", "power", 0.0, 2.0, 5.0),
        ("1 ± 2 V", "voltage", -1.0, 1.0, 3.0),
        ("20 ± 5 °C", "temperature", 288.15, 293.15, 298.15),
        ("20 to 30 °C", "temperature", 293.15, 298.15, 303.15),
        ("1.0", "ratio", 0.95, 1.0, 1.05),
        ("-40 °C", "temperature", 228.15, 233.15, 238.15),
    ],
)
def test_the_ends_that_a_text_means(text: str, dimension: str, low: float, value: float, high: float) -> None:
    found = parse_quantity(text, dimension)
    assert (found.low, found.value, found.high) == pytest.approx((low, value, high), rel=1e-13, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "dimension", "words"),
    [
        ("1 h 60 min", "time", "parts"),
        ("1.5 h 30 min", "time", "h 30 min"),
        ("1.1", "ratio", "1.1"),
        ("3 to 2 W", "power", "3 to 2"),
        ("2 ± 0 W", "power", "0"),
        ("at most 2 to 3 W", "power", "2 to 3"),
        ("2 W to 3", "power", "2 W to 3"),
        ("-3 W", "power", "-3 W"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, dimension: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse_quantity(text, dimension)
    assert words in str(caught.value)
