"""The text gives a figure of the sheet with another unit.

What it does: searches the text for the digits of each figure. Where another unit of the same dimension follows them, so
that they mean another value, one of the two is a mistake. Digits that many figures share count only where the sentence
is about the same thing, and a value that some figure of the sheet has is never reported.

Why it matters: a milliwatt is not a watt, and readers believe the sentence.

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
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.prose import BREAK, prose_of, sentence_at, stated
from factsheet.checks.rule import Rule
from factsheet.errors import QuantityError
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity
from factsheet.quantities.units import SCALES
from factsheet.recompute.claims import Claim
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.prose import Passage, Stated
    from factsheet.checks.rule import RuleContext
    from factsheet.quantities.quantity import Quantity
    from factsheet.source.document import KeyPath

_UNITLESS = frozenset({"count", "number", "ratio", "score"})
"""Dimensions whose figures are often bare numbers, which can mean many things in a text."""
_ABOUT = {
    "time": r"time|latenc|takes?\b|within|runs? in|every|interval|duration|lasts?\b",
    "power": r"power|draws?\b|consum|watt",
    "energy": r"energy|joule|consum",
    "area": r"area|chip|die\b",
    "data_size": r"size|file|disk|memory",
    "temperature": r"temperature|degree|warm",
    "length": r"node|process|technology",
}
"""Words of a sentence about a quantity of a dimension."""
_ANOTHER = (
    r"(?i)\b(?:per|each|every|cores?|tiles?|idle|standby|leak\w*|peak|loads?|loading|program\w*|train\w*|calibrat\w*"
    r"|boot\w*|compil\w*|start\w*|read-?out|wait\w*|sensor)\b"
)
"""Words of a sentence about a part of the thing measured, or about something else that takes time or power."""
DISTINCTIVE = 2
"""Digits up to which figures are often the same by chance."""
_REFRESH = "refresh_interval"
_LONGEST_UNIT = 24


def _check(context: RuleContext) -> Iterator[Finding]:
    prose = prose_of(context.sheet)
    known: list[Quantity] = []
    for key, quantity, held in prose.figures():
        if quantity.kind != "point" or quantity.dimension in _UNITLESS:
            continue
        digits, distinctive = digits_of(quantity.text)
        if distinctive <= 1 and key != _REFRESH:
            continue
        for end in _ends_of(digits, prose.text):
            found = _other_unit(prose.text, digits, end, quantity)
            if found is None:
                continue
            known = known or [other for _, other, _ in prose.figures()]
            passage, place = prose.at(end - 1), stated(held)
            sentence = sentence_at(prose.text, end - len(digits), end)
            if not any(_same(found[1], other) for other in known) and _means_it(
                place, distinctive, passage, sentence
            ):
                yield _finding(passage, found[0], place.path, quantity)


@lru_cache(maxsize=4096)
def digits_of(text: str) -> tuple[str, int]:
    """Return the digits of a figure, and how many of them distinguish it: one behind a point counts extra."""
    found: list[str] = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
    digits = found[0].rstrip(",")
    significant = len(digits.replace(".", "").replace(",", "").strip("0"))
    return digits, significant + (significant > 1 and "." in digits)


def _ends_of(digits: str, text: str) -> Iterator[int]:
    """Yield where these digits, and no longer number, end in the text."""
    start = text.find(digits)
    while start >= 0:
        end = start + len(digits)
        before, after = text[start - 1 : start], text[end : end + 2]
        longer = after[:1].isdigit() or (after[:1] in {".", ","} and after[1:].isdigit())
        if not longer and not before.isalnum() and before not in {".", ",", "-", "−", "/"}:
            yield end
        start = text.find(digits, end)


def _other_unit(text: str, digits: str, end: int, figure: Quantity) -> tuple[str, Quantity] | None:
    """Return the words of the text and their value, where that is another one of the same dimension."""
    tail = text[end : end + _LONGEST_UNIT].partition(BREAK)[0]
    words = tail.split()[:3]
    if not words or words[0].rstrip(_POINTS) not in _beginnings(figure.dimension):
        return None
    gap = " " if tail[0].isspace() else ""
    for count in range(len(words), 0, -1):
        written = f"{digits}{gap}{' '.join(words[:count]).rstrip(_POINTS)}"
        try:
            meant = parse_quantity(written, figure.dimension)
        except QuantityError:
            continue
        return None if _same(meant, figure) else (written, meant)
    return None


_POINTS = ".,;:)!?"


@cache
def _beginnings(dimension: str) -> frozenset[str]:
    """Return the words that a unit of the dimension can begin with."""
    units = DIMENSIONS[dimension].units
    scales = SCALES if DIMENSIONS[dimension].scale_words else ()
    return frozenset(unit.split()[0] for unit in units).union(scales)


def _same(one: Quantity, other: Quantity) -> bool:
    """Return whether a figure in a text can be the other, whose sign a text may say in words: `1.8 points below`."""
    if one.dimension != other.dimension:
        return False
    claim, reach = Claim(path=(), quantity=other), one.meant
    negated = Interval(-reach.high, -reach.low)
    return any(
        judge(claim, value, reach=meant).fits for value, meant in ((one.value, reach), (-one.value, negated))
    )


def _means_it(figure: Stated, distinctive: int, passage: Passage, sentence: str) -> bool:
    """Return whether digits in a sentence are those of this figure, and not the same by chance."""
    if passage.kind in {"source", "name"}:
        return False
    if distinctive > DISTINCTIVE + 1:
        return True
    if distinctive > 1 and re.search(_ANOTHER, sentence):
        return False
    if distinctive > DISTINCTIVE:
        return True
    if passage.section != figure.path[0]:
        return False
    if distinctive <= 1:
        return re.search(r"(?i)(?:program|refresh|writ).*\bevery\b", sentence) is not None
    about = _ABOUT.get(figure.fact.quantity.dimension if figure.fact.quantity else "")
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


RULE = Rule(
    "FS606",
    "unit-in-prose",
    "warning",
    "a milliwatt is not a watt, and readers believe the sentence",
    _check,
)
