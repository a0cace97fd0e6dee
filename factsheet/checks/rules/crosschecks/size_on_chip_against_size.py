"""The size on the chip is not the area or the number of tiles that is stated elsewhere.

What it does: compares `performance.size_on_chip` with `parameters.area` where it is an area, which it may not exceed,
and with `parameters.tiles` where it counts tiles. Also reports a GPU that is said to be slower than the CPU.

Why it matters: the two are copies of each other, and copies drift apart.

Fails:
    parameters: {area: 780.4 mm²}
    performance: {size_on_chip: 870.4 mm²}

Passes:
    parameters: {area: 780.4 mm²}
    performance: {size_on_chip: 577 mm²}

How to fix: correct the one that was mistyped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.quantities.interval import Interval
from factsheet.recompute.claims import claim_at
from factsheet.recompute.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    size = claim_at(sheet, "performance", "size_on_chip")
    field = "tiles" if size is not None and size.quantity.dimension == "count" else "area"
    other = claim_at(sheet, "parameters", field)
    if size is not None and other is not None:
        meant = other.quantity.meant
        slack = other.tolerance * abs(other.quantity.value)
        reach = Interval(meant.low - slack if field == "tiles" else 0.0, meant.high + slack)
        if judge(size, other.quantity.value, reach=reach).fits is False:
            what = "tiles" if field == "tiles" else "the area of the chip"
            yield Finding(
                size.path,
                f"{size.quantity.text} on the chip, and {other.quantity.text} as {what}",
                "correct the one that was mistyped",
                related=((other.path, other.quantity.text),),
            )
    gpu, cpu = (claim_at(sheet, "performance", f"throughput_{name}") for name in ("gpu", "cpu"))
    if gpu is not None and cpu is not None and gpu.quantity.meant.high < cpu.quantity.meant.low:
        yield Finding(
            gpu.path,
            f"the GPU is slower than the CPU: {gpu.quantity.text} and {cpu.quantity.text}",
            "look for two figures that were swapped, or a unit that is off",
            related=((cpu.path, cpu.quantity.text),),
            confidence="low",
        )


RULE = Rule(
    "FS230",
    "size-on-chip-against-size",
    "warning",
    "the two are copies of each other, and copies drift apart",
    _check,
)
