"""Quantities as written: the text keeps its digits, the value means an interval.

`0.19 ms` means [0.185, 0.195) ms: every value that rounds to these digits. Zeros after a decimal point are
significant (`66.40 %` is good to 0.005 %); zeros that end an integer are not once a unit, a scale word, an
exponent or "about" goes with it (`110 million` is [105, 115) million). A plain integer that counts something
(`480`, `480 tiles`) is exact. `a to b` and `a ± b` state their ends themselves; `< x`, `up to x`, `at least
x` state one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from factsheet.sheet.dimensions import DIMENSIONS, UnitsError, dimension
from factsheet.sheet.interval import DUST, Interval
from factsheet.sheet.quantity_reading import MAX_LENGTH, Unfit, read
from factsheet.sheet.quantity_writing import format_value
from factsheet.sheet.units import Dimension

__all__ = [
    "DIMENSIONS",
    "MAX_LENGTH",
    "Dimension",
    "Interval",
    "Quantity",
    "QuantityError",
    "UnitsError",
    "dimension",
    "format_value",
    "parse_quantity",
]

_ABOUT = 0.01


class QuantityError(ValueError):
    """A text that is no quantity of the dimension asked for.

    The texts for people are worked out when they are asked for: a field that takes several dimensions tries
    each in turn and drops the errors of all but one.

    Attributes:
        text: what was written.
        dimension: the name of the dimension asked for.
        cause: the fault, a key of `factsheet.sheet.quantity_fault`.
    """

    def __init__(self, text: str, dimension: str, cause: str) -> None:
        super().__init__(text, dimension, cause)
        self.text, self.dimension, self.cause = text, dimension, cause

    @property
    def message(self) -> str:
        """What is wrong."""
        return self._explained()[0]

    @property
    def why(self) -> str:
        """Why it matters."""
        return self._explained()[1]

    @property
    def help(self) -> str:
        """How to mend it."""
        return self._explained()[2]

    def __str__(self) -> str:
        return self.message

    def _explained(self) -> tuple[str, str, str]:
        # Most runs meet no error; the explanations search other dimensions and need difflib.
        from factsheet.sheet.quantity_fault import explain

        return explain(self.text, self.dimension, self.cause)


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

    def rounds_from(self, x: float) -> bool:
        """Whether `x`, in the base unit, gives the written digits when it is rounded half away from zero.

        The interval of a point is half-open; that of a range, a bound or an exact count is closed. A relative
        error of 1e-12 is forgiven, the same way at both ends, so that neighbouring digits never claim the
        same value.
        """
        if self.kind != "point" or self.low == self.high:
            return self.interval.contains(x)
        low, high = self.low, self.high
        if self.value < 0:
            x, low, high = -x, -high, -low
        return low - DUST * abs(low) <= x < high - DUST * abs(high)


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


def _digits(raw: object, name: str) -> str:
    """The digits of a number as it was written, or else as Python writes it."""
    if isinstance(raw, str):
        return str(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise QuantityError(type(raw).__name__, name, "not a number")
    text = getattr(raw, "text", None)
    if isinstance(text, str):
        return text
    if (
        isinstance(raw, int) and raw.bit_length() > 4 * MAX_LENGTH
    ):  # Python refuses to write a very long integer
        raise QuantityError("a very long integer", name, "too long")
    return repr(raw)


@lru_cache(maxsize=4096)
def _parse(raw: str, name: str) -> Quantity:
    text, kind = raw.strip(), dimension(name)
    try:
        return Quantity(text, name, *read(text, kind))
    except Unfit as fault:
        raise QuantityError(text, name, fault.cause) from None
