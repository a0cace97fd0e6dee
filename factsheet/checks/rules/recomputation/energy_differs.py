"""An energy, a throughput or an efficiency contradicts other figures of its operating point.

What it does: compares figures that are stated for the same sequence length and batch, as intervals of their written
digits. Energy is power × time, or batch / efficiency; energy per inference is 1 / efficiency, or energy / batch;
throughput is batch / time; efficiency is throughput / power. FS207 checks time, power and efficiency together.

Why it matters: these relations hold for every chip, so one of the figures is wrong or belongs to another operating
point.

Fails:
    - {seq_len: 32, batch: 4, execution_time: 0.19 ms, power: 3.13 W, energy: 6 mJ}      # 0.59 mJ

Passes:
    - {seq_len: 32, batch: 4, execution_time: 0.19 ms, power: 3.13 W, energy: 0.6 mJ}

How to fix: correct the figure whose unit, scale or operating point is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.recompute.claims import apart
from factsheet.recompute.figures import written
from factsheet.recompute.identities import implied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.identities import Implied


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in implied(context.sheet, derived=False):
        if not found.agrees:
            yield _finding(found)


def _finding(found: Implied) -> Finding:
    quantity = found.claim.quantity
    shown = f"; `{found.command}` shows the arithmetic" if found.command else ""
    return Finding(
        found.claim.path,
        f"{quantity.text} is claimed, but {found.formula} makes {written(found.value, quantity.dimension)}: "
        f"{apart(found.value, quantity.value)}",
        f"look for a unit, a scale or an operating point that is off{shown}",
        related=tuple((factor.path, factor.quantity.text) for factor in found.factors),
    )


RULE = Rule(
    "FS306",
    "energy-differs",
    "error",
    "these figures determine each other on every chip, so one is wrong or belongs to another operating point",
    _check,
)
