"""Answers and how far figures moved, in words; the parts of two texts that differ."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from factsheet.facts.fact import Fact
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.recompute.comparisons.score_scales import PERCENT_SIGNS, ScoreScale
from factsheet.recompute.verdict import apart

if TYPE_CHECKING:
    from factsheet.comparing.leaves import Answer, Leaf

_LEAST_PERCENT, _FACTOR_FROM, _LEAST_RATIO = 0.001, 1.0, 0.1
_SMALLEST, _LARGEST = 1e-4, 1e9
_MOST_DIGITS = 6
_MOST_SHOWN, _AROUND = 160, 40


def amount(before: float, after: float, leaf: Leaf) -> str:
    """Return how far a figure moved: `−3.0 %`, `2.5 times as much`, and of a score `−0.66 percentage points`."""
    scale = leaf.scale or _scale_of_difference(leaf)
    if scale is not None:
        return scale.difference(after - before).replace("-", "−")
    return moved_by(before, after)


def _scale_of_difference(leaf: Leaf) -> ScoreScale | None:
    """Return how a difference of scores, such as a loss, is written; `None` for other figures."""
    quantity = leaf.value.quantity if isinstance(leaf.value, Fact) else None
    if quantity is None or quantity.dimension != "score_difference":
        return None
    return ScoreScale(share=quantity.unit in PERCENT_SIGNS or "point" in quantity.unit)


def moved_by(before: float, after: float) -> str:
    """Return how far a figure is from another: `−3.0 %`, `2.5 times as much`; empty where the first is zero."""
    if before == 0:
        return ""
    relative = (after - before) / abs(before)
    if abs(relative) >= _FACTOR_FROM or 0 < after / before < _LEAST_RATIO:
        ratio = after / before  # to three digits either way round
        if ratio >= 1:
            return apart(float(f"{ratio:.3g}"), 1)
        return apart(1, float(f"{1 / ratio:.3g}")) if ratio > 0 else apart(after, before)
    text = f"{100 * relative:+.1f}" if abs(relative) >= _LEAST_PERCENT else f"{100 * relative:+.1g}"
    return f"{text} %".replace("-", "−")


def in_words(value: Answer | None) -> str:
    """Return an answer in one string."""
    if isinstance(value, Fact):
        return value.shown()
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def excerpts(old: str, new: str) -> tuple[str, str]:
    """Return the parts of two texts that differ, with some words around them; short texts come back whole."""
    if max(len(old), len(new)) <= _MOST_SHOWN:
        return old, new
    before, after = old.split(), new.split()
    most = min(len(before), len(after))
    start = next((place for place in range(most) if before[place] != after[place]), most)
    end = next(
        (place for place in range(most - start) if before[-1 - place] != after[-1 - place]), most - start
    )
    return _cut(before, start, len(before) - end), _cut(after, start, len(after) - end)


def _cut(words: list[str], start: int, end: int) -> str:
    around = _AROUND // 6
    low, high = max(start - around, 0), min(end + around, len(words))
    text = " ".join(words[low:high])
    return f"{'… ' if low else ''}{text}{' …' if high < len(words) else ''}"


def in_unit_of(text: str, own: str, value: float, dimension: str) -> str:
    """Return a figure in the unit that another text is written in; empty where it is one that we do not write.

    Args:
        text: the other figure, `151.8 µJ`.
        own: the figure as it is written, whose digits are kept.
        value: in the base unit.
        dimension: of both.
    """
    number = re.search(r"\d[\d,.]*", own)
    digits = min(max(len(re.sub(r"\D", "", number[0] if number else "").lstrip("0")), 1), _MOST_DIGITS)
    for unit, factor, _ in DIMENSIONS[dimension].shown:
        if unit and text.endswith(f" {unit}"):
            return f"{_plain_number(value / factor, digits)} {unit}"
    return ""


def _plain_number(number: float, digits: int) -> str:
    """Write a number to so many digits, with no power of ten where one can do without."""
    size = abs(number)
    if not _SMALLEST <= size < _LARGEST:
        return f"{number:.{digits}g}"
    decimals = max(digits - 1 - math.floor(math.log10(size)), 0)
    rounded = f"{float(f'{number:.{digits}g}'):,.{decimals}f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
