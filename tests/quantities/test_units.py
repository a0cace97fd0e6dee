"""The table of units against pint, an independent unit library, and against definitions."""

from __future__ import annotations

import re

import pint
import pytest

from factsheet.errors import UnitsError
from factsheet.quantities.dimensions import DIMENSIONS, dimension
from factsheet.quantities.quantity import parse_quantity

# The SI Brochure, 9th edition, table 7.
SI_PREFIXES = {
    "a": -18,
    "f": -15,
    "p": -12,
    "n": -9,
    "µ": -6,
    "m": -3,
    "c": -2,
    "k": 3,
    "M": 6,
    "G": 9,
    "T": 12,
    "P": 15,
    "E": 18,
}
PHYSICAL = {
    "time": "second",
    "power": "watt",
    "energy": "joule",
    "area": "meter**2",
    "length": "meter",
    "frequency": "hertz",
    "conductance": "siemens",
    "voltage": "volt",
    "current": "ampere",
    "resistance": "ohm",
    "data_size": "byte",
}
RATES = ("ops_per_second", "ops_per_second_per_watt", "ops_per_second_per_area")


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry[float]:
    return pint.UnitRegistry()


def pint_name(unit: str) -> str:
    """The unit as pint wants it: an area as the power of a length, no `msec`, no `hr`."""
    unit = {"sq.mm": "mm²", "sq. mm": "mm²", "sq mm": "mm²", "hr": "hour", "ohms": "ohm"}.get(unit, unit)
    unit = re.sub("^([nmuµμ]?)sec$", r"\1s", unit)
    unit = unit.replace("\u2126", "\u03a9")  # the ohm sign, which is encoded beside the Greek letter
    return re.sub(r"^([a-zµμ]+)(?:²|\^2|2)$", r"\1**2", unit)


@pytest.mark.parametrize(
    ("name", "unit"), [(name, unit) for name in PHYSICAL for unit in DIMENSIONS[name].spellings()]
)
def test_factors_agree_with_pint(registry: pint.UnitRegistry[float], name: str, unit: str) -> None:
    expected = registry.Quantity(1.0, pint_name(unit)).to(PHYSICAL[name]).magnitude
    assert DIMENSIONS[name].units[unit] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("celsius", [-40.0, 0.0, 25.0, 85.0])
def test_the_celsius_scale_agrees_with_pint(registry: pint.UnitRegistry[float], celsius: float) -> None:
    kelvin = registry.Quantity(celsius, "degC").to("kelvin").magnitude
    for unit in ("°C", "℃", "degC"):
        assert parse_quantity(f"{celsius} {unit}", "temperature").value == pytest.approx(kelvin, rel=1e-12)
    assert parse_quantity(f"{kelvin} K", "temperature").value == pytest.approx(kelvin, rel=1e-12)


@pytest.mark.parametrize("unit", ["mm²", "µm²", "cm²", "nm²"])
def test_the_prefix_of_an_area_is_squared(unit: str) -> None:
    # The SI Brochure, section 3.1: a prefix and its unit form a symbol that is raised to a power as a whole.
    assert DIMENSIONS["area"].units[unit] == pytest.approx(10.0 ** (2 * SI_PREFIXES[unit[0]]), rel=1e-15)


@pytest.mark.parametrize("name", ["power", "energy", "length", "conductance", "voltage", "current", *RATES])
def test_prefixes_are_those_of_the_si(name: str) -> None:
    units = DIMENSIONS[name].units
    pairs = [(p, unit) for unit in units for p in SI_PREFIXES if p + unit in units]
    assert pairs
    for prefix, unit in pairs:
        assert units[prefix + unit] == pytest.approx(units[unit] * 10.0 ** SI_PREFIXES[prefix], rel=1e-15)


def test_every_spelling_of_micro_is_known() -> None:
    # U+00B5 micro sign, U+03BC Greek mu, and the letter u of keyboards without either.
    for kind in DIMENSIONS.values():
        for unit in kind.units:
            if unit.startswith("\u00b5"):
                assert kind.units["\u03bc" + unit[1:]] == kind.units["u" + unit[1:]] == kind.units[unit]


@pytest.mark.parametrize(
    ("name", "unit", "factor"),
    [
        # A watt is a joule per second, so what is done per second and watt is done per joule.
        ("inferences_per_second_per_watt", "inferences/s/W", 1.0),
        ("inferences_per_second_per_watt", "inferences/J", 1.0),
        ("inferences_per_second_per_watt", "inferences/mJ", 1e3),
        ("ops_per_second_per_watt", "TOPS/W", 1e12),
        ("ops_per_second_per_watt", "Top/J", 1e12),
        ("ops_per_second_per_area", "TOPS/mm²", 1e18),
        ("throughput", "kHz", 1e3),
        ("throughput", "tokens per second", 1.0),
        ("carbon", "t CO2e", 1e3),
        ("ratio", "%", 0.01),
        ("ratio", "pp", 0.01),
        ("score", "pct", 0.01),
        ("time", "weeks", 7 * 24 * 3600.0),
        ("time", "months", 365.25 / 12 * 24 * 3600),
        ("data_size", "MiB", 2.0**20),
        ("energy", "kWh", 3.6e6),
    ],
)
def test_factors_by_definition(name: str, unit: str, factor: float) -> None:
    assert DIMENSIONS[name].units[unit] == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_a_dimension_is_complete(name: str) -> None:
    kind = dimension(name)
    assert kind.name == name
    assert kind.title
    assert parse_quantity(kind.example, name).kind in {"point", "range"}
    if kind.units:
        assert kind.base == "1" or kind.units[kind.base] == 1.0
    assert all(kind.offsets.keys() <= kind.units.keys() for kind in DIMENSIONS.values())


@pytest.mark.parametrize("name", DIMENSIONS)
def test_units_are_written_as_they_are_read(name: str) -> None:
    kind = DIMENSIONS[name]
    thresholds = [least for _, _, least in kind.shown]
    assert thresholds == sorted(thresholds)
    for unit, factor, _ in kind.shown:
        assert parse_quantity(f"7.5 {unit}", name).value - kind.offsets.get(unit, 0.0) == pytest.approx(
            7.5 * factor, rel=1e-12
        )


def test_an_unknown_dimension_is_a_fault_of_the_caller() -> None:
    with pytest.raises(UnitsError, match=r"^no dimension 'speed'; there are count, ops"):
        dimension("speed")
    with pytest.raises(KeyError):
        parse_quantity("1", "speed")
