"""A quantity as its author wrote it: number, unit, digits, the interval that they allow, and how to write it again."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from factsheet.errors import QuantityError, UnfitTextError
from factsheet.quantities.dimensions import DIMENSIONS, dimension
from factsheet.quantities.dimensions import dimension as dimension_named
from factsheet.quantities.interval import Interval
from factsheet.quantities.reading import MAX_LENGTH, read

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
    if kind.base == "1" and kind.counted and whole and abs(value) < _COUNT_BELOW:
        return f"{value:,.0f}"
    unit, factor = _unit(float(f"{value:.{digits - 1}e}"), kind.shown)
    number = _number(
        (value - kind.offsets.get(unit, 0.0)) / factor, digits, fractional=kind.counted and not whole
    )
    return f"{number} {unit}".rstrip()


def _unit(value: float, shown: tuple[tuple[str, float, float], ...]) -> tuple[str, float]:
    """Return the largest unit whose threshold the value reaches; zero goes in the base unit."""
    if not shown:
        return "", 1.0
    if value == 0:
        return next(((unit, factor) for unit, factor, _ in shown if factor == 1), shown[0][:2])
    size = abs(value)
    for unit, factor, least in reversed(shown):
        if size >= least:
            return unit, factor
    return shown[0][:2]


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


_LONG = re.compile(r"(?<![\w.,])[1-9][0-9]{3,}(?![0-9])")


def to_digits(number: float, digits: int) -> str:
    """Write a number without a unit to so many significant digits, never as a power of ten: `1,100`, `0.35`."""
    return f"{float(f'{number:.{digits}g}'):,.10g}"


def grouped(text: str) -> str:
    """Return the text of quantities with the thousands of their numbers apart, as all figures are that we write."""
    return _LONG.sub(lambda found: f"{int(found[0]):,}", text)


_ABOUT = 0.01


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as somebody wrote it; `value`, `low`, `high` and `step` are in its base unit."""

    text: str
    """As written, without the spaces around it."""
    dimension: str
    """Name of the dimension."""
    value: float
    """The nominal value: the middle of a range, the bound itself of a one-sided one."""
    low: float
    """Lower end of what the digits mean; -inf below the upper bound of a signed quantity."""
    high: float
    """Upper end of what the digits mean; a point's digits stop just short of it."""
    approximate: bool
    """Whether it is said to be approximate."""
    kind: Literal["point", "range", "bound"]
    """A number, two stated ends (`a to b`, `a ± b`), or one."""
    unit: str
    """Unit as written, without its scale word; empty for a bare number."""
    step: float = 0.0
    """One unit in the last significant digit written; 0 for an exact count."""

    @property
    def exact(self) -> bool:
        """Whether it is a plain count, which nobody rounded."""
        return self.kind == "point" and self.low == self.high

    @property
    def interval(self) -> Interval:
        """What the digits mean, without what "about" adds."""
        return Interval(self.low, self.high)

    @property
    def meant(self) -> Interval:
        """What the writer meant: the interval of the digits, widened if the quantity is approximate.

        How far "about" reaches is a convention of this project, not of metrology: from the nominal value
        (from each stated end of a range or bound) by one unit in the last significant digit written or by 1 %
        of the nominal value, whichever is more.
        """
        if not self.approximate:
            return self.interval
        low, high = (self.value, self.value) if self.kind == "point" else (self.low, self.high)
        reach = max(self.step, _ABOUT * abs(self.value))
        floor = -math.inf if DIMENSIONS[self.dimension].signed else 0.0
        return Interval(max(low - reach, floor), high + reach)


def parse_quantity(raw: str | float, dimension: str) -> Quantity:
    """Read a quantity of the named dimension.

    Args:
        raw: the text, or a number; a number that carries its digits in an attribute `text` is read from
            those.
        dimension: a name in `DIMENSIONS`.

    Raises:
        QuantityError: `raw` is no quantity of this dimension.
        UnitsError: there is no such dimension.
    """
    return _parse(raw if type(raw) is str else _digits(raw, dimension), dimension)


def _explained(text: str, name: str, cause: str) -> tuple[str, str, str]:
    # Most runs meet no error; the explanations search other dimensions and need difflib.
    from factsheet.quantities.faults import explain

    return explain(text, name, cause)


def _digits(raw: object, name: str) -> str:
    """Return the digits of a number as it was written, or else as Python writes it."""
    if isinstance(raw, str):
        return str(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise QuantityError(type(raw).__name__, name, "not a number", explain=_explained)
    text = getattr(raw, "text", None)
    if isinstance(text, str):
        return text
    if (
        isinstance(raw, int) and raw.bit_length() > 4 * MAX_LENGTH
    ):  # Python refuses to write a very long integer
        raise QuantityError("a very long integer", name, "too long", explain=_explained)
    return repr(raw)


@lru_cache(maxsize=4096)
def _parse(raw: str, name: str) -> Quantity:
    text, kind = raw.strip(), dimension(name)
    try:
        return Quantity(text, name, *read(text, kind))
    except UnfitTextError as fault:
        raise QuantityError(text, name, fault.cause, explain=_explained) from None
