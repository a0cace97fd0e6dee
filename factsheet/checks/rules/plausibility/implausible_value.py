"""A figure is possible, but far outside what is usual for its field.

What it does: compares every figure whose field declares a range with what is usual there: the smallest and the largest
that have been published, with room on both sides. [Ranges](../ranges.md) lists them, each with its source. For noise
and bounds, what is usual depends on what they are relative to. Of a range, both ends are compared; a bound such as
`> 10 years` is unusual only if all that it leaves open is. What cannot be at all, such as a temperature below absolute
zero, is refused by FS150.

Why it matters: a figure beyond everything that was ever published is a slip of the unit, the exponent or the digits far
more often than a record.

Fails:
    hwa_training: {learning_rate: 5e5}

Passes:
    hwa_training: {learning_rate: 5e-5}

How to fix: check the number, its exponent and its unit. If the figure is right, accept the finding with a comment that
says why: `# factsheet: ignore[FS250] why`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.facts.ranges import is_spread, shown
from factsheet.sheet.walk import ranged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.facts.fact import Fact
    from factsheet.facts.ranges import Range, Usual
    from factsheet.quantities.quantity import Quantity


def _check(context: RuleContext) -> Iterator[Finding]:
    for path, answer, within in ranged(context.sheet):
        if not within.usual:
            continue
        dimension, low, high, words = _extent(answer)
        if not words:
            continue  # the answer is why there is no figure
        usual = within.usual_for(dimension, _reference(answer, dimension))
        if usual is None or _is_usual(answer, (low, high), usual, within):
            continue
        limits = _words(usual, dimension)
        yield Finding(
            path,
            f"{words} is far from what is usual here: {limits}",
            f"check the number, its exponent and its unit. What is usual: {usual.source}",
        )


def _is_usual(answer: Fact | int, ends: tuple[float, float], usual: Usual, within: Range) -> bool:
    """Return whether an answer is usual: of two stated ends both, of all that a bound leaves open some.

    A range may start at the limit of what is possible: a learning rate that warms up from 0.
    """
    low, high = ends
    quantity = None if isinstance(answer, int) else answer.quantity
    if quantity is not None and quantity.kind == "bound":
        return low <= usual.high and high >= usual.low
    return high <= usual.high and (low >= usual.low or (low == within.lowest and high > low))


def _extent(answer: Fact | int) -> tuple[str, float, float, str]:
    """Return the dimension, the ends and the words of an answer; no words where it has no number."""
    if isinstance(answer, int):
        return "count", answer, answer, f"{answer:,}"
    quantity = answer.quantity
    if quantity is not None:
        low, high = _ends(quantity)
        return quantity.dimension, low, high, f"`{quantity.text}`"
    if answer.wholes:
        return (
            "count",
            min(answer.wholes),
            max(answer.wholes),
            ", ".join(f"{each:,}" for each in answer.wholes),
        )
    return "", float("-inf"), float("inf"), ""


def _ends(quantity: Quantity) -> tuple[float, float]:
    """Return the ends of what was written; a number is taken as it is, without its digits' and its spread's room."""
    alone = quantity.kind == "point" or is_spread(quantity.text)
    return (quantity.value, quantity.value) if alone else (quantity.low, quantity.high)


def _reference(answer: Fact | int, dimension: str) -> str:
    """Return what the answer says that it is relative to; a conductance is absolute by its unit."""
    if isinstance(answer, int) or dimension == "conductance":
        return ""
    return answer.relative_to or ""


def _words(usual: Usual, dimension: str) -> str:
    low, high = shown(usual.low, dimension), shown(usual.high, dimension)
    return f"up to {high}" if usual.low == 0 else f"{low} to {high}"


RULE = Rule(
    "FS250",
    "implausible-value",
    "warning",
    "a figure beyond everything that was published is a slip far more often than a record",
    _check,
)
