"""The text gives a figure of the sheet with another unit.

What it does: looks in the text for the digits of each figure. Where they are followed by another unit of the same
dimension and so mean another value, one of the two is a slip. Digits that many figures share count only where the
sentence is about the same thing, and a value that some figure of the sheet has is never one.

Why it matters: a thousandth of a watt is no watt, and readers believe the sentence.

Fails:
    limitations: {known: [The chip draws 3.13 mW on average.]}
    parameters: {power: {value: 3.13 W, at: {batch: 4}}}

Passes:
    limitations: {known: [The chip draws 3.13 W on average.]}
    parameters: {power: {value: 3.13 W, at: {batch: 4}}}

How to fix: correct whichever of the two is wrong.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.prose import BREAK, prose_of, sentence_at
from factsheet.checks.rule import Rule
from factsheet.sheet.quantity import DIMENSIONS, QuantityError, parse_quantity
from factsheet.sheet.units import SCALES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.context import Context
    from factsheet.checks.prose import Passage, Stated
    from factsheet.sheet.quantity import Quantity
    from factsheet.source import KeyPath

_UNITLESS = frozenset({"count", "number", "ratio", "score"})
"""Dimensions whose figures are often bare numbers, which stand for many things in a text."""
_ABOUT = {
    "time": r"time|latenc|takes?\b|within|runs? in|every|interval|duration|lasts?\b",
    "power": r"power|draws?\b|consum|watt",
    "energy": r"energy|joule|consum",
    "area": r"area|chip|die\b",
    "data_size": r"size|file|disk|memory",
    "temperature": r"temperature|degree|warm",
    "length": r"node|process|technology",
}
"""What a sentence about a quantity of a dimension says."""
_LONGEST_UNIT = 24


def _check(context: Context) -> Iterator[Finding]:
    prose = prose_of(context.sheet)
    figures = [
        (stated, quantity)
        for stated in prose.figures()
        if (quantity := stated.fact.quantity) is not None
        and quantity.kind == "point"
        and quantity.dimension not in _UNITLESS
    ]
    for stated, quantity in figures:
        digits = _digits(quantity)
        for end in _ends_of(digits, prose.text):
            found = _other_unit(prose.text, digits, end, quantity)
            if found is None or any(_same(found[1], known) for _, known in figures):
                continue
            passage = prose.at(end - 1)
            if _means_it(stated, digits, passage, sentence_at(prose.text, end - len(digits), end)):
                yield _finding(passage, found[0], stated.path, quantity)


def _digits(quantity: Quantity) -> str:
    found: list[str] = re.findall(r"\d[\d,]*(?:\.\d+)?", quantity.text)
    return found[0].rstrip(",")


def _ends_of(digits: str, text: str) -> Iterator[int]:
    """Where these digits, and no longer number, end in the text."""
    start = text.find(digits)
    while start >= 0:
        end = start + len(digits)
        before, after = text[start - 1 : start], text[end : end + 2]
        longer = after[:1].isdigit() or (after[:1] in {".", ","} and after[1:].isdigit())
        if not longer and not before.isalnum() and before not in {".", ",", "-", "−", "/"}:
            yield end
        start = text.find(digits, end)


def _other_unit(text: str, digits: str, end: int, stated: Quantity) -> tuple[str, Quantity] | None:
    """What the text says: its words, and its value where that is another one of the same dimension."""
    tail = text[end : end + _LONGEST_UNIT].partition(BREAK)[0]
    words = tail.split()[:3]
    if not words or words[0].rstrip(_POINTS) not in _beginnings(stated.dimension):
        return None
    gap = " " if tail[0].isspace() else ""
    for count in range(len(words), 0, -1):
        written = f"{digits}{gap}{' '.join(words[:count]).rstrip(_POINTS)}"
        try:
            meant = parse_quantity(written, stated.dimension)
        except QuantityError:
            continue
        return None if _same(meant, stated) else (written, meant)
    return None


_POINTS = ".,;:)!?"


@cache
def _beginnings(dimension: str) -> frozenset[str]:
    """The words that a unit of the dimension can begin with."""
    units = DIMENSIONS[dimension].units
    scales = SCALES if DIMENSIONS[dimension].scale_words else ()
    return frozenset(unit.split()[0] for unit in units).union(scales)


def _same(one: Quantity, other: Quantity) -> bool:
    return one.dimension == other.dimension and one.meant.overlaps(other.meant)


def _means_it(stated: Stated, digits: str, passage: Passage, sentence: str) -> bool:
    """Whether digits in a sentence are those of this figure, and not the same by chance."""
    if passage.kind in {"source", "name"}:
        return False
    significant = len(digits.replace(".", "").replace(",", "").strip("0"))
    if significant > 2 or (significant == 2 and "." in digits):  # noqa: PLR2004  one in a hundred by chance, or less
        return True
    if passage.section != stated.path[0]:
        return False
    if significant == 1:
        return stated.path[-1] == "refresh_interval" and re.search(r"(?i)\bevery\b", sentence) is not None
    about = _ABOUT.get(stated.fact.quantity.dimension if stated.fact.quantity else "")
    return about is not None and re.search(rf"(?i)\b(?:{about})", sentence) is not None


def _finding(passage: Passage, written: str, path: KeyPath, quantity: Quantity) -> Finding:
    return Finding(
        passage.path,
        f"the text says {written}, and the sheet states {quantity.text}",
        f"write {quantity.text} here, or correct `{path[-1]}`",
        related=((path, quantity.text),),
        word=written,
        changes=(Change(passage.path, quantity.text, word=written),),
    )


UNIT_IN_PROSE = Rule(
    "FS606",
    "unit-in-prose",
    "warning",
    "a thousandth of a watt is no watt, and readers believe the sentence",
    _check,
)
