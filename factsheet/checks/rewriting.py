"""Writing a new value in place of a claimed one, in its author's style: same unit, same number of digits."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change
from factsheet.checks.figures import written as shown
from factsheet.sheet.interval import DUST
from factsheet.sheet.quantity import QuantityError, parse_quantity
from factsheet.sheet.units import EXPONENT, FRACTION, INTEGER

if TYPE_CHECKING:
    from factsheet.checks.claims import Claim
    from factsheet.sheet.quantity import Quantity

_NUMBER = f"(?:(?:{INTEGER})(?:{FRACTION})?|{FRACTION})(?:{EXPONENT})?"


def rewritten(claim: Claim, value: float) -> Change | None:
    """The change that puts a value, in the base unit, in place of the claimed one; `None` where none would read back.

    Only the number is replaced where that is enough, so that unit, quotes and "about" stay as they are.
    """
    quantity = claim.quantity
    match = re.search(_NUMBER, quantity.text) if quantity.kind == "point" else None
    if match is not None and quantity.value:
        written = float(match[0].replace(",", "").replace("\u2212", "-"))
        scaled = value * (
            written / quantity.value
        )  # the other way round, huge figures leave the range of doubles
        number = _number(scaled, match[0], quantity) if math.isfinite(scaled) else ""
        text = quantity.text[: match.start()] + number + quantity.text[match.end() :]
        if _reads_back(text, quantity, value):
            return Change(claim.path, number, word=match[0])
    # A comma would end a value that stands in brackets.
    text = shown(value, quantity.dimension, max(_digits(quantity), 2)).replace(",", "")
    return Change(claim.path, text) if _reads_back(text, quantity, value) else None


def written_text(claim: Claim, value: float) -> str:
    """What the claim would read once `rewritten`; the value for people where it can not be."""
    change = rewritten(claim, value)
    if change is None or change.text is None:
        return shown(value, claim.quantity.dimension)
    return claim.quantity.text.replace(change.word, change.text, 1) if change.word else change.text


def _number(number: float, like: str, quantity: Quantity) -> str:
    """A number with as many significant digits as `like` has, in the same notation."""
    grouping = "," if "," in like else ""
    if quantity.step == 0:
        return f"{round(number):{grouping}d}"
    digits = _digits(quantity)
    if "e" in like or "E" in like:
        mantissa, _, exponent = f"{number:.{digits - 1}e}".partition("e")
        return f"{mantissa}{'E' if 'E' in like else 'e'}{int(exponent)}"
    rounded = float(f"{number:.{digits - 1}e}")  # 9.996 to three digits has its first digit elsewhere
    decimals = digits - 1 - math.floor(math.log10(abs(rounded))) if rounded else 0
    if decimals <= 0:
        return f"{round(round(number, decimals)):{grouping}d}"
    return f"{number:{grouping}.{decimals}f}"


def _digits(quantity: Quantity) -> int:
    """Significant digits that the quantity is written with."""
    if quantity.step <= 0 or quantity.value == 0:
        return 4
    return max(1, math.floor(math.log10(abs(quantity.value) / quantity.step) + DUST) + 1)


def _reads_back(text: str, quantity: Quantity, value: float) -> bool:
    """Whether a text is a quantity of the same kind that means the value."""
    try:
        read = parse_quantity(text, quantity.dimension)
    except QuantityError:
        return False
    return read.kind == "point" and read.interval.contains(value)
