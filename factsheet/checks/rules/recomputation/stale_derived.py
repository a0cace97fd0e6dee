"""A figure that is said to be derived is no longer what the sheet gives.

What it does: recomputes the figures whose `source` is `derived`: parameters, weights on tiles, reuse factor, tiles,
devices, size on chip, operations at each operating point, energy, energy per inference, throughput and the averages of
result tables.

Why it matters: its inputs have changed since, and readers get the old value.

Fails:
    parameters: {tile: {rows: 256, cols: 256}, tiles: {value: 480, source: derived}}      # 480 is for 512 by 512

Passes:
    parameters: {tile: {rows: 256, cols: 256}, tiles: {value: 1296, source: derived}}

How to fix: run `factsheet validate --fix` to write the new value, in the unit of the old one and with its digits: three
at least, and four where the old one ends in zeros, unless the figures that it follows from are written with fewer.
Where the sheet leaves open how it is derived (a counting convention that it does not name), decide yourself.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Change, Finding
from factsheet.checks.rule import Rule
from factsheet.errors import QuantityError
from factsheet.quantities.interval import DUST
from factsheet.quantities.quantity import parse_quantity
from factsheet.quantities.units import EXPONENT, FRACTION, INTEGER
from factsheet.recompute.identities import BATCH_OF_EFFICIENCY
from factsheet.recompute.verdict import written as shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.checks.rule import RuleContext
    from factsheet.quantities.interval import Interval
    from factsheet.quantities.quantity import Quantity
    from factsheet.recompute.claims import Claim
    from factsheet.source.document import KeyPath

_FEWEST = 3
"""Significant digits that are written at least: rounded to the one of a wrong `2,000`, 1,255 would be wrong again."""
_ROUND = 4
"""Where the old number ends in zeros, which do not say how many of its digits count."""
_NUMBER = f"(?:(?:{INTEGER})(?:{FRACTION})?|{FRACTION})(?:{EXPONENT})?"


def rewritten(claim: Claim, value: float, reach: Interval | None = None) -> Change | None:
    """Return the change that puts a value, in the base unit, in place of the claimed one; `None` where none reads back.

    Only the number is replaced where that is enough, so that unit, quotes and "about" stay as they are.

    Args:
        claim: the figure as it is.
        value: what the sheet gives now.
        reach: every value that the digits of what it follows from allow; `None` for exact inputs.
    """
    quantity = claim.quantity
    digits = _digits_to_write(quantity, value, reach)
    match = re.search(_NUMBER, quantity.text) if quantity.kind == "point" else None
    if match is not None and quantity.value:
        written = float(match[0].replace(",", "").replace("\u2212", "-"))
        scaled = value * (
            written / quantity.value
        )  # the other way round, huge figures leave the range of doubles
        number = _number(scaled, match[0], quantity, digits) if math.isfinite(scaled) else ""
        text = quantity.text[: match.start()] + number + quantity.text[match.end() :]
        if _reads_back(text, quantity, value):
            return Change(claim.path, number, word=match[0])
    # A comma would end a value inside brackets.
    text = shown(value, quantity.dimension, max(digits, 2)).replace(",", "")
    return Change(claim.path, text) if _reads_back(text, quantity, value) else None


def written_text(claim: Claim, value: float, reach: Interval | None = None) -> str:
    """Return what the claim would read once `rewritten`; the value for people where it cannot be."""
    change = rewritten(claim, value, reach)
    if change is None or change.text is None:
        return shown(value, claim.quantity.dimension)
    return claim.quantity.text.replace(change.word, change.text, 1) if change.word else change.text


def _number(number: float, like: str, quantity: Quantity, digits: int) -> str:
    """Return a number with so many significant digits, in the notation of `like`."""
    grouping = "," if "," in like else ""
    if quantity.step == 0:
        return f"{round(number):{grouping}d}"
    if "e" in like or "E" in like:
        mantissa, _, exponent = f"{number:.{digits - 1}e}".partition("e")
        return f"{mantissa}{'E' if 'E' in like else 'e'}{int(exponent)}"
    rounded = float(f"{number:.{digits - 1}e}")  # 9.996 to three digits has its first digit elsewhere
    decimals = digits - 1 - math.floor(math.log10(abs(rounded))) if rounded else 0
    if decimals <= 0:
        return f"{round(round(number, decimals)):{grouping}d}"
    return f"{number:{grouping}.{decimals}f}"


def _digits_to_write(quantity: Quantity, value: float, reach: Interval | None) -> int:
    """Return as many digits as the old figure has, or more where so few would make another wrong one."""
    number = re.search(_NUMBER, quantity.text)
    is_round = number is not None and number[0].endswith("0") and "." not in number[0]
    fewest = _ROUND if is_round else _FEWEST
    half = 0.0 if reach is None else reach.width / 2
    if value and 0 < half < math.inf:
        fewest = min(fewest, math.floor(math.log10(abs(value))) - math.floor(math.log10(half)) + 1)
    return max(_digits(quantity), fewest)


def _digits(quantity: Quantity) -> int:
    """Return the number of significant digits that the quantity is written with."""
    if quantity.step <= 0 or quantity.value == 0:
        return 4
    return max(1, math.floor(math.log10(abs(quantity.value) / quantity.step) + DUST) + 1)


def _reads_back(text: str, quantity: Quantity, value: float) -> bool:
    """Return whether a text is a quantity of the same kind that means the value."""
    try:
        read = parse_quantity(text, quantity.dimension)
    except QuantityError:
        return False
    return read.kind == "point" and read.interval.contains(value)


def _check(context: RuleContext) -> Iterator[Finding]:
    comparisons = context.comparisons
    for counted in comparisons.structure.values():
        if counted.claim.derived and counted.verdict.fits is False:
            command = f"factsheet derive SHEET --explain {counted.name}"
            yield _finding(counted.claim, counted.values, command, counted.related(context.sheet))
    for ops in comparisons.operations:
        if ops.claim.derived and ops.verdict.fits is False:
            yield _finding(ops.claim, ops.values, ops.point.command(ops.field), ops.point.related)
    for average in comparisons.averages:
        # One that only its section calls derived is FS201's, like any other.
        if average.own_source and average.mean is not None and average.verdict.fits is False:
            command = f"factsheet derive SHEET --explain average.{average.system}"
            rows = (average.rows_path, "the rows that are averaged")
            yield _finding(average.claim, (average.mean.value,), command, (rows,))
    for found in comparisons.implied:
        # FS207 reports what concerns the batch, FS212 operations per second and watt.
        reported = found.outcome.identity is BATCH_OF_EFFICIENCY or found.name == "tops_per_watt"
        if found.claim.derived and found.verdict.fits is False and not reported:
            reach = found.outcome.reach
            yield _finding(found.claim, (found.outcome.value,), found.command, found.related, reach=reach)


def _finding(
    claim: Claim,
    values: Sequence[float],
    command: str,
    related: tuple[tuple[KeyPath, str], ...],
    *,
    reach: Interval | None = None,
) -> Finding:
    """Report a stale figure; the fix is safe where everything that the sheet leaves open comes to the same text."""
    text = written_text(claim, values[0], reach)
    change = rewritten(claim, values[0], reach)
    determined = all(written_text(claim, value, reach) == text for value in values)
    shown = f"; `{command}` shows the arithmetic" if command else ""
    unsure = "" if determined else ", if it is derived as `factsheet derive` does"
    return Finding(
        claim.path,
        f"{claim.quantity.text} is said to be derived, but the sheet now gives {text}",
        f"write {text}{unsure}{shown}",
        related=related,
        changes=() if change is None else (change,),
        safe=determined,
    )


RULE = Rule(
    "FS310",
    "stale-derived",
    "error",
    "its inputs have changed since, and readers get the old value",
    _check,
)
