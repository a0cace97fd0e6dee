"""TOPS/W is not what operations, time and power of an operating point imply.

What it does: uses ops/s/W = operations / (time × power), or operations / energy. At each operating point that has these
figures and that `performance.tops_per_watt` can hold at, compares the product of efficiency, time and power with
`total_ops`, as intervals of the written digits, and reports an efficiency that agrees at none of them.

Why it matters: TOPS/W of a chip at work is often a third of the peak of one tile, and the two get mixed up.

Fails:
    operating_points:
      - {seq_len: 32, batch: 4, total_ops: 21.84 G ops, execution_time: 0.19 ms, power: 3.13 W}
    tops_per_watt: 100 TOPS/W   # the point gives 36.7 TOPS/W

Passes:
    operating_points:
      - {seq_len: 32, batch: 4, total_ops: 21.84 G ops, execution_time: 0.19 ms, power: 3.13 W}
    tops_per_watt: 36.7 TOPS/W

How to fix: write what the figures imply, with the operating point under `at`; a tile's peak belongs in a `note`.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.figures import figure, mentions, point_figure, points, section_figure, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.figures import PlacedFigure
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.parameters import OperatingPoint
    from factsheet.source.document import KeyPath

_FIELD = ("performance", "tops_per_watt")


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    first: Finding | None = None
    for path, point in points(sheet):
        claim = section_figure(sheet, *_FIELD, point)
        ops = figure(point.total_ops, (*path, "total_ops"))
        energy = _energy(sheet, path, point)
        if claim is None or ops is None or not energy:
            continue
        product = claim.quantity.meant
        for quantity, _ in energy:
            product *= quantity.meant
        if product.overlaps(ops.quantity.meant):
            return  # it holds at this point, whatever it would be at others
        first = first or _finding(claim, ops, energy)
    if first is not None:
        yield first


def _energy(sheet: SheetFields, path: KeyPath, point: OperatingPoint) -> tuple[PlacedFigure, ...]:
    """The factors of the energy of one run: time and power, or the energy itself; empty where neither is there."""
    time = figure(point.execution_time, (*path, "execution_time"))
    power = point_figure(sheet, path, point, "power", "parameters")
    if time and power:
        return time, power
    energy = figure(point.energy, (*path, "energy"))
    return (energy,) if energy else ()


def _finding(claim: PlacedFigure, ops: PlacedFigure, energy: tuple[PlacedFigure, ...]) -> Finding:
    joules = 1.0
    for quantity, _ in energy:
        joules *= quantity.value
    texts = " at ".join(quantity.text for quantity, _ in energy)
    implied = written(ops.quantity.value / joules if joules else inf, claim.quantity.dimension)
    return Finding(
        _FIELD,
        f"{claim.quantity.text} is stated, but {ops.quantity.text} in {texts} make {implied}",
        f"write {implied} for the model's run, or state under `at` the operating point that this holds at; "
        "the peak of a tile belongs in a `note`",
        related=mentions((ops, *energy)),
    )


RULE = Rule(
    "FS212",
    "implied-tops-per-watt",
    "warning",
    "the peak of a tile is easily taken for what the chip reaches with this model",
    _check,
)
