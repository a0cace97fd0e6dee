"""A run of more, or longer, sequences takes less than a run of fewer.

What it does: compares operating points of the same name and convention that are ordered: no shorter and of no smaller
batch than the other. Reports operations, times and energies of a run that are smaller at the larger point, and
operations of one sequence length that are not in the proportion of the batches.

Why it matters: two figures were swapped, or one is that of an inference and not of a run.

Fails:
    - {seq_len: 32, batch: 1, execution_time: 0.19 ms}
    - {seq_len: 32, batch: 4, execution_time: 0.05 ms}

Passes:
    - {seq_len: 32, batch: 1, execution_time: 0.05 ms}
    - {seq_len: 32, batch: 4, execution_time: 0.19 ms}

How to fix: give each point the figures of one run of its whole batch; correct figures that were swapped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.out_of_order:
        claim, (other,) = found.claim, found.others
        yield Finding(
            claim.path,
            f"{claim.quantity.text} as {found.what} at sequence length {claim.point[0]} and batch {claim.point[1]} "
            f"does not go with {other.quantity.text} at sequence length {other.point[0]} and batch {other.point[1]}",
            "give each point the figures of one run of its whole batch; look for figures that were swapped",
            related=found.related,
            confidence="medium",
        )


RULE = Rule(
    "FS222",
    "larger-point-takes-less",
    "warning",
    "two figures were swapped, or one is that of an inference and not of a run",
    _check,
)
