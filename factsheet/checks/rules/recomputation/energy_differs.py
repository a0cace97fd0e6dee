"""An energy, a throughput or an efficiency contradicts other figures of its operating point.

What it does: compares figures that are stated for the same sequence length and batch, as intervals of their written
digits. Energy is power × time, or batch / efficiency; energy per inference is 1 / efficiency, or energy / batch;
throughput is batch / time; efficiency is throughput / power. FS207 checks time, power and efficiency together. A figure
that contradicts its own relation is not used against another figure. Tokens, frames and samples a second may be those
of a sequence or of a step. What inferences that overlap, or pauses between them, would explain is a warning, unless
another figure of the point rules that out.

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
from factsheet.recompute.identities import BATCH_OF_EFFICIENCY
from factsheet.recompute.verdict import apart, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.recompute.comparisons.implied_claims import Implied


_OTHER_RULES = ("tops_per_watt",)
"""FS212 reports these."""


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.implied:
        if found.verdict.fits is False and not found.claim.derived and not _elsewhere(found):
            yield _finding(found)


def _elsewhere(found: Implied) -> bool:
    """Return whether another rule reports it: FS207 what concerns the batch, FS212 operations per second and watt."""
    return found.name in _OTHER_RULES or found.outcome.identity is BATCH_OF_EFFICIENCY


def _finding(found: Implied) -> Finding:
    quantity, value = found.claim.quantity, found.outcome.value
    unless = f"; it is right only if {found.possible}" if found.possible else ""
    return Finding(
        found.claim.path,
        f"{quantity.text} is claimed, but {found.outcome.named_step} makes {written(value, quantity.dimension)}: "
        f"{apart(value, quantity.value)}{unless}",
        f"look for a unit, a scale or an operating point that is off; `{found.command}` shows the arithmetic",
        related=found.related,
        severity="warning" if found.possible else None,
        confidence="medium" if found.possible else "high",
    )


RULE = Rule(
    "FS306",
    "energy-differs",
    "error",
    "these figures determine each other on every chip, so one is wrong or belongs to another operating point",
    _check,
)
