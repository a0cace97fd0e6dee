"""The values that a field can have at all, and those that it usually has, each with the reason or the source.

A range is declared with its field. What is impossible is refused where the value is read; what is only unusual is
kept, and a rule says what is usual.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from factsheet.errors import AnswerRefusedError
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from factsheet.quantities.quantity import Quantity

_MOST_PLAIN = 10**9
_SPREAD_SIGNS = ("±", "+/-")


class Usual(NamedTuple):
    """What is usual, in base units, and where that is known from.

    Attributes:
        low: the smallest usual value.
        high: the largest usual value.
        source: a work, a product or a line of reasoning that a reader can check.
        dimension: the dimension that it is for; empty for every one that the field takes.
        relative_to: the references that it is for; empty for all. `""` stands for one that is not stated.
    """

    low: float
    high: float
    source: str
    dimension: str = ""
    relative_to: tuple[str, ...] = ()


class Range(NamedTuple):
    """What a field can hold.

    Attributes:
        reason: why nothing outside is possible, a clause that can follow "because".
        lowest: the smallest possible value, in the base unit.
        highest: the largest possible value, in the base unit.
        above: whether `lowest` itself is impossible.
        whole: whether it counts things that cannot be divided.
        usual: what is usual; the first entry that fits the dimension and the reference holds.
    """

    reason: str
    lowest: float = -math.inf
    highest: float = math.inf
    above: bool = False
    whole: bool = False
    usual: tuple[Usual, ...] = ()

    @property
    def relative(self) -> bool:
        """Whether what is usual depends on what the value is relative to."""
        return any(usual.relative_to for usual in self.usual)

    @property
    def key(self) -> str:
        """The limits as a part of a name; empty where there are none."""
        words = []
        if self.lowest > -math.inf:
            words.append(f"{'above' if self.above else 'from'}-{self.lowest:g}")
        if self.highest < math.inf:
            words.append(f"to-{self.highest:g}")
        return "-".join(words).replace("--", "-minus-").replace("+", "").replace(".", "-")

    def allows(self, value: float) -> bool:
        """Return whether a value is possible."""
        return value <= self.highest and (value > self.lowest if self.above else value >= self.lowest)

    def admits(self, quantity: Quantity) -> bool:
        """Return whether a quantity is possible: a number, both ends of a range, anything below or above a bound."""
        if quantity.kind == "point" or is_spread(quantity.text):
            return self.allows(quantity.value)
        low, high = quantity.low, quantity.high
        if quantity.kind == "bound":
            # One of the values that it leaves open has to be possible.
            return low <= self.highest and (high > self.lowest if self.above else high >= self.lowest)
        # A range may start at a limit that no value alone may have: a learning rate that warms up from 0.
        return low >= self.lowest and high <= self.highest and self.allows(high)

    def usual_for(self, dimension: str, relative_to: str = "") -> Usual | None:
        """Return what is usual for a value of this dimension, relative to this; `None` where nothing is known."""
        for usual in self.usual:
            if usual.dimension in {"", dimension} and (
                not usual.relative_to or relative_to in usual.relative_to
            ):
                return usual
        return None

    def limits(self, dimension: str) -> str:
        """Return what is possible, in words: `above 0`, `1 to 32`; empty where everything is."""
        low, high = shown(self.lowest, dimension), shown(self.highest, dimension)
        if math.isinf(self.highest):
            if math.isinf(self.lowest):
                return ""
            return f"above {low}" if self.above else f"{low} or more"
        return f"at most {high}" if math.isinf(self.lowest) else f"{low} to {high}"


def above(lowest: float, reason: str, *usual: Usual, whole: bool = False) -> Range:
    """Return the range of the values above a limit."""
    return Range(reason, lowest, above=True, whole=whole, usual=usual)


def at_least(lowest: float, reason: str, *usual: Usual, whole: bool = False) -> Range:
    """Return the range of the values from a limit on."""
    return Range(reason, lowest, whole=whole, usual=usual)


def between(lowest: float, highest: float, reason: str, *usual: Usual) -> Range:
    """Return the range of the values from one limit to another."""
    return Range(reason, lowest, highest, usual=usual)


def shown(value: float, dimension: str) -> str:
    """Return a limit as a reader would write it, in the unit that suits its size."""
    if math.isinf(value):
        return ""
    if dimension in {"number", "count", "ratio", "score"} or not dimension:
        whole = value % 1 == 0 and abs(value) <= _MOST_PLAIN
        return f"{value:,.0f}" if whole else f"{value:g}".replace("e-0", "e-").replace("e+", "e")
    return format_value(value, dimension, digits=5)


def check_range(quantity: Quantity, within: Range, text: str) -> None:
    """Refuse a quantity that cannot be.

    Args:
        quantity: what was read.
        within: what is possible.
        text: as written.

    Raises:
        AnswerRefusedError: it is outside the limits, or a part of something that is counted whole.
    """
    if not within.admits(quantity):
        raise out_of_range(text, within, quantity.dimension)
    if within.whole and any(value % 1 for value in _stated(quantity)):
        raise AnswerRefusedError(
            f"`{text}` is not a whole number",
            "this field counts things that cannot be divided",
            "write a whole number, or a range of two: `2 to 3`",
        )


def out_of_range(text: str, within: Range, dimension: str) -> AnswerRefusedError:
    """Return the refusal of a value that cannot be."""
    return AnswerRefusedError(
        f"`{text}` is impossible here",
        within.reason,
        f"this field takes {within.limits(dimension)}; check the number, its sign and its unit",
    )


def is_spread(text: str) -> bool:
    """Return whether a quantity is written with a spread around it: `0.06 ± 0.02`."""
    return any(sign in text for sign in _SPREAD_SIGNS)


def _stated(quantity: Quantity) -> tuple[float, ...]:
    """Return the numbers that were written, in base units; the mean of a `±` counts nothing."""
    if quantity.kind == "range":
        return () if is_spread(quantity.text) else (quantity.low, quantity.high)
    return (quantity.value,)
