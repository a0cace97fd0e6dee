"""A figure that depends on the length of a sequence is the same at two lengths.

What it does: compares operations, times, energies, throughputs and efficiencies that are stated for different sequence
lengths, in the operating points and beside them, and reports those that are equal to the last digit. Points of
different batches are not compared.

Why it matters: the figure was copied and its operating point changed, or the other way round.

Fails:
    parameters: {operating_points: [{seq_len: 32, batch: 4, execution_time: 0.19 ms}]}
    performance: {classification_time: {value: 0.19 ms, at: {seq_len: 64, batch: not stated}}}

Passes:
    parameters: {operating_points: [{seq_len: 32, batch: 4, execution_time: 0.19 ms}]}
    performance: {classification_time: {value: 0.19 ms, at: {seq_len: 32, batch: not stated}}}

How to fix: correct the sequence length, or the figure. Where both are right, say why with a comment that accepts this
finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for found in context.comparisons.stated_elsewhere:
        other = found.others[0]
        yield Finding(
            found.claim.path,
            f"the {found.what} is {found.claim.quantity.text} at sequence length {found.claim.point[0]}, and just "
            f"that at sequence length {other.point[0]}",
            "correct the sequence length that was mistyped, or the figure that was copied",
            related=found.related,
            confidence="medium",
        )


RULE = Rule(
    "FS221",
    "same-at-two-lengths",
    "warning",
    "a figure was copied without its operating point, or an operating point without its figure",
    _check,
)
