"""Writing a value for people: the unit that suits its size, and no more digits than asked for."""

from __future__ import annotations

import math

from factsheet.sheet.dimensions import dimension as dimension_named

# In the unit chosen; outside, powers of ten read better.
_PLAIN_FROM, _PLAIN_BELOW = 1e-3, 1e6
# Longer counts than this are written with a power of ten.
_COUNT_BELOW = 1e15


def format_value(value: float, dimension: str, digits: int = 4) -> str:
    """Write a value in the unit that suits its size, to `digits` significant digits; a whole count in full.

    Digits before the point are all kept, zeros at the end are dropped. The text reads back as an interval
    that holds `value`, for every value that the dimension allows.

    Args:
        value: in the base unit.
        dimension: a name in `DIMENSIONS`.
        digits: significant digits to keep, at least 1.

    Raises:
        ValueError: `value` is NaN or infinite.
        UnitsError: there is no such dimension.
    """
    kind = dimension_named(dimension)
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written as a {kind.title}")
    whole = value % 1 == 0
    if not kind.shown and kind.counted and whole and abs(value) < _COUNT_BELOW:
        return f"{value:,.0f}"
    unit, factor = _unit(float(f"{value:.{digits - 1}e}"), kind.shown)
    number = _number(
        (value - kind.offsets.get(unit, 0.0)) / factor, digits, fractional=kind.counted and not whole
    )
    return f"{number} {unit}".rstrip()


def _unit(value: float, shown: tuple[tuple[str, float, float], ...]) -> tuple[str, float]:
    """The largest unit whose threshold the value reaches; zero goes in the base unit."""
    if not shown:
        return "", 1.0
    if value == 0:
        return next(((unit, factor) for unit, factor, _ in shown if factor == 1), shown[0][:2])
    reached = [(unit, factor) for unit, factor, least in shown if abs(value) >= least]
    return reached[-1] if reached else shown[0][:2]


def _number(number: float, digits: int, *, fractional: bool) -> str:
    """Write a number; one that is `fractional` keeps its point, or it would read as an exact count."""
    if number == 0:
        return "0"
    if not _PLAIN_FROM <= abs(number) < _PLAIN_BELOW:
        mantissa, _, exponent = f"{number:.{digits - 1}e}".partition("e")
        return f"{_trimmed(mantissa)}e{int(exponent)}"
    decimals = max(digits - 1 - math.floor(math.log10(abs(number))), int(fractional))
    text = _trimmed(f"{number:,.{decimals}f}")
    return f"{text}.0" if fractional and "." not in text else text


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
