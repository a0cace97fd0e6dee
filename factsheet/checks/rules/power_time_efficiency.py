"""Time, power and energy efficiency can not all hold at the stated batch.

What it does: inferences/s/W = batch / (time × power). Multiplies the three figures as intervals of their
written digits, which leaves a range of batches, and looks whether the stated batch is in it.

Why it matters: one of the three is wrong, or the batch is.

Fails:
    - {seq_len: 32, batch: 1, execution_time: 0.19 ms, power: 3.13 W, energy_efficiency: 6589 inferences/s/W}

Passes:
    - {seq_len: 32, batch: 4, execution_time: 0.19 ms, power: 3.13 W, energy_efficiency: 6589 inferences/s/W}

How to fix: state the batch that the figures were taken at; the message names the ones that fit.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.context import Context
    from factsheet.sheet.fact import At, Fact
    from factsheet.sheet.model import FactSheet
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.sheet.quantity import Quantity
    from factsheet.source import KeyPath

    Figure = tuple[Quantity, KeyPath]


def _check(context: Context) -> Iterator[Finding]:
    sheet = context.sheet
    points = (sheet.parameters.operating_points or ()) if sheet.parameters else ()
    for index, point in enumerate(points):
        if not isinstance(point.batch, int):
            continue
        path: KeyPath = ("parameters", "operating_points", index)
        time = _figure(point.execution_time, (*path, "execution_time"))
        power = _figure(point.power, (*path, "power")) or _of_section(sheet, "parameters", "power", point)
        efficiency = _figure(point.energy_efficiency, (*path, "energy_efficiency")) or _of_section(
            sheet, "performance", "energy_efficiency", point
        )
        if time and power and efficiency:
            yield from _compare(point.batch, (*path, "batch"), time, power, efficiency)


def _compare(batch: int, path: KeyPath, time: Figure, power: Figure, efficiency: Figure) -> Iterator[Finding]:
    figures = (time, power, efficiency)
    low = high = 1.0
    for quantity, _ in figures:
        low *= quantity.meant.low
        high *= quantity.meant.high
    if low <= batch <= high:
        return
    first, last = max(ceil(low), 1), floor(high)
    if first > last:
        agreeing = f"at no whole batch (they imply {low:.3g} to {high:.3g})"
        mend = "one of the three is off: check its unit and its operating point"
    else:
        agreeing = f"at a batch of {first}" if first == last else f"at batches of {first} to {last}"
        mend = f"write `batch: {first}`, or correct the figure that was taken at another batch"
    texts = [quantity.text for quantity, _ in figures]
    yield Finding(
        path,
        f"{texts[0]}, {texts[1]} and {texts[2]} agree {agreeing}, not at {batch}",
        mend,
        related=tuple((where, quantity.text) for quantity, where in figures),
    )


def _figure(fact: Fact | None, path: KeyPath) -> Figure | None:
    quantity = fact.quantity if fact is not None else None
    return None if quantity is None else (quantity, path)


def _of_section(sheet: FactSheet, section: str, field: str, point: OperatingPoint) -> Figure | None:
    """A figure stated once for the sheet, unless it is stated for another operating point."""
    holder = getattr(sheet, section)
    fact: Fact | None = getattr(holder, field) if holder is not None else None
    if fact is None or not _holds_at(fact.at, point):
        return None
    return _figure(fact, (section, field))


def _holds_at(at: At | None, point: OperatingPoint) -> bool:
    if at is None:
        return True
    other_length = at.seq_len is not None and at.seq_len != point.seq_len
    return not other_length and not (isinstance(at.batch, int) and at.batch != point.batch)


POWER_TIME_EFFICIENCY = Rule(
    "FS207", "power-time-efficiency", "error", "one of the three figures is wrong, or the batch is", _check
)
